"""Deviations of orders: what the calls that make and read them answer."""

from datetime import timedelta
from typing import Any

from mock_server.deviations.building import (
    CREATE_ORDER,
    GET_ORDER,
    LIST_ORDERS,
    TEST_PRODUCTS,
    answers,
    deviation,
    when,
)
from mock_server.deviations.turn import Turn
from mock_server.exchange import Answer
from mock_server.representations import order as represented

_ALL = (CREATE_ORDER, LIST_ORDERS, GET_ORDER, TEST_PRODUCTS)
_TEST_SHOP = "https://zinc.com/shop/"

Fields = dict[str, Any]


# Answers


@deviation("order-create-answers-200", "MA-ORDERS-CREATE-201")
@answers(CREATE_ORDER)
def order_create_answers_200(answer: Answer, _: Turn) -> None:
    """An order that was made answers 200 instead of 201: a client that waits for 201 orders again."""
    answer.status = 200


@deviation("order-create-answers-id-alone", "MA-ORDERS-CREATE-ANSWERS-ORDER")
@answers(CREATE_ORDER)
def order_create_answers_id_alone(answer: Answer, _: Turn) -> None:
    """A new order is answered with its id alone: a client that shows the answer shows nothing."""
    answer.body = {"request_id": answer.body["id"]}


@deviation("orders-as-plain-text", "MA-ORDERS-CONTENT-TYPE")
@answers(*_ALL)
def orders_as_plain_text(answer: Answer, _: Turn) -> None:
    """Answers about orders are declared as text/plain: a client that goes by the media type cannot read them."""
    answer.headers["Content-Type"] = "text/plain"


@deviation("orders-as-a-bare-array", "MA-ORDERS-LIST-200")
@answers(LIST_ORDERS)
def orders_as_a_bare_array(answer: Answer, _: Turn) -> None:
    """The list of orders is an array without an object around it: a client that reads `orders` finds nothing."""
    answer.body = answer.body["orders"]


@deviation("orders-list-repeats-newest", "MA-ORDERS-LIST-COMPLETE")
@answers(LIST_ORDERS)
def orders_list_repeats_newest(answer: Answer, _: Turn) -> None:
    """The newest order is listed twice: a client counts the money twice."""
    answer.body["orders"] = answer.body["orders"][:1] + answer.body["orders"]


@deviation("orders-oldest-first", "MA-ORDERS-LIST-NEWEST-FIRST")
@answers(LIST_ORDERS)
def orders_oldest_first(answer: Answer, _: Turn) -> None:
    """The oldest order comes first: a client that shows the first page shows last year."""
    answer.body["orders"].reverse()


@deviation("orders-filter-passed-over", "MA-ORDERS-LIST-FILTER")
@when(lambda turn: turn.operation == LIST_ORDERS and "order_id" in turn.exchange.query)
@answers(LIST_ORDERS)
def orders_filter_passed_over(answer: Answer, turn: Turn) -> None:
    """The filter order_id is passed over: a client that looks for one order takes the newest for it."""
    answer.body["orders"] = [represented(order) for order in turn.sandbox.newest_orders()]


@deviation("orders-filter-by-beginning", "MA-ORDERS-LIST-FILTER")
@answers(LIST_ORDERS)
def orders_filter_by_beginning(answer: Answer, turn: Turn) -> None:
    """The filter order_id finds beginnings of ids alone: a client that knows the last digits finds nothing."""
    part = turn.exchange.query.get("order_id", "")
    answer.body["orders"] = [order for order in answer.body["orders"] if order["id"].startswith(part)]


@deviation("listed-order-with-short-address", "MA-ORDERS-LIST-AGREES")
@answers(LIST_ORDERS)
def listed_order_with_short_address(answer: Answer, _: Turn) -> None:
    """Listed orders show one line of the address, an order read alone shows all: two screens disagree."""
    for order in answer.body["orders"]:
        order["shipping_address"] = dict(sorted(order["shipping_address"].items())[:1])


@deviation("order-read-answers-203", "MA-ORDERS-GET-200")
@answers(GET_ORDER)
def order_read_answers_203(answer: Answer, _: Turn) -> None:
    """Reading an order answers 203 instead of 200: a client that compares the status polls for ever."""
    answer.status = 203


@deviation("unknown-order-answers-400", "MA-ORDERS-GET-UNKNOWN-404")
@answers(GET_ORDER, statuses=(404,))
def unknown_order_answers_400(answer: Answer, turn: Turn) -> None:
    """Reading an unknown order answers 400: a client that drops what is not found keeps it for ever."""
    if not any(turn.subject in tenant.sandbox.orders for tenant in turn.others()):
        answer.status = 400
        answer.body["code"] = "bad_request"


@deviation("foreign-order-readable", "MA-ORDERS-GET-FOREIGN-404")
@answers(GET_ORDER, statuses=(404,))
def foreign_order_readable(answer: Answer, turn: Turn) -> None:
    """Another key's order can be read by its id: one customer sees where another one sends things."""
    for tenant in turn.others():
        if turn.subject in tenant.sandbox.orders:
            answer.status, answer.body = 200, represented(tenant.sandbox.orders[turn.subject])


@deviation("orders-of-other-keys-listed", "MA-ORDERS-LIST-ISOLATED")
@answers(LIST_ORDERS)
def orders_of_other_keys_listed(answer: Answer, turn: Turn) -> None:
    """The list holds the orders of all keys: one customer sees where the others send things."""
    part = turn.exchange.query.get("order_id", "")
    for tenant in turn.others():
        answer.body["orders"] += [represented(order) for order in tenant.sandbox.newest_orders(part)]


@deviation("reading-touches-orders", "MA-ORDERS-READS-CHANGE-NOTHING")
@answers(LIST_ORDERS, GET_ORDER)
def reading_touches_orders(_: Answer, turn: Turn) -> None:
    """Reading moves updated_at of finished orders: a client that looks for changes finds them everywhere."""
    for order in turn.sandbox.orders.values():
        if order.is_final:
            order.updated_at = max(turn.now, order.updated_at + timedelta(microseconds=1))
            turn.fired()


# The list of test products


@deviation("test-products-as-a-bare-array", "MA-ORDERS-TEST-PRODUCTS-200")
@answers(TEST_PRODUCTS)
def products_as_a_bare_array(answer: Answer, _: Turn) -> None:
    """The test products are an array without an object around it: a client that reads `products` finds nothing."""
    answer.body = answer.body["products"]


@deviation("test-products-without-scenario", "MA-ORDERS-TEST-PRODUCTS-FIELDS")
@answers(TEST_PRODUCTS)
def products_without_scenario(answer: Answer, _: Turn) -> None:
    """Test products lack the scenario: a test that chooses by it finds none."""
    for product in answer.body["products"]:
        del product["scenario"]


@deviation("test-products-without-the-last", "MA-ORDERS-TEST-PRODUCTS-COMPLETE")
@answers(TEST_PRODUCTS)
def products_without_the_last(answer: Answer, _: Turn) -> None:
    """The last test product is missing: its case is never tried."""
    answer.body["products"].pop()


@deviation("test-products-all-asynchronous", "MA-ORDERS-TEST-PRODUCTS-SYNCHRONOUS")
@answers(TEST_PRODUCTS)
def products_all_asynchronous(answer: Answer, _: Turn) -> None:
    """No test product is marked as refused at once: a test waits for orders that were never made."""
    for product in answer.body["products"]:
        product["is_synchronous_error"] = False
