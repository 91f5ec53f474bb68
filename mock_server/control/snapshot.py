"""A sandbox as one JSON document, without secrets, and back again; fixtures are snapshots with parts left out."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from mock_server import representations
from mock_server.control.clock import Clock, Mode
from mock_server.domain.accounts import Health, ManagedAccount
from mock_server.domain.errors import InvalidField
from mock_server.domain.orders import Failure, Order, OrderStatus
from mock_server.domain.sandbox import IdSource, Sandbox
from mock_server.instants import format_instant, parse_instant
from mock_server.secret import Secret


class _UnusedIds:
    """Draws ids that a document does not give itself: under a seed, those may be the very ones that come next."""

    def __init__(self, ids: IdSource, document: Mapping[str, Any]) -> None:
        self._ids = ids
        self._used = {
            given.get(name)
            for kind in ("accounts", "orders")
            for given in document.get(kind, ())
            for name in ("id", "short_id")
        }

    def uuid(self) -> str:
        return self._unused(self._ids.uuid)

    def short_id(self) -> str:
        return self._unused(self._ids.short_id)

    def _unused(self, draw: Callable[[], str]) -> str:
        while (drawn := draw()) in self._used:
            pass
        self._used.add(drawn)
        return drawn


def snapshot(sandbox: Sandbox, clock: Clock) -> dict[str, Any]:
    """Return the document of a sandbox: accounts and orders oldest first, and the clock."""
    return {
        "accounts": [
            {**representations.account(account), "health": account.health.value}
            for account in sandbox.accounts.values()
        ],
        "orders": [_order(order) for order in sandbox.orders.values()],
        "clock": {"mode": clock.mode.value, "now": format_instant(clock.now())},
    }


def _order(order: Order) -> dict[str, Any]:
    failure = order.failure or order.doom
    return {
        "id": order.id,
        "status": order.status.value,
        "products": order.products,
        "max_price": order.max_price,
        "shipping_address": order.shipping_address,
        "metadata": order.metadata,
        "po_number": order.po_number,
        "idempotency_key": order.idempotency_key,
        "retailer_credentials_id": order.retailer_credentials_id,
        "created_at": format_instant(order.created_at),
        "updated_at": format_instant(order.updated_at),
        "started_at": order.started_at and format_instant(order.started_at),
        "finished_at": order.finished_at and format_instant(order.finished_at),
        "error_type": failure and failure.error_type,
        "error": failure and failure.error,
    }


def restored_clock(document: Mapping[str, Any], present: Clock) -> Clock:
    """Return the clock of a snapshot document; where it leaves out a part, that of the present clock."""
    clock = document.get("clock")
    if clock is None:
        return present
    restored = Clock(_instant(clock, "now", present.now()))
    if clock["mode"] == Mode.REAL:
        restored.run()
    return restored


def restore(document: Mapping[str, Any], sandbox: Sandbox, ids: IdSource, now: datetime) -> None:
    """Fill an empty sandbox from a document that fits the snapshot schema.

    Args:
        document: the snapshot; ids, instants and states may be left out.
        sandbox: an empty one; it is only of use if this returns.
        ids: where the ids come from that were left out.
        now: the instant that stands for those left out.

    Raises:
        InvalidField: an id or an idempotency key stands twice, two orders of one account are in progress, or an
            order names an account that is not there.
    """
    _refuse_twice(document, "accounts", "id", "short_id")
    _refuse_twice(document, "orders", "id", "idempotency_key")
    ids = _UnusedIds(ids, document)
    for number, given in enumerate(document.get("accounts", ()), start=1):
        sandbox.adopt_account(_account(given, number, ids, now))
    for place, given in enumerate(document.get("orders", ()), start=1):
        _adopt_order(sandbox, _restored_order(given, len(sandbox.accounts) + place, ids, now), place)
    unfinished = [order for order in sandbox.orders.values() if not order.is_final]
    _refuse_two_at_a_time(unfinished)
    sandbox.queues.resume(unfinished, now)


def _refuse_twice(document: Mapping[str, Any], kind: str, *names: str) -> None:
    for name in names:
        values = Counter(given.get(name) for given in document.get(kind, ()))
        for value, count in values.items():
            if value is not None and count > 1:
                raise InvalidField(kind, f"the {name} {value} stands {count} times")


def _refuse_two_at_a_time(orders: list[Order]) -> None:
    holders = [order.retailer_credentials_id for order in orders if order.status is OrderStatus.IN_PROGRESS]
    for short_id, count in Counter(holders).items():
        if short_id is not None and count > 1:
            raise InvalidField("orders", f"{count} orders of the account {short_id} are in progress")


def _adopt_order(sandbox: Sandbox, order: Order, place: int) -> None:
    short_id = order.retailer_credentials_id
    if short_id is not None and not order.is_final and short_id not in sandbox.accounts:
        raise InvalidField("orders", f"number {place} needs the account {short_id}, which is not there")
    sandbox.adopt_order(order)


def _account(given: Mapping[str, Any], number: int, ids: IdSource, now: datetime) -> ManagedAccount:
    created_at = _instant(given, "created_at", now)
    password = given.get("password")
    if isinstance(password, str):
        password = Secret(password)
    return ManagedAccount(
        id=given.get("id") or ids.uuid(),
        short_id=given.get("short_id") or ids.short_id(),
        email=given["email"],
        retailer=given.get("retailer"),
        created_at=created_at,
        updated_at=_instant(given, "updated_at", created_at),
        number=number,
        password=password,
        health=Health(given.get("health", "ok")),
    )


def _restored_order(given: Mapping[str, Any], number: int, ids: IdSource, now: datetime) -> Order:
    status = OrderStatus(given.get("status", "pending"))
    created_at = _instant(given, "created_at", now)
    updated_at = _instant(given, "updated_at", created_at)
    # A null says that an order failed while it waited; only where it is left out may it stand for an instant.
    failed_waiting = status is OrderStatus.ORDER_FAILED and given.get("started_at", updated_at) is None
    has_started = status is not OrderStatus.PENDING and not failed_waiting
    failure = None
    if given.get("error_type") or status is OrderStatus.ORDER_FAILED:
        error_type = given.get("error_type") or "retailer_unavailable"
        failure = Failure(error_type, given.get("error") or "The order failed.")
    order = Order(
        id=given.get("id") or ids.uuid(),
        number=number,
        products=[
            {
                "url": product["url"],
                "quantity": int(product.get("quantity", 1)),
                "variant": product.get("variant"),
            }
            for product in given["products"]
        ],
        max_price=int(given["max_price"]),
        shipping_address=given["shipping_address"],
        metadata=given.get("metadata") or {},
        po_number=given.get("po_number"),
        idempotency_key=given.get("idempotency_key"),
        retailer_credentials_id=given.get("retailer_credentials_id"),
        created_at=created_at,
        updated_at=updated_at,
        status=status,
        started_at=_instant(given, "started_at", updated_at) if has_started else None,
        doom=failure if status is OrderStatus.IN_PROGRESS else None,
    )
    if order.is_final:
        order.failure = failure if status is OrderStatus.ORDER_FAILED else None
        order.finished_at = _instant(given, "finished_at", updated_at)
    return order


def _instant(given: Mapping[str, Any], name: str, otherwise: datetime) -> datetime:
    text = given.get(name)
    if not text:
        return otherwise
    try:
        return parse_instant(text)
    except ValueError as problem:  # the format allows days that no calendar has
        raise InvalidField(name, str(problem)) from problem
