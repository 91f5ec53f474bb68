"""What one key's client has exercised and how it behaved: counted for good, though the journal forgets."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from mock_server.domain.orders import Order, OrderStatus
from mock_server.grading.findings import Finding
from mock_server.grading.repeats import BlindRepeats
from mock_server.grading.rules import ImpatientRetries, Polling, Unknowns, Watcher

if TYPE_CHECKING:
    from mock_server.control.journal import Entry

Moves = Counter[tuple[OrderStatus, OrderStatus]]


class Seen(NamedTuple):
    """A kind of answer that a client got. No operation: a path that is not in the specification."""

    operation: str | None
    status: int
    code: str | None
    dropped: bool


class Conduct:
    """Takes each request of one key once, in the order in which they were answered.

    Args:
        came_with: the orders that the client's sandbox starts with; what they went through before does not count.
    """

    def __init__(self, came_with: Iterable[Order] = ()) -> None:
        self.answers: defaultdict[tuple[str | None, int, str | None, bool], int] = defaultdict(int)
        self._watchers: tuple[Watcher, ...] = (Unknowns(), Polling(), BlindRepeats(), ImpatientRetries())
        self._takes = [watcher.take for watcher in self._watchers]
        self._moves: Moves = Counter()
        self._moves.subtract(_moves_of(came_with))

    def take(self, entry: "Entry") -> None:
        """Count a request and hold it to the rules. This runs at each request of a mock under load."""
        code = None
        if entry.status >= 400 and isinstance(entry.answer, dict):
            code = entry.answer.get("code")
        self.answers[entry.operation, entry.status, code, entry.dropped] += 1
        for take in self._takes:
            take(entry)

    def break_off(self) -> None:
        """Compare what comes next with nothing before: a tester changed something in between."""
        for watcher in self._watchers:
            watcher.break_off()

    def change_sandbox(self, before: Iterable[Order], after: Iterable[Order]) -> None:
        """Go on in another sandbox: keep the moves of the orders that go, leave out those that others came with."""
        self.break_off()
        self._moves.update(_moves_of(before))
        self._moves.subtract(_moves_of(after))

    def moves(self, orders: Iterable[Order]) -> Moves:
        """Return how often each move was made, with those of the present sandbox's orders."""
        return self._moves + _moves_of(orders)

    def findings(self) -> Iterable[Finding]:
        """Yield what was found so far."""
        return chain.from_iterable(watcher.findings() for watcher in self._watchers)


def _moves_of(orders: Iterable[Order]) -> Moves:
    """Return the moves that orders have made, told from how they stand."""
    moves: Moves = Counter()
    for order in orders:
        if order.started_at is not None:
            moves[OrderStatus.PENDING, OrderStatus.IN_PROGRESS] += 1
        if order.is_final:
            before = OrderStatus.PENDING if order.started_at is None else OrderStatus.IN_PROGRESS
            moves[before, order.status] += 1
    return moves
