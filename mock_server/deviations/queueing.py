"""Queues that deviate: the domain's own, which ask the rules of the deviations that are on before an order starts.

A sandbox gets them at the first request that a locking deviation meets, and they stay; once the deviation is off,
its rule is not asked any more.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import wraps

from mock_server.deviations.building import Act
from mock_server.deviations.turn import Memory, Turn
from mock_server.domain.orders import Order
from mock_server.domain.queueing import Lane, Queues, Transition
from mock_server.domain.sandbox import Sandbox
from mock_server.exchange import Answer
from mock_server.store import Tenant

Question = Callable[[Lane, Sandbox, Memory], bool]

UNSERVED = ""  # the lane of orders that no account serves, where they have one


def _no(_lane: Lane, _sandbox: Sandbox, _memory: Memory) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Rule:
    """What a deviation changes of the queues, asked of a lane in which an order waits.

    Args:
        holds_back: whether the first in line may not have the lock although it is free.
        lets_by: whether the first in line starts although the lock is held.
        newest_first: whether the last in line comes first.
        unserved_wait: whether orders that no account serves stand in a line of their own.
    """

    holds_back: Question = _no
    lets_by: Question = _no
    newest_first: bool = False
    unserved_wait: bool = False


class RuledQueues(Queues):
    """The queues of a sandbox under the rules of deviations.

    Args:
        queues: those that these take the place of.
        tenant: whose they are.
    """

    def __init__(self, queues: Queues, tenant: Tenant) -> None:
        super().__init__(queues.processing_time, queues._verdict)
        self.lanes, self._due = queues.lanes, queues._due
        self.rules: dict[str, tuple[Rule, Memory]] = {}
        self._tenant = tenant

    def submit(self, order: Order) -> None:
        """Put an order in its lane; one that no account serves as well, if a rule says so."""
        if order.retailer_credentials_id is None:
            for rule, memory in self._on():
                if rule.unserved_wait:
                    memory.fired += 1
                    lane = self.lanes.setdefault(UNSERVED, Lane())
                    lane.waiting.append(order)
                    self._advance(lane, order.created_at)
                    return
        super().submit(order)

    def start_beside(self, order: Order, now: datetime) -> None:
        """Start an order that waits, whoever has the lock."""
        self.lanes[order.retailer_credentials_id or UNSERVED].waiting.remove(order)
        self._start(order, now)

    def _on(self) -> list[tuple[Rule, Memory]]:
        names = {deviation.name for deviation in self._tenant.deviations}
        return [ruled for name, ruled in self.rules.items() if name in names]

    def _advance(self, lane: Lane, now: datetime) -> list[Transition]:
        on = self._on()
        if not on:
            return super()._advance(lane, now)
        happened: list[Transition] = []
        # A rule may have held back any lane: the lock of one is another's business now.
        waiting = [lane for lane in self.lanes.values() if lane.waiting]
        for lane in sorted(waiting, key=lambda lane: lane.waiting[0].number):
            happened += self._advance_by(on, lane, now)
        return happened

    def _advance_by(self, on: list[tuple[Rule, Memory]], lane: Lane, now: datetime) -> list[Transition]:
        happened: list[Transition] = []
        for rule, memory in on:
            if rule.newest_first and lane.holder is None and len(lane.waiting) > 1:
                lane.waiting.appendleft(lane.waiting.pop())
                memory.fired += 1
        while lane.holder is not None and lane.waiting and self._any(on, lane, "lets_by"):
            happened.append(self._start(lane.waiting.popleft(), now))
        if lane.waiting and lane.holder is None and self._any(on, lane, "holds_back"):
            return happened
        return happened + super()._advance(lane, now)

    def _any(self, on: list[tuple[Rule, Memory]], lane: Lane, question: str) -> bool:
        for rule, memory in on:
            ask: Question = getattr(rule, question)
            if ask(lane, self._tenant.sandbox, memory):
                memory.fired += 1
                return True
        return False


def ruled_queues(turn: Turn) -> RuledQueues:
    """Return the queues of the key's sandbox, made to ask rules if they do not yet."""
    queues = turn.sandbox.queues
    if not isinstance(queues, RuledQueues):
        queues = turn.sandbox.queues = RuledQueues(queues, turn.tenant)
    return queues


def under(rule: Rule, turn: Turn) -> Answer:
    """Perform with a rule laid on the key's queues."""
    with turn.tenant.lock:
        ruled_queues(turn).rules[turn.memory.name] = (rule, turn.memory)
    return turn.perform()


def holding_back(question: Question) -> Act:
    """Keep the first in line from a free lock where the function says so."""
    return _laid(question, Rule(holds_back=question))


def letting_by(question: Question) -> Act:
    """Start the first in line beside the holder of the lock where the function says so."""
    return _laid(question, Rule(lets_by=question))


def _laid(question: Question, rule: Rule) -> Act:
    @wraps(question)
    def act(turn: Turn) -> Answer:
        return under(rule, turn)

    return act


def holders(sandbox: Sandbox, but: Lane) -> Iterator[Order]:
    """Yield the orders that hold the lock of another lane."""
    return (lane.holder for lane in sandbox.queues.lanes.values() if lane.holder and lane is not but)
