"""A small client of Zinc's managed accounts and orders. Copy it, or take it as a model."""

import time
import uuid
from collections.abc import Callable
from typing import Any

import requests

FINAL = {"order_placed", "order_failed", "cancelled"}


class ZincError(Exception):
    """Zinc refused a request."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status = status
        self.code = code


class AnswerLost(Exception):
    """No answer came, or one that says nothing: whether the request was carried out is not known."""


class ZincClient:
    """Talks to Zinc with one API key. `sleep` is what it waits with: tests hand in something quicker."""

    def __init__(self, base_url: str, api_key: str, sleep: Callable[[float], Any] = time.sleep) -> None:
        self._base_url = base_url
        self._session = requests.Session()
        self._session.headers["Authorization"] = f"Bearer {api_key}"
        self._sleep = sleep

    # Managed accounts

    def accounts(self) -> list[dict[str, Any]]:
        return self._call("GET", "/users/managed-accounts")["credentials"]

    def create_account(self, email: str, password: str, retailer: str | None = None) -> dict[str, Any]:
        # There is no key that would make a repetition safe: after AnswerLost, look at `accounts` first.
        body = {"email": email, "password": password, "retailer": retailer}
        return self._call("POST", "/users/managed-accounts", body)

    def update_account(self, short_id: str, **changes: str | None) -> dict[str, Any]:
        return self._call("PUT", f"/users/managed-accounts/{short_id}", changes)

    def delete_account(self, short_id: str) -> None:
        self._call("DELETE", f"/users/managed-accounts/{short_id}")

    # Orders

    def order(self, order_id: str) -> dict[str, Any]:
        return self._call("GET", f"/orders/{order_id}")

    def submit_order(self, url: str, address: dict[str, str], max_price: int, account: str) -> dict[str, Any]:
        """Submit an order once, however often its answer gets lost."""
        key = str(uuid.uuid4())
        body = {
            "products": [{"url": url}],
            "shipping_address": address,
            "max_price": max_price,
            "retailer_credentials_id": account,
            "idempotency_key": key,
            "metadata": {"key": key},  # the answer shows it, so the order can be found again
        }
        for pause in (1, 5, 30):
            try:
                return self._call("POST", "/orders", body)
            except AnswerLost:
                self._sleep(pause)
            except ZincError as problem:
                if problem.code != "already_exists":
                    raise
                return self._order_with_key(key)
        return self._call("POST", "/orders", body)

    def wait_for(self, order_id: str, every: float = 30, at_most: float = 1800) -> dict[str, Any]:
        """Poll an order until it is placed, failed or cancelled."""
        waited = 0.0
        while (order := self.order(order_id))["status"] not in FINAL:
            if waited >= at_most:
                raise TimeoutError(f"order {order_id} is {order['status']} after {waited:g} seconds")
            self._sleep(every)
            waited += every
        return order

    def _order_with_key(self, key: str) -> dict[str, Any]:
        orders = self._call("GET", "/orders")["orders"]
        return next(order for order in orders if order["metadata"].get("key") == key)

    def _call(self, method: str, path: str, body: Any = None) -> Any:
        try:
            answer = self._session.request(method, self._base_url + path, json=body, timeout=60)
        except requests.ConnectionError as lost:
            raise AnswerLost(f"{method} {path}: no answer") from lost
        except requests.Timeout as lost:
            raise AnswerLost(f"{method} {path}: no answer in time") from lost
        if answer.status_code >= 500:
            raise AnswerLost(f"{method} {path}: {answer.status_code}")
        if answer.status_code >= 400:
            problem = answer.json()
            raise ZincError(answer.status_code, problem["code"], problem["message"])
        return answer.json() if answer.content else None
