"""The rules of the domain under a random life, with time in one stride, in pieces, and as late as can be."""

import dataclasses
import itertools
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from bounds import BOUNDED
from hypothesis import strategies as st
from hypothesis.stateful import rule
from machine import PROCESSING, START, Answer, SandboxMachine

from mock_server import representations
from mock_server.domain.accounts import Health
from mock_server.domain.errors import AlreadyExists, DomainError, InvalidField, NotFound, OrderRefused
from mock_server.domain.sandbox import Sandbox
from mock_server.instants import format_instant


class CountedIds:
    """Ids that count, the same in each sandbox."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)

    def uuid(self) -> str:
        return str(UUID(int=next(self._numbers) << 64))

    def short_id(self) -> str:
        return f"zn_acct_{next(self._numbers):08d}"


def fields_of(thing: Any) -> dict[str, Any]:
    return {field.name: getattr(thing, field.name) for field in dataclasses.fields(thing) if field.compare}


def state_of(sandbox: Sandbox) -> Any:
    """Everything that a sandbox shows of itself, as plain values."""
    return {
        "accounts": [fields_of(account) for account in sandbox.accounts.values()],
        "orders": [fields_of(order) for order in sandbox.orders.values()],
        "lanes": {
            short_id: (lane.holder and lane.holder.id, [order.id for order in lane.waiting])
            for short_id, lane in sandbox.queues.lanes.items()
        },
        "due": sandbox.queues.next_due(),
    }


def refused(problem: DomainError) -> Answer:
    match problem:
        case NotFound():
            status, code = 404, "not_found"
        case AlreadyExists():
            status, code = 409, "already_exists"
        case InvalidField():
            status, code = 422, "validation_error"
        case OrderRefused(code=code):
            status = 402 if code == "insufficient_funds" else 400
    return status, {"code": code, "message": str(problem)}


class DomainDriver:
    """Takes each command to three sandboxes alike.

    `once` passes a time in one stride, `pieces` in ten, and `lazy` not at all: it is settled only by commands, which
    let it catch up by themselves, and when it is looked at.
    """

    def __init__(self) -> None:
        self.now: datetime = START
        self.once, self.pieces, self.lazy = (Sandbox(CountedIds(), PROCESSING) for _ in range(3))

    def _all(self, command: Any, show: Any) -> Answer:
        answers = [self._one(sandbox, command, show) for sandbox in (self.once, self.pieces, self.lazy)]
        assert answers[0] == answers[1] == answers[2]
        return answers[0]

    @staticmethod
    def _one(sandbox: Sandbox, command: Any, show: Any) -> Answer:
        before = state_of(sandbox)
        try:
            return show(command(sandbox))
        except DomainError as problem:
            assert state_of(sandbox) == before, "a command that raises has changed nothing"
            return refused(problem)

    def create_account(self, given: dict[str, Any]) -> Answer:
        return self._all(
            lambda sandbox: sandbox.create_account(
                given["email"], given.get("password"), given.get("retailer"), self.now
            ),
            lambda account: (201, representations.account(account)),
        )

    def update_account(self, short_id: str, changes: dict[str, Any]) -> Answer:
        return self._all(
            lambda sandbox: sandbox.update_account(short_id, changes, self.now),
            lambda account: (200, representations.account(account)),
        )

    def delete_account(self, short_id: str) -> Answer:
        return self._all(
            lambda sandbox: sandbox.delete_account(short_id, self.now), lambda nothing: (204, nothing)
        )

    def set_health(self, short_id: str, state: str) -> Answer:
        return self._all(
            lambda sandbox: sandbox.set_health(short_id, Health(state), self.now),
            lambda account: (200, {"short_id": account.short_id, "state": account.health.value}),
        )

    def list_accounts(self) -> Answer:
        shown = [representations.account(account) for account in self.once.accounts.values()]
        return 200, {"credentials": shown, "total": len(shown)}

    def create_order(self, given: dict[str, Any]) -> Answer:
        return self._all(
            lambda sandbox: sandbox.submit_order(given, self.now),
            lambda order: (201, representations.order(order)),
        )

    def get_order(self, order_id: str) -> Answer:
        try:
            return 200, representations.order(self.once.order(order_id))
        except NotFound as problem:
            return refused(problem)

    def list_orders(self, part: str = "") -> Answer:
        return 200, {"orders": [representations.order(order) for order in self.once.newest_orders(part)]}

    def queues(self) -> Answer:
        lanes = self.once.queues.lanes
        queues = []
        for short_id in self.once.accounts:
            lane = lanes.get(short_id)
            queues.append(
                {
                    "short_id": short_id,
                    "in_progress": lane.holder.id if lane and lane.holder else None,
                    "waiting": [order.id for order in lane.waiting] if lane else [],
                }
            )
        return 200, {"queues": queues}

    def advance(self, by: timedelta) -> Answer:
        piece = by / 10
        in_pieces = []
        for step in range(1, 11):
            at = self.now + by if step == 10 else self.now + step * piece
            in_pieces += self.pieces.settle(at)
        self.now += by
        happened = self.once.settle(self.now)
        assert in_pieces == happened
        assert state_of(self.pieces) == state_of(self.once)
        return self._moved(happened)

    def settle(self) -> Answer:
        happened = []
        while (due := self.once.queues.next_due()) is not None:
            assert due >= self.now, "what is due lies ahead"
            self.now = due
            moved = self.once.settle(due)
            assert self.pieces.settle(due) == moved
            happened += moved
        return self._moved(happened)

    def _moved(self, happened: list[Any]) -> Answer:
        transitions = [
            {
                "at": format_instant(moved.at),
                "order_id": moved.order_id,
                "from": moved.before.value,
                "to": moved.after.value,
            }
            for moved in happened
        ]
        return 200, {"mode": "manual", "now": format_instant(self.now), "transitions": transitions}

    def look_at_the_lazy_one(self) -> None:
        self.lazy.settle(self.now)
        assert state_of(self.lazy) == state_of(self.once)


class DomainMachine(SandboxMachine):
    def __init__(self) -> None:
        super().__init__()
        self.driver = DomainDriver()

    @rule(_=st.none())
    def look_at_the_lazy_one(self, _):
        self.driver.look_at_the_lazy_one()

    def teardown(self) -> None:
        self.driver.look_at_the_lazy_one()
        for order in self.driver.once.orders.values():
            assert order.started_at is None or order.created_at <= order.started_at
            assert order.finished_at is None or (order.started_at or order.created_at) <= order.finished_at


TestDomain = DomainMachine.TestCase
TestDomain.settings = BOUNDED
