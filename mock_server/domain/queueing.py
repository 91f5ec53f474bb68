"""Order locking: one order at a time per managed account, the others in line (the page, Order Locking).

The queue is a function of what was submitted and the time now. Nothing runs in the background: whoever wants to
know how things stand calls `settle(now)` first, and everything that was due by then has happened, in order, each
thing at its own instant.
"""

import heapq
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from mock_server.domain.orders import Failure, Move, Order, OrderStatus

_END_OF_CALENDAR = datetime.max.replace(tzinfo=UTC)


class Transition(NamedTuple):
    """One order moved from one status to another, at an instant."""

    at: datetime
    order_id: str
    before: OrderStatus
    after: OrderStatus


@dataclass(slots=True)
class Lane:
    """One account's lock and queue: `holder` has the lock, `waiting` stands in line, first in first out."""

    holder: Order | None = None
    waiting: deque[Order] = field(default_factory=deque)


class Queues:
    """The lanes of all accounts of a sandbox, and what is due when.

    Args:
        processing_time: how long an order is in progress.
        verdict: asked when an order starts: the failure that it will end in, or None.
    """

    def __init__(self, processing_time: timedelta, verdict: Callable[[Order], Failure | None]) -> None:
        self.processing_time = processing_time
        self.lanes: dict[str, Lane] = {}
        self._verdict = verdict
        # Orders that end at one instant end in the order of their submission: a snapshot tells that, too.
        self._due: list[tuple[datetime, int, Order]] = []

    def submit(self, order: Order) -> None:
        """Put an order in its account's lane; it starts at the next `settle` if the lock is free."""
        if order.retailer_credentials_id is None:
            self._start(order, order.created_at)
            return
        lane = self.lanes.setdefault(order.retailer_credentials_id, Lane())
        lane.waiting.append(order)
        self._advance(lane, order.created_at)

    def settle(self, now: datetime) -> list[Transition]:
        """Let everything happen that is due by `now`, in order, and return it.

        Settling twice at one instant, or in many steps, comes to the same as settling once.
        """
        happened: list[Transition] = []
        while self._due and self._due[0][0] <= now:
            due, _, order = heapq.heappop(self._due)
            if order.is_final:
                continue  # its account was deleted while it was in progress
            happened.append(self._finish(order, due))
            lane = self.lanes.get(order.retailer_credentials_id or "")
            if lane is not None:
                lane.holder = None
                happened += self._advance(lane, due)
        return happened

    def next_due(self) -> datetime | None:
        """Return the instant at which the next thing happens, or None when nothing is waiting or running."""
        while self._due and self._due[0][2].is_final:
            heapq.heappop(self._due)
        return self._due[0][0] if self._due else None

    def close(self, short_id: str, failure: Failure, now: datetime) -> None:
        """End a lane whose account is gone: the current and all queued orders fail at `now`."""
        lane = self.lanes.pop(short_id, None)
        if lane is None:
            return
        for order in (lane.holder, *lane.waiting):
            if order is not None:
                order.failure = failure
                order.move(Move.FAIL, now)

    def resume(self, orders: Iterable[Order], now: datetime) -> None:
        """Take back the unfinished orders of a snapshot, oldest first; free locks are given at `now`."""
        for order in orders:
            short_id = order.retailer_credentials_id
            if order.status is OrderStatus.IN_PROGRESS:
                if short_id is not None:
                    self.lanes.setdefault(short_id, Lane()).holder = order
                self._expect_end(order)
            elif short_id is None:
                self._start(order, now)
            else:
                self.lanes.setdefault(short_id, Lane()).waiting.append(order)
        for lane in self.lanes.values():
            self._advance(lane, now)

    def _advance(self, lane: Lane, now: datetime) -> list[Transition]:
        """Give a free lock to the first in line. "One at a time per account" is written here and nowhere else."""
        if lane.holder is not None or not lane.waiting:
            return []
        lane.holder = lane.waiting.popleft()
        return [self._start(lane.holder, now)]

    def _start(self, order: Order, now: datetime) -> Transition:
        before = order.status
        order.doom = self._verdict(order)
        order.move(Move.START, now)
        self._expect_end(order)
        return Transition(now, order.id, before, order.status)

    def _finish(self, order: Order, now: datetime) -> Transition:
        before = order.status
        order.failure = order.doom
        order.move(Move.PLACE if order.doom is None else Move.FAIL, now)
        return Transition(now, order.id, before, order.status)

    def _expect_end(self, order: Order) -> None:
        assert order.started_at is not None, "an order in progress has started"
        try:
            due = order.started_at + self.processing_time
        except OverflowError:
            due = _END_OF_CALENDAR
        heapq.heappush(self._due, (due, order.number, order))
