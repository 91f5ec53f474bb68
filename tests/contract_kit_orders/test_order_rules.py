"""Each difference in answers about orders is laid to one requirement, and to the right one."""

import pytest
from order_exchanges import (
    JSON,
    SECOND,
    Observed,
    broken,
    exchange,
    fields,
    held,
    listed,
    order,
    placed,
    read,
    refused,
)

from contract_tests.exchange import Key, Operation
from contract_tests.products import OUT_OF_STOCK, TEST_PRODUCTS

PLACED = order(1, "order_placed", account=None)


def alone(**about):
    """A create of an order that no account serves."""
    return placed(1, account=None, **about)


def test_an_order_as_the_vendor_describes_it_breaks_nothing():
    answers = alone(), read(1, order(1, "in_progress", None)), listed(PLACED), read(1, PLACED), listed(PLACED)
    assert broken(*answers) == []
    assert {"MA-ORDERS-CREATE-201", "MA-ORDERS-GET-200", "MA-ORDERS-LIST-200", "MA-ORDERS-FINAL"} <= held(
        *answers
    )


@pytest.mark.parametrize(
    ("change", "requirement"),
    [
        ({"id": "order-1"}, "MA-ORDERS-FIELD-ID"),
        ({"status": "processing"}, "MA-ORDERS-FIELD-STATUS"),
        ({"status": {"is": "pending"}}, "MA-ORDERS-FIELD-STATUS"),
        ({"max_price": "2500"}, "MA-ORDERS-FIELD-MAX-PRICE"),
        ({"max_price": 25}, "MA-ORDERS-FIELD-MAX-PRICE"),
        ({"attempts": None}, "MA-ORDERS-FIELD-ATTEMPTS"),
        ({"attempts": -1}, "MA-ORDERS-FIELD-ATTEMPTS"),
        ({"attempts": True}, "MA-ORDERS-FIELD-ATTEMPTS"),
        ({"items": None}, "MA-ORDERS-FIELD-ITEMS"),
        ({"items": []}, "MA-ORDERS-FIELD-ITEMS"),
        ({"shipping_address": {}}, "MA-ORDERS-FIELD-ADDRESS"),
        ({"metadata": None}, "MA-ORDERS-FIELD-METADATA"),
        ({"metadata": {"more": 1}}, "MA-ORDERS-FIELD-METADATA"),
        ({"po_number": ""}, "MA-ORDERS-FIELD-PO-NUMBER"),
        ({"retailer_credentials_id": 7}, "MA-ORDERS-FIELD-CREDENTIALS"),
        ({"tracking_numbers": None}, "MA-ORDERS-FIELD-TRACKING"),
        ({"tracking_numbers": [{"id": "x"}]}, "MA-ORDERS-TRACKING-FIELDS"),
        ({"created_at": 1768473000}, "MA-ORDERS-FIELD-TIMES"),
        ({"updated_at": "2026-01-15T10:29:00Z"}, "MA-ORDERS-TIMES-ORDERED"),
    ],
)
def test_a_field_that_is_wrong_in_the_create_is_the_fault_of_that_field(change, requirement):
    assert broken(alone(shown=order(1, account=None) | change)) == [requirement]


@pytest.mark.parametrize("name", [name for name in order(1) if name not in ("id", "shipping_address")])
def test_a_field_that_is_missing_is_the_fault_of_one_requirement(name):
    shown = order(1, account=None)
    del shown[name]
    assert len(set(broken(alone(shown=shown)))) == 1


@pytest.mark.parametrize(
    ("change", "requirement"),
    [
        ({"id": None}, "MA-ORDERS-FIELD-ITEM-IDENTITY"),
        ({"created_at": "soon"}, "MA-ORDERS-FIELD-ITEM-IDENTITY"),
        ({"status": "in_progress"}, "MA-ORDERS-FIELD-ITEM-STATUS"),
        ({"quantity": 2}, "MA-ORDERS-QUANTITY-DEFAULT"),
        ({"variant": []}, "MA-ORDERS-FIELD-ITEM-VARIANT"),
        ({"url": "https://zinc.com/"}, "MA-ORDERS-FIELD-ITEMS"),
    ],
)
def test_a_field_of_an_item_that_is_wrong_is_the_fault_of_that_field(change, requirement):
    shown = order(1, account=None)
    shown["items"][0] |= change
    assert broken(alone(shown=shown)) == [requirement]


def test_the_quantity_that_was_sent_is_another_matter_than_the_one_that_is_missing():
    sent = fields(1, None) | {"products": [{"url": order(1)["items"][0]["url"], "quantity": 2}]}
    create = exchange(Operation.CREATE_ORDER, 201, order(1, account=None), fields=sent)
    assert broken(create) == ["MA-ORDERS-FIELD-ITEM-QUANTITY"]


def test_what_an_order_shows_that_should_have_been_refused_is_no_fault_of_its_fields():
    sent = fields(1, None) | {"products": [], "max_price": "2500"}
    assert (
        broken(exchange(Operation.CREATE_ORDER, 201, order(1, account=None), fields=sent, plain=False)) == []
    )


def test_a_list_that_shows_another_address_than_the_order_is_judged_where_both_are_compared():
    assert broken(alone(), listed(order(1, account=None, shipping_address={"city": "Springfield"}))) == []


# Creates


def test_the_answer_to_a_create_is_the_order_that_was_made():
    assert broken(alone(shown={"order": order(1, account=None)})) == ["MA-ORDERS-CREATE-ANSWERS-ORDER"]
    assert broken(alone(), placed(2, account=None, shown=order(1, account=None)))[0] == (
        "MA-ORDERS-CREATE-ANSWERS-ORDER"
    )
    twin = order(2, account=None, id=order(1)["id"])
    assert broken(alone(), placed(2, account=None, shown=twin)) == ["MA-ORDERS-FIELD-ID"]


def test_an_order_whose_create_told_no_id_is_known_by_its_marker():
    observed = Observed(alone(shown={"ok": True}), listed(order(1, account=None)))
    assert observed.broken == ["MA-ORDERS-CREATE-ANSWERS-ORDER"]
    assert list(observed.book.orders) == [order(1)["id"]]


def test_a_create_that_makes_two_orders_is_told():
    twin = order(1, account=None, id="7c9e6679-7425-40de-944b-00000000000f")
    assert broken(alone(), listed(order(1, account=None), twin)) == ["MA-ORDERS-CREATE-ANSWERS-ORDER"]


def test_a_refused_order_must_not_be_listed():
    no = refused(1, 422, account=None, plain=False)
    assert broken(no, listed(order(1, account=None))) == ["MA-ORDERS-REFUSED-MAKES-NONE"]
    assert "MA-ORDERS-REFUSED-MAKES-NONE" in held(no, listed())
    repeated = refused(1, 409, account=None, plain=False, blame="MA-ORDERS-IDEMPOTENCY-ONCE")
    assert broken(repeated, listed(order(1, account=None))) == ["MA-ORDERS-IDEMPOTENCY-ONCE"]


def test_another_success_than_201_and_another_media_type_are_told():
    create = exchange(Operation.CREATE_ORDER, 200, order(1, account=None), fields=fields(1, None))
    assert broken(create) == ["MA-ORDERS-CREATE-201"]
    assert broken(listed(headers=(("Content-Type", "text/plain"),))) == ["MA-ORDERS-CONTENT-TYPE"]
    assert broken(listed(headers=((JSON[0][0], "application/json; charset=utf-8"),))) == []


# Lives


@pytest.mark.parametrize(
    ("before", "after", "requirement"),
    [
        ("in_progress", "pending", "MA-ORDERS-MOVES"),
        ("order_placed", "order_failed", "MA-ORDERS-FINAL"),
        ("order_failed", "order_placed", "MA-ORDERS-FINAL"),
        ("order_placed", "in_progress", "MA-ORDERS-FINAL"),
        ("order_placed", "pending", "MA-ORDERS-FINAL"),
        ("cancelled", "order_placed", "MA-ORDERS-FINAL"),
    ],
)
def test_an_order_never_goes_back(before, after, requirement):
    product = OUT_OF_STOCK.url if before == "order_failed" else "https://www.amazon.com/dp/B0EXAMPLE1"
    shown = [order(1, status, None, url=product, attempts=1) for status in (before, after)]
    start = alone(product=product, status="pending")
    assert broken(start, *(listed(one) for one in shown)) == [requirement]
    assert broken(start, *(read(1, one) for one in shown))[:1] == [requirement]


def test_an_order_may_skip_what_was_too_quick_to_be_seen():
    assert broken(alone(), listed(PLACED), listed(PLACED)) == []
    assert broken(alone(status="order_placed"), listed(PLACED)) == []


def test_the_words_of_the_prose_page_break_nothing_but_the_vocabulary():
    lives = [
        order(1, status, None) for status in ("in_progress", "ordered", "shipped", "delivered", "delivered")
    ]
    assert set(broken(alone(), *(listed(one) for one in lives))) == {"MA-ORDERS-FIELD-STATUS"}
    back = [order(1, status, None) for status in ("shipped", "ordered")]
    assert "MA-ORDERS-FINAL" in broken(alone(), *(listed(one) for one in back))


def test_a_list_and_a_read_that_disagree_have_not_moved_the_order():
    assert broken(alone(), listed(PLACED), read(1, order(1, "in_progress", None)), listed(PLACED)) == []


def test_a_test_product_decides_how_its_order_ends():
    assert broken(alone(), listed(order(1, "order_failed", None))) == ["MA-ORDERS-TEST-SUCCESS"]
    out = alone(product=OUT_OF_STOCK.url), listed(order(1, "order_placed", None, url=OUT_OF_STOCK.url))
    assert broken(*out) == ["MA-ORDERS-TEST-OUT-OF-STOCK"]
    for product in TEST_PRODUCTS:
        if product.error and not product.refused:
            failed = order(1, "order_failed", None, url=product.url)
            failed["job_result"] = {"error_type": product.error, "error": "No."}
            assert product.requirement in held(alone(product=product.url), listed(failed))
            failed["job_result"] = {"error_type": "another", "error": "No."}
            assert broken(alone(product=product.url), listed(failed)) == [product.requirement]


def test_an_order_that_its_account_fails_says_nothing_of_its_product():
    failed = order(1, "order_failed", job_result={"error_type": "login_failed", "error": "No."})
    assert broken(placed(1), listed(failed)) == []
    unserved = order(1, "order_failed", None, job_result={"error_type": "login_failed", "error": "No."})
    assert broken(alone(), listed(unserved)) == ["MA-ORDERS-TEST-SUCCESS"]


def test_what_an_ended_order_says_of_its_end_is_judged_when_it_is_read():
    failed = order(1, "order_failed", None, url=OUT_OF_STOCK.url)
    start = alone(product=OUT_OF_STOCK.url)
    del failed["job_result"]["error"]
    assert broken(start, read(1, failed)) == ["MA-ORDERS-FAILED-JOB-RESULT"]
    assert broken(alone(), read(1, PLACED | {"job_result": {}})) == ["MA-ORDERS-PLACED-JOB-RESULT"]
    prices = PLACED["price_components"] | {"tax": 0.5}
    assert broken(alone(), read(1, PLACED | {"price_components": prices})) == ["MA-ORDERS-PRICE-COMPONENTS"]


# Reads and lists


def test_a_read_answers_the_order_that_was_asked_for():
    listing = listed(order(2, account=None), order(1, account=None))
    two = alone(), placed(2, account=None), listing
    assert broken(*two, read(1, order(2, account=None))) == ["MA-ORDERS-GET-200"]
    assert broken(*two, read(1, None)) == ["MA-ORDERS-GET-200"]


def test_orders_are_listed_newest_first():
    one, two = order(1, account=None), order(2, account=None)
    creates = alone(), placed(2, account=None)
    assert broken(*creates, listed(one, two)) == ["MA-ORDERS-LIST-NEWEST-FIRST"]
    same = {"created_at": one["created_at"], "updated_at": one["created_at"]}
    assert broken(*creates, listed(one, two | same)) == []  # by the server's word they are of one age


def test_an_order_that_is_listed_twice_is_told():
    one = order(1, account=None)
    assert broken(alone(), listed(one, one)) == ["MA-ORDERS-LIST-COMPLETE"]
    twin = one | {"shipping_address": order(2)["shipping_address"]}
    assert "MA-ORDERS-FIELD-ID" in broken(alone(), listed(one, twin))


@pytest.mark.parametrize("content", [[], {"data": []}, {"orders": {}}, {"orders": [1]}, None, "orders"])
def test_a_list_in_another_form_is_told(content):
    assert broken(exchange(Operation.LIST_ORDERS, 200, content)) == ["MA-ORDERS-LIST-200"]


def test_a_list_shows_no_order_of_another_key():
    foreign = placed(1, account=None, key=SECOND)
    assert broken(foreign, listed(order(1, account=None))) == ["MA-ORDERS-LIST-ISOLATED"]
    assert "MA-ORDERS-LIST-ISOLATED" in held(foreign, listed())


def test_a_filtered_list_may_be_without_orders():
    assert broken(alone(), listed(path="/orders?order_id=7")) == []
    assert "MA-ORDERS-LIST-COMPLETE" not in held(alone(), listed(path="/orders?order_id=7"))


def test_orders_of_someone_else_have_the_form_and_nothing_else():
    foreign = order(
        9, "order_placed", "zn_acct_ffffffff", shipping_address={"city": "Elsewhere"}, metadata={"a": 1}
    )
    changed = foreign | {"status": "order_failed", "updated_at": foreign["created_at"]}
    assert broken(listed(foreign), listed(changed)) == []
    assert broken(listed(foreign | {"attempts": "none"})) == ["MA-ORDERS-FIELD-ATTEMPTS"]


# Test products


def products(*wrong, without=()):
    shown = [
        {"url": one.url, "scenario": one.name, "name": one.name, "is_synchronous_error": one.refused}
        for one in TEST_PRODUCTS
        if one.name not in without
    ]
    for number, change in wrong:
        shown[number] |= change
    return exchange(Operation.LIST_TEST_PRODUCTS, 200, {"products": shown}, path="/orders/test-products")


def test_the_list_of_test_products_is_judged():
    assert broken(products()) == []
    assert broken(products(without=("test-success",))) == ["MA-ORDERS-TEST-PRODUCTS-COMPLETE"]
    assert broken(products((0, {"scenario": None}))) == ["MA-ORDERS-TEST-PRODUCTS-FIELDS"]
    for number in (0, 7):
        told = {"is_synchronous_error": not TEST_PRODUCTS[number].refused}
        assert broken(products((number, told))) == ["MA-ORDERS-TEST-PRODUCTS-SYNCHRONOUS"]
    bare = exchange(Operation.LIST_TEST_PRODUCTS, 200, [])
    assert broken(bare) == ["MA-ORDERS-TEST-PRODUCTS-200"]


def test_nothing_is_judged_that_was_sent_without_a_key():
    assert held(listed(PLACED, key=Key.NONE)) == set()
    assert broken(refused(1, 401, key=Key.NONE, plain=False)) == []
