"""How long a run waits for orders, and what it makes of what it saw meanwhile."""

import pytest
from order_exchanges import ACCOUNT, OTHER_ACCOUNT, listed, order, placed

from contract_tests.order_book import OrderBook
from contract_tests.watching import Pace, Watched, each_by_itself, side_by_side

WAITS, RUNS, ENDED = "pending", "in_progress", "order_placed"


def orders(count, account):
    """Known orders of an account."""
    book = OrderBook()
    first = 1 if account == ACCOUNT else 11
    for number in range(first, first + count):
        book.note(placed(number, account=account))
    return list(book.orders.values())


def watched(*looks):
    """What was seen of two accounts, three orders each: a word for each order in each look."""
    here, there = orders(3, ACCOUNT), orders(3, OTHER_ACCOUNT)
    seen = Watched([*here, *there])
    for look in looks:
        numbers = (1, 2, 3, 11, 12, 13)
        seen.add(listed(*(order(number, status) for number, status in zip(numbers, look, strict=True))))
    return seen, here, there


def test_orders_in_progress_in_one_list_are_side_by_side():
    company = side_by_side(
        *watched((RUNS, WAITS, WAITS, WAITS, WAITS, WAITS), (RUNS, WAITS, WAITS, RUNS, WAITS, WAITS))
    )
    assert company.holds
    assert len(company.evidence) == 1


def test_orders_that_take_turns_with_those_of_another_account_are_held_up():
    company = side_by_side(
        *watched(
            (RUNS, WAITS, WAITS, WAITS, WAITS, WAITS),
            (ENDED, WAITS, WAITS, RUNS, WAITS, WAITS),
            (ENDED, RUNS, WAITS, ENDED, WAITS, WAITS),
        )
    )
    assert not company.holds
    assert len(company.evidence) == 3


@pytest.mark.parametrize(
    "looks",
    [
        [(RUNS, WAITS, WAITS, WAITS, WAITS, WAITS), (ENDED, RUNS, WAITS, WAITS, WAITS, WAITS)],
        [(ENDED, ENDED, ENDED, ENDED, ENDED, ENDED)],
        [(WAITS, WAITS, WAITS, WAITS, WAITS, WAITS)],
        [(RUNS, WAITS, WAITS, ENDED, ENDED, ENDED), (ENDED, RUNS, WAITS, ENDED, ENDED, ENDED)],
        [],
    ],
    ids=["two turns", "all ended", "none started", "the others had ended", "nothing"],
)
def test_anything_else_proves_nothing(looks):
    assert side_by_side(*watched(*looks)) is None


def test_orders_without_an_account_are_told_to_run_by_themselves_or_in_a_row():
    seen, here, _ = watched((RUNS, RUNS, WAITS, WAITS, WAITS, WAITS))
    assert each_by_itself(seen, here).holds
    in_a_row = (RUNS, WAITS, WAITS), (ENDED, RUNS, WAITS), (ENDED, ENDED, RUNS)
    seen, here, _ = watched(*(look + (WAITS,) * 3 for look in in_a_row))
    assert each_by_itself(seen, here) is None  # the last one had nobody behind it
    seen, here, there = watched(*(look + (WAITS,) * 3 for look in in_a_row))
    assert not each_by_itself(seen, [*here, *there]).holds


def test_a_queue_is_seen_in_a_list_with_one_order_running_and_one_waiting():
    seen, *_ = watched((ENDED, ENDED, ENDED, ENDED, ENDED, ENDED), (RUNS, WAITS, WAITS, WAITS, WAITS, WAITS))
    assert seen.queue_seen() is seen.snapshots[1]
    assert watched((RUNS, ENDED, ENDED, ENDED, ENDED, ENDED))[0].queue_seen() is None


def test_lists_that_show_nothing_new_are_not_kept():
    look = (RUNS, WAITS, WAITS, WAITS, WAITS, WAITS)
    assert len(watched(look, look, look)[0].snapshots) == 1


def test_patience_is_measured_in_the_pace_of_the_server():
    pace = Pace(30, nearby=True)
    assert pace.patience(served=True) == 30
    pace.moved_after(0.25, served=True)
    assert pace.patience(served=True) == 6
    pace.moved_after(2, served=True)
    pace.moved_after(1, served=True)
    assert pace.patience(served=True) == 16


def test_orders_of_accounts_are_given_time_though_others_are_quick():
    pace = Pace(30, nearby=True)
    pace.moved_after(0.25, served=False)
    assert (pace.patience(served=False), pace.patience(served=True)) == (6, 30)


def test_a_server_far_away_is_given_the_timeout_at_least():
    pace = Pace(30, nearby=False)
    pace.moved_after(0.25, served=True)
    assert pace.patience(served=True) == 30
    pace.moved_after(600, served=True)
    assert pace.patience(served=True) == 12000


def test_looks_are_few_and_far_between_where_nothing_moves():
    near, far = Pace(30, nearby=True), Pace(30, nearby=False)
    assert near.pause(0) < near.pause(2) < near.pause(60) <= 1
    assert near.pause(0) < far.pause(0) < far.pause(60) < far.pause(600) == far.pause(6000)
