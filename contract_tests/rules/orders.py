"""What the order operations answer: creates, reads of one order, the list of test products.

Each difference is laid to the one requirement that it breaks. What only a check knows of what it sent, the check says.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from contract_tests.exchange import NOT_JSON, Exchange, Key, Operation
from contract_tests.journal import markers_in
from contract_tests.judgement import Judgement, show
from contract_tests.model import Model
from contract_tests.order_answers import Phase, answered_order, phase_of
from contract_tests.order_book import KnownOrder, OrderBook, markers_of
from contract_tests.products import BY_URL, TEST_PRODUCTS, TestProduct
from contract_tests.rules.locking import judge_locks
from contract_tests.rules.order_life import judge_result
from contract_tests.rules.order_lists import judge_order_list, judge_shown

_NEEDED = {"products", "shipping_address", "max_price", "retailer_credentials_id"}
# Refusals that are not about the order: authorization, payment, too many requests
_NOT_OF_THE_ORDER = (401, 402, 403, 408, 429)


def judge_orders(exchange: Exchange, book: OrderBook, model: Model) -> Iterator[Judgement]:
    """Judge the answer to an order operation."""
    operation, response = exchange.intent.operation, exchange.response
    if operation is None or not operation.of_orders or response.status == 429:
        return
    if operation is Operation.CREATE_ORDER and exchange.intent.plain:
        yield from _judge_acceptance(exchange, book, model)
    if operation is Operation.GET_ORDER and exchange.intent.plain:
        yield from _judge_read(exchange, book)
    if not response.succeeded or exchange.intent.key is Key.NONE:
        return
    if response.body:
        media_type = response.media_type
        is_json = media_type == "application/json"
        yield Judgement(
            "MA-ORDERS-CONTENT-TYPE", is_json, "application/json", media_type or "none", [exchange]
        )
    if operation is Operation.CREATE_ORDER and exchange.intent.plain:
        yield from _judge_created(exchange, book)
    elif operation is Operation.LIST_ORDERS:
        yield from judge_order_list(exchange, book)
    elif operation is Operation.LIST_TEST_PRODUCTS:
        yield from _judge_test_products(exchange)
    yield from judge_shown(exchange, book)
    yield from judge_locks(exchange, book, model)


# Creates


def _judge_acceptance(exchange: Exchange, book: OrderBook, model: Model) -> Iterator[Judgement]:
    """An order as the vendor describes it is accepted, also while its account is busy."""
    response, fields = exchange.response, exchange.intent.fields or {}
    account = fields.get("retailer_credentials_id")
    ahead = book.unfinished(account) if isinstance(account, str) else []
    if ahead and (response.refused or response.status == 503) and response.status not in _NOT_OF_THE_ORDER:
        evidence = [ahead[-1].origin, exchange]
        yield Judgement("MA-LOCK-QUEUED", False, "accepted, to wait for its account", str(response), evidence)
    product = _only_product(fields)
    ahead_or_beside = ahead or exchange.intent.racing
    if response.refused and not ahead_or_beside and product is not None and _is_served(exchange, model):
        yield Judgement(product.requirement, False, "accepted", str(response), [exchange])
    if response.succeeded:
        yield Judgement("MA-ORDERS-CREATE-201", response.status == 201, "201", str(response), [exchange])


def _is_served(exchange: Exchange, model: Model) -> bool:
    """Whether a default account can serve an order: one that it names, or any where it names none."""
    account = (exchange.intent.fields or {}).get("retailer_credentials_id")
    defaults = {
        known.short_id for known in model.alive(exchange.intent.key) if known.shown.get("retailer") is None
    }
    return account in defaults if account is not None else bool(defaults)


def _only_product(fields: Mapping[str, Any]) -> TestProduct | None:
    """The one test product that an order asks for, and nothing else, if it is one to be accepted."""
    products = fields.get("products")
    if not fields.keys() <= _NEEDED or not isinstance(products, list):
        return None
    if len(products) != 1 or set(products[0]) != {"url"}:
        return None
    product = BY_URL.get(str(products[0]["url"]))
    return product if product is not None and not product.refused else None


def _judge_created(exchange: Exchange, book: OrderBook) -> Iterator[Judgement]:
    order, content = answered_order(exchange.response), exchange.response.json
    sent = set(markers_in(str(exchange.intent.fields)))
    foreign = [marker for marker in markers_of(order or {}) if marker in book.senders and marker not in sent]
    is_order = order is not None and order is content and isinstance(order.get("id"), str)
    seen = f"the order that carries {foreign[0]}" if foreign else form_of(content)
    is_its_own = is_order and not foreign
    yield Judgement("MA-ORDERS-CREATE-ANSWERS-ORDER", is_its_own, "the order that was made", seen, [exchange])
    known = book.orders.get(str((order or {}).get("id")))
    if is_its_own and known is not None:
        evidence = [known.origin, exchange]
        yield Judgement("MA-ORDERS-FIELD-ID", False, "an id of its own", f"{known.id} again", evidence)


# Reads


def _judge_read(exchange: Exchange, book: OrderBook) -> Iterator[Judgement]:
    known = book.orders.get(str(exchange.intent.target))
    response = exchange.response
    if known is None or known.key is not exchange.intent.key:
        return
    if known.absent:
        yield from _judge_missing(known, exchange, book)
        return
    evidence = [known.origin, exchange]
    order = answered_order(response) or {}
    is_it = response.status == 200 and order.get("id") == known.id
    seen = str(response) if response.status != 200 else f"200 with the id {show(order.get('id'))}"
    yield Judgement("MA-ORDERS-GET-200", is_it, f"200 and the order {known.id}", seen, evidence)
    if is_it and phase_of(order.get("status")) is Phase.ENDED:
        yield from judge_result(order, evidence)


def _judge_missing(known: KnownOrder, exchange: Exchange, book: OrderBook) -> Iterator[Judgement]:
    """An order of an account that lists are without was lost, or is hidden while it waits; any other one is left out.

    Lists that are cut leave out what has ended and can still be read: that is no lost order.
    """
    seen = f"{known.id} is in none of the last {known.absent} lists; read by itself: {exchange.response}"
    order = answered_order(exchange.response)
    is_gone = exchange.response.status in (404, 410)
    waits = order is not None and phase_of(order.get("status")) is Phase.WAITING
    is_served = known.named is not None and known.named not in book.closed
    requirement = "MA-LOCK-NONE-LOST" if is_served and (is_gone or waits) else "MA-ORDERS-LIST-COMPLETE"
    if is_gone:
        is_certain = bool(known.listed or known.got or known.given_up)  # or else it may be about to be listed
        known.lost = is_certain
    else:
        is_certain = (
            order is not None and phase_of(order.get("status")) is known.phase
        )  # or else it has just moved
    if is_certain:
        yield Judgement(requirement, False, f"{known.id} in the list", seen, [known.origin, exchange])


# The list of test products


def _judge_test_products(exchange: Exchange) -> Iterator[Judgement]:
    content = exchange.response.json
    listed = content.get("products") if isinstance(content, dict) else None
    is_list = isinstance(listed, list) and all(isinstance(product, dict) for product in listed)
    holds = exchange.response.status == 200 and is_list
    seen = f"{exchange.response.status} and {form_of(content)}"
    yield Judgement("MA-ORDERS-TEST-PRODUCTS-200", holds, "200 and an array products", seen, [exchange])
    if not isinstance(listed, list) or not is_list:
        return
    for product in listed:
        wrong = [name for name in ("url", "scenario", "name") if not isinstance(product.get(name), str)]
        wrong += [] if isinstance(product.get("is_synchronous_error"), bool) else ["is_synchronous_error"]
        expected = "url, scenario and name: strings; is_synchronous_error: true or false"
        yield Judgement("MA-ORDERS-TEST-PRODUCTS-FIELDS", not wrong, expected, show(product), [exchange])
    by_url = {str(product.get("url")): product for product in listed}
    missing = [product.name for product in TEST_PRODUCTS if product.url not in by_url]
    seen = f"{', '.join(missing)} missing"
    yield Judgement("MA-ORDERS-TEST-PRODUCTS-COMPLETE", not missing, "all eight", seen, [exchange])
    told = {
        product.name: by_url[product.url].get("is_synchronous_error") is True
        for product in TEST_PRODUCTS
        if product.url in by_url
    }
    wrong = [
        product.name
        for product in TEST_PRODUCTS
        if told.get(product.name, product.refused) != product.refused
    ]
    expected = "is_synchronous_error true for just those whose orders are refused at once"
    seen = ", ".join(f"{name}: {told[name]}" for name in wrong)
    yield Judgement("MA-ORDERS-TEST-PRODUCTS-SYNCHRONOUS", not wrong, expected, seen, [exchange])


def form_of(content: object) -> str:
    """What a body is, in few words."""
    if content is NOT_JSON:
        return "a body that is not JSON"
    if isinstance(content, dict):
        return f"an object with {', '.join(map(str, content)) or 'no field'}"
    return "an array" if isinstance(content, list) else show(content)
