"""The naive model of orders: what was submitted in a run, and what the answers so far have shown of each order.

It knows nothing of queues. `rules` hold each new answer against it before it takes the answer over.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from contract_tests.exchange import Exchange, Key, Operation
from contract_tests.journal import Marker, markers_in
from contract_tests.order_answers import Order, Phase, answered_order, listed_orders, phase_of


@dataclass
class KnownOrder:
    """One order of this run.

    Args:
        id: as the answer to its create said, or a list showed it.
        key: the API key that it was submitted with.
        origin: the create.
        shown: the order as the last answer about it showed it; empty before any did.
        listed: the order in the last list that had it.
        got: the order when it was last read by itself.
        absent: how many lists in a row were without it.
        started: whether it was ever seen in progress or at its end.
        ended_in: the first list or read that showed it at its end.
        settled: whether a list has shown it unchanged after that.
        lost: whether it was judged to be gone.
        overtaken: the order that was seen to have started while this one waited, and the list that showed both.
        given_up: whether the run has waited for its end for long enough.
    """

    id: str
    key: Key
    origin: Exchange
    shown: Order = field(default_factory=dict)
    listed: Order | None = None
    got: Order | None = None
    absent: int = 0
    started: bool = False
    ended_in: Exchange | None = None
    settled: bool = False
    lost: bool = False
    overtaken: "tuple[KnownOrder, Exchange] | None" = None
    given_up: bool = False

    @property
    def number(self) -> int:
        """Its place among all requests: a smaller one was submitted earlier, but for racing ones."""
        return self.origin.number

    @property
    def racing(self) -> bool:
        """Whether others were submitted at the same time."""
        return self.origin.intent.racing

    @property
    def sent(self) -> Mapping[str, Any]:
        """The fields of the create."""
        return self.origin.intent.fields or {}

    @property
    def named(self) -> str | None:
        """The managed account that the create named."""
        account = self.sent.get("retailer_credentials_id")
        return account if isinstance(account, str) else None

    @property
    def account(self) -> str | None:
        """The managed account that serves it; None when it shows none, or another one than was named."""
        shown = self.shown.get("retailer_credentials_id")
        return shown if isinstance(shown, str) and self.named in (None, shown) else None

    @property
    def phase(self) -> Phase | None:
        """Where it stands; None for a status of neither published list."""
        return phase_of(self.shown.get("status"))

    @property
    def ended(self) -> bool:
        """Whether it was seen at its end."""
        return self.phase is Phase.ENDED

    def take(self, order: Order, exchange: Exchange) -> None:
        """Take over what a list or a read shows of it."""
        self.shown = order
        self.started = self.started or self.phase in (Phase.RUNNING, Phase.ENDED)
        if self.ended and self.ended_in is None:
            self.ended_in = exchange

    @property
    def urls(self) -> list[object]:
        """The addresses of the products that were ordered."""
        products = self.sent.get("products")
        return [product.get("url") for product in products] if isinstance(products, list) else []


class OrderBook:
    """All orders of a run, and the requests that were refused, by key."""

    def __init__(self) -> None:
        self.orders: dict[str, KnownOrder] = {}
        self.senders: dict[Marker, Exchange] = {}
        self.others: dict[str, Order] = {}  # orders that this run did not submit, as they were last shown
        self.closed: dict[str, Exchange] = {}  # accounts that were deleted, each with the delete
        self.updated_while_busy: dict[str, Exchange] = {}
        self.overlapped: set[str] = set()  # accounts of which two orders were seen in progress at once
        self.refused_since_list: dict[Key, list[Exchange]] = {Key.FIRST: [], Key.SECOND: []}

    def of(self, key: Key) -> list[KnownOrder]:
        """The orders of a key, in the order of their answers."""
        return [known for known in self.orders.values() if known.key is key]

    def unfinished(self, account: str) -> list[KnownOrder]:
        """The orders of an account that were not seen at their end."""
        return [known for known in self.orders.values() if known.account == account and not known.ended]

    def overdue(self, key: Key, lists: int) -> list[KnownOrder]:
        """The orders of a key that have been missing from so many lists in a row, and were not judged to be gone."""
        return [known for known in self.of(key) if known.absent >= lists and not known.lost]

    def is_served_by_deleted(self, known: KnownOrder) -> bool:
        """Whether the account of an order was deleted, so that what becomes of it is another matter."""
        return known.named in self.closed or str(known.shown.get("retailer_credentials_id")) in self.closed

    def ended_by_itself(self, known: KnownOrder) -> bool:
        """Whether an order was seen at its end while its account, if it has one, was still there."""
        deleted = self.closed.get(str(known.shown.get("retailer_credentials_id")))
        return known.ended_in is not None and (deleted is None or known.ended_in.number < deleted.number)

    # Keeping the books

    def note(self, exchange: Exchange) -> None:
        """Take over what an exchange says, after it was judged."""
        note = {
            Operation.CREATE_ORDER: self._note_create,
            Operation.LIST_ORDERS: self._note_list,
            Operation.GET_ORDER: self._note_get,
            Operation.UPDATE: self._note_account,
            Operation.DELETE: self._note_account,
        }.get(exchange.intent.operation)  # type: ignore[arg-type]
        if note and exchange.response.status != 429:
            note(exchange)

    def _note_create(self, exchange: Exchange) -> None:
        for marker in markers_in(json.dumps(exchange.intent.fields)):
            self.senders[marker] = exchange
        key = exchange.intent.key
        if not exchange.response.succeeded:
            if exchange.response.refused and key in self.refused_since_list:
                self.refused_since_list[key].append(exchange)
            return
        order = answered_order(exchange.response) or {}
        identifier = order.get("id")
        if key is not Key.NONE and isinstance(identifier, str) and identifier not in self.orders:
            self.orders[identifier] = KnownOrder(identifier, key, exchange, shown=order)

    def _note_list(self, exchange: Exchange) -> None:
        listed = listed_orders(exchange.response)
        if listed is None or not exchange.response.succeeded:
            return
        entries = {str(order.get("id")): order for order in listed}
        for identifier, order in entries.items():
            known = self.orders.get(identifier) or self._adopt(identifier, order, exchange.intent.key)
            if known is None:
                self.others[identifier] = order
            elif known.key is exchange.intent.key:
                known.settled = known.ended_in is not None and known.listed == order
                known.listed, known.absent = order, 0
                known.take(order, exchange)
        if is_whole(exchange):
            for known in self.of(exchange.intent.key):
                known.absent += known.id not in entries
            self.refused_since_list[exchange.intent.key].clear()

    def _adopt(self, identifier: str, order: Order, key: Key) -> KnownOrder | None:
        """Take up a listed order whose create succeeded without saying its id, or whose answer was lost."""
        for marker in markers_of(order):
            sender = self.senders.get(marker)
            if (
                sender
                and sender.response.succeeded
                and not any(sender is k.origin for k in self.orders.values())
            ):
                self.orders[identifier] = KnownOrder(identifier, key, sender)
                return self.orders[identifier]
        return None

    def _note_get(self, exchange: Exchange) -> None:
        order = answered_order(exchange.response)
        known = self.orders.get(str(exchange.intent.target))
        if known and order and exchange.response.succeeded and order.get("id") == known.id:
            known.got = order
            known.take(order, exchange)

    def _note_account(self, exchange: Exchange) -> None:
        account = exchange.intent.target
        if account is None or not exchange.response.succeeded:
            return
        if exchange.intent.operation is Operation.DELETE:
            self.closed.setdefault(account, exchange)
        elif len(self.unfinished(account)) > 1:
            self.updated_while_busy.setdefault(account, exchange)


def is_whole(exchange: Exchange) -> bool:
    """Whether an exchange is a successful list of all orders, without a filter."""
    return (
        exchange.intent.operation is Operation.LIST_ORDERS
        and exchange.response.succeeded
        and "?" not in exchange.request.path
        and exchange.intent.key is not Key.NONE
        and listed_orders(exchange.response) is not None
    )


def markers_of(order: Order) -> Iterator[Marker]:
    """The markers that an order carries in what its sender can give it."""
    given = [order.get(name) for name in ("shipping_address", "metadata", "po_number")]
    return markers_in(json.dumps(given, default=str))
