"""A sandbox of a first use, the fixtures that it may start from, and deviations by name."""

import json
import sys
import threading
from pathlib import Path

import pytest
from caller import ACCOUNTS, START, Caller, order, reasons, refusal

from mock_server import create_app
from mock_server.settings import SettingsError

STATES = Path(__file__).parents[3] / "fixtures" / "states"


def shape(call: Caller) -> dict:
    """Returns all that a sandbox shows of itself, without the ids that differ between keys."""
    paths = (ACCOUNTS, "/orders", "/_mock/snapshot", "/_mock/clock", "/_mock/faults", "/_mock/queues")
    shown = {path: call.get(path).get_json() for path in paths}
    return shown | {"deviations": call.get("/_mock/deviations").get_json()["active"]}


def test_reset_empties_everything_of_this_key_and_nothing_of_another(call):
    other = call.another()
    fresh = shape(call)
    for caller in (call, other):
        caller.account("amazon", password="hunter2")
        caller.order(idempotency_key="k")
        caller.fault(operation="getOrder", delay_ms=1)
        caller.advance(3600)
    kept = shape(other)
    answer = call.post("/_mock/reset")
    assert (answer.status_code, answer.data) == (204, b"")
    assert call.journal() == []
    assert shape(call) == fresh
    assert shape(other) == kept
    assert call.post("/orders", order(idempotency_key="k")).status_code == 201


def test_under_a_seed_a_reset_sandbox_makes_the_same_ids_again():
    call = Caller(create_app(clock=START, seed=7), key="zn_test_seeded")
    before = call.account(), call.order()
    call.post("/_mock/reset")
    assert (call.account(), call.order()) == before
    assert call.another().account()["id"] != before[0]["id"], "another key draws other ids"


def test_without_a_seed_ids_are_random():
    assert Caller(key="one").account()["id"] != Caller(key="one").account()["id"]


# Fixtures


@pytest.mark.parametrize("state", sorted(STATES.glob("*.json")), ids=lambda path: path.stem)
def test_every_sandbox_starts_from_the_fixture_and_so_does_one_that_is_reset(state):
    app = create_app(fixtures=state, clock=START)
    given = json.loads(state.read_text())["accounts"]
    for call in (Caller(app), Caller(app)):
        listed = call.get(ACCOUNTS).get_json()["credentials"]
        assert [account["email"] for account in listed] == [account["email"] for account in given]
        for account in listed:
            call.delete(f"{ACCOUNTS}/{account['short_id']}")
        call.account()
        call.post("/_mock/reset")
        assert [account["email"] for account in call.get(ACCOUNTS).get_json()["credentials"]] == [
            account["email"] for account in given
        ]


def test_a_fixture_may_bring_its_own_clock_and_orders_in_any_state(tmp_path):
    path = tmp_path / "fixture.json"
    account = {"email": "a@example.com", "short_id": "zn_acct_aaaaaaaa", "health": "account_locked"}
    own = {"retailer_credentials_id": "zn_acct_aaaaaaaa"}
    document = {
        "accounts": [account],
        "orders": [
            order(status="order_placed", **own),
            order(status="order_failed", error_type="login_failed", **own),
            order(status="in_progress", started_at="2027-01-01T00:00:00Z", **own),
            order(status="pending", **own),
        ],
        "clock": {"mode": "manual", "now": "2027-01-01T00:00:01Z"},
    }
    path.write_text(json.dumps(document))
    call = Caller(create_app(fixtures=path))
    assert call.statuses() == ["order_placed", "order_failed", "in_progress", "pending"]
    assert call.orders()[2]["job_result"]["error_type"] == "login_failed"
    moved = call.post("/_mock/settle").get_json()
    assert moved["now"] == "2027-01-01T00:00:04Z"
    assert call.statuses() == ["order_placed", "order_failed", "order_placed", "order_failed"]


def test_a_snapshot_serves_as_a_fixture(tmp_path, call):
    account = call.account("amazon")["short_id"]
    for _ in range(2):
        call.order(retailer_credentials_id=account)
    path = tmp_path / "fixture.json"
    path.write_bytes(call.get("/_mock/snapshot").data)
    there = Caller(create_app(fixtures=path))
    assert there.get("/_mock/snapshot").get_json() == call.get("/_mock/snapshot").get_json()
    assert there.advance(10) == call.advance(10)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "no JSON at line 1"),
        ("{\n]", "no JSON at line 2"),
        ("[]", "body must be an object"),
        ('{"accounts": [{}]}', "accounts 0.email: is required"),
        ('{"accounts": [{"email": "a@b", "short_id": "x"}]}', "accounts 0.short_id"),
        ('{"orders": [{"products": [], "max_price": 1, "shipping_address": {}}]}', "orders 0.products"),
        ('{"clock": {"mode": "manual", "now": "x"}}', "clock now"),
    ],
)
def test_a_fixture_that_does_not_fit_is_refused_at_the_start(tmp_path, text, told):
    path = tmp_path / "fixture.json"
    path.write_text(text)
    with pytest.raises(SettingsError, match="fixtures") as refused:
        create_app(fixtures=path)
    assert told in str(refused.value)
    assert str(path) in str(refused.value)


def test_a_fixture_that_is_not_there_is_refused_at_the_start(tmp_path):
    with pytest.raises(SettingsError, match="No such file"):
        create_app(fixtures=tmp_path / "nothing.json")


# Deviations


def test_no_deviation_is_on_unless_it_is_switched_on(call):
    shown = call.get("/_mock/deviations").get_json()
    assert shown["active"] == []
    for deviation in shown["available"]:
        assert deviation.keys() == {"name", "requirement", "about"}
        assert deviation["requirement"].startswith("MA-")


@pytest.mark.parametrize("names", [["no-such-deviation"], [7], {}, [None]])
def test_an_unknown_deviation_is_refused(call, names):
    assert reasons(call.put("/_mock/deviations", names))
    assert call.get("/_mock/deviations").get_json()["active"] == []


def test_an_unknown_deviation_is_refused_at_the_start():
    with pytest.raises(SettingsError, match="'no-such-deviation' is no deviation"):
        create_app(deviations=("no-such-deviation",))


def test_switching_deviations_off_answers_what_is_on(call):
    answer = call.put("/_mock/deviations", [])
    assert (answer.status_code, answer.get_json()["active"]) == (200, [])


def test_unknown_control_paths_are_not_found(call):
    for method, path in [("GET", "/_mock/nowhere"), ("POST", "/_mock"), ("GET", "/_mock/clock/back")]:
        assert refusal(call(method, path)) == (404, "not_found")


def test_a_reset_among_other_requests_of_its_key_is_carried_out(call):
    """Orders that come in meanwhile must not get in its way; threads are made to change places all the time."""
    ended, interval = threading.Event(), sys.getswitchinterval()

    def submit() -> None:
        other = Caller(call.app, call.key)
        while not ended.is_set():
            other.post("/orders", order())

    threads = [threading.Thread(target=submit) for _ in range(3)]
    sys.setswitchinterval(1e-5)
    try:
        for thread in threads:
            thread.start()
        statuses = {call.post("/_mock/reset").status_code for _ in range(600)}
    finally:
        ended.set()
        sys.setswitchinterval(interval)
        for thread in threads:
            thread.join()
    assert statuses == {204}
