"""A correct server that owes nothing to the mock, and answers everything that the page leaves open in its own way.

It answers 200 to a create and nothing to an update, deletes as often as it is asked, lists the newest account first,
has names, timestamps and fields of its own, refuses null, unknown fields and a second account with the same address,
writes errors as a list under `detail` and refuses strangers with an HTML page.
"""

import json
import threading
import uuid
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta, timezone
from typing import Any

PATH = "/users/managed-accounts"
INDIA = timezone(timedelta(hours=5, minutes=30))
FIELDS = {"email", "password", "retailer"}
REASONS = {
    200: "OK",
    204: "No Content",
    400: "Bad Request",
    403: "Forbidden",
    404: "Not Found",
    409: "Conflict",
}
REASONS |= {405: "Method Not Allowed", 410: "Gone", 422: "Unprocessable Content", 429: "Too Many Requests"}

Answer = tuple[int, Any]


class LegalServer:
    """The server, as a WSGI application.

    Args:
        keys: the API keys that it knows.
        one_per_retailer: refuse a second account with the same retailer.
        impatient: answer 429 to every n-th request first; 0 for never.
    """

    def __init__(self, keys: Iterable[str], *, one_per_retailer: bool = False, impatient: int = 0) -> None:
        self.accounts: dict[str, list[dict[str, Any]]] = {key: [] for key in keys}
        self.one_per_retailer = one_per_retailer
        self.impatient = impatient
        self.requests = 0
        self.lock = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        length = int(environ.get("CONTENT_LENGTH") or 0)
        sent = environ["wsgi.input"].read(length) if length else b""
        with self.lock:
            self.requests += 1
            status, content = self._answer(environ, sent)
        headers = [("X-Served-By", "someone else"), ("Date", _http_date())]
        if isinstance(content, str):
            headers.append(("content-type", "text/html; charset=utf-8"))
            body = content.encode()
        else:
            body = b"" if content is None else json.dumps(content).encode()
            headers += [("content-type", "application/json; charset=utf-8")] if body else []
        headers += [("Retry-After", "0")] if status == 429 else []
        headers += [("Content-Length", str(len(body)))] if status != 204 else []
        start_response(f"{status} {REASONS[status]}", headers)
        return [body]

    def _answer(self, environ: dict[str, Any], sent: bytes) -> Answer:
        if self.impatient and self.requests % self.impatient == 0:
            return 429, {"detail": "slow down"}
        scheme, _, key = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
        if scheme != "Bearer" or key not in self.accounts:
            return 403, "<html><body><h1>Who are you?</h1></body></html>"
        held, method, path = self.accounts[key], environ["REQUEST_METHOD"], environ["PATH_INFO"]
        if path == PATH and method == "GET":
            return 200, {"total": len(held), "credentials": held[::-1], "next": None}
        if path == PATH and method == "POST":
            return self._with_fields(sent, lambda fields: self._create(held, fields))
        if not path.startswith(f"{PATH}/") or "/" in path.removeprefix(f"{PATH}/"):
            return 404, _error("path", "nothing here")
        name = path.removeprefix(f"{PATH}/")
        if method == "PUT":
            return self._with_fields(sent, lambda fields: self._update(held, name, fields))
        if method == "DELETE":
            held[:] = [account for account in held if account["short_id"] != name]
            return 204, None
        return 405, _error("method", "not here")

    def _with_fields(self, sent: bytes, go_on: Callable[[dict[str, Any]], Answer]) -> Answer:
        try:
            fields = json.loads(sent)
        except (ValueError, RecursionError):
            return 422, _error("body", "no JSON")
        if not isinstance(fields, dict):
            return 422, _error("body", "no object")
        if unknown := set(fields) - FIELDS:
            return 400, _error(min(unknown), "unknown")
        for name, value in fields.items():
            if not isinstance(value, str):
                return 400, _error(name, "no string")
        try:
            json.dumps(fields, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            return 400, _error("body", "no text")
        return go_on(fields)

    def _create(self, held: list[dict[str, Any]], fields: dict[str, str]) -> Answer:
        if not fields.get("email", "").strip():
            return 400, _error("email", "missing")
        if refusal := self._taken(held, fields, besides=None):
            return refusal
        now = _now()
        account = {
            "short_id": f"ACCT.{uuid.uuid4().hex[:14]}~1",
            "id": str(uuid.uuid4()).upper(),
            "retailer": fields["retailer"].lower() if "retailer" in fields else None,
            "email": fields["email"].lower(),
            "created_at": now,
            "updated_at": now,
            "has_totp": False,
            "status": {"paused": False, "job": None},
        }
        held.append(account)
        return 200, account

    def _update(self, held: list[dict[str, Any]], name: str, fields: dict[str, str]) -> Answer:
        account = next((account for account in held if account["short_id"] == name), None)
        if account is None:
            return 410, _error("short_id", "unknown")
        if refusal := self._taken(held, fields, besides=account):
            return refusal
        account |= {field: fields[field].lower() for field in ("email", "retailer") if field in fields}
        account["updated_at"] = _now()
        return 204, None

    def _taken(self, held: list[dict[str, Any]], fields: dict[str, str], besides: Any) -> Answer | None:
        others = [account for account in held if account is not besides]
        if "email" in fields and fields["email"].lower() in [account["email"] for account in others]:
            return 409, _error("email", "taken")
        retailer = fields.get("retailer", "").lower() or None
        asks = besides is None or "retailer" in fields
        if self.one_per_retailer and asks and retailer in [account["retailer"] for account in others]:
            return 409, _error("retailer", "taken")
        return None


def _error(name: str, reason: str) -> dict[str, Any]:
    return {"detail": [{"loc": ["body", name], "msg": reason, "type": "value_error"}]}


def _now() -> str:
    return datetime.now(INDIA).isoformat(timespec="microseconds")


def _http_date() -> str:
    return datetime.now(timezone.utc).strftime("%a, %d %b %Y %H:%M:%S GMT")  # noqa: UP017
