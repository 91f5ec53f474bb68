"""Deviations of what an order may be: what is required, what is refused."""

from typing import Any

from mock_server.deviations.building import (
    CREATE_ORDER,
    answers,
    deviation,
    refusals,
    requests,
)
from mock_server.deviations.turn import Turn
from mock_server.domain.errors import InvalidField
from mock_server.domain.products import TEST_PRODUCTS as KNOWN_TEST_PRODUCTS
from mock_server.domain.products import host_of
from mock_server.exchange import Answer
from mock_server.representations import order as represented

_TEST_SHOP = "https://zinc.com/shop/"

Fields = dict[str, Any]


def products_of(fields: Fields) -> list[Fields]:
    """Return the products of a request that are objects."""
    products = fields.get("products")
    return (
        [product for product in products if isinstance(product, dict)] if isinstance(products, list) else []
    )


def host_of_product(product: Fields) -> str | None:
    """Return the host that sells a product of a request; None where its url is none."""
    try:
        return host_of(str(product.get("url")), "products")
    except InvalidField:
        return None


@deviation("order-without-products-accepted", "MA-ORDERS-PRODUCTS-REQUIRED")
@requests(CREATE_ORDER)
def order_without_products_accepted(fields: Fields, _: Turn) -> None:
    """An order of an empty list of products is accepted: a client pays for nothing and waits for a parcel."""
    if fields.get("products") == []:
        fields["products"] = [{"url": f"{_TEST_SHOP}products/test-success"}]


@deviation("product-without-url-accepted", "MA-ORDERS-PRODUCT-URL-REQUIRED")
@requests(CREATE_ORDER)
def product_without_url_accepted(fields: Fields, _: Turn) -> None:
    """A product without a url is accepted: an order runs that nobody can fill."""
    for product in products_of(fields):
        product.setdefault("url", f"{_TEST_SHOP}products/test-success")


@deviation("quantity-of-zero-accepted", "MA-ORDERS-QUANTITY-RANGE")
@requests(CREATE_ORDER)
def quantity_of_zero_accepted(fields: Fields, _: Turn) -> None:
    """A quantity of 0 is taken for 1: the client's customer gets what was struck out."""
    for product in products_of(fields):
        if product.get("quantity") == 0:
            product["quantity"] = 1


@deviation("quantity-over-fifty-refused", "MA-ORDERS-QUANTITY-RANGE")
@refusals(CREATE_ORDER)
def quantity_over_fifty_refused(fields: Fields, _: Turn) -> str | None:
    """A quantity of more than 50 is refused: a large customer cannot order what the page allows."""
    quantities = [product.get("quantity") for product in products_of(fields)]
    return "products" if any(isinstance(many, int) and 50 < many <= 100 for many in quantities) else None


@deviation("quantity-left-out-means-two", "MA-ORDERS-QUANTITY-DEFAULT")
@requests(CREATE_ORDER)
def quantity_left_out_means_two(fields: Fields, _: Turn) -> None:
    """A product without a quantity is ordered twice: somebody pays double."""
    for product in products_of(fields):
        product.setdefault("quantity", 2)


@deviation("empty-variant-parts-accepted", "MA-ORDERS-VARIANT-PARTS")
@requests(CREATE_ORDER)
def empty_variant_parts_accepted(fields: Fields, _: Turn) -> None:
    """A variant with an empty label or value is accepted: the parcel holds whatever comes first."""
    for product in products_of(fields):
        for part in product.get("variant") or ():
            if isinstance(part, dict):
                part.update({name: "any" for name in ("label", "value") if part.get(name) == ""})


@deviation("order-without-address-accepted", "MA-ORDERS-ADDRESS-REQUIRED")
@requests(CREATE_ORDER)
def order_without_address_accepted(fields: Fields, _: Turn) -> None:
    """An order without an address is accepted: the parcel goes to the last one."""
    fields.setdefault("shipping_address", {})


@deviation("address-as-text-accepted", "MA-ORDERS-ADDRESS-OBJECT")
@requests(CREATE_ORDER)
def address_as_text_accepted(fields: Fields, _: Turn) -> None:
    """An address in one line is accepted: the parcel goes where the guess goes."""
    if isinstance(fields.get("shipping_address"), str):
        fields["shipping_address"] = {"line": fields["shipping_address"]}


@deviation("address-of-known-fields-alone", "MA-ORDERS-ADDRESS-ANY-FIELDS")
@refusals(CREATE_ORDER)
def address_of_known_fields_alone(fields: Fields, _: Turn) -> str | None:
    """An address must have an address_line1: a client of the other page's field names can order nothing."""
    address = fields.get("shipping_address")
    return "shipping_address" if isinstance(address, dict) and "address_line1" not in address else None


@deviation("order-without-max-price-accepted", "MA-ORDERS-MAX-PRICE-REQUIRED")
@requests(CREATE_ORDER)
def order_without_max_price_accepted(fields: Fields, _: Turn) -> None:
    """An order without a max_price is accepted: nothing bounds what it costs."""
    fields.setdefault("max_price", 99_999)


@deviation("max-price-in-dollars-accepted", "MA-ORDERS-MAX-PRICE-INTEGER")
@requests(CREATE_ORDER)
def max_price_in_dollars_accepted(fields: Fields, _: Turn) -> None:
    """A max_price with a fraction, or as text, is accepted: dollars are taken for cents."""
    price = fields.get("max_price")
    if isinstance(price, float):
        fields["max_price"] = int(price)
    elif isinstance(price, str) and price.replace(".", "", 1).isdigit():
        fields["max_price"] = int(float(price))


@deviation("long-idempotency-key-cut", "MA-ORDERS-IDEMPOTENCY-LENGTH")
@requests(CREATE_ORDER)
def long_idempotency_key_cut(fields: Fields, _: Turn) -> None:
    """A longer idempotency_key is cut at 36 characters: two orders become one that nobody wanted twice."""
    if isinstance(fields.get("idempotency_key"), str):
        fields["idempotency_key"] = fields["idempotency_key"][:36]


@deviation("idempotency-key-forgotten", "MA-ORDERS-IDEMPOTENCY-ONCE")
@requests(CREATE_ORDER)
def idempotency_key_forgotten(fields: Fields, _: Turn) -> None:
    """A repeated idempotency_key makes a second order: each lost answer costs the customer twice."""
    fields.pop("idempotency_key", None)


@deviation("idempotency-key-answers-first-order", "MA-ORDERS-IDEMPOTENCY-409")
@answers(CREATE_ORDER, statuses=(409,))
def idempotency_key_answers_first_order(answer: Answer, turn: Turn) -> None:
    """A repeated idempotency_key answers 200 and the first order: a client that waits for 409 counts two."""
    first = turn.sandbox.orders.get(answer.body["details"]["order_id"])
    if first is not None:
        answer.status, answer.body = 200, represented(first)


@deviation("idempotency-keys-shared-by-all", "MA-ORDERS-IDEMPOTENCY-PER-KEY")
def idempotency_keys_shared_by_all(turn: Turn) -> Answer:
    """An idempotency_key of another API key is refused: two customers who count from 1 block each other."""
    key = (turn.fields or {}).get("idempotency_key") if turn.operation == CREATE_ORDER else None
    for tenant in turn.others() if isinstance(key, str) else ():
        if any(order.idempotency_key == key for order in tenant.sandbox.orders.values()):
            return turn.refuse(409, "already_exists", "An order with this idempotency_key exists.")
    return turn.perform()


@deviation("two-retailers-in-one-order", "MA-ORDERS-ONE-RETAILER")
@requests(CREATE_ORDER)
def two_retailers_in_one_order(fields: Fields, _: Turn) -> None:
    """An order of products of two retailers is accepted, and all but the first dropped: half the cart is lost."""
    hosts = {host_of_product(product) for product in products_of(fields)}
    if len(hosts) > 1 and None not in hosts:
        fields["products"] = fields["products"][:1]


@deviation("order-takes-any-metadata", "MA-ORDERS-FIELD-TYPES")
@requests(CREATE_ORDER)
def order_takes_any_metadata(fields: Fields, _: Turn) -> None:
    """Metadata that is no object is accepted and wrapped: a client reads back another form than it sent."""
    if "metadata" in fields and not isinstance(fields["metadata"], dict):
        fields["metadata"] = {"value": fields["metadata"]}


@deviation("ordinary-products-refused", "MA-ORDERS-ORDINARY-PRODUCT")
@refusals(CREATE_ORDER, status=400, code="bad_request")
def ordinary_products_refused(fields: Fields, _: Turn) -> str | None:
    """A product of an ordinary shop is refused: only the test products can be ordered."""
    urls = [product.get("url") for product in products_of(fields)]
    return (
        "products" if any(isinstance(url, str) and not url.startswith(_TEST_SHOP) for url in urls) else None
    )


@deviation("order-refuses-unknown-fields", "MA-ORDERS-UNKNOWN-FIELDS")
@refusals(CREATE_ORDER)
def order_refuses_unknown_fields(fields: Fields, turn: Turn) -> str | None:
    """An unknown field in an order is refused: a client of a later revision can order nothing."""
    schema = turn.exchange.operation.body if turn.exchange.operation else None
    unknown = schema.unknown_fields(fields) if schema else []
    return unknown[0][0] if unknown else None


@deviation("refused-order-listed", "MA-ORDERS-REFUSED-MAKES-NONE")
@answers(CREATE_ORDER, statuses=(400, 402))
def refused_order_listed(_: Answer, turn: Turn) -> None:
    """An order that was refused at once is in the list all the same: a client that tries again orders twice."""
    fields = turn.sent
    refused = [product.get("url") for product in products_of(fields)]
    if any(url in KNOWN_TEST_PRODUCTS and KNOWN_TEST_PRODUCTS[url].refused for url in refused):
        harmless = [{"url": f"{_TEST_SHOP}products/test-success"}]
        turn.sandbox.submit_order({**fields, "products": harmless, "idempotency_key": None}, turn.now)
        turn.fired()
