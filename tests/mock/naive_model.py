"""What the mock promises about accounts, orders and locks, written a second time and as naively as can be.

It imports nothing of the mock. There is no index, no queue and no heap here: only lists, and loops over all of them.
Where the server is free to choose (ids, tracking numbers, prices, wording), the model takes or leaves what it answers.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

FINAL = ("order_placed", "order_failed")
ITEMS = {
    "pending": "pending",
    "in_progress": "processing",
    "order_placed": "ordered",
    "order_failed": "failed",
}


@dataclass(frozen=True)
class Text:
    """Equals every text that a pattern fits."""

    pattern: str = r".+"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, str) and re.fullmatch(self.pattern, other, re.DOTALL) is not None

    __hash__ = None


UUID = Text(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
SHORT_ID = Text(r"zn_acct_[a-z0-9]{8}")

# url: (who sells it, what becomes of the order, whether it is refused at once)
_TEST = "https://zinc.com/shop/products/test-"
PRODUCTS = {
    "https://www.amazon.com/dp/1": ("amazon", None, False),
    "https://smile.amazon.co.uk/gp/2": ("amazon", None, False),
    "http://www.walmart.com:8080/ip/3?x=1": ("walmart", None, False),
    "https://notamazon.com/4": ("notamazon", None, False),
    _TEST + "success": ("zinc", None, False),
    _TEST + "out-of-stock": ("zinc", "product_out_of_stock", False),
    _TEST + "price-exceeded": ("zinc", "max_price_exceeded", False),
    _TEST + "invalid-variant": ("zinc", "invalid_variant", False),
    _TEST + "shipping-unavailable": ("zinc", "shipping_unavailable", False),
    _TEST + "invalid-address": ("zinc", "invalid_shipping_address", True),
    _TEST + "url-unreachable": ("zinc", "url_unreachable", True),
    _TEST + "insufficient-funds": ("zinc", "insufficient_funds", True),
}


def written(instant: datetime) -> str:
    """Writes an instant as the API does: with a fraction only where there is one."""
    fraction = f".{instant.microsecond:06d}" if instant.microsecond else ""
    return f"{instant:%Y-%m-%dT%H:%M:%S}{fraction}Z"


@dataclass
class _Account:
    shown: dict[str, Any]
    health: str = "ok"


@dataclass
class _Order:
    shown: dict[str, Any]
    urls: list[str]
    key: str | None
    started: datetime | None = None
    doom: str | None = None
    failure: str | None = None


@dataclass
class NaiveModel:
    """One sandbox under a manual clock. Each method answers `(status, body)`; an error's body is its code alone."""

    now: datetime
    processing: timedelta
    accounts: list[_Account] = field(default_factory=list)
    orders: list[_Order] = field(default_factory=list)

    # Accounts

    def create_account(self, given: dict[str, Any], answered: dict[str, Any]) -> tuple[int, Any]:
        ids = [account.shown["id"] for account in self.accounts]
        short_ids = [account.shown["short_id"] for account in self.accounts]
        assert answered["id"] not in ids
        assert answered["short_id"] not in short_ids
        assert answered["id"] == UUID
        assert answered["short_id"] == SHORT_ID
        shown = {
            "id": answered["id"],
            "short_id": answered["short_id"],
            "email": given["email"],
            "retailer": given.get("retailer"),
            "created_at": written(self.now),
            "updated_at": written(self.now),
        }
        self.accounts.append(_Account(shown))
        return 201, dict(shown)

    def update_account(self, short_id: str, changes: dict[str, Any]) -> tuple[int, Any]:
        account = self._account(short_id)
        if account is None:
            return 404, "not_found"
        provided = False
        if changes.get("email") is not None:
            account.shown["email"] = changes["email"]
            provided = True
        if changes.get("password") is not None:
            provided = True
            if account.health == "login_failed":
                account.health = "ok"
        if "retailer" in changes:
            account.shown["retailer"] = changes["retailer"]
            provided = True
        if provided:
            account.shown["updated_at"] = written(self.now)
        return 200, dict(account.shown)

    def delete_account(self, short_id: str) -> tuple[int, Any]:
        account = self._account(short_id)
        if account is None:
            return 404, "not_found"
        self.accounts.remove(account)
        for order in self.orders:
            if order.shown["retailer_credentials_id"] == short_id and order.shown["status"] not in FINAL:
                self._fail(order, "login_failed", self.now)
        return 204, None

    def set_health(self, short_id: str, state: str) -> tuple[int, Any]:
        account = self._account(short_id)
        if account is None:
            return 404, "not_found"
        account.health = state
        return 200, {"short_id": short_id, "state": state}

    def list_accounts(self) -> tuple[int, Any]:
        shown = [dict(account.shown) for account in self.accounts]
        return 200, {"credentials": shown, "total": len(shown)}

    # Orders

    def refusal_of_order(self, given: dict[str, Any]) -> tuple[int, str] | None:
        """Says how an order is refused, or that it is not."""
        key = given.get("idempotency_key")
        if key is not None and any(order.key == key for order in self.orders):
            return 409, "already_exists"
        urls = [product["url"] for product in given["products"]]
        if len({PRODUCTS[url][0] for url in urls}) > 1:
            return 422, "validation_error"
        wanted = given.get("retailer_credentials_id")
        if wanted is not None and self._account(wanted) is None:
            return 404, "not_found"
        for url in urls:
            _, error, at_once = PRODUCTS[url]
            if at_once:
                return (402 if error == "insufficient_funds" else 400), error
        return None

    def create_order(self, given: dict[str, Any], answered: dict[str, Any]) -> tuple[int, Any]:
        refusal = self.refusal_of_order(given)
        if refusal is not None:
            return refusal
        assert answered["id"] == UUID
        assert answered["id"] not in [order.shown["id"] for order in self.orders]
        shown = {
            "id": answered["id"],
            "status": "pending",
            "max_price": given["max_price"],
            "attempts": 0,
            "shipping_address": given["shipping_address"],
            "metadata": given.get("metadata", {}),
            "po_number": given.get("po_number"),
            "retailer_credentials_id": self._choice(given),
            "created_at": written(self.now),
            "updated_at": written(self.now),
        }
        products = [
            {"url": p["url"], "quantity": p.get("quantity", 1), "variant": p.get("variant")}
            for p in given["products"]
        ]
        order = _Order(shown, [p["url"] for p in products], given.get("idempotency_key"))
        shown["items"] = [dict(product, id=UUID, created_at=shown["created_at"]) for product in products]
        self.orders.append(order)
        self._start_whoever_may(self.now)
        return 201, self._view(order)

    def get_order(self, order_id: str) -> tuple[int, Any]:
        for order in self.orders:
            if order.shown["id"] == order_id:
                return 200, self._view(order)
        return 404, "not_found"

    def list_orders(self, part: str = "") -> tuple[int, Any]:
        return 200, {"orders": [self._view(o) for o in reversed(self.orders) if part in o.shown["id"]]}

    def queues(self) -> tuple[int, Any]:
        queues = []
        for account in self.accounts:
            short_id = account.shown["short_id"]
            own = [o.shown for o in self.orders if o.shown["retailer_credentials_id"] == short_id]
            running = [shown["id"] for shown in own if shown["status"] == "in_progress"]
            queues.append(
                {
                    "short_id": short_id,
                    "in_progress": running[0] if running else None,
                    "waiting": [shown["id"] for shown in own if shown["status"] == "pending"],
                }
            )
        return 200, {"queues": queues}

    # Time

    def advance(self, by: timedelta) -> tuple[int, Any]:
        until = self.now + by
        moves = []
        while ending := self._next_to_end():
            at = ending.started + self.processing
            if at > until:
                break
            moves += self._end(ending, at)
        self.now = until
        return 200, self._moved(moves)

    def settle(self) -> tuple[int, Any]:
        moves = []
        while ending := self._next_to_end():
            self.now = max(self.now, ending.started + self.processing)
            moves += self._end(ending, self.now)
        return 200, self._moved(moves)

    # What is left

    def _account(self, short_id: str) -> _Account | None:
        return next((a for a in self.accounts if a.shown["short_id"] == short_id), None)

    def _choice(self, given: dict[str, Any]) -> str | None:
        if given.get("retailer_credentials_id") is not None:
            return given["retailer_credentials_id"]
        host = re.match(r"https?://([^/:?#]+)", given["products"][0]["url"]).group(1)
        for account in self.accounts:
            if account.shown["retailer"] is not None and account.shown["retailer"] in host.split("."):
                return account.shown["short_id"]
        for account in self.accounts:
            if account.shown["retailer"] is None:
                return account.shown["short_id"]
        return None

    def _next_to_end(self) -> _Order | None:
        running = [order for order in self.orders if order.shown["status"] == "in_progress"]
        return min(running, key=lambda order: order.started, default=None)

    def _end(self, order: _Order, at: datetime) -> list[dict[str, Any]]:
        if order.doom is None:
            order.shown.update(status="order_placed", updated_at=written(at))
        else:
            self._fail(order, order.doom, at)
        ended = {
            "at": written(at),
            "order_id": order.shown["id"],
            "from": "in_progress",
            "to": order.shown["status"],
        }
        return [ended, *self._start_whoever_may(at)]

    def _start_whoever_may(self, at: datetime) -> list[dict[str, Any]]:
        moves = []
        for order in self.orders:
            short_id = order.shown["retailer_credentials_id"]
            busy = short_id is not None and any(
                other.shown["retailer_credentials_id"] == short_id and other.shown["status"] == "in_progress"
                for other in self.orders
            )
            if order.shown["status"] != "pending" or busy:
                continue
            order.started = at
            order.doom = self._doom(order)
            order.shown.update(status="in_progress", attempts=1, updated_at=written(at))
            moves.append(
                {"at": written(at), "order_id": order.shown["id"], "from": "pending", "to": "in_progress"}
            )
        return moves

    def _doom(self, order: _Order) -> str | None:
        short_id = order.shown["retailer_credentials_id"]
        account = self._account(short_id) if short_id is not None else None
        if account is not None and account.health != "ok":
            return account.health
        return next((error for error in (PRODUCTS[url][1] for url in order.urls) if error), None)

    @staticmethod
    def _fail(order: _Order, error_type: str, at: datetime) -> None:
        order.failure = error_type
        order.shown.update(status="order_failed", updated_at=written(at))

    def _moved(self, moves: list[dict[str, Any]]) -> dict[str, Any]:
        return {"mode": "manual", "now": written(self.now), "transitions": moves}

    @staticmethod
    def _view(order: _Order) -> dict[str, Any]:
        shown = order.shown
        items = [
            dict(item, status=ITEMS[shown["status"]], updated_at=shown["updated_at"])
            for item in shown["items"]
        ]
        view = dict(shown, items=items, tracking_numbers=[])
        if shown["status"] == "order_placed":
            view["merchant_order_id"] = Text("TEST-.+")
            number = {"id": Text(), "carrier": Text(), "tracking_number": Text()}
            view["tracking_numbers"] = [dict(number, created_at=shown["updated_at"])]
            view["job_result"] = None
        if shown["status"] == "order_failed":
            view["job_result"] = {"error_type": order.failure, "error": Text()}
        return view
