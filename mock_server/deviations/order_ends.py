"""Deviations of how an order ends, and of its life until then."""

from datetime import timedelta
from typing import Any

from mock_server.deviations.building import (
    CREATE_ORDER,
    GET_ORDER,
    LIST_ORDERS,
    answers,
    deviation,
    orders,
)
from mock_server.deviations.turn import Turn
from mock_server.exchange import Answer
from mock_server.instants import format_instant, parse_instant

_SHOWN = (CREATE_ORDER, LIST_ORDERS, GET_ORDER)
_TEST_PRODUCT = "https://zinc.com/shop/products/test-"

Shown = dict[str, Any]


def _fail(order: Shown, error_type: str) -> None:
    """Show a finished order as a failed one."""
    order["status"] = "order_failed"
    order["job_result"] = {"error_type": error_type, "error": "The order failed."}
    order["tracking_numbers"] = []
    for name in ("merchant_order_id", "price_components"):
        order.pop(name, None)
    for item in order["items"]:
        item["status"] = "failed"


def _is_of(order: Shown, name: str) -> bool:
    return any(item["url"] == _TEST_PRODUCT + name for item in order["items"])


@deviation("test-success-fails", "MA-ORDERS-TEST-SUCCESS")
@orders(*_SHOWN)
def success_product_fails(order: Shown, _: Turn) -> None:
    """An order of test-success fails: nobody can try how a placed order looks."""
    if order["status"] == "order_placed" and _is_of(order, "success"):
        _fail(order, "internal_error")


@deviation("merchant-id-without-test", "MA-ORDERS-TEST-MERCHANT-ID")
@orders(*_SHOWN)
def merchant_id_without_test(order: Shown, _: Turn) -> None:
    """The merchant_order_id of a test order does not begin with TEST-: a client books it as a real one."""
    if "merchant_order_id" in order:
        order["merchant_order_id"] = order["merchant_order_id"].removeprefix("TEST-")


@deviation("test-order-without-tracking", "MA-ORDERS-TEST-TRACKING")
@orders(*_SHOWN)
def placed_order_without_tracking(order: Shown, _: Turn) -> None:
    """A placed test order has no tracking number: nobody can try how a parcel is followed."""
    order["tracking_numbers"] = []


@deviation("tracking-without-carrier", "MA-ORDERS-TRACKING-FIELDS")
@orders(*_SHOWN)
def tracking_without_carrier(order: Shown, _: Turn) -> None:
    """A tracking number lacks its carrier: a client does not know whom to ask."""
    for parcel in order["tracking_numbers"]:
        del parcel["carrier"]


@deviation("price-components-in-dollars", "MA-ORDERS-PRICE-COMPONENTS")
@orders(*_SHOWN)
def price_components_in_dollars(order: Shown, _: Turn) -> None:
    """The parts of the price are in dollars with a fraction: a client that reads cents books a hundredth."""
    if "price_components" in order:
        order["price_components"] = {n: cents / 100 for n, cents in order["price_components"].items()}


@deviation("placed-order-with-job-result", "MA-ORDERS-PLACED-JOB-RESULT")
@orders(*_SHOWN)
def placed_order_with_job_result(order: Shown, _: Turn) -> None:
    """A placed order has an object as job_result: a client that takes one for a failure cries wolf."""
    if order["status"] == "order_placed":
        order["job_result"] = {"error_type": None, "error": None}


@deviation("failed-order-without-error", "MA-ORDERS-FAILED-JOB-RESULT")
@orders(*_SHOWN)
def failed_order_without_error(order: Shown, _: Turn) -> None:
    """The job_result of a failed order lacks the sentence in error: a client has nothing to show its user."""
    if order.get("job_result"):
        del order["job_result"]["error"]


def _renamed_failure(order: Shown, error_type: str, other: str) -> None:
    result = order.get("job_result")
    if result and result.get("error_type") == error_type:
        result["error_type"] = other


@deviation("out-of-stock-under-another-name", "MA-ORDERS-TEST-OUT-OF-STOCK")
@orders(*_SHOWN)
def out_of_stock_under_another_name(order: Shown, _: Turn) -> None:
    """An order of test-out-of-stock fails with out_of_stock: a client that knows product_out_of_stock gives up."""
    _renamed_failure(order, "product_out_of_stock", "out_of_stock")


@deviation("price-exceeded-under-another-name", "MA-ORDERS-TEST-PRICE-EXCEEDED")
@orders(*_SHOWN)
def price_exceeded_under_another_name(order: Shown, _: Turn) -> None:
    """An order of test-price-exceeded fails with price_too_high: a client does not offer to raise the price."""
    _renamed_failure(order, "max_price_exceeded", "price_too_high")


@deviation("invalid-variant-under-another-name", "MA-ORDERS-TEST-INVALID-VARIANT")
@orders(*_SHOWN)
def invalid_variant_under_another_name(order: Shown, _: Turn) -> None:
    """An order of test-invalid-variant fails with unknown_variant: a client does not offer another one."""
    _renamed_failure(order, "invalid_variant", "unknown_variant")


@deviation("shipping-unavailable-under-another-name", "MA-ORDERS-TEST-SHIPPING-UNAVAILABLE")
@orders(*_SHOWN)
def shipping_unavailable_under_another_name(order: Shown, _: Turn) -> None:
    """An order of test-shipping-unavailable fails with no_shipping: a client does not ask for another address."""
    _renamed_failure(order, "shipping_unavailable", "no_shipping")


def _renamed_refusal(answer: Answer, code: str) -> None:
    if answer.body.get("code") == code:
        answer.body["code"] = "order_refused"


@deviation("invalid-address-under-another-code", "MA-ORDERS-TEST-INVALID-ADDRESS")
@answers(CREATE_ORDER, statuses=(400,))
def invalid_address_under_another_code(answer: Answer, _: Turn) -> None:
    """The refusal of test-invalid-address has the code order_refused: a client does not point at the address."""
    _renamed_refusal(answer, "invalid_shipping_address")


@deviation("url-unreachable-under-another-code", "MA-ORDERS-TEST-URL-UNREACHABLE")
@answers(CREATE_ORDER, statuses=(400,))
def url_unreachable_under_another_code(answer: Answer, _: Turn) -> None:
    """The refusal of test-url-unreachable has the code order_refused: a client does not point at the link."""
    _renamed_refusal(answer, "url_unreachable")


@deviation("insufficient-funds-under-another-code", "MA-ORDERS-TEST-INSUFFICIENT-FUNDS")
@answers(CREATE_ORDER, statuses=(402,))
def insufficient_funds_under_another_code(answer: Answer, _: Turn) -> None:
    """The refusal of test-insufficient-funds has the code order_refused: a client does not ask for money."""
    _renamed_refusal(answer, "insufficient_funds")


@deviation("insufficient-funds-answers-400", "MA-ORDERS-TEST-FUNDS-402")
@answers(CREATE_ORDER, statuses=(402,))
def insufficient_funds_answers_400(answer: Answer, _: Turn) -> None:
    """A wallet that is too small answers 400: a client that asks for money on 402 never asks."""
    answer.status = 400


@deviation("refused-products-answer-409", "MA-ORDERS-TEST-REFUSAL-400")
@answers(CREATE_ORDER, statuses=(400,))
def refused_products_answer_409(answer: Answer, _: Turn) -> None:
    """An address or a link that is refused at once answers 409: a client takes it for an order sent twice."""
    if answer.body["code"] in ("invalid_shipping_address", "url_unreachable"):
        answer.status = 409


# The life of an order


def _since(order: Shown, turn: Turn, name: str) -> timedelta:
    return turn.now - parse_instant(order[name])


@deviation("order-goes-back-to-pending", "MA-ORDERS-MOVES")
@orders(*_SHOWN)
def order_goes_back_to_pending(order: Shown, turn: Turn) -> None:
    """Each second look at an order in progress shows it as pending again: a client believes that it lost its turn."""
    if order["status"] != "in_progress":
        return
    look = f"{turn.operation} {order['id']}"
    turn.kept[look] = looks = turn.kept.get(look, 0) + 1
    if looks % 2 == 0:
        order["status"] = "pending"


@deviation("placed-order-fails-later", "MA-ORDERS-FINAL")
@orders(*_SHOWN)
def placed_order_fails_later(order: Shown, turn: Turn) -> None:
    """A placed order turns into a failed one after it was seen: a client that told its user must take it back."""
    if order["status"] == "order_placed":
        if turn.kept.get(order["id"], 0) > 0 and _since(order, turn, "updated_at") > timedelta(
            milliseconds=100
        ):
            _fail(order, "retailer_unavailable")
        turn.kept[order["id"]] = turn.kept.get(order["id"], 0) + 1


@deviation("order-updated-before-created", "MA-ORDERS-TIMES-ORDERED")
@orders(*_SHOWN)
def order_updated_before_created(order: Shown, _: Turn) -> None:
    """updated_at of an order lies before created_at: durations come out negative."""
    order["updated_at"] = format_instant(parse_instant(order["created_at"]) - timedelta(seconds=1))


@deviation("attempts-rise-after-the-end", "MA-LOCK-RUN-ONCE")
@orders(*_SHOWN)
def attempts_rise_after_the_end(order: Shown, turn: Turn) -> None:
    """The attempts of an order rise after its end: it is being placed again, and paid again."""
    if order["status"] in ("order_placed", "order_failed"):
        order["attempts"] += 1 + int(_since(order, turn, "updated_at") / timedelta(milliseconds=100))
