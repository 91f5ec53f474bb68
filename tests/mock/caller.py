"""A client of the mock, as short to write as a test wants it."""

import itertools
import json
from typing import Any

from werkzeug.test import TestResponse

from mock_server import create_app
from mock_server.app import MockApp

START = "2026-01-15T10:30:00Z"
ACCOUNTS = "/users/managed-accounts"
AMAZON = "https://www.amazon.com/dp/1"
TEST_PRODUCT = "https://zinc.com/shop/products/test-"

_keys = itertools.count(1)


def order(*urls: str, **fields: Any) -> dict[str, Any]:
    """Returns the body of an order: of one product at Amazon unless told otherwise."""
    products = [{"url": url} for url in urls or (AMAZON,)]
    return {"products": products, "shipping_address": {"city": "Springfield"}, "max_price": 5000, **fields}


class Caller:
    """Calls one app with one API key (a fresh one unless given), and brings back werkzeug's test responses."""

    def __init__(self, app: MockApp | None = None, key: str | None = None, **options: Any) -> None:
        self.app = app or create_app(**{"clock": START, **options})
        self.key = key if key is not None else f"zn_test_{next(_keys)}"
        self._client = self.app.test_client()

    def another(self) -> "Caller":
        """Returns a caller of the same app with another key."""
        return Caller(self.app)

    def __call__(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        raw: bytes | None = None,
        headers: dict[str, str] | None = None,
        media_type: str | None = "application/json",
        **more: Any,
    ) -> TestResponse:
        """Sends a request: `body` as JSON, or `raw` as it is. A header that is None is not sent."""
        if body is not None:
            raw = json.dumps(body).encode()
        sent = {"Authorization": f"Bearer {self.key}", **(headers or {})}
        return self._client.open(
            path,
            method=method,
            data=raw,
            content_type=media_type if raw is not None else None,
            headers={name: value for name, value in sent.items() if value is not None},
            **more,
        )

    def get(self, path: str, **more: Any) -> TestResponse:
        return self("GET", path, **more)

    def post(self, path: str, body: Any = None, **more: Any) -> TestResponse:
        return self("POST", path, body, **more)

    def put(self, path: str, body: Any = None, **more: Any) -> TestResponse:
        return self("PUT", path, body, **more)

    def delete(self, path: str, **more: Any) -> TestResponse:
        return self("DELETE", path, **more)

    # What tests arrange most often; each is expected to succeed.

    def account(self, retailer: str | None = None, **fields: Any) -> dict[str, Any]:
        body = {"email": "shopper@example.com", "retailer": retailer, **fields}
        return _succeeded(self.post(ACCOUNTS, body), 201)

    def order(self, *urls: str, **fields: Any) -> dict[str, Any]:
        return _succeeded(self.post("/orders", order(*urls, **fields)), 201)

    def orders(self) -> list[dict[str, Any]]:
        return _succeeded(self.get("/orders"), 200)["orders"]

    def statuses(self) -> list[str]:
        """Returns the statuses of all orders, oldest first."""
        return [shown["status"] for shown in reversed(self.orders())]

    def advance(self, seconds: float) -> list[dict[str, Any]]:
        return _succeeded(self.post("/_mock/clock/advance", {"seconds": seconds}), 200)["transitions"]

    def health(self, short_id: str, state: str) -> None:
        _succeeded(self.put(f"/_mock/accounts/{short_id}/health", {"state": state}), 200)

    def fault(self, **fields: Any) -> dict[str, Any]:
        return _succeeded(self.post("/_mock/faults", fields), 201)

    def journal(self) -> list[dict[str, Any]]:
        return _succeeded(self.get("/_mock/requests"), 200)["requests"]

    def explained(self, response: TestResponse) -> dict[str, Any]:
        request_id = response.headers["X-Request-Id"]
        return _succeeded(self.get(f"/_mock/requests/{request_id}/explain"), 200)


def _succeeded(response: TestResponse, status: int) -> Any:
    assert response.status_code == status, response.text
    return response.get_json()


def refusal(response: TestResponse) -> tuple[int, str]:
    """Returns the status and the code of an error, whose body has the documented shape."""
    body = response.get_json()
    assert body.keys() <= {"code", "message", "details"}
    assert isinstance(body["message"], str)
    assert body["message"]
    assert response.mimetype == "application/json"
    return response.status_code, body["code"]


def reasons(response: TestResponse) -> dict[str, str]:
    """Returns the reasons by field of a validation error."""
    assert refusal(response) == (422, "validation_error")
    return response.get_json()["details"]
