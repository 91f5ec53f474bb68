"""How long to wait for orders, how often to look, and what was seen meanwhile.

No page says how long an order of a test product takes. So the wait is measured in the server's own pace: it is over
when nothing has moved for much longer than anything has taken to move before.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from contract_tests.exchange import Exchange
from contract_tests.order_answers import Phase, listed_orders, phase_of
from contract_tests.order_book import KnownOrder

# A pause so many times longer than the longest one so far is the end of movement: nearby, and far away
TIMES_LONGER = (8, 20)
SHORTEST_PATIENCE = 6.0  # seconds, with a server on this machine: some look at their queues only now and then
FEWEST_LOOKS = 10  # looks that have to show no movement, however long they take
NO_OVERLAP = "no overlap seen: every order had ended, or none had started, whenever the list was read"


class Pace:
    """What is known of how quickly a server moves orders: those of accounts, and those that no account serves.

    Args:
        timeout: seconds to wait for the first movement, and for the next one where the server is far away.
        nearby: whether the server runs on this machine.
    """

    def __init__(self, timeout: float, *, nearby: bool) -> None:
        self._timeout = timeout
        self._nearby = nearby
        self._longest: dict[bool, float] = {}

    def moved_after(self, seconds: float, *, served: bool) -> None:
        """Note that orders moved after so many seconds without a movement."""
        self._longest[served] = max(self._longest.get(served, 0.0), seconds)

    def patience(self, *, served: bool) -> float:
        """Seconds without a movement after which none is expected any more."""
        if served not in self._longest:
            return self._timeout
        times, least = (
            (TIMES_LONGER[0], SHORTEST_PATIENCE) if self._nearby else (TIMES_LONGER[1], self._timeout)
        )
        return max(least, times * self._longest[served])

    def pause(self, still: float) -> float:
        """Seconds to wait before the next look, after so many seconds without a movement."""
        shortest, longest = (0.03, 0.25) if self._nearby else (0.3, 10.0)
        return min(longest, max(shortest, still / 20))


@dataclass(frozen=True)
class Snapshot:
    """What one whole list of orders showed.

    Args:
        exchange: the list.
        phases: the phase of each order, by id; None for a status of neither published list.
    """

    exchange: Exchange
    phases: Mapping[str, Phase | None]

    @classmethod
    def of(cls, exchange: Exchange) -> "Snapshot":
        """The snapshot that a list is."""
        listed = listed_orders(exchange.response) or []
        return cls(exchange, {str(order.get("id")): phase_of(order.get("status")) for order in listed})

    def standing(self, orders: Collection[KnownOrder], phase: Phase) -> list[KnownOrder]:
        """Those of some orders that are in a phase."""
        return [known for known in orders if self.phases.get(known.id) is phase]


@dataclass
class Watched:
    """What was seen while a run waited for orders.

    Args:
        orders: those that were waited for.
        snapshots: the lists that differ from the one before them.
        stuck: the orders that did not end, though others moved meanwhile or before.
        too_slow: whether the wait was over before any order of this kind was ever seen to come to its end.
    """

    orders: Sequence[KnownOrder]
    snapshots: list[Snapshot] = field(default_factory=list)
    stuck: list[KnownOrder] = field(default_factory=list)
    too_slow: bool = False

    def add(self, exchange: Exchange) -> bool:
        """Take up a list; whether it differs from the one before it in any of the orders."""
        snapshot = Snapshot.of(exchange)
        former = self.snapshots[-1].phases if self.snapshots else {}
        differs = not self.snapshots or any(
            snapshot.phases.get(known.id) is not former.get(known.id) for known in self.orders
        )
        if differs:
            self.snapshots.append(snapshot)
        return differs

    def queue_seen(self) -> Snapshot | None:
        """The first list that shows one of the orders in progress and another one waiting."""
        return next(
            (
                snapshot
                for snapshot in self.snapshots
                if snapshot.standing(self.orders, Phase.RUNNING)
                and snapshot.standing(self.orders, Phase.WAITING)
            ),
            None,
        )


@dataclass(frozen=True)
class Company:
    """Whether two groups of orders were processed side by side: proof for it or against it.

    Args:
        holds: whether they were.
        seen: in words.
        evidence: the lists that prove it.
    """

    holds: bool
    seen: str
    evidence: list[Exchange]


TURNS = 3  # orders that ran while the other group only waited, before that is taken for the rule


def side_by_side(
    watched: Watched, one: Collection[KnownOrder], other: Collection[KnownOrder]
) -> Company | None:
    """Tell whether two groups of orders were in progress at the same time, in one list.

    They were not, when in list after list one group had an order in progress and the other one had only orders that
    waited, for as many different orders as `TURNS`. Anything else proves nothing.

    Returns:
        The proof; None where there is none.
    """
    turns: dict[str, Exchange] = {}
    for snapshot in watched.snapshots:
        here, there = (snapshot.standing(group, Phase.RUNNING) for group in (one, other))
        if here and there:
            return Company(True, f"{here[0].id} and {there[0].id} in progress", [snapshot.exchange])
        idle = other if here else one
        if (here or there) and snapshot.standing(idle, Phase.WAITING):
            turns.setdefault((here or there)[0].id, snapshot.exchange)
    if len(turns) < TURNS:
        return None
    seen = (
        f"{len(turns)} orders in progress one after the other, while orders of the other account only waited"
    )
    return Company(False, seen, list(turns.values())[:TURNS])


def each_by_itself(watched: Watched, orders: Collection[KnownOrder]) -> Company | None:
    """Tell whether orders of which each goes its own way were in progress at the same time, as `side_by_side` does."""
    turns: dict[str, Exchange] = {}
    for snapshot in watched.snapshots:
        running = snapshot.standing(orders, Phase.RUNNING)
        if len(running) > 1:
            return Company(True, f"{running[0].id} and {running[1].id} in progress", [snapshot.exchange])
        if running and snapshot.standing(orders, Phase.WAITING):
            turns.setdefault(running[0].id, snapshot.exchange)
    if len(turns) < TURNS:
        return None
    return Company(False, f"{len(turns)} orders one after the other", list(turns.values())[:TURNS])
