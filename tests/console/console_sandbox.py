"""One key of a mock, as the console's tests use it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import requests
from devtools import Page

START = "2030-01-15T10:30:00Z"
AMAZON = "https://www.amazon.com/dp/B0EXAMPLE1"
TEST_PRODUCT = "https://zinc.com/shop/products/test-"


OpenConsole = Callable[..., Page]


@dataclass
class Sandbox:
    """One key of a mock, as a client uses it."""

    url: str
    key: str

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """Call the mock and return the JSON value of its answer, whatever its status."""
        headers = {"Authorization": f"Bearer {self.key}"}
        answer = requests.request(method, self.url + path, json=body, headers=headers, timeout=10)
        return answer.json() if answer.content else None

    def account(self, email: str = "shopper@example.com", retailer: str | None = "amazon") -> str:
        body = {"email": email, "password": "canary-7f3a", "retailer": retailer}
        return str(self.call("POST", "/users/managed-accounts", body)["short_id"])

    def order(self, url: str = AMAZON, **more: Any) -> Any:
        body = {"products": [{"url": url}], "shipping_address": {"city": "Springfield"}, "max_price": 5000}
        return self.call("POST", "/orders", body | more)

    def advance(self, seconds: float) -> None:
        self.call("POST", "/_mock/clock/advance", {"seconds": seconds})

    def fill(self) -> list[str]:
        """Make the sandbox busy: three accounts, orders in each state, faults, a journal. Returns the short ids."""
        amazon = self.account()
        walmart = self.account("purchasing.department@example.com", "walmart")
        default = self.account("everywhere@example.com", None)
        self.order()
        self.order()
        self.order("https://www.walmart.com/ip/1")
        self.order(TEST_PRODUCT + "out-of-stock")
        self.advance(2.5)
        self.call("PUT", f"/_mock/accounts/{walmart}/health", {"state": "account_locked"})
        self.order("https://www.walmart.com/ip/1")
        self.order()
        self.advance(1)
        self.order()
        self.order()
        self.call("POST", "/_mock/faults", {"operation": "listOrders", "status": 503, "times": 1})
        self.call("GET", "/orders")
        self.call("POST", "/users/managed-accounts", {"email": "no address", "retailer": 3})
        self.call("PUT", f"/users/managed-accounts/{amazon}", {"retailer": "amazon", "favourite": "yes"})
        self.advance(0.5)
        return [amazon, walmart, default]
