"""An order, and its life as one table of states and moves (related: Orders)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from mock_server.domain.resources import Resource


class OrderStatus(StrEnum):
    """Where an order stands; the values are what the API shows."""

    PENDING = "pending"
    IN_PROGRESS = "in_progress"
    ORDER_PLACED = "order_placed"
    ORDER_FAILED = "order_failed"


class Move(StrEnum):
    """What can happen to an order."""

    START = "start"  # its turn has come, and it holds the account's lock
    PLACE = "place"  # the retailer took it
    FAIL = "fail"  # it ends without success, whether it had started or not


# The whole life of an order. A move that is not here cannot happen; a state without moves is final.
MOVES: dict[OrderStatus, dict[Move, OrderStatus]] = {
    OrderStatus.PENDING: {Move.START: OrderStatus.IN_PROGRESS, Move.FAIL: OrderStatus.ORDER_FAILED},
    OrderStatus.IN_PROGRESS: {Move.PLACE: OrderStatus.ORDER_PLACED, Move.FAIL: OrderStatus.ORDER_FAILED},
    OrderStatus.ORDER_PLACED: {},
    OrderStatus.ORDER_FAILED: {},
}

# The status of an order's items follows from its own.
ITEM_STATUS = {
    OrderStatus.PENDING: "pending",
    OrderStatus.IN_PROGRESS: "processing",
    OrderStatus.ORDER_PLACED: "ordered",
    OrderStatus.ORDER_FAILED: "failed",
}

LOGIN_FAILURES = {
    "login_failed": "The retailer did not accept the account's login.",
    "account_locked": "The retailer has locked the account.",
}


class Failure(NamedTuple):
    """Why an order failed: the vendor's `error_type`, and a sentence for people."""

    error_type: str
    error: str


class IllegalMove(Exception):
    """A move that the table of the order's life does not have: always a bug of ours, never of a client."""


@dataclass(slots=True)
class Order(Resource):
    """One order. `doom` is decided when it starts: the failure that it will end in, or None for success.

    `products` are the request's, with `quantity` and `variant` filled in; amounts are in cents.
    """

    id: str
    number: int
    products: list[dict[str, Any]]
    max_price: int
    shipping_address: dict[str, Any]
    metadata: dict[str, Any]
    po_number: str | None
    idempotency_key: str | None
    retailer_credentials_id: str | None
    created_at: datetime
    updated_at: datetime
    status: OrderStatus = OrderStatus.PENDING
    started_at: datetime | None = None
    finished_at: datetime | None = None
    doom: Failure | None = None
    failure: Failure | None = None

    @property
    def is_final(self) -> bool:
        """Whether nothing can happen to this order any more."""
        return not MOVES[self.status]

    @property
    def attempts(self) -> int:
        """How often Zinc has tried to place the order: the mock tries once."""
        return 0 if self.started_at is None else 1

    def move(self, move: Move, now: datetime) -> None:
        """Make one move of the table at the instant `now`.

        Raises:
            IllegalMove: the table has no such move from the present status.
        """
        following = MOVES[self.status].get(move)
        if following is None:
            raise IllegalMove(f"order {self.id} is {self.status}: it cannot {move}")
        self.status = following
        self.updated_at = now
        if move is Move.START:
            self.started_at = now
        elif self.is_final:
            self.finished_at = now

    @property
    def merchant_order_id(self) -> str:
        """The retailer's number of a placed order; `TEST-` marks that no retailer ever saw it."""
        return f"TEST-{self._derived('merchant').hex[:12].upper()}"

    @property
    def tracking(self) -> dict[str, str]:
        """The one tracking number of a placed order, without its instant."""
        number = self._derived("tracking")
        return {
            "id": str(number),
            "carrier": "UPS",
            "tracking_number": f"1Z{number.int % 10**16:016d}",
        }

    @property
    def price_components(self) -> dict[str, int]:
        """What a placed order cost, in cents: the total never passes `max_price`."""
        subtotal = self.max_price * 4 // 5
        tax = subtotal // 10
        shipping = min(499, self.max_price - subtotal - tax)
        return {"subtotal": subtotal, "tax": tax, "shipping": shipping, "total": subtotal + tax + shipping}

    def item_id(self, index: int) -> str:
        """The id of the item at this place in `products`."""
        return str(self._derived(f"item {index}"))

    def _derived(self, name: str) -> UUID:
        # Derived from the order's id rather than drawn, so that reading an order twice shows one order.
        return uuid5(UUID(self.id), name)
