"""What the order operations owe. How orders look and live is judged at every answer, in `rules`; here is what is sent.

Anything but a server on this machine is sent test products alone.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest

from contract_tests.accounts import Accounts
from contract_tests.answers import error_body, is_uuid
from contract_tests.checks.refusals import succeeds
from contract_tests.checks.waiting import must_end
from contract_tests.errors import NotEstablished
from contract_tests.exchange import Exchange, Key, Operation
from contract_tests.findings import Expect
from contract_tests.order_answers import PROSE, REFERENCE, is_placed, listed_orders
from contract_tests.order_book import KnownOrder
from contract_tests.orders import Orders
from contract_tests.products import SUCCESS, TEST_PRODUCTS, TestProduct
from contract_tests.questions import Questionnaire
from contract_tests.run import Run
from contract_tests.settings import is_loopback

requirement = pytest.mark.requirement
pytestmark = pytest.mark.places_orders

LONGEST_KEY = 36  # characters of an idempotency key
VARIANT = [{"label": "Color", "value": "Blue"}, {"label": "Size", "value": "M"}]


# What orders look like


@requirement("MA-ORDERS-CREATE-201", "MA-ORDERS-CREATE-ANSWERS-ORDER", "MA-ORDERS-CONTENT-TYPE")
@requirement(
    "MA-ORDERS-FIELD-ID", "MA-ORDERS-FIELD-STATUS", "MA-ORDERS-FIELD-ATTEMPTS", "MA-ORDERS-FIELD-TIMES"
)
@requirement("MA-ORDERS-FIELD-MAX-PRICE", "MA-ORDERS-FIELD-ADDRESS", "MA-ORDERS-FIELD-CREDENTIALS")
@requirement("MA-ORDERS-FIELD-METADATA", "MA-ORDERS-FIELD-PO-NUMBER", "MA-ORDERS-FIELD-TRACKING")
@requirement("MA-ORDERS-FIELD-ITEMS", "MA-ORDERS-FIELD-ITEM-STATUS", "MA-ORDERS-FIELD-ITEM-IDENTITY")
@requirement("MA-ORDERS-QUANTITY-DEFAULT", "MA-ORDERS-FIELD-ITEM-VARIANT", "MA-ORDERS-TIMES-ORDERED")
@requirement("MA-ORDERS-MOVES", "MA-ORDERS-FINAL", "MA-ORDERS-LIST-200", "MA-ORDERS-GET-200")
def test_an_order_with_the_least_has_every_field(orders: Orders, ask: Questionnaire) -> None:
    """From its create to its end, in lists and by itself."""
    order = orders.place()
    orders.read(order)
    watched = orders.watch([order])
    orders.read(order)
    orders.list()
    statuses = {str(known.shown.get("status")) for known in orders.book.of(orders.key)}
    statuses -= REFERENCE & PROSE
    name = "reference" if statuses <= REFERENCE else "prose" if statuses <= PROSE else "other"
    if statuses:
        seen = ", ".join(sorted(statuses))
        ask.answer("Q-ORDER-STATUSES", name, watched.snapshots[-1].exchange, seen=seen)


@requirement("MA-ORDERS-FIELD-ITEMS", "MA-ORDERS-FIELD-ITEM-QUANTITY", "MA-ORDERS-FIELD-ITEM-VARIANT")
@requirement("MA-ORDERS-FIELD-METADATA", "MA-ORDERS-FIELD-PO-NUMBER", "MA-ORDERS-FIELD-MAX-PRICE")
@requirement("MA-ORDERS-FIELD-ADDRESS", "MA-ORDERS-FIELD-ID", "MA-ORDERS-FIELD-ITEM-IDENTITY")
def test_an_order_shows_what_was_sent(orders: Orders) -> None:
    """Three products, each otherwise, and everything that an order may give; in the answer and by itself."""
    order = _with_everything(orders)
    orders.watch([order])
    orders.read(order)


def _with_everything(orders: Orders) -> KnownOrder:
    return orders.place(
        products=[
            {"url": SUCCESS.url, "quantity": 3, "variant": VARIANT},
            {"url": TEST_PRODUCTS[1].url, "quantity": 2, "variant": VARIANT[:1]},
            {"url": TEST_PRODUCTS[2].url},
        ],
        max_price=123456,
        metadata={"cart": "A-17", "lines": [1, {"gift": True}], "note": None},
        po_number="PO-1001",
        idempotency_key=orders.idempotency_key(LONGEST_KEY),
    )


@requirement("MA-ORDERS-ADDRESS-ANY-FIELDS")
def test_an_address_of_any_fields_is_accepted(orders: Orders, expect: Expect, ask: Questionnaire) -> None:
    """Both published forms, and one of neither."""
    orders.place()
    forms = {
        "first-last-name": orders.address(split_name=True),
        "name": orders.address(split_name=False),
        "any": {"to": str(orders.accounts.mint.marker()), "planet": {"name": "Mars", "sector": 7}},
    }
    taken = {}
    for name, address in forms.items():
        answer = orders.send(orders.fields(account=orders.own_account(), shipping_address=address))
        taken[name] = answer
        succeeds(expect, "MA-ORDERS-ADDRESS-ANY-FIELDS", answer)
    names = [name for name, answer in taken.items() if answer.response.succeeded]
    if names:
        ask.answer("Q-ADDRESS-FIELDS", names[-1] if "any" in names else names[0], list(taken.values()))


@requirement(
    "MA-ORDERS-LIST-AGREES", "MA-ORDERS-READS-CHANGE-NOTHING", "MA-ORDERS-LIST-200", "MA-ORDERS-GET-200"
)
def test_the_list_and_the_order_agree(orders: Orders, expect: Expect) -> None:
    """A placed order and a failed one, after their end: each read shows the same, and so does the list."""
    ended = [orders.place(), _with_everything(orders)]
    must_end(orders.watch(ended))
    for known in [known for known in ended if known.ended]:
        reads = [orders.read(known) for _ in range(4)]
        lists = [orders.list() for _ in range(4)]
        shown = [_entry(exchange, known) for exchange in reads]
        listed = [_entry(exchange, known) for exchange in lists]
        if None in shown or None in listed:
            raise NotEstablished(f"{known.id} is not shown by all reads and lists")
        # What changes between all reads is changed by reading; what changes once may be the order's own doing
        moved = _always_moves(shown) or _always_moves(listed)
        seen = f"{', '.join(moved)} changed from read to read"
        expected = "the same answer each time"
        evidence = [known.origin, *reads]
        expect("MA-ORDERS-READS-CHANGE-NOTHING", not moved, expected=expected, seen=seen, evidence=evidence)
        if moved:
            continue
        differ = [name for name in {**shown[-1], **listed[0]} if shown[-1].get(name) != listed[0].get(name)]
        steady = shown[-1] == shown[-2] and listed[0] == listed[-1]
        if steady:
            seen = ", ".join(f"{name} {listed[0].get(name)!r}" for name in differ)
            expected = ", ".join(f"{name} {shown[-1].get(name)!r}" for name in differ) or "the same order"
            evidence = [known.origin, reads[-1], lists[0]]
            expect("MA-ORDERS-LIST-AGREES", not differ, expected=expected, seen=seen, evidence=evidence)


def _entry(exchange: Exchange, known: KnownOrder) -> Any:
    if exchange.intent.operation is Operation.GET_ORDER:
        content = exchange.response.json
        return content if isinstance(content, dict) else None
    return next(
        (order for order in listed_orders(exchange.response) or [] if order.get("id") == known.id), None
    )


def _always_moves(shown: Sequence[Mapping[str, Any]]) -> list[str]:
    names = {name for order in shown for name in order}
    return sorted(
        name for name in names if all(one.get(name) != two.get(name) for one, two in pairwise(shown))
    )


# Idempotency keys


@requirement("MA-ORDERS-IDEMPOTENCY-ONCE", "MA-ORDERS-IDEMPOTENCY-409")
def test_a_repeated_idempotency_key_makes_no_second_order(orders: Orders, expect: Expect) -> None:
    """The same order again, and another one with the same key."""
    fields = orders.fields(account=orders.own_account(), idempotency_key=orders.idempotency_key(LONGEST_KEY))
    first = orders.established(orders.send(fields, plain=True))
    for more in ({}, {"shipping_address": orders.address(), "max_price": 4999}):
        again = orders.send(fields | more, blame="MA-ORDERS-IDEMPOTENCY-ONCE")
        orders.list()
        second = next((known for known in orders.book.of(orders.key) if known.origin is again), None)
        evidence = [first.origin, again]
        seen = f"{again.response}, and the order {second.id}" if second else again.response
        once = expect(
            "MA-ORDERS-IDEMPOTENCY-ONCE", second is None, expected="no order", seen=seen, evidence=evidence
        )
        if once:
            code = error_body(again.response).get("code")
            kept = again.response.status == 409 and code in (None, "already_exists")
            seen = f"{again.response}, code {code}"
            expected = "409 with the code already_exists"
            expect("MA-ORDERS-IDEMPOTENCY-409", kept, expected=expected, seen=seen, evidence=evidence)


@requirement("MA-ORDERS-IDEMPOTENCY-PER-KEY")
def test_two_keys_may_use_the_same_idempotency_key(
    orders: Orders, others_orders: Orders, expect: Expect
) -> None:
    """Each key makes an order of its own."""
    others_orders.may_place()
    key = orders.idempotency_key(LONGEST_KEY)
    first = orders.place(idempotency_key=key)
    others_orders.learn_address()
    fields = others_orders.fields(account=others_orders.own_account(), idempotency_key=key)
    succeeds(expect, "MA-ORDERS-IDEMPOTENCY-PER-KEY", others_orders.send(fields), first.origin)


@requirement("MA-ORDERS-IDEMPOTENCY-LENGTH")
def test_an_idempotency_key_has_36_characters_at_most(
    run: Run, accounts: Accounts, orders: Orders, expect: Expect
) -> None:
    """36 are accepted, 37 are not."""
    _unless_keys_are_passed_over(run)
    _accepted(orders)
    answers = [
        orders.send(
            orders.fields(account=orders.own_account(), idempotency_key=orders.idempotency_key(length))
        )
        for length in (LONGEST_KEY, LONGEST_KEY + 1)
    ]
    succeeds(expect, "MA-ORDERS-IDEMPOTENCY-LENGTH", answers[0])
    _is_refused_with(expect, "MA-ORDERS-IDEMPOTENCY-LENGTH", answers[1], _usual_refusal(accounts))


@requirement("MA-ORDERS-FIELD-TYPES")
def test_an_idempotency_key_must_be_a_string(
    run: Run, accounts: Accounts, orders: Orders, expect: Expect
) -> None:
    """Everything else in the order is in order."""
    _unless_keys_are_passed_over(run)
    _accepted(orders)
    usual = _usual_refusal(accounts)
    for wrong in (42, True, ["key"], {"key": "value"}):
        answer = orders.send(orders.fields(account=orders.own_account(), idempotency_key=wrong))
        _is_refused_with(expect, "MA-ORDERS-FIELD-TYPES", answer, usual)


def _unless_keys_are_passed_over(run: Run) -> None:
    if run.findings.outcome("MA-ORDERS-IDEMPOTENCY-ONCE") == "failed":
        raise NotEstablished("the server takes no notice of idempotency keys")


# What is refused

Change = Callable[[dict[str, Any]], object]


def _product(**changes: Any) -> Change:
    return lambda fields: fields["products"][0].update(changes)


def _variant(*variant: Any) -> Change:
    return _product(variant=list(variant))


def _without(name: str) -> Change:
    return lambda fields: fields.pop(name)


def _given(**changes: Any) -> Change:
    return lambda fields: fields.update(changes)


_INVALID: dict[str, Sequence[Change]] = {
    "MA-ORDERS-PRODUCTS-REQUIRED": (_without("products"), _given(products=[]), _given(products=None)),
    "MA-ORDERS-PRODUCT-URL-REQUIRED": (
        _given(products=[{}]),
        _given(products=[{"quantity": 1}]),
        _given(products=[{"url": SUCCESS.url}, {"quantity": 1}]),
        _product(url=None),
        _product(url=42),
    ),
    "MA-ORDERS-QUANTITY-RANGE": tuple(
        _product(quantity=wrong) for wrong in (0, -1, 101, 1000, 1.5, "2", True)
    ),
    "MA-ORDERS-VARIANT-PARTS": (
        _variant({"label": "Color"}),
        _variant({"value": "Blue"}),
        _variant({"label": "", "value": "Blue"}),
        _variant({"label": "Color", "value": ""}),
        _variant(VARIANT[0], {"label": "Size"}),
    ),
    "MA-ORDERS-ADDRESS-REQUIRED": (_without("shipping_address"),),
    "MA-ORDERS-ADDRESS-OBJECT": tuple(
        _given(shipping_address=wrong)
        for wrong in ("1 Example Street", 42, None, True, [{"city": "Springfield"}])
    ),
    "MA-ORDERS-MAX-PRICE-REQUIRED": (_without("max_price"),),
    "MA-ORDERS-MAX-PRICE-INTEGER": tuple(
        _given(max_price=wrong) for wrong in (25.5, "2500", "25.00", None, True, [2500], {"amount": 2500})
    ),
    "MA-ORDERS-FIELD-TYPES": (
        *(_given(metadata=wrong) for wrong in ("text", 42, True, ["text"])),
        *(_given(po_number=wrong) for wrong in (42, True, ["PO-1"], {"number": "PO-1"})),
    ),
}


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=requirement(name), id=name.removeprefix("MA-ORDERS-")) for name in _INVALID],
)
def test_an_invalid_order_is_refused(accounts: Accounts, orders: Orders, expect: Expect, name: str) -> None:
    """Everything else in it is in order, as it was in one that was accepted."""
    _accepted(orders)
    usual = _usual_refusal(accounts)
    for change in _INVALID[name]:
        _is_refused_with(expect, name, _send_changed(orders, change), usual)
    orders.list()


def _send_changed(orders: Orders, change: Change) -> Exchange:
    fields = deepcopy(orders.fields(account=orders.own_account()))
    marker = {"of": str(orders.accounts.mint.marker())}  # for orders whose address is what is wrong
    fields["metadata"] = marker
    change(fields)
    return orders.send(fields)


def _accepted(orders: Orders) -> None:
    """Make sure that the server accepts an order in which nothing is wrong."""
    if not any(known.origin.intent.plain for known in orders.book.of(orders.key)):
        orders.place()


def _usual_refusal(accounts: Accounts) -> int:
    """The status by which this server refuses invalid fields; that it is 422 is a requirement of its own."""
    answer = accounts.send(Operation.CREATE, fields={"password": accounts.mint.password()})
    return answer.response.status if answer.response.refused else 422


def _is_refused_with(expect: Expect, name: str, answer: Exchange, status: int) -> None:
    is_so = answer.response.status == status
    expect(name, is_so, expected=str(status), seen=answer.response, evidence=answer)


@requirement("MA-ORDERS-QUANTITY-RANGE")
def test_a_quantity_from_1_to_100_is_accepted(orders: Orders, expect: Expect) -> None:
    """Its ends."""
    _accepted(orders)
    for quantity in (1, 100):
        products = [{"url": SUCCESS.url, "quantity": quantity}]
        answer = orders.send(orders.fields(account=orders.own_account(), products=products))
        succeeds(expect, "MA-ORDERS-QUANTITY-RANGE", answer)


@requirement("MA-ORDERS-REFUSED-MAKES-NONE")
def test_a_refused_order_is_in_no_list(accounts: Accounts, orders: Orders) -> None:
    """Refused for its fields, its product and its account; each carries a marker that a list would show."""
    orders.list()
    for change in (_given(max_price="2500"), _given(products=[]), _product(quantity=0)):
        _send_changed(orders, change)
    for product in TEST_PRODUCTS:
        if product.refused:
            orders.send(orders.fields(product, account=orders.own_account()))
    orders.send(orders.fields(account=accounts.mint.unknown_id()))
    orders.list()


@requirement("MA-ORDERS-UNKNOWN-FIELDS")
def test_unknown_fields_are_ignored(orders: Orders, expect: Expect) -> None:
    """In the order and in its product."""
    fields = orders.fields(account=orders.own_account(), colour="blue", nested={"deep": [1, 2]})
    fields["products"][0]["engraving"] = "Ada"
    succeeds(expect, "MA-ORDERS-UNKNOWN-FIELDS", orders.send(fields))


# Retailers


@requirement("MA-ORDERS-ONE-RETAILER")
def test_an_order_has_one_retailer(run: Run, accounts: Accounts, orders: Orders, expect: Expect) -> None:
    """Two products of one retailer are accepted, of two retailers refused."""
    _only_nearby(run)
    usual = _usual_refusal(accounts)
    orders.place(products=[{"url": SUCCESS.url}, {"url": TEST_PRODUCTS[1].url}])
    for url in ("https://www.amazon.com/dp/B0EXAMPLE1", "https://www.walmart.com/ip/123456789"):
        orders.established(orders.send(orders.fields(url, account=orders.own_account())))
        answer = orders.send(
            orders.fields(account=orders.own_account(), products=[{"url": SUCCESS.url}, {"url": url}])
        )
        _is_refused_with(expect, "MA-ORDERS-ONE-RETAILER", answer, usual)


@requirement("MA-ORDERS-ORDINARY-PRODUCT")
@pytest.mark.parametrize(
    "url",
    ["https://www.amazon.com/dp/B0EXAMPLE1", "http://shop.example.com:8443/a?b=c#d"],
    ids=["amazon", "any shop"],
)
def test_an_ordinary_product_can_be_ordered(run: Run, orders: Orders, expect: Expect, url: str) -> None:
    """Sent to nothing but a server on this machine: elsewhere it could cost money."""
    _only_nearby(run)
    orders.place()
    succeeds(
        expect, "MA-ORDERS-ORDINARY-PRODUCT", orders.send(orders.fields(url, account=orders.own_account()))
    )


def _only_nearby(run: Run) -> None:
    if not is_loopback(run.base_url):
        raise NotEstablished("tried only against a server on this machine: elsewhere it may cost money")


# Lists and reads


@requirement("MA-ORDERS-LIST-COMPLETE", "MA-ORDERS-LIST-NEWEST-FIRST")
def test_the_list_holds_every_order_newest_first(orders: Orders) -> None:
    """Three more orders, a list after each; an order that lists are without is looked for by itself."""
    placed = []
    for _ in range(3):
        placed.append(orders.place())
        orders.list()
    orders.watch(placed)


@requirement("MA-ORDERS-LIST-FILTER")
def test_the_list_can_be_filtered_by_a_part_of_an_id(orders: Orders, expect: Expect) -> None:
    """The beginning of an id, its middle and its end, the whole of it, one hexadecimal digit, and a part of no id."""
    placed = [orders.place(), orders.place()]
    one = placed[0].id
    if not is_uuid(one):
        raise NotEstablished("the id of an order is no UUID")
    for part in (one[:8], one[9:18], one[-12:], one, one[:1], "no-such-part"):
        before = orders.list()
        filtered = orders.list(part)
        listed = listed_orders(filtered.response)
        if listed is None or not filtered.response.succeeded:
            expect(
                "MA-ORDERS-LIST-FILTER",
                False,
                expected=f"the orders whose id has {part}",
                seen=filtered.response,
                evidence=filtered,
            )
            continue
        ids = {str(order.get("id")) for order in listed}
        wanted = {str(order.get("id")) for order in listed_orders(before.response) or []}
        wanted = {identifier for identifier in wanted if part in identifier}
        odd = sorted(identifier for identifier in ids if part not in identifier) + sorted(wanted - ids)
        seen = f"{len(ids)} orders; wrong or missing: {', '.join(odd) or 'none'}"
        expected = f"the {len(wanted)} orders whose id has {part}"
        evidence = [placed[0].origin, filtered]
        expect("MA-ORDERS-LIST-FILTER", not odd, expected=expected, seen=seen, evidence=evidence)


@requirement("MA-ORDERS-GET-UNKNOWN-404")
def test_an_unknown_order_is_not_found(run: Run, orders: Orders, expect: Expect) -> None:
    """An id of the right form, drawn by the run."""
    unknown = str(UUID(int=random.Random(run.journal.run).getrandbits(128), version=4))
    answer = orders.read(unknown)
    is_so = answer.response.status == 404
    expect("MA-ORDERS-GET-UNKNOWN-404", is_so, expected="404", seen=answer.response, evidence=answer)


@requirement("MA-ORDERS-GET-FOREIGN-404", "MA-ORDERS-LIST-ISOLATED")
def test_an_order_of_another_key_is_not_found(orders: Orders, others_orders: Orders, expect: Expect) -> None:
    """Nor listed."""
    order = orders.place()
    answer = others_orders.read(order)
    others_orders.list()
    evidence = [order.origin, answer]
    is_so = answer.response.status == 404
    expect("MA-ORDERS-GET-FOREIGN-404", is_so, expected="404", seen=answer.response, evidence=evidence)


@requirement("MA-ORDERS-AUTH")
@pytest.mark.parametrize("operation", [operation for operation in Operation if operation.of_orders])
def test_order_operations_need_authorization(
    run: Run, orders: Orders, expect: Expect, operation: Operation
) -> None:
    """Without an Authorization header, the request is otherwise in order."""
    order = orders.place()
    paths = {
        Operation.LIST_ORDERS: run.specification.path(Operation.LIST_ORDERS),
        Operation.GET_ORDER: orders.path_of(order.id),
        Operation.LIST_TEST_PRODUCTS: run.specification.path(Operation.LIST_TEST_PRODUCTS),
    }
    about = {"key": Key.NONE, "blame": "MA-ORDERS-AUTH"}
    if operation is Operation.CREATE_ORDER:
        answer = orders.send(orders.fields(account=orders.own_account()), **about)
    else:
        answer = orders.get(paths[operation], operation=operation, **about)
    is_so = answer.response.status == 401
    expect("MA-ORDERS-AUTH", is_so, expected="401", seen=answer.response, evidence=answer)
    orders.list()


# Test products


@requirement("MA-ORDERS-TEST-PRODUCTS-200", "MA-ORDERS-TEST-PRODUCTS-FIELDS")
@requirement("MA-ORDERS-TEST-PRODUCTS-COMPLETE", "MA-ORDERS-TEST-PRODUCTS-SYNCHRONOUS")
def test_the_list_of_test_products_names_all(orders: Orders) -> None:
    """Twice, before and after an order."""
    orders.test_products()
    orders.place()
    orders.test_products()


@pytest.mark.parametrize(
    "product",
    [
        pytest.param(product, marks=requirement(product.requirement), id=product.name)
        for product in TEST_PRODUCTS
        if not product.refused
    ],
)
@requirement("MA-ORDERS-FAILED-JOB-RESULT", "MA-ORDERS-NO-PASSWORD", "MA-ORDERS-FINAL", "MA-ORDERS-MOVES")
def test_a_test_product_makes_an_order_end_in_its_way(
    accounts: Accounts, orders: Orders, product: TestProduct
) -> None:
    """Once for no account, where none can be in the way, and once for one with a password."""
    answers = [] if accounts.mint.guard.knows_others else [orders.submit(product)]
    answers.append(orders.submit(product, account=accounts.make(without=("retailer",))))
    ordered = [orders.established(answer) for answer in answers if answer.response.succeeded]
    must_end(orders.watch(ordered))
    for order in ordered:
        orders.read(order)
    orders.list()


@requirement("MA-ORDERS-TEST-MERCHANT-ID", "MA-ORDERS-TEST-TRACKING", "MA-ORDERS-TRACKING-FIELDS")
@requirement("MA-ORDERS-PRICE-COMPONENTS", "MA-ORDERS-PLACED-JOB-RESULT", "MA-ORDERS-FIELD-TRACKING")
def test_a_placed_test_order_shows_what_the_retailer_answered(orders: Orders, expect: Expect) -> None:
    """Two of them, after their end."""
    placed = [orders.place(), orders.place()]
    must_end(orders.watch(placed))
    for known in [known for known in placed if is_placed(known.shown.get("status"))]:
        answer = orders.read(known)
        evidence = [known.origin, answer]
        number = known.shown.get("merchant_order_id")
        is_so = isinstance(number, str) and number.startswith("TEST-")
        expected = "a merchant_order_id that begins with TEST-"
        expect("MA-ORDERS-TEST-MERCHANT-ID", is_so, expected=expected, seen=number, evidence=evidence)
        tracking = known.shown.get("tracking_numbers")
        if isinstance(tracking, list):
            seen = f"{len(tracking)} tracking numbers"
            one = len(tracking) == 1
            expect(
                "MA-ORDERS-TEST-TRACKING", one, expected="one tracking number", seen=seen, evidence=evidence
            )


@pytest.mark.parametrize(
    "product",
    [
        pytest.param(product, marks=requirement(product.requirement), id=product.name)
        for product in TEST_PRODUCTS
        if product.refused
    ],
)
@requirement("MA-ORDERS-TEST-FUNDS-402", "MA-ORDERS-TEST-REFUSAL-400")
def test_a_test_product_makes_an_order_refused(orders: Orders, expect: Expect, product: TestProduct) -> None:
    """At once, with the code that its name says."""
    _accepted(orders)
    answer = orders.send(orders.fields(product, account=orders.own_account()))
    response = answer.response
    # Wherever an error has its code: how errors are shaped is another matter
    named = response.refused and f'"{product.error}"' in response.body.decode("utf-8", "replace")
    seen = f"{response} {response.body[:90].decode('utf-8', 'replace')}"
    expected = f"a refusal with {product.error}"
    expect(product.requirement, named, expected=expected, seen=seen, evidence=answer)
    if response.refused and product.error == "insufficient_funds":
        is_so = response.status == 402
        expect("MA-ORDERS-TEST-FUNDS-402", is_so, expected="402", seen=response, evidence=answer)
    elif response.refused:
        is_so = response.status == 400
        expect("MA-ORDERS-TEST-REFUSAL-400", is_so, expected="400", seen=response, evidence=answer)
    orders.list()
