"""The sandbox that tests in Python hold: each method against a running mock."""

import http.client
from datetime import UTC, datetime, timedelta

import pytest
from api_calls import call, create_account, status_of, submit_order

from mock_server.testing import ControlError, Sandbox


def test_each_test_has_a_key_of_its_own(zinc_sandbox: Sandbox) -> None:
    other = Sandbox.fresh(zinc_sandbox.base_url)
    create_account(other)

    assert other.api_key.startswith("zn_test_")
    assert other.api_key != zinc_sandbox.api_key
    assert call(zinc_sandbox, "GET", "/users/managed-accounts")[1] == {"credentials": [], "total": 0}


def test_a_frozen_clock_moves_when_it_is_told_and_tells_what_happened(zinc_sandbox: Sandbox) -> None:
    start = zinc_sandbox.clock.freeze()
    create_account(zinc_sandbox)
    order = submit_order(zinc_sandbox)

    moved = zinc_sandbox.clock.advance(2)

    assert zinc_sandbox.clock.is_manual
    assert zinc_sandbox.clock.now == start + timedelta(seconds=2)
    assert [(one["order_id"], one["from"], one["to"]) for one in moved] == [
        (order["id"], "in_progress", "order_placed")
    ]
    assert status_of(zinc_sandbox, order) == "order_placed"


def test_a_clock_takes_instants_and_spans(zinc_sandbox: Sandbox) -> None:
    new_year = datetime(2100, 1, 1, tzinfo=UTC)

    assert zinc_sandbox.clock.freeze(new_year) == new_year
    assert zinc_sandbox.clock.freeze("2100-01-01T01:00:00Z") == new_year + timedelta(hours=1)
    zinc_sandbox.clock.advance(timedelta(minutes=1))

    assert zinc_sandbox.clock.now == new_year + timedelta(hours=1, minutes=1)


def test_a_frozen_clock_runs_again(zinc_sandbox: Sandbox) -> None:
    zinc_sandbox.clock.freeze()

    zinc_sandbox.clock.run()

    assert not zinc_sandbox.clock.is_manual
    with pytest.raises(ControlError, match=r"422 validation_error: .*real and moves by itself"):
        zinc_sandbox.clock.advance(1)


def test_settle_lets_a_whole_queue_happen(zinc_sandbox: Sandbox) -> None:
    zinc_sandbox.clock.freeze()
    create_account(zinc_sandbox)
    orders = [submit_order(zinc_sandbox) for _ in range(3)]

    moved = zinc_sandbox.settle()

    placed = [one["order_id"] for one in moved if one["to"] == "order_placed"]
    assert placed == [order["id"] for order in orders]


def test_settle_says_when_the_time_is_up(zinc_sandbox: Sandbox) -> None:
    create_account(zinc_sandbox)
    submit_order(zinc_sandbox)

    with pytest.raises(ControlError) as caught:
        zinc_sandbox.settle(timeout=0)

    assert caught.value.status == 408


def test_queues_show_who_holds_the_lock_and_who_waits(zinc_sandbox: Sandbox) -> None:
    zinc_sandbox.clock.freeze()
    short_id = create_account(zinc_sandbox)
    first, second, third = (submit_order(zinc_sandbox) for _ in range(3))

    assert zinc_sandbox.queues == [
        {"short_id": short_id, "in_progress": first["id"], "waiting": [second["id"], third["id"]]}
    ]


def test_an_unwell_account_fails_its_orders(zinc_sandbox: Sandbox) -> None:
    zinc_sandbox.clock.freeze()
    zinc_sandbox.set_health(create_account(zinc_sandbox), "account_locked")
    order = submit_order(zinc_sandbox)

    zinc_sandbox.settle()

    shown = call(zinc_sandbox, "GET", f"/orders/{order['id']}")[1]
    assert shown["job_result"]["error_type"] == "account_locked"


def test_the_health_of_an_account_that_is_not_there_is_refused(zinc_sandbox: Sandbox) -> None:
    with pytest.raises(ControlError) as caught:
        zinc_sandbox.set_health("zn/acct?", "ok")

    assert caught.value.status == 404
    assert caught.value.problem["code"] == "not_found"


def test_faults_strike_are_counted_and_heal(zinc_sandbox: Sandbox) -> None:
    zinc_sandbox.faults.add("listOrders", status=503, times=1)

    assert call(zinc_sandbox, "GET", "/orders")[0] == 503
    assert call(zinc_sandbox, "GET", "/orders")[0] == 200
    assert [fault["fired"] for fault in zinc_sandbox.faults] == [1]


def test_an_answer_can_get_lost(zinc_sandbox: Sandbox) -> None:
    zinc_sandbox.faults.add("createManagedAccount", drop=True, phase="after", times=1)

    with pytest.raises((http.client.HTTPException, OSError)):
        create_account(zinc_sandbox)

    assert call(zinc_sandbox, "GET", "/users/managed-accounts")[1]["total"] == 1


def test_cleared_faults_strike_no_more(zinc_sandbox: Sandbox) -> None:
    zinc_sandbox.faults.add(code="not_found", rate=1.0, seed=1, delay_ms=0)

    zinc_sandbox.faults.clear()

    assert list(zinc_sandbox.faults) == []
    assert call(zinc_sandbox, "GET", "/orders")[0] == 200


def test_the_journal_and_the_reasons(zinc_sandbox: Sandbox) -> None:
    _, _, request_id = call(zinc_sandbox, "POST", "/users/managed-accounts", {"password": "hunter2"})

    (entry,) = zinc_sandbox.journal
    assert (entry["id"], entry["response"]["status"]) == (request_id, 422)
    assert "hunter2" not in str(entry)
    assert zinc_sandbox.explain(request_id)["validation"][0]["field"] == "email"
    zinc_sandbox.clear_journal()
    assert zinc_sandbox.journal == []


def test_what_was_exercised(zinc_sandbox: Sandbox) -> None:
    create_account(zinc_sandbox, colour="blue")

    assert zinc_sandbox.coverage["summary"]["operations"]["exercised"] == 1
    assert zinc_sandbox.coverage["findings"][0]["rule"] == "unknown-field"


def test_a_snapshot_goes_into_another_sandbox(zinc_sandbox: Sandbox) -> None:
    zinc_sandbox.clock.freeze()
    create_account(zinc_sandbox)
    order = submit_order(zinc_sandbox)
    other = Sandbox.fresh(zinc_sandbox.base_url)

    document = zinc_sandbox.snapshot()
    restored = other.restore(document)
    other.settle()

    assert restored == document
    assert status_of(other, order) == "order_placed"
    assert status_of(zinc_sandbox, order) == "in_progress"


def test_a_reset_empties_it(zinc_sandbox: Sandbox) -> None:
    create_account(zinc_sandbox)
    zinc_sandbox.faults.add(drop=True)

    zinc_sandbox.reset()

    assert call(zinc_sandbox, "GET", "/users/managed-accounts")[1]["total"] == 0


def test_deviations_are_set_by_name(zinc_sandbox: Sandbox) -> None:
    available = [deviation["name"] for deviation in zinc_sandbox.deviations.available]

    zinc_sandbox.deviations.set(available[:1])
    assert zinc_sandbox.deviations.active == available[:1]
    zinc_sandbox.deviations.set([])

    assert zinc_sandbox.deviations.active == []
    with pytest.raises(ControlError, match="is no deviation"):
        zinc_sandbox.deviations.set(["nothing-of-this-name"])


def test_proxies_of_the_environment_are_not_asked(
    zinc_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")

    assert zinc_sandbox.journal == []
