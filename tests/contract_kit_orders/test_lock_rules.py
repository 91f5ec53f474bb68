"""Two orders in progress in one list are proof; nothing else is."""

from order_exchanges import (
    ACCOUNT,
    OTHER_ACCOUNT,
    Observed,
    broken,
    changed,
    held,
    listed,
    order,
    placed,
    read,
    refused,
    with_default_account,
)

from contract_tests.exchange import Operation
from contract_tests.products import OUT_OF_STOCK

ONE = "MA-LOCK-ONE-AT-A-TIME"


def queue(*statuses, **about):
    """Creates of as many orders, and a list that shows them so, newest first."""
    creates = [placed(number, **about) for number in range(1, len(statuses) + 1)]
    return [*creates, listed(*(order(n, status) for n, status in reversed(list(enumerate(statuses, 1)))))]


def test_two_in_progress_in_one_list_break_the_lock():
    assert broken(*queue("in_progress", "in_progress")) == [ONE]
    assert broken(*queue("in_progress", "pending", "in_progress"))[0] == ONE


def test_one_in_progress_before_others_keeps_it():
    requirements = {ONE, "MA-LOCK-QUEUED", "MA-LOCK-WAITING-PENDING", "MA-LOCK-FIFO"}
    assert requirements <= held(*queue("in_progress", "pending"))
    assert broken(*queue("in_progress", "pending", "pending")) == []


def test_a_list_without_a_queue_says_nothing_of_the_lock():
    assert ONE not in held(*queue("order_placed", "in_progress"))
    assert ONE not in held(*queue("pending", "pending"))


def test_overlap_that_only_two_answers_together_suggest_is_none():
    first = placed(1), placed(2), read(1, order(1, "in_progress")), read(2, order(2, "in_progress"))
    lists = (
        listed(order(2), order(1, "in_progress")),
        listed(order(2, "in_progress"), order(1, "order_placed")),
    )
    assert broken(*first) == broken(placed(1), placed(2), *lists) == []


def test_an_order_that_a_list_repeats_is_one_order():
    running = order(1, "in_progress")
    assert ONE not in broken(placed(1), listed(running, running))


def test_orders_of_two_accounts_may_be_in_progress():
    creates = placed(1), placed(2, account=OTHER_ACCOUNT), placed(3, account=None), placed(4, account=None)
    shown = [
        order(number, "in_progress", account)
        for number, account in ((4, None), (3, None), (2, OTHER_ACCOUNT), (1, ACCOUNT))
    ]
    assert broken(*creates, listed(*shown)) == []


def test_orders_of_someone_else_are_not_judged_by_the_lock():
    foreign = [order(number, "in_progress", shipping_address={"city": "Elsewhere"}) for number in (9, 8)]
    assert broken(placed(1), listed(*foreign, order(1, "in_progress"))) == []


def test_orders_that_were_submitted_at_once_break_a_requirement_of_their_own():
    assert broken(*queue("in_progress", "in_progress", racing=True)) == ["MA-LOCK-PARALLEL-SUBMIT"]
    assert {"MA-LOCK-PARALLEL-SUBMIT", ONE} <= held(*queue("in_progress", "pending", racing=True))


def test_overlap_after_an_update_is_the_fault_of_the_update():
    before = queue("in_progress", "pending")
    after = listed(order(2, "in_progress"), order(1, "in_progress"))
    assert broken(*before, changed(Operation.UPDATE), after, after) == ["MA-LOCK-UPDATE-KEEPS"] * 2
    overlapping = queue("in_progress", "in_progress")
    assert set(broken(*overlapping, changed(Operation.UPDATE), after)) == {ONE}


def test_an_update_that_changes_nothing_of_the_queue_keeps_the_lock():
    after = listed(order(2), order(1, "in_progress"))
    assert "MA-LOCK-UPDATE-KEEPS" in held(*queue("in_progress", "pending"), changed(Operation.UPDATE), after)


def test_nothing_is_said_of_the_queue_of_a_deleted_account():
    after = listed(order(2, "in_progress"), order(1, "in_progress"))
    assert broken(*queue("in_progress", "pending"), changed(Operation.DELETE), after) == []


def test_an_order_for_a_busy_account_must_not_be_refused():
    for status in (409, 423, 400, 503):
        assert broken(placed(1, "in_progress"), refused(2, status)) == ["MA-LOCK-QUEUED"]
    for status in (402, 401, 403, 429, 500):
        assert broken(placed(1, "in_progress"), refused(2, status)) == []
    ended = placed(1, "in_progress"), listed(order(1, "order_placed"))
    assert "MA-LOCK-QUEUED" not in broken(*ended, refused(2, 409))


def test_an_order_that_is_refused_beside_others_says_nothing_of_its_product():
    """The answer that made the account busy may arrive after the one that refuses."""
    assert broken(refused(1, 409), model=with_default_account()) == ["MA-ORDERS-TEST-SUCCESS"]
    assert broken(refused(1, 409, racing=True), model=with_default_account()) == []


def test_an_order_that_waits_under_another_name_breaks_one_requirement():
    assert broken(*queue("in_progress", "queued")) == ["MA-LOCK-WAITING-PENDING"]
    alone = placed(1), listed(order(1, "queued"))
    assert broken(*alone) == ["MA-ORDERS-FIELD-STATUS"]


def test_an_order_that_started_before_an_earlier_one_breaks_the_sequence():
    later_first = [*queue("order_placed", "pending", "in_progress")]
    then = listed(order(3, "order_placed"), order(2, "in_progress"), order(1, "order_placed"))
    assert broken(*later_first) == []  # the earlier one may never start: then it was forgotten
    assert broken(*later_first, then, then) == ["MA-LOCK-FIFO"]


def test_an_order_that_failed_before_it_could_start_has_overtaken_none():
    quick = order(2, "order_failed", url=OUT_OF_STOCK.url)
    lists = listed(quick, order(1)), listed(quick, order(1, "in_progress"))
    assert broken(placed(1), placed(2, product=OUT_OF_STOCK.url), *lists) == []


def test_orders_that_were_submitted_at_once_have_no_sequence():
    lists = (
        listed(order(2, "in_progress"), order(1)),
        listed(order(2, "order_placed"), order(1, "in_progress")),
    )
    assert broken(placed(1, racing=True), placed(2, racing=True), *lists) == []


def test_an_order_that_vanished_is_lost():
    seen = placed(1), listed(order(1))
    assert broken(*seen, listed(), read(1, None)) == ["MA-LOCK-NONE-LOST"]
    assert broken(placed(1), listed(), read(1, None)) == []  # it may be about to be listed
    assert broken(*seen, listed(), read(1, order(1))) == ["MA-LOCK-NONE-LOST"]  # hidden while it waits


def test_an_order_that_can_still_be_read_after_its_end_is_left_out_of_the_list():
    ended = order(1, "order_placed")
    assert broken(placed(1), listed(ended), listed(), read(1, ended)) == ["MA-ORDERS-LIST-COMPLETE"]


def test_an_order_that_moves_between_the_list_and_the_read_is_no_proof():
    assert broken(placed(1), listed(), read(1, order(1, "in_progress"))) == []


def test_an_order_of_no_account_that_vanished_is_left_out_of_the_list():
    seen = placed(1, account=None), listed(order(1, account=None))
    assert broken(*seen, listed(), read(1, None)) == ["MA-ORDERS-LIST-COMPLETE"]


def test_attempts_that_rise_after_the_end_are_a_second_processing():
    lists = listed(order(1, "order_placed")), listed(order(1, "in_progress", attempts=2))
    assert broken(placed(1), *lists) == ["MA-LOCK-RUN-ONCE"]
    once = listed(order(1, "order_placed"))
    assert "MA-LOCK-RUN-ONCE" in held(placed(1), once, once)


def test_an_order_whose_account_is_shown_wrongly_is_in_no_queue():
    creates = placed(1), placed(2)
    wrong = [order(number, "in_progress", retailer_credentials_id=OTHER_ACCOUNT) for number in (2, 1)]
    assert set(broken(*creates, listed(*wrong))) == {"MA-ORDERS-WITH-ACCOUNT"}


def test_orders_that_an_account_serves_unasked_are_in_its_queue():
    observed = Observed(
        placed(1, account=None, shown=order(1, "in_progress")),
        placed(2, account=None, shown=order(2)),
        listed(order(2, "in_progress"), order(1, "in_progress")),
    )
    assert observed.broken == [ONE]
