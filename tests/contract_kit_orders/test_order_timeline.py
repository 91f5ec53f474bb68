"""The picture of the queues is drawn from what answers showed of this run's orders."""

from itertools import pairwise

from order_exchanges import ACCOUNT, OTHER_ACCOUNT, listed, order, placed

from contract_tests.timeline import NO_ACCOUNT, Timeline


def lanes(*exchanges):
    timeline = Timeline()
    for exchange in exchanges:
        timeline.watch(exchange)
    drawn = timeline.to_json()
    return {
        lane["account"]: [[span["status"] for span in shown["spans"]] for shown in lane["orders"]]
        for lane in drawn.get("lanes", [])
    }


def test_a_queue_is_drawn_with_every_status_once():
    first, second = order(1, "order_placed"), order(2, "in_progress")
    drawn = lanes(
        placed(1, "in_progress"), placed(2), listed(order(2), order(1, "in_progress")), listed(second, first)
    )
    assert drawn == {ACCOUNT: [["in_progress", "order_placed"], ["pending", "in_progress"]]}


def test_an_account_with_one_order_is_no_queue():
    assert lanes(placed(1), listed(order(1, "order_placed"))) == {}


def test_orders_of_someone_else_are_not_drawn():
    foreign = [order(number, "in_progress", OTHER_ACCOUNT) for number in (8, 9)]
    assert list(lanes(placed(1), placed(2), listed(*foreign))) == [ACCOUNT]


def test_what_no_account_served_is_drawn_beside_the_queue_that_it_ran_beside():
    before, beside = placed(7, account=None), placed(8, account=None)
    end = listed(order(2, "order_placed"), order(1, "order_placed"))
    drawn = lanes(before, placed(1), placed(2), beside, end)
    assert list(drawn) == [ACCOUNT, NO_ACCOUNT]
    assert len(drawn[NO_ACCOUNT]) == 1


def test_spans_follow_each_other_from_the_first_order_on():
    timeline = Timeline()
    for exchange in (placed(1), placed(2), listed(order(1, "in_progress")), listed(order(1, "order_placed"))):
        timeline.watch(exchange)
    drawn = timeline.to_json()
    spans = drawn["lanes"][0]["orders"][0]["spans"]
    assert spans[0]["from"] == 0
    assert all(one["to"] == two["from"] for one, two in pairwise(spans))
    assert spans[-1]["to"] == drawn["seconds"]
