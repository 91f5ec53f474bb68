"""Order locking at its edges: one instant for many, no time at all, and the end of the calendar."""

from datetime import UTC, datetime, timedelta

import pytest

from mock_server.domain.accounts import Health
from mock_server.domain.orders import OrderStatus
from mock_server.domain.sandbox import Sandbox
from mock_server.ids import Ids

NOON = datetime(2026, 1, 15, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def sandbox_with(accounts: int, processing_time: timedelta = 2 * SECOND) -> tuple[Sandbox, list[str]]:
    sandbox = Sandbox(Ids(seed=1), processing_time)
    made = [sandbox.create_account(f"{n}@example.com", None, None, NOON) for n in range(accounts)]
    return sandbox, [account.short_id for account in made]


def submit(sandbox: Sandbox, short_id: str | None, now: datetime = NOON):
    request = {
        "products": [{"url": "https://www.amazon.com/dp/1"}],
        "shipping_address": {},
        "max_price": 100,
        "retailer_credentials_id": short_id,
    }
    return sandbox.submit_order(request, now)


def test_orders_that_end_at_one_instant_end_in_the_order_of_their_submission():
    sandbox, (one, other) = sandbox_with(accounts=2)
    orders = [submit(sandbox, short_id) for short_id in (one, other, other, one)]

    sandbox.settle(NOON + 2 * SECOND)
    ended = sandbox.settle(NOON + 4 * SECOND)

    assert [moved.order_id for moved in ended] == [orders[2].id, orders[3].id]


def test_orders_that_take_no_time_still_go_one_after_the_other():
    sandbox, (account,) = sandbox_with(accounts=1, processing_time=timedelta(0))
    orders = [submit(sandbox, account) for _ in range(3)]

    sandbox.settle(NOON)

    assert [order.status for order in orders] == [OrderStatus.ORDER_PLACED] * 3
    assert [order.started_at for order in orders] == [NOON] * 3
    assert sandbox.queues.next_due() is None


def test_an_order_ends_by_the_end_of_the_calendar():
    sandbox, (account,) = sandbox_with(accounts=1)
    last_day = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    orders = [submit(sandbox, account, last_day) for _ in range(2)]

    sandbox.settle(datetime.max.replace(tzinfo=UTC))

    assert [order.status for order in orders] == [OrderStatus.ORDER_PLACED] * 2


def test_an_order_whose_account_is_deleted_frees_nobody_elses_lock():
    sandbox, (gone, kept) = sandbox_with(accounts=2)
    doomed = submit(sandbox, gone)
    running, waiting = submit(sandbox, kept), submit(sandbox, kept)

    sandbox.delete_account(gone, NOON + SECOND)
    sandbox.settle(NOON + SECOND)

    assert doomed.status is OrderStatus.ORDER_FAILED
    assert doomed.finished_at == NOON + SECOND
    assert (running.status, waiting.status) == (OrderStatus.IN_PROGRESS, OrderStatus.PENDING)


def test_what_is_due_next_passes_over_orders_that_ended_early():
    sandbox, (gone, kept) = sandbox_with(accounts=2)
    submit(sandbox, gone)
    submit(sandbox, kept, NOON + SECOND)

    sandbox.delete_account(gone, NOON + SECOND)

    assert sandbox.queues.next_due() == NOON + 3 * SECOND


@pytest.mark.parametrize("state", [Health.LOGIN_FAILED, Health.ACCOUNT_LOCKED])
def test_a_failure_is_decided_when_an_order_starts_and_frees_the_lock_when_it_ends(state):
    sandbox, (account,) = sandbox_with(accounts=1)
    before, doomed, after = (submit(sandbox, account) for _ in range(3))

    sandbox.set_health(account, state, NOON + SECOND)
    sandbox.settle(NOON + 2 * SECOND)
    sandbox.set_health(account, Health.OK, NOON + 3 * SECOND)
    sandbox.settle(NOON + 6 * SECOND)

    assert before.status is OrderStatus.ORDER_PLACED, "it had started before the account went bad"
    assert (doomed.status, doomed.failure.error_type) == (OrderStatus.ORDER_FAILED, state.value)
    assert after.status is OrderStatus.ORDER_PLACED


def test_orders_without_an_account_never_wait():
    sandbox, _ = sandbox_with(accounts=0)
    orders = [submit(sandbox, None) for _ in range(5)]

    assert {order.status for order in orders} == {OrderStatus.IN_PROGRESS}
    assert {order.retailer_credentials_id for order in orders} == {None}
    assert sandbox.queues.lanes == {}


def test_every_order_is_settled_at_its_own_instant_however_late_somebody_looks():
    sandbox, (account,) = sandbox_with(accounts=1)
    orders = [submit(sandbox, account) for _ in range(3)]

    sandbox.settle(NOON + timedelta(days=365))

    assert [order.started_at for order in orders] == [NOON + n * 2 * SECOND for n in (0, 1, 2)]
    assert [order.finished_at for order in orders] == [NOON + n * 2 * SECOND for n in (1, 2, 3)]
