"""The same life over HTTP, against the running app under a manual clock: every answer compared with the model."""

import itertools
from datetime import timedelta
from typing import Any

from bounds import BOUNDED
from hypothesis import settings
from machine import PROCESSING, START, Answer, SandboxMachine
from naive_model import written

from mock_server import create_app

APP = create_app(clock=written(START), processing_time=PROCESSING.total_seconds())
KEYS = (f"machine-{number}" for number in itertools.count(1))


class HttpDriver:
    """Takes each command to a sandbox of its own."""

    def __init__(self) -> None:
        self._client = APP.test_client()
        self._headers = {"Authorization": f"Bearer {next(KEYS)}"}

    def _call(self, method: str, path: str, body: Any = None, query: dict[str, str] | None = None) -> Answer:
        response = self._client.open(
            path, method=method, json=body, query_string=query, headers=self._headers
        )
        return response.status_code, response.json if response.data else None

    def create_account(self, given: dict[str, Any]) -> Answer:
        return self._call("POST", "/users/managed-accounts", given)

    def update_account(self, short_id: str, changes: dict[str, Any]) -> Answer:
        return self._call("PUT", f"/users/managed-accounts/{short_id}", changes)

    def delete_account(self, short_id: str) -> Answer:
        return self._call("DELETE", f"/users/managed-accounts/{short_id}")

    def set_health(self, short_id: str, state: str) -> Answer:
        return self._call("PUT", f"/_mock/accounts/{short_id}/health", {"state": state})

    def list_accounts(self) -> Answer:
        return self._call("GET", "/users/managed-accounts")

    def create_order(self, given: dict[str, Any]) -> Answer:
        return self._call("POST", "/orders", given)

    def get_order(self, order_id: str) -> Answer:
        return self._call("GET", f"/orders/{order_id}")

    def list_orders(self, part: str = "") -> Answer:
        return self._call("GET", "/orders", query={"order_id": part} if part else None)

    def queues(self) -> Answer:
        return self._call("GET", "/_mock/queues")

    def advance(self, by: timedelta) -> Answer:
        return self._call("POST", "/_mock/clock/advance", {"seconds": by.total_seconds()})

    def settle(self) -> Answer:
        return self._call("POST", "/_mock/settle")


class HttpMachine(SandboxMachine):
    def __init__(self) -> None:
        super().__init__()
        self.driver = HttpDriver()


TestHttp = HttpMachine.TestCase
TestHttp.settings = settings(BOUNDED, max_examples=25)
