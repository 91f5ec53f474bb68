"""A client of the mock for these tests: one key, plain methods, the raw answers."""

from typing import Any

from werkzeug.test import Client as Caller
from werkzeug.test import TestResponse

from mock_server.app import MockApp

ADDRESS = {"first_name": "Ada", "country": "US"}


def order(**fields: Any) -> dict[str, Any]:
    return {
        "products": [{"url": "https://www.amazon.com/dp/B0EXAMPLE1"}],
        "shipping_address": ADDRESS,
        "max_price": 5000,
        **fields,
    }


class Client:
    def __init__(self, app: MockApp, key: str = "zn_test_grading") -> None:
        self._caller = Caller(app)
        self.headers = {"Authorization": f"Bearer {key}"}

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> TestResponse:
        sent = {"json": body} if body is not None else {}
        return self._caller.open(path, method=method, headers={**self.headers, **headers}, **sent)

    def create(self, **fields: Any) -> TestResponse:
        return self.call("POST", "/users/managed-accounts", {"email": "ada@example.com", **fields})

    def order(self, **fields: Any) -> TestResponse:
        return self.call("POST", "/orders", order(**fields))

    def fault(self, **fields: Any) -> None:
        assert self.call("POST", "/_mock/faults", fields).status_code == 201

    def coverage(self) -> dict[str, Any]:
        answer = self.call("GET", "/_mock/coverage")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.get_json()
        return found

    def findings(self) -> dict[str, dict[str, Any]]:
        return {finding["rule"]: finding for finding in self.coverage()["findings"]}
