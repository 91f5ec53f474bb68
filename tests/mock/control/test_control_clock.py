"""Time as a test wants it: standing, moved, running; and never back."""

from datetime import UTC, datetime, timedelta

import pytest
from caller import ACCOUNTS, START, Caller, reasons, refusal

ORDER_TIME = 2  # seconds that an order is in progress


def clock(call: Caller) -> dict:
    return call.get("/_mock/clock").get_json()


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_a_clock_is_real_unless_told_otherwise():
    call = Caller(clock="real")
    shown = clock(call)
    assert shown["mode"] == "real"
    assert abs(instant(shown["now"]) - datetime.now(UTC)) < timedelta(minutes=5)
    assert shown["now"].endswith("Z")
    assert instant(clock(call)["now"]) >= instant(shown["now"])


def test_a_clock_given_at_the_start_stands_there_in_every_new_sandbox(call):
    assert clock(call) == clock(call) == clock(call.another()) == {"mode": "manual", "now": START}


def test_a_manual_clock_without_now_freezes_at_its_present_instant():
    call = Caller(clock="real")
    before = clock(call)["now"]
    answer = call.put("/_mock/clock", {"mode": "manual"})
    assert (answer.status_code, answer.get_json()["mode"]) == (200, "manual")
    assert instant(answer.get_json()["now"]) >= instant(before)
    assert clock(call) == clock(call) == answer.get_json()


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("2026-01-15T10:30:00Z", "2026-01-15T10:30:00Z"),
        ("2026-01-15T12:30:00.25+01:00", "2026-01-15T11:30:00.250000Z"),
        ("2026-01-15t10:30:01z", "2026-01-15T10:30:01Z"),
        ("2026-01-15T10:30:01.123456789Z", "2026-01-15T10:30:01.123456Z"),
        ("9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z"),
    ],
)
def test_an_instant_may_be_given_in_any_form_of_rfc_3339_and_is_shown_in_utc(call, given, shown):
    assert call.put("/_mock/clock", {"mode": "manual", "now": given}).get_json()["now"] == shown


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "mode"),
        ({"mode": "fast"}, "mode"),
        ({"mode": None}, "mode"),
        ({"mode": "manual", "now": "tomorrow"}, "now"),
        ({"mode": "manual", "now": "2026-01-15"}, "now"),
        ({"mode": "manual", "now": "2026-01-15T10:30:00"}, "now"),
        ({"mode": "manual", "now": "2026-02-30T10:30:00Z"}, "now"),
        ({"mode": "manual", "now": "2026-12-31T23:59:60Z"}, "now"),
        ({"mode": "manual", "now": "9999-12-31T23:59:59-01:00"}, "now"),
        ({"mode": "manual", "now": 1768473000}, "now"),
        ({"mode": "manual", "now": ""}, "now"),
        ({"mode": "manual", "now": "2026-01-15T10:29:59.999999Z"}, "now"),
        ({"mode": "real", "now": START}, "now"),
        ([], "body"),
    ],
)
def test_a_bad_instant_or_one_before_the_present_is_refused_and_the_clock_stays(call, body, field):
    assert field in reasons(call.put("/_mock/clock", body))
    assert clock(call) == {"mode": "manual", "now": START}


def test_each_key_has_a_clock_of_its_own(call):
    other = call.another()
    call.advance(3600)
    assert clock(call)["now"] == "2026-01-15T11:30:00Z"
    assert clock(other)["now"] == START


def test_advancing_moves_the_clock_and_tells_what_happened_each_thing_at_its_own_instant(call):
    account = call.account()["short_id"]
    first, second = (call.order(retailer_credentials_id=account)["id"] for _ in range(2))
    answer = call.post("/_mock/clock/advance", {"seconds": 30})
    assert answer.status_code == 200
    assert answer.get_json() == {
        "mode": "manual",
        "now": "2026-01-15T10:30:30Z",
        "transitions": [
            {"at": "2026-01-15T10:30:02Z", "order_id": first, "from": "in_progress", "to": "order_placed"},
            {"at": "2026-01-15T10:30:02Z", "order_id": second, "from": "pending", "to": "in_progress"},
            {"at": "2026-01-15T10:30:04Z", "order_id": second, "from": "in_progress", "to": "order_placed"},
        ],
    }
    assert call.advance(30) == []


def test_advancing_ten_times_comes_to_the_same_as_advancing_once(call):
    other = call.another()
    for caller in (call, other):
        account = caller.account()["short_id"]
        for _ in range(4):
            caller.order(retailer_credentials_id=account)
    at_once = call.advance(7)
    in_steps = [moved for _ in range(10) for moved in other.advance(0.7)]
    assert [(m["at"], m["from"], m["to"]) for m in in_steps] == [
        (m["at"], m["from"], m["to"]) for m in at_once
    ]
    assert clock(call) == clock(other)
    assert call.statuses() == other.statuses()


def test_nothing_moves_under_a_standing_clock_until_it_is_told_to(call):
    call.order()
    assert call.statuses() == call.statuses() == ["in_progress"]
    call.advance(1.999999)
    assert call.statuses() == ["in_progress"]
    call.advance(0.000001)
    assert call.statuses() == ["order_placed"]


def test_setting_the_clock_forward_lets_happen_what_was_due(call):
    account = call.account()["short_id"]
    for _ in range(2):
        call.order(retailer_credentials_id=account)
    call.put("/_mock/clock", {"mode": "manual", "now": "2026-01-15T10:30:03Z"})
    assert call.statuses() == ["order_placed", "in_progress"]
    assert call.orders()[0]["updated_at"] == "2026-01-15T10:30:02Z"


@pytest.mark.parametrize("seconds", [0, 0.0, 1e-9, 0.000001, 86400, 1e10])
def test_seconds_may_be_any_number_from_0_up(call, seconds):
    assert call.post("/_mock/clock/advance", {"seconds": seconds}).status_code == 200


@pytest.mark.parametrize("seconds", [-1, -0.001, "30", None, True, 1e12, 1e300, 10**30])
def test_other_seconds_are_refused_and_the_clock_stays(call, seconds):
    assert "seconds" in reasons(call.post("/_mock/clock/advance", {"seconds": seconds}))
    assert clock(call)["now"] == START


def test_a_real_clock_cannot_be_advanced():
    call = Caller(clock="real")
    assert "manual" in reasons(call.post("/_mock/clock/advance", {"seconds": 1}))["seconds"]


def test_a_clock_that_was_set_ahead_runs_on_from_there(call):
    call.put("/_mock/clock", {"mode": "manual", "now": "2300-01-01T00:00:00Z"})
    call.put("/_mock/clock", {"mode": "real"})
    assert instant("2300-01-01T00:00:00Z") <= instant(clock(call)["now"]) < instant("2300-01-02T00:00:00Z")


def test_a_clock_that_runs_on_from_the_last_instant_of_the_calendar_stays_there(call):
    call.put("/_mock/clock", {"mode": "manual", "now": "9999-12-31T23:59:59.999999Z"})
    assert call.put("/_mock/clock", {"mode": "real"}).status_code == 200
    assert clock(call) == {"mode": "real", "now": "9999-12-31T23:59:59.999999Z"}
    assert call.order()["status"] == "in_progress"


def test_while_a_clock_stands_updates_happen_at_its_instant(call):
    account = call.account()
    call.advance(60)
    updated = call.put(f"{ACCOUNTS}/{account['short_id']}", {"email": "b@example.com"}).get_json()
    assert (updated["created_at"], updated["updated_at"]) == (START, "2026-01-15T10:31:00Z")


def test_while_a_clock_stands_date_headers_are_its_instant_too(call):
    assert call.get(ACCOUNTS).headers["Date"] == "Thu, 15 Jan 2026 10:30:00 GMT"


# settle


def test_settling_moves_a_manual_clock_just_far_enough_that_nothing_waits_or_runs(call):
    account = call.account()["short_id"]
    for _ in range(3):
        call.order(retailer_credentials_id=account)
    call.advance(0.5)
    answer = call.post("/_mock/settle").get_json()
    assert (answer["mode"], answer["now"]) == ("manual", "2026-01-15T10:30:06Z")
    assert [moved["to"] for moved in answer["transitions"]] == [
        "order_placed", "in_progress", "order_placed", "in_progress", "order_placed"
    ]  # fmt: skip
    again = call.post("/_mock/settle").get_json()
    assert again == {"mode": "manual", "now": "2026-01-15T10:30:06Z", "transitions": []}


@pytest.mark.parametrize("move", ["settle", "clock/advance"])
def test_orders_that_take_no_time_are_told_by_the_call_that_lets_them_end(move):
    call = Caller(processing_time=0)
    account = call.account()["short_id"]
    for _ in range(2):
        call.order(retailer_credentials_id=account)
    answer = call.post(f"/_mock/{move}", {"seconds": 0})
    assert [moved["to"] for moved in answer.get_json()["transitions"]][-1:] == ["order_placed"]
    assert call.statuses() == ["order_placed"] * 2


def test_settling_on_a_real_clock_waits_until_it_is_so():
    call = Caller(clock="real", processing_time=0.3)
    assert call.post("/_mock/settle").get_json()["transitions"] == []
    account = call.account()["short_id"]
    ids = [call.order(retailer_credentials_id=account)["id"] for _ in range(2)]
    answer = call.post("/_mock/settle").get_json()
    assert answer["mode"] == "real"
    last = answer["transitions"][-1]
    assert (last["order_id"], last["from"], last["to"]) == (ids[1], "in_progress", "order_placed")
    assert call.statuses() == ["order_placed"] * 2


def test_settling_on_a_real_clock_gives_up_when_its_time_is_up():
    call = Caller(clock="real", processing_time=3600)
    call.order()
    assert refusal(call.post("/_mock/settle?timeout=0.01")) == (408, "timeout")
    assert call.statuses() == ["in_progress"]


@pytest.mark.parametrize("timeout", ["soon", "-1", "nan", "inf", "301", ""])
def test_a_timeout_is_a_number_of_seconds(call, timeout):
    assert reasons(call.post(f"/_mock/settle?timeout={timeout}")).keys() == {"timeout"}
