"""Orders: what a request may hold, what an order shows, and how it is found again."""

import pytest
from caller import ACCOUNTS, AMAZON, START, TEST_PRODUCT, order, reasons, refusal

FIELDS = {
    "id", "status", "max_price", "attempts", "items", "shipping_address", "metadata", "po_number",
    "retailer_credentials_id", "tracking_numbers", "created_at", "updated_at",
}  # fmt: skip
RUNNING = {
    "status": "in_progress",
    "attempts": 1,
    "tracking_numbers": [],
    "created_at": START,
    "updated_at": START,
}


def test_an_order_shows_what_was_asked_and_what_became_of_it(call):
    variant = [{"label": "Color", "value": "Blue"}]
    asked = {
        "products": [{"url": AMAZON, "quantity": 2, "variant": variant}, {"url": AMAZON}],
        "shipping_address": {"name": "Ada", "nested": {"any": ["thing", None]}},
        "max_price": 5000,
        "metadata": {"cart": "A-17"},
        "po_number": "PO-1001",
        "idempotency_key": "k" * 36,
    }
    answer = call.post("/orders", asked)
    assert (answer.status_code, answer.mimetype) == (201, "application/json")
    shown = answer.get_json()
    assert shown.keys() == FIELDS
    assert {name: shown[name] for name in RUNNING} == RUNNING
    for name in ("shipping_address", "max_price", "metadata", "po_number"):
        assert shown[name] == asked[name]
    items = [{k: v for k, v in item.items() if k != "id"} for item in shown["items"]]
    common = {"url": AMAZON, "status": "processing", "created_at": START, "updated_at": START}
    assert items == [
        {**common, "quantity": 2, "variant": variant},
        {**common, "quantity": 1, "variant": None},
    ]
    assert shown["items"][0]["id"] != shown["items"][1]["id"]


def test_what_may_be_left_out_has_its_default(call):
    shown = call.post(
        "/orders", {"products": [{"url": AMAZON}], "shipping_address": {}, "max_price": 0}
    ).get_json()
    assert (shown["metadata"], shown["po_number"], shown["retailer_credentials_id"]) == ({}, None, None)
    assert (shown["items"][0]["quantity"], shown["items"][0]["variant"]) == (1, None)


def test_a_placed_order_carries_its_number_prices_and_one_tracking_number(call):
    submitted = call.order(max_price=5000)
    call.advance(2)
    shown = call.get(f"/orders/{submitted['id']}").get_json()
    assert shown["status"] == "order_placed"
    assert shown["merchant_order_id"].startswith("TEST-")
    assert shown["job_result"] is None
    prices = shown["price_components"]
    assert prices["subtotal"] + prices["tax"] + prices["shipping"] == prices["total"] <= 5000
    (tracking,) = shown["tracking_numbers"]
    assert tracking.keys() == {"id", "carrier", "tracking_number", "created_at"}
    assert tracking["created_at"] == shown["updated_at"] == "2026-01-15T10:30:02Z"
    assert {item["status"] for item in shown["items"]} == {"ordered"}
    assert call.get(f"/orders/{submitted['id']}").get_json() == shown


def test_a_failed_order_carries_why(call):
    submitted = call.order(TEST_PRODUCT + "out-of-stock")
    call.advance(2)
    shown = call.get(f"/orders/{submitted['id']}").get_json()
    assert shown["status"] == "order_failed"
    assert shown["job_result"].keys() == {"error_type", "error"}
    assert shown["job_result"]["error_type"] == "product_out_of_stock"
    assert shown["job_result"]["error"]
    assert shown["tracking_numbers"] == []
    assert shown.keys().isdisjoint({"merchant_order_id", "price_components"})
    assert {item["status"] for item in shown["items"]} == {"failed"}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"products": None}, "products"),
        ({"products": []}, "products"),
        ({"products": {}}, "products"),
        ({"products": [{}]}, "products"),
        ({"products": [{"url": "amazon"}]}, "products"),
        ({"products": [{"url": "ftp://amazon.com/1"}]}, "products"),
        ({"products": [{"url": "https://"}]}, "products"),
        ({"products": [{"url": AMAZON, "quantity": 0}]}, "products"),
        ({"products": [{"url": AMAZON, "quantity": 101}]}, "products"),
        ({"products": [{"url": AMAZON, "quantity": 1.5}]}, "products"),
        ({"products": [{"url": AMAZON, "quantity": "1"}]}, "products"),
        ({"products": [{"url": AMAZON, "variant": [{"label": "Size"}]}]}, "products"),
        ({"products": [{"url": AMAZON, "variant": [{"label": "", "value": "L"}]}]}, "products"),
        ({"products": [{"url": AMAZON, "variant": "L"}]}, "products"),
        ({"shipping_address": None}, "shipping_address"),
        ({"shipping_address": "here"}, "shipping_address"),
        ({"max_price": None}, "max_price"),
        ({"max_price": -1}, "max_price"),
        ({"max_price": 12.5}, "max_price"),
        ({"max_price": "100"}, "max_price"),
        ({"idempotency_key": "k" * 37}, "idempotency_key"),
        ({"idempotency_key": 7}, "idempotency_key"),
        ({"metadata": []}, "metadata"),
        ({"po_number": 7}, "po_number"),
        ({"retailer_credentials_id": 7}, "retailer_credentials_id"),
    ],
)
def test_each_wrong_field_is_refused_and_nothing_is_submitted(call, change, field):
    assert reasons(call.post("/orders", {**order(), **change})).keys() == {field}
    assert call.orders() == []


@pytest.mark.parametrize(
    ("urls", "taken"),
    [
        (["https://www.amazon.com/1", "https://www.amazon.com/2"], True),
        (["https://www.amazon.com/1", "http://smile.amazon.co.uk/2"], True),
        (["https://AMAZON.de/1", "https://amazon.de:443/2"], True),
        (["https://www.amazon.com/1", "https://www.walmart.com/2"], False),
        (["https://amazon.com/1", "https://notamazon.com/2"], False),
        (["https://amazon.com/1", "https://amazon.com/2", "https://target.com/3"], False),
        ([TEST_PRODUCT + "success", TEST_PRODUCT + "success"], True),
        ([TEST_PRODUCT + "success", "https://amazon.com/1"], False),
    ],
)
def test_all_products_of_an_order_are_of_one_retailer(call, urls, taken):
    answer = call.post("/orders", order(*urls))
    if taken:
        assert answer.status_code == 201
    else:
        assert reasons(answer).keys() == {"products"}
        assert call.orders() == []


# Idempotency


def test_a_repeated_idempotency_key_is_refused_and_names_the_order_that_has_it(call):
    first = call.order(idempotency_key="k")
    answer = call.post("/orders", order("https://walmart.com/1", idempotency_key="k"))
    assert refusal(answer) == (409, "already_exists")
    assert first["id"] in answer.text
    assert len(call.orders()) == 1


def test_an_idempotency_key_stays_used_when_its_order_has_ended(call):
    call.order(TEST_PRODUCT + "out-of-stock", idempotency_key="k")
    call.advance(60)
    assert refusal(call.post("/orders", order(idempotency_key="k"))) == (409, "already_exists")


def test_a_refused_order_leaves_its_idempotency_key_free(call):
    for refused in (order(TEST_PRODUCT + "url-unreachable", idempotency_key="k"), {"idempotency_key": "k"}):
        assert call.post("/orders", refused).status_code in (400, 422)
    assert call.post("/orders", order(idempotency_key="k")).status_code == 201


def test_orders_without_an_idempotency_key_may_be_alike(call):
    assert call.order()["id"] != call.order()["id"]


# Finding orders


def test_orders_are_listed_newest_first_all_in_one_answer(call):
    assert call.get("/orders").data == b'{"orders":[]}'
    made = []
    for number in range(60):
        made.append(call.order()["id"])
        call.advance(number % 3)
    assert [shown["id"] for shown in call.orders()] == made[::-1]


def test_a_listed_order_is_shown_as_it_is_shown_alone(call):
    for product in ("success", "out-of-stock", "success"):
        call.order(TEST_PRODUCT + product)
        call.advance(1.5)
    for shown in call.orders():
        assert call.get(f"/orders/{shown['id']}").get_json() == shown


def test_orders_are_found_by_any_part_of_their_id(call):
    ids = [call.order()["id"] for _ in range(5)]

    def found(part: str) -> list[str]:
        body = call.get("/orders", query_string={"order_id": part}).get_json()
        return [shown["id"] for shown in body["orders"]]

    for order_id in ids:
        for part in (order_id, order_id[:13], order_id[9:23], order_id[-12:]):
            assert found(part) == [order_id]
    assert found("-") == found("") == ids[::-1]
    assert found("nothing") == []
    assert found(".*") == []


@pytest.mark.parametrize("order_id", ["00000000-0000-4000-8000-000000000000", "x", "test-product"])
def test_an_order_that_is_not_there_is_not_found(call, order_id):
    call.order()
    assert refusal(call.get(f"/orders/{order_id}")) == (404, "not_found")


# Test products


@pytest.mark.parametrize(
    ("name", "error_type"),
    [
        ("out-of-stock", "product_out_of_stock"),
        ("price-exceeded", "max_price_exceeded"),
        ("invalid-variant", "invalid_variant"),
        ("shipping-unavailable", "shipping_unavailable"),
    ],
)
@pytest.mark.parametrize("alone", [True, False])
def test_some_test_products_are_created_and_fail_later(call, name, error_type, alone):
    products = [TEST_PRODUCT + name] if alone else [TEST_PRODUCT + "success", TEST_PRODUCT + name]
    submitted = call.order(*products)
    assert submitted["status"] == "in_progress"
    call.advance(2)
    shown = call.get(f"/orders/{submitted['id']}").get_json()
    assert (shown["status"], shown["job_result"]["error_type"]) == ("order_failed", error_type)


@pytest.mark.parametrize(
    ("name", "status", "code"),
    [
        ("invalid-address", 400, "invalid_shipping_address"),
        ("url-unreachable", 400, "url_unreachable"),
        ("insufficient-funds", 402, "insufficient_funds"),
    ],
)
def test_some_test_products_are_refused_at_once(call, name, status, code):
    assert refusal(call.post("/orders", order(TEST_PRODUCT + name))) == (status, code)
    assert refusal(call.post("/orders", order(TEST_PRODUCT + "success", TEST_PRODUCT + name))) == (
        status,
        code,
    )
    assert call.orders() == []


def test_the_test_product_of_success_is_placed_for_any_key(call):
    for key in ("zn_test_any", "zn_live_any", "any"):
        headers = {"Authorization": f"Bearer {key}"}
        call.post("/orders", order(TEST_PRODUCT + "success"), headers=headers)
        call.post("/_mock/settle", headers=headers)
        (shown,) = call.get("/orders", headers=headers).get_json()["orders"]
        assert shown["status"] == "order_placed"
        assert shown["merchant_order_id"].startswith("TEST-")
        assert len(shown["tracking_numbers"]) == 1


def test_the_test_products_are_listed_and_do_what_they_say(call):
    products = call.get("/orders/test-products").get_json()["products"]
    assert {product["url"] for product in products} == {
        TEST_PRODUCT + name
        for name in (
            "success", "out-of-stock", "price-exceeded", "invalid-variant", "shipping-unavailable",
            "invalid-address", "url-unreachable", "insufficient-funds",
        )
    }  # fmt: skip
    for product in products:
        assert product.keys() == {"url", "scenario", "name", "is_synchronous_error"}
        answer = call.post("/orders", order(product["url"]))
        assert (answer.status_code != 201) is product["is_synchronous_error"]


def test_a_deleted_accounts_orders_are_still_shown(call):
    account = call.account()["short_id"]
    submitted = call.order(retailer_credentials_id=account)
    call.delete(f"{ACCOUNTS}/{account}")
    assert call.get(f"/orders/{submitted['id']}").get_json()["retailer_credentials_id"] == account


def test_products_of_two_retailers_are_refused_without_repeating_where_they_are_sold(call):
    refused = call.post("/orders", order("https://hunter2.example/1", "https://www.walmart.com/1"))
    assert refused.status_code == 422
    assert refused.get_json()["details"] == {"products": "must be of one retailer, not of 2"}
