"""What lists of orders owe, and every order that an answer shows."""

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from contract_tests.answers import instant
from contract_tests.exchange import Exchange, Key, Operation
from contract_tests.judgement import Judgement, show
from contract_tests.order_answers import Order, Phase, answered_order, listed_orders, phase_of
from contract_tests.order_book import KnownOrder, OrderBook, is_whole, markers_of
from contract_tests.rules.locking import waits_behind
from contract_tests.rules.order_fields import judge_echo, judge_form, judge_status
from contract_tests.rules.order_life import judge_life


def judge_order_list(exchange: Exchange, book: OrderBook) -> Iterator[Judgement]:
    """Judge a list of orders as a list."""
    content, listed = exchange.response.json, listed_orders(exchange.response)
    in_form = listed is not None and isinstance(content, dict) and content.get("orders") is listed
    seen = f"{exchange.response.status} and {'another form' if not in_form else 'the array'}"
    holds = in_form and exchange.response.status == 200
    yield Judgement("MA-ORDERS-LIST-200", holds, "200 and an object with an array orders", seen, [exchange])
    if listed is None or not is_whole(exchange):
        return
    yield from _judge_completeness(listed, exchange, book)
    yield from _judge_newest_first(listed, exchange, book)
    yield from _judge_isolation(listed, exchange, book)
    yield from _judge_unknown(listed, exchange, book)


def _judge_completeness(listed: list[Order], exchange: Exchange, book: OrderBook) -> Iterator[Judgement]:
    ids = Counter(str(order.get("id")) for order in listed)
    for identifier in [identifier for identifier, times in ids.items() if times > 1]:
        same = [order for order in listed if order.get("id") == identifier]
        is_one = len({tuple(markers_of(order)) for order in same}) == 1
        requirement = "MA-ORDERS-LIST-COMPLETE" if is_one else "MA-ORDERS-FIELD-ID"
        yield Judgement(requirement, False, "each order once", f"{identifier} {len(same)} times", [exchange])
    ours = [known for known in book.of(exchange.intent.key) if not known.lost]
    if not ours or any(known.id not in ids for known in ours):
        return  # whether those are lost is seen when they are read by themselves
    yield Judgement("MA-ORDERS-LIST-COMPLETE", True, "every order", f"{len(ours)} orders", [exchange])
    served = [known for known in ours if known.named is not None]
    if served:
        evidence = [served[0].origin, exchange]
        yield Judgement("MA-LOCK-NONE-LOST", True, f"{len(served)} orders in the list", "all", evidence)


def _judge_newest_first(listed: list[Order], exchange: Exchange, book: OrderBook) -> Iterator[Judgement]:
    """Orders that were made at one instant by the server's own word may stand in any order."""
    ours = [
        (known, made)
        for order in listed
        if (known := book.orders.get(str(order.get("id"))))
        and known.key is exchange.intent.key
        and (made := instant(order.get("created_at")))
        and not known.racing
    ]
    if len(ours) < 2:
        return
    wrong = [
        (upper, lower)
        for (upper, made), (lower, later) in pairwise(ours)
        if upper.number < lower.number and made < later
    ]
    upper, lower = wrong[0] if wrong else (ours[0][0], ours[1][0])
    seen = f"{upper.id} above {lower.id}, which was submitted after it"
    evidence = [upper.origin, lower.origin, exchange]
    yield Judgement("MA-ORDERS-LIST-NEWEST-FIRST", not wrong, "the newest order first", seen, evidence)


def _judge_isolation(listed: list[Order], exchange: Exchange, book: OrderBook) -> Iterator[Judgement]:
    other = Key.SECOND if exchange.intent.key is Key.FIRST else Key.FIRST
    theirs = book.of(other)
    if not theirs:
        return
    ids = {str(order.get("id")) for order in listed}
    shown = [known for known in theirs if known.id in ids]
    seen = f"{len(shown)} orders that were submitted with the {other.value} key"
    evidence = [(shown or theirs)[0].origin, exchange]
    expected = f"no order of the {other.value} key"
    yield Judgement("MA-ORDERS-LIST-ISOLATED", not shown, expected, seen, evidence)


def _judge_unknown(listed: list[Order], exchange: Exchange, book: OrderBook) -> Iterator[Judgement]:
    """Orders that carry a marker of this run, and that no answer has told of."""
    broken = set()
    for order in listed:
        identifier = str(order.get("id"))
        if identifier in book.orders or identifier in book.others:
            continue
        for marker in markers_of(order):
            sender = book.senders.get(marker)
            if sender and (requirement := _requirement_against_making(sender, book)):
                broken.add(requirement)
                seen = f"the order {identifier}, which carries {marker}"
                yield Judgement(requirement, False, "no such order", seen, [sender, exchange])
    for sender in book.refused_since_list[exchange.intent.key]:
        requirement = sender.intent.blame or "MA-ORDERS-REFUSED-MAKES-NONE"
        if requirement not in broken:
            yield Judgement(requirement, True, "no order", "none", [sender, exchange])


def _requirement_against_making(sender: Exchange, book: OrderBook) -> str | None:
    if sender.response.refused:
        return sender.intent.blame or "MA-ORDERS-REFUSED-MAKES-NONE"
    told_of = any(known.origin is sender for known in book.orders.values())
    return "MA-ORDERS-CREATE-ANSWERS-ORDER" if sender.response.succeeded and told_of else None


# Whatever shows orders


def judge_shown(exchange: Exchange, book: OrderBook) -> Iterator[Judgement]:
    """Judge each order that an answer shows, unless it was shown just so before."""
    if exchange.intent.operation is Operation.LIST_ORDERS:
        shown = listed_orders(exchange.response) or []
    else:
        order = answered_order(exchange.response)
        shown = [order] if order else []
    running = _running(shown, exchange, book)
    for order in shown:
        identifier = str(order.get("id"))
        known = book.orders.get(identifier)
        former = _former(known, book.others.get(identifier), exchange)
        if former != order or (known is not None and known.ended_in is not None and not known.settled):
            yield from _judge_one(order, former, known, exchange, book, running)


def _former(known: KnownOrder | None, other: Order | None, exchange: Exchange) -> Order | None:
    """An order as the same operation showed it before."""
    if known is None:
        return other
    return known.listed if exchange.intent.operation is Operation.LIST_ORDERS else known.got


def _judge_one(
    order: Order,
    former: Order | None,
    known: KnownOrder | None,
    exchange: Exchange,
    book: OrderBook,
    running: dict[str, KnownOrder],
) -> Iterator[Judgement]:
    is_create = exchange.intent.operation is Operation.CREATE_ORDER
    evidence = [known.origin, exchange] if known and not is_create else [exchange]
    yield from judge_form(order, former, evidence)
    holder = running.get(str(order.get("retailer_credentials_id")))
    if holder is None or (known is not None and not waits_behind(holder, known, order)):
        yield from judge_status(order, evidence)  # the word for an order that waits is the lock's matter
    # What an order shows that should have been refused, nobody says
    sent = _plainly_sent(exchange if is_create else known.origin if known else None)
    if sent is not None:
        yield from _judge_account(order, sent, evidence, book)
        if exchange.intent.operation is not Operation.LIST_ORDERS:  # lists have to agree with reads
            yield from judge_echo(order, sent, evidence)
    if known is not None and not is_create:
        is_first = known.listed is None and known.got is None
        yield from judge_life(order, (known.shown or None) if is_first else former, known, exchange, book)


def _plainly_sent(create: Exchange | None) -> Mapping[str, Any] | None:
    return create.intent.fields if create is not None and create.intent.plain else None


def _running(shown: list[Order], exchange: Exchange, book: OrderBook) -> dict[str, KnownOrder]:
    """The order in progress of each account: by this list, or else as each was last shown."""
    if not is_whole(exchange):
        shown = [known.shown for known in book.orders.values() if not known.ended]
    return {
        str(order["retailer_credentials_id"]): book.orders[str(order["id"])]
        for order in shown
        if phase_of(order.get("status")) is Phase.RUNNING
        and order.get("retailer_credentials_id")
        and str(order.get("id")) in book.orders
    }


def _judge_account(
    order: Order, sent: Mapping[str, Any], evidence: list[Exchange], book: OrderBook
) -> Iterator[Judgement]:
    named, shown = sent.get("retailer_credentials_id"), order.get("retailer_credentials_id")
    if not isinstance(named, str) or named in book.closed or not (shown is None or isinstance(shown, str)):
        return
    expected = f"retailer_credentials_id {show(named)}"
    yield Judgement("MA-ORDERS-WITH-ACCOUNT", shown == named, expected, show(shown), evidence)
