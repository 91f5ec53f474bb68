"""A sandbox as one document, put back and put elsewhere; and documents that no sandbox could be in."""

import json

import pytest
from bounds import BOUNDED
from caller import ACCOUNTS, AMAZON, START, TEST_PRODUCT, Caller, order, reasons, refusal
from hypothesis import given, settings
from hypothesis import strategies as st

from mock_server import create_app


def filled(call: Caller) -> None:
    """Fills a sandbox with something of everything, in the midst of its work."""
    amazon = call.account("amazon", password="hunter2")
    default = call.account(None)
    call.account("walmart")
    call.order(TEST_PRODUCT + "out-of-stock")
    call.advance(2.5)
    for short_id in (amazon, default, default, amazon, amazon):
        call.order(retailer_credentials_id=short_id["short_id"], po_number="PO-1", metadata={"a": [1]})
    call.order("https://target.com/1", idempotency_key="k", retailer_credentials_id=None)
    call.advance(1)
    call.health(default["short_id"], "account_locked")


def snapshot(call: Caller) -> dict:
    return call.get("/_mock/snapshot").get_json()


def views(call: Caller) -> list[bytes]:
    return [call.get(path).data for path in (ACCOUNTS, "/orders", "/_mock/queues", "/_mock/clock")]


def test_a_snapshot_shows_accounts_orders_and_clock_and_no_secret(call):
    filled(call)
    shown = call.get("/_mock/snapshot")
    assert shown.get_json().keys() == {"accounts", "orders", "clock"}
    assert shown.get_json()["clock"] == {"mode": "manual", "now": "2026-01-15T10:30:03.500000Z"}
    assert "hunter2" not in shown.text
    assert "password" not in shown.text


def test_a_snapshot_put_back_changes_nothing(call):
    filled(call)
    before, document = views(call), snapshot(call)
    answer = call.put("/_mock/snapshot", document)
    assert (answer.status_code, answer.get_json()) == (200, document)
    assert views(call) == before


def test_a_snapshot_put_into_another_sandbox_goes_on_there_as_it_would_have_here(call):
    filled(call)
    there = call.another()
    there.put("/_mock/snapshot", snapshot(call))
    assert views(there) == views(call)
    for step in (0.5, 1, 1, 2, 30):
        assert there.advance(step) == call.advance(step)
        assert views(there) == views(call)
    assert refusal(there.post("/orders", order(idempotency_key="k"))) == (409, "already_exists")
    assert there.order(AMAZON)["retailer_credentials_id"] == call.order(AMAZON)["retailer_credentials_id"]


def test_orders_that_end_at_one_instant_do_so_in_the_same_order_after_a_snapshot(call):
    one, other = call.account()["short_id"], call.account()["short_id"]
    for short_id in (one, other, other, one):
        call.order(retailer_credentials_id=short_id)
    call.advance(2)
    there = call.another()
    there.put("/_mock/snapshot", snapshot(call))
    assert there.advance(10) == call.advance(10)


def test_a_snapshot_keeps_the_failure_that_a_running_order_will_end_in(call):
    account = call.account()["short_id"]
    call.health(account, "login_failed")
    call.order(retailer_credentials_id=account)
    call.health(account, "ok")
    call.put("/_mock/snapshot", snapshot(call))
    call.advance(2)
    assert call.orders()[0]["job_result"]["error_type"] == "login_failed"


def test_a_snapshot_knows_which_failed_orders_never_started(call):
    account = call.account()["short_id"]
    call.order(retailer_credentials_id=account)
    call.order(retailer_credentials_id=account)
    call.delete(f"{ACCOUNTS}/{account}")
    before, document = views(call), snapshot(call)
    assert [failed["attempts"] for failed in call.orders()] == [0, 1]
    assert call.put("/_mock/snapshot", document).get_json() == document
    assert views(call) == before


def test_a_snapshot_of_more_than_one_mebibyte_is_taken_back(call):
    note = "x" * 1_000_000
    call.order(metadata={"note": note})
    call.order(metadata={"note": note})
    document = snapshot(call)
    assert call.put("/_mock/snapshot", document).get_json() == document


def test_a_snapshot_replaces_what_was_there(call):
    filled(call)
    empty = {"accounts": [], "orders": []}
    call.put("/_mock/snapshot", empty)
    assert call.get(ACCOUNTS).get_json() == {"credentials": [], "total": 0}
    assert call.orders() == []
    assert call.get("/_mock/clock").get_json()["now"] == "2026-01-15T10:30:03.500000Z"


def test_ids_are_still_unique_after_a_snapshot_under_a_seed():
    call = Caller(seed=7)
    before = call.account(), call.order()
    document = snapshot(call)
    call.post("/_mock/reset")
    call.put("/_mock/snapshot", document)
    after = call.account(), call.order()
    assert len({made["id"] for made in before + after}) == 4
    assert before[0]["short_id"] != after[0]["short_id"]


def test_ids_that_a_document_leaves_out_are_none_of_those_that_it_gives():
    call = Caller(seed=7)
    for submit in (call.account, call.order):
        for _ in range(3):
            submit()
    document = snapshot(call)
    for shown in (*document["accounts"][1:], *document["orders"][1:]):
        del shown["id"]
    for account in document["accounts"][1:]:
        del account["short_id"]
    shown = call.put("/_mock/snapshot", document).get_json()
    assert len({account["short_id"] for account in shown["accounts"]}) == 3
    assert len({made["id"] for made in (*shown["accounts"], *shown["orders"])}) == 6


def test_a_real_clock_that_ran_ahead_runs_ahead_after_a_snapshot():
    call = Caller(clock="real")
    call.put("/_mock/clock", {"mode": "manual", "now": "2300-01-01T00:00:00Z"})
    call.put("/_mock/clock", {"mode": "real"})
    there = call.another()
    there.put("/_mock/snapshot", snapshot(call))
    assert there.get("/_mock/clock").get_json()["mode"] == "real"
    assert there.get("/_mock/clock").get_json()["now"] >= "2300-01-01T00:00:00"


def test_what_may_be_left_out_is_filled_in(call):
    document = {
        "accounts": [{"email": "a@example.com", "password": "hunter2"}],
        "orders": [{"products": [{"url": AMAZON}], "max_price": 5, "shipping_address": {}}],
    }
    shown = call.put("/_mock/snapshot", document).get_json()
    account, submitted = shown["accounts"][0], shown["orders"][0]
    assert account.keys() == {
        "id", "short_id", "email", "retailer", "created_at", "updated_at", "health"
    }  # fmt: skip
    assert (account["retailer"], account["health"], account["created_at"]) == (None, "ok", START)
    assert submitted["status"] == "in_progress", "nothing holds it up"
    assert submitted["started_at"] == submitted["created_at"] == START


def test_a_clock_whose_instant_is_left_out_stands_where_the_present_one_does(call):
    call.advance(5)
    shown = call.put("/_mock/snapshot", {"clock": {"mode": "manual"}}).get_json()
    assert shown["clock"] == {"mode": "manual", "now": "2026-01-15T10:30:05Z"}


def test_a_placed_order_has_no_failure_whatever_a_document_says(call):
    call.put("/_mock/snapshot", {"orders": [order(status="order_placed", error_type="account_locked")]})
    assert call.orders()[0]["job_result"] is None


def test_numbers_of_a_snapshot_are_whole_however_they_are_written(call):
    given = order(status="order_placed", max_price=5.0)
    given["products"][0]["quantity"] = 2.0
    call.put("/_mock/snapshot", {"orders": [given]})
    text = call.get("/orders").text
    assert '"max_price":5,' in text
    assert '"quantity":2,' in text
    assert '"total":5}' in text


ACCOUNT = {"email": "a@example.com", "short_id": "zn_acct_aaaaaaaa"}
ID = "7c9e6679-7425-40de-944b-e07fc1f90ae7"


@pytest.mark.parametrize(
    ("document", "field"),
    [
        ({"accounts": [{}]}, "accounts"),
        ({"accounts": [{"email": "nobody"}]}, "accounts"),
        ({"accounts": [{**ACCOUNT, "short_id": "foo"}]}, "accounts"),
        ({"accounts": [{**ACCOUNT, "id": "foo"}]}, "accounts"),
        ({"accounts": [{**ACCOUNT, "health": "fine"}]}, "accounts"),
        ({"accounts": [{**ACCOUNT, "created_at": "today"}]}, "accounts"),
        ({"accounts": [{**ACCOUNT, "created_at": "2026-02-30T00:00:00Z"}]}, "accounts"),
        ({"accounts": [ACCOUNT, ACCOUNT]}, "accounts"),
        ({"accounts": [{**ACCOUNT, "id": ID}, {"email": "b@example.com", "id": ID}]}, "accounts"),
        ({"accounts": None}, "accounts"),
        ({"orders": [order(status="cancelled")]}, "orders"),
        ({"orders": [order(retailer_credentials_id="zn_acct_nowhere0")]}, "orders"),
        ({"orders": [order(id=ID), order(id=ID)]}, "orders"),
        ({"orders": [order(idempotency_key="k"), order(idempotency_key="k")]}, "orders"),
        ({"orders": [{**order(), "products": [{"url": AMAZON, "variant": [1]}]}]}, "orders"),
        ({"orders": [{**order(), "products": [{"url": AMAZON, "quantity": 101}]}]}, "orders"),
        ({"orders": [order(max_price=-1)]}, "orders"),
        ({"orders": [order(max_price=1e300)]}, "orders"),
        (
            {
                "accounts": [ACCOUNT],
                "orders": [
                    order(status="in_progress", retailer_credentials_id=ACCOUNT["short_id"]) for _ in range(2)
                ],
            },
            "orders",
        ),
        ({"clock": {}}, "clock"),
        ({"clock": {"mode": "fast"}}, "clock"),
        ({"clock": {"mode": "manual", "now": "soon"}}, "clock"),
        ([], "body"),
    ],
)
def test_a_state_that_no_sandbox_could_be_in_is_refused_and_changes_nothing(call, document, field):
    filled(call)
    before = views(call)
    assert field in reasons(call.put("/_mock/snapshot", document))
    assert views(call) == before


def test_an_order_may_end_at_the_end_of_the_calendar(call):
    late = "9999-12-31T23:59:59Z"
    running = order(status="in_progress", started_at=late)
    answer = call.put("/_mock/snapshot", {"orders": [running], "clock": {"mode": "manual", "now": late}})
    assert answer.status_code == 200
    assert [moved["to"] for moved in call.post("/_mock/settle").get_json()["transitions"]] == ["order_placed"]


_APP = create_app(clock=START)
_TEXT = st.text(max_size=8)
_INSTANTS = st.sampled_from(
    ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:60Z", "9999-12-31T23:59:59-23:59", START, "", "x"]
)
_ODD = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | _TEXT | _INSTANTS
_ODD_ACCOUNT = st.fixed_dictionaries(
    {"email": _ODD | st.just("a@example.com")},
    optional={
        "id": _ODD | st.just(ID.upper()) | st.just(ID.replace("-", "")),
        "short_id": _ODD | st.just("zn_acct_aaaaaaaa\n"),
        "retailer": _ODD | st.just("amazon"),
        "created_at": _ODD,
        "updated_at": _INSTANTS,
        "health": st.sampled_from(["ok", "account_locked"]) | _ODD,
        "password": _ODD,
    },
)
_VARIANTS = st.sampled_from([None, [], [1], [{"label": "a", "value": ""}], [{"label": "a", "value": "b"}]])
_ODD_ORDER = st.fixed_dictionaries(
    {
        "products": st.lists(
            st.fixed_dictionaries(
                {"url": _TEXT | st.just(AMAZON)},
                optional={"quantity": st.integers(0, 3) | st.just(1.0), "variant": _VARIANTS},
            ),
            max_size=2,
        ),
        "max_price": st.integers(-1, 3) | st.integers() | st.just(3.0),
        "shipping_address": st.dictionaries(_TEXT, _ODD, max_size=2),
    },
    optional={
        "id": st.just(ID) | _ODD,
        "status": st.sampled_from(["pending", "in_progress", "order_placed", "order_failed"]),
        "started_at": _INSTANTS | st.none(),
        "finished_at": _INSTANTS | st.none(),
        "created_at": _INSTANTS,
        "error_type": _TEXT | st.none(),
        "error": _TEXT | st.none(),
        "idempotency_key": _TEXT | st.none(),
        "retailer_credentials_id": st.just("zn_acct_aaaaaaaa\n") | _TEXT | st.none(),
    },
)


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "accounts": st.lists(_ODD_ACCOUNT, max_size=2),
            "orders": st.lists(_ODD_ORDER, max_size=3),
            "clock": st.fixed_dictionaries(
                {"mode": st.sampled_from(["real", "manual"])}, optional={"now": _INSTANTS}
            ),
        },
    )
)
@settings(BOUNDED, max_examples=250)
def test_any_document_is_taken_and_served_or_refused_with_reasons(document):
    call = Caller(_APP)
    raw = json.dumps(document).encode("utf-8", "surrogatepass")
    answer = call.put("/_mock/snapshot", raw=raw)
    if answer.status_code != 200:
        assert answer.status_code == 400 or reasons(answer)
        return
    for path in (ACCOUNTS, "/orders", "/_mock/queues", "/_mock/snapshot"):
        assert call.get(path).status_code == 200
    again = call.another()
    assert again.put("/_mock/snapshot", snapshot(call)).status_code == 200


def test_what_an_order_may_hold_a_snapshot_may_hold_too(call):
    deep = []
    for _ in range(97):
        deep = [deep]
    call.order(metadata={"deep": deep})
    assert call.put("/_mock/snapshot", snapshot(call)).status_code == 200


def test_what_moved_before_a_snapshot_was_put_back_is_not_told_again(call):
    empty = snapshot(call)
    call.put("/_mock/clock", {"mode": "manual", "now": "2040-01-01T00:00:00Z"})
    call.order()
    assert call.post("/_mock/settle").get_json()["transitions"]
    call.put("/_mock/snapshot", {**empty, "clock": {"mode": "real", "now": START}})
    assert call.post("/_mock/settle").get_json()["transitions"] == []


def test_a_misspelt_field_of_an_account_is_refused(call):
    answer = call.put("/_mock/snapshot", {"accounts": [{"email": "a@example.com", "retaler": "amazon"}]})
    assert reasons(answer) == {"accounts": "0.retaler: is not a field of this request"}


def test_an_order_without_an_id_is_named_by_its_place(call):
    orders = [order(), order(retailer_credentials_id="zn_acct_aaaaaaaa")]
    answer = call.put("/_mock/snapshot", {"orders": orders})
    assert reasons(answer) == {"orders": "number 2 needs the account zn_acct_aaaaaaaa, which is not there"}
