"""Numbers, texts, paths and sizes that nobody sends on purpose: each has an answer, and it is never a 500."""

import logging

import pytest
from bounds import BOUNDED
from caller import ACCOUNTS, START, Caller, order, reasons, refusal
from hypothesis import given, settings
from hypothesis import strategies as st

from mock_server import create_app
from mock_server.operations import HANDLERS

HUGE = ["18446744073709551616", "1e300", "9007199254740992", "1" * 400]
APP = create_app(clock=START)


@pytest.mark.parametrize("number", HUGE)
def test_a_price_past_what_every_parser_reads_exactly_is_refused(call, number):
    raw = (
        b'{"products": [{"url": "https://a.com"}], "shipping_address": {}, "max_price": %s}' % number.encode()
    )
    answer = call.post("/orders", raw=raw)
    assert answer.status_code in (400, 422)
    assert call.orders() == []


def test_a_whole_number_may_be_written_with_a_fraction_of_zero(call):
    raw = (
        b'{"products": [{"url": "https://a.com", "quantity": 2.0}], "shipping_address": {}, "max_price": 1e3}'
    )
    answer = call.post("/orders", raw=raw)
    assert answer.status_code == 201
    assert b'"max_price":1000,' in answer.data
    assert b'"quantity":2,' in answer.data


@pytest.mark.parametrize(
    "text", ["\0", "\u2028", "\x7f", "\N{SNOWMAN}", "\N{PILE OF POO}", "'\"\\</script>", "x" * 9999]
)
def test_any_text_that_json_can_hold_comes_back_as_it_was_sent(call, text):
    account = call.account(text, email=f"{text}@example.com")
    assert (account["email"], account["retailer"]) == (f"{text}@example.com", text)
    shown = call.order("https://a.com/", metadata={text: [text]}, po_number=text)
    assert (shown["metadata"], shown["po_number"]) == ({text: [text]}, text)
    assert call.get(ACCOUNTS).get_json()["credentials"] == [account]


@pytest.mark.parametrize(
    "raw", [rb'{"email": "\ud800@example.com"}', b'{"email": "\xff@example.com"}', b'{"email": NaN}']
)
def test_text_that_json_cannot_hold_is_no_json(call, raw):
    assert refusal(call.post(ACCOUNTS, raw=raw)) == (400, "bad_request")


PATHS = [
    "/users//managed-accounts",
    "/orders/",
    "/orders//",
    "/Orders",
    "/orders/a/b",
    "/orders/a%2Fb",
    "/orders/..",
    "/orders/%2e%2e",
    "/orders/%00",
    "/orders/%0d%0aX-Injected:%201",
    "/orders/%ff%fe",
    "/orders/%E2%98%83",
    "/orders/test-products/",
    "/orders/" + "x" * 5000,
    "/users/managed-accounts/",
    "/users/",
    "/openapi.json/x",
    "/_mock",
    "/_mock/",
    "/_mock/clock/",
    "/_mockery",
    "/favicon.ico",
]


@pytest.mark.parametrize("path", PATHS)
def test_a_path_that_is_not_in_the_specification_leads_nowhere(call, path):
    answer = call.get(path)
    assert refusal(answer) in [(404, "not_found"), (405, "method_not_allowed")]
    assert "X-Injected" not in answer.headers


@given(st.binary(max_size=40).filter(lambda body: body.strip() != b"{}"))
@settings(BOUNDED, max_examples=100)
def test_any_bytes_for_a_body_are_refused_politely(raw):
    call = Caller(APP)
    account = call.account()
    for method, path in [
        ("POST", ACCOUNTS),
        ("PUT", f"{ACCOUNTS}/{account['short_id']}"),
        ("POST", "/orders"),
    ]:
        status, code = refusal(call(method, path, raw=raw))
        assert (status, code) in [(400, "bad_request"), (422, "validation_error")]
    assert call.get(ACCOUNTS).get_json()["credentials"] == [account]


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "products": JSON
            | st.lists(
                st.fixed_dictionaries(
                    {"url": st.just("https://a.com/") | st.text()},
                    optional={"quantity": JSON, "variant": JSON},
                )
            ),
            "shipping_address": st.just({}) | JSON,
            "max_price": st.just(5) | JSON,
            "retailer_credentials_id": JSON,
            "idempotency_key": JSON,
            "metadata": JSON,
            "po_number": JSON,
        },
    )
)
@settings(BOUNDED, max_examples=150)
def test_any_json_for_an_order_is_taken_or_refused(body):
    call = Caller(APP)
    answer = call.post("/orders", body)
    assert answer.status_code in (201, 400, 404, 422), answer.text
    assert len(call.orders()) == (answer.status_code == 201)


def test_thousands_of_unknown_fields_are_as_good_as_none(call):
    body = {"email": "a@example.com", **{f"unknown-{n}": n for n in range(40_000)}}
    assert call.post(ACCOUNTS, body).status_code == 201
    assert call.journal()[0]["ignored"][-2:] == ["unknown-49", "and 39950 more"]


def test_thousands_of_unknown_fields_in_a_list_are_as_good_as_none(call):
    products = [{"url": "https://a.com/", "color": "red"} for _ in range(10_000)]
    answer = call.post("/orders", {**order(), "products": products})
    assert answer.status_code == 201
    assert "color" not in answer.text


def test_a_body_that_is_wrong_in_thousands_of_places_is_refused_in_a_few_words(call):
    answer = call.post("/orders", {**order(), "products": [0] * 300_000})
    assert reasons(answer)["products"].startswith("0: must be an object")
    assert len(answer.data) < 10_000


def test_an_order_at_the_end_of_the_calendar_is_taken_and_ends(call):
    call.put("/_mock/clock", {"mode": "manual", "now": "9999-12-31T23:59:59.999999Z"})
    account = call.account()
    call.order()
    call.order()
    assert call.orders()[0]["retailer_credentials_id"] == account["short_id"]
    call.post("/_mock/settle")
    assert call.statuses() == ["order_placed"] * 2


def test_each_missing_field_has_its_own_reason(call):
    assert reasons(call.post("/orders", {})) == {
        "products": "is required",
        "shipping_address": "is required",
        "max_price": "is required",
    }


def test_an_answer_that_json_cannot_say_is_a_crash_like_any_other(call, monkeypatch, caplog):
    monkeypatch.setattr(logging.getLogger("mock_server"), "propagate", True)
    monkeypatch.setitem(HANDLERS, "listOrders", lambda *_: {"orders": [], "too_large": 2**64})
    answer = call.get("/orders")
    assert refusal(answer) == (500, "internal_error")
    assert answer.headers["X-Request-Id"]
    assert "64-bit" in caplog.text
