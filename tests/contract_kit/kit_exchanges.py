"""Exchanges made up for tests of rules."""

import json
from datetime import UTC, datetime
from typing import Any

from contract_tests.exchange import Exchange, Intent, Key, Operation, Request, Response

METHODS = {
    Operation.LIST: "GET",
    Operation.CREATE: "POST",
    Operation.UPDATE: "PUT",
    Operation.DELETE: "DELETE",
}
RUN = "0123456789ab"
CREATED = "2026-01-15T10:30:00Z"


def email(number: int) -> str:
    return f"zinc-contract-{RUN}-{number}@example.com"


def account(number: int, **changes: Any) -> dict[str, Any]:
    """An account of the run, as the page shows one."""
    return {
        "id": f"550e8400-e29b-41d4-a716-{number:012d}",
        "short_id": f"zn_acct_{number:08d}",
        "email": email(number),
        "retailer": "amazon",
        "created_at": CREATED,
        "updated_at": CREATED,
    } | changes


def exchange(
    operation: Operation | None,
    status: int,
    content: Any = None,
    *,
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "application/json"),),
    body: bytes | None = None,
    plain: bool = True,
    key: Key = Key.FIRST,
    **intent: Any,
) -> Exchange:
    """An exchange with an answer in JSON, or with the given bytes."""
    if body is None:
        body = b"" if status == 204 else json.dumps(content).encode()
    request = Request(
        METHODS.get(operation, "GET"), "/users/managed-accounts", {"Authorization": "Bearer k"}, None
    )
    response = Response(status, "", headers if body else (), body)
    about = Intent(operation=operation, plain=plain, key=key, **intent)
    return Exchange(1, request, about, response, datetime.now(UTC), 0.0)


def created(shown: dict[str, Any], status: int = 201, **about: Any) -> Exchange:
    fields = {"email": shown["email"], "password": "x"}
    if shown["retailer"] is not None:
        fields["retailer"] = shown["retailer"]
    return exchange(Operation.CREATE, status, shown, fields=about.pop("fields", fields), **about)


def listed(*accounts: dict[str, Any], **about: Any) -> Exchange:
    return exchange(Operation.LIST, 200, {"credentials": list(accounts), "total": len(accounts)}, **about)


def updated(
    target: dict[str, Any], fields: dict[str, Any], answer: Any, status: int = 200, **about: Any
) -> Exchange:
    return exchange(Operation.UPDATE, status, answer, target=target["short_id"], fields=fields, **about)


def deleted(target: dict[str, Any], status: int = 204, **about: Any) -> Exchange:
    return exchange(Operation.DELETE, status, {}, target=target["short_id"], **about)
