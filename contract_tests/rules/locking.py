"""One order at a time for each managed account, held against each whole list of orders.

A list is one answer: two orders of one account in progress in it are proof. What two lists together might suggest is
none, and nothing is guessed from it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from contract_tests.exchange import Exchange
from contract_tests.judgement import Judgement, show
from contract_tests.model import Model
from contract_tests.order_answers import Order, Phase, is_placed, listed_orders, phase_of
from contract_tests.order_book import KnownOrder, OrderBook, is_whole

ONE_AT_A_TIME = "MA-LOCK-ONE-AT-A-TIME"
PARALLEL_SUBMIT = "MA-LOCK-PARALLEL-SUBMIT"
UPDATE_KEEPS = "MA-LOCK-UPDATE-KEEPS"


@dataclass(frozen=True)
class Lane:
    """What one list shows of the orders of one managed account.

    Args:
        account: its short_id.
        orders: the orders of this run that it serves, in the order of submission, with what the list shows of them.
    """

    account: str
    orders: list[tuple[KnownOrder, Order]]

    def standing(self, phase: Phase | None) -> list[KnownOrder]:
        """Those in a phase."""
        return [known for known, order in self.orders if phase_of(order.get("status")) is phase]


def lanes_in(exchange: Exchange, book: OrderBook) -> list[Lane]:
    """The lanes that a list of orders shows, of accounts that exist; an order that it repeats counts once."""
    lanes: dict[str, dict[str, tuple[KnownOrder, Order]]] = {}
    for order in listed_orders(exchange.response) or []:
        known = book.orders.get(str(order.get("id")))
        account = order.get("retailer_credentials_id")
        if known is None or not isinstance(account, str) or account in book.closed:
            continue
        if known.named in (None, account):
            lanes.setdefault(account, {})[known.id] = (known, order)
    return [
        Lane(account, sorted(orders.values(), key=lambda entry: entry[0].number))
        for account, orders in lanes.items()
    ]


def judge_locks(exchange: Exchange, book: OrderBook, model: Model) -> Iterator[Judgement]:
    """Judge every lane that a whole list shows."""
    if not is_whole(exchange):
        return
    for lane in lanes_in(exchange, book):
        made = model.find(lane.account)
        evidence = [made.origin] if made else []
        yield from _judge_overlap(lane, evidence, exchange, book)
        yield from _judge_waiting(lane, evidence, exchange)
        yield from _judge_sequence(lane, evidence, exchange)


def _judge_overlap(
    lane: Lane, evidence: list[Exchange], exchange: Exchange, book: OrderBook
) -> Iterator[Judgement]:
    running = lane.standing(Phase.RUNNING)
    behind = lane.standing(Phase.WAITING) + lane.standing(None)
    requirement = _requirement_of(lane, running, book)
    expected = f"one order of {lane.account} in progress"
    if len(running) > 1:
        if requirement != UPDATE_KEEPS:
            book.overlapped.add(lane.account)
        seen = f"{len(running)} in progress: {', '.join(known.id for known in running)}"
        origins = [known.origin for known in running[:3]]
        update = [book.updated_while_busy[lane.account]] if requirement == UPDATE_KEEPS else []
        yield Judgement(requirement, False, expected, seen, [*evidence, *origins, *update, exchange])
    elif running and behind:
        shown = [*evidence, running[0].origin, behind[0].origin, exchange]
        for kept in dict.fromkeys((requirement, ONE_AT_A_TIME)):
            yield Judgement(kept, True, expected, "one", shown)


def _requirement_of(lane: Lane, running: list[KnownOrder], book: OrderBook) -> str:
    """The requirement that orders of a lane break when they overlap."""
    if lane.account in book.updated_while_busy and lane.account not in book.overlapped:
        return UPDATE_KEEPS
    candidates = running if len(running) > 1 else [*running, *lane.standing(Phase.WAITING)]
    pairs = list(combinations(candidates, 2))
    return (
        PARALLEL_SUBMIT if pairs and all(one.racing and two.racing for one, two in pairs) else ONE_AT_A_TIME
    )


def _judge_waiting(lane: Lane, evidence: list[Exchange], exchange: Exchange) -> Iterator[Judgement]:
    """Orders behind one that is in progress: they were accepted, and they wait."""
    running = lane.standing(Phase.RUNNING)
    if len(running) != 1:
        return
    for known, order in lane.orders:
        if not waits_behind(running[0], known, order):
            continue
        shown = [*evidence, running[0].origin, known.origin, exchange]
        seen = f"status {show(order.get('status'))}"
        holds = phase_of(order.get("status")) is Phase.WAITING
        yield Judgement("MA-LOCK-WAITING-PENDING", holds, "status 'pending' while it waits", seen, shown)
        yield Judgement("MA-LOCK-QUEUED", True, "accepted", "accepted", shown)


def waits_behind(running: KnownOrder, known: KnownOrder, order: Order) -> bool:
    """Whether an order waits for one of its account that is in progress, whatever the word for that is."""
    is_elsewhere = phase_of(order.get("status")) in (Phase.RUNNING, Phase.ENDED)
    return not is_elsewhere and not known.started and known.number > running.number


def _judge_sequence(lane: Lane, evidence: list[Exchange], exchange: Exchange) -> Iterator[Judgement]:
    """Notice orders that started before earlier ones; judge those when the earlier ones start after all.

    One that never starts was not overtaken but forgotten, which is a requirement of its own.
    """
    started = [
        known
        for known, order in lane.orders
        if phase_of(order.get("status")) is Phase.RUNNING or is_placed(order.get("status"))
    ]
    waiting = [known for known in lane.standing(Phase.WAITING) if not known.racing]
    started = [known for known in started if not known.racing]
    overtaken = [(late, early) for late in started for early in waiting if late.number > early.number]
    for late, early in overtaken:
        early.overtaken = early.overtaken or (late, exchange)
    expected = "orders start in the order of submission"
    if started and waiting and not overtaken:
        origins = [started[0].origin, waiting[0].origin]
        yield Judgement("MA-LOCK-FIFO", True, expected, "they do", [*evidence, *origins, exchange])
    for early in started:
        if early.overtaken:
            late, proof = early.overtaken
            early.overtaken = None
            seen = f"{late.id} had started while {early.id}, submitted before it, was waiting"
            yield Judgement(
                "MA-LOCK-FIFO", False, expected, seen, [*evidence, early.origin, late.origin, proof]
            )
