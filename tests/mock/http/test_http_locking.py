"""Which account serves an order, and one order at a time for each account."""

import pytest
from caller import ACCOUNTS, AMAZON, TEST_PRODUCT, Caller, order, refusal

WALMART = "https://www.walmart.com/ip/1"


def serving(call: Caller, *urls: str, **fields) -> str | None:
    return call.order(*urls, **fields)["retailer_credentials_id"]


# Which account


def test_the_account_that_is_asked_for_serves_whatever_it_is_made_for(call):
    call.account("amazon")
    walmart = call.account("walmart")["short_id"]
    assert serving(call, AMAZON, retailer_credentials_id=walmart) == walmart


def test_an_unknown_account_is_not_found(call):
    call.account("amazon")
    for short_id in ("zn_acct_unknown0", "", "amazon"):
        assert refusal(call.post("/orders", order(retailer_credentials_id=short_id))) == (404, "not_found")
    assert call.orders() == []


def test_null_asks_for_no_account(call):
    account = call.account("amazon")["short_id"]
    assert serving(call, retailer_credentials_id=None) == account


def test_else_the_oldest_account_whose_retailer_fits_serves(call):
    call.account(None)
    call.account("walmart")
    oldest = call.account("amazon")["short_id"]
    call.account("amazon")
    assert serving(call, AMAZON) == oldest


def test_else_the_oldest_default_account_serves(call):
    call.account("walmart")
    oldest = call.account(None)["short_id"]
    call.account(None)
    assert serving(call, AMAZON) == oldest


def test_else_none_serves_and_the_order_does_not_wait(call):
    call.account("walmart")
    orders = [call.order(AMAZON) for _ in range(3)]
    assert {(shown["retailer_credentials_id"], shown["status"]) for shown in orders} == {
        (None, "in_progress")
    }


@pytest.mark.parametrize(
    ("retailer", "url", "fits"),
    [
        ("amazon", "https://www.amazon.com/dp/1", True),
        ("amazon", "https://amazon.co.uk/dp/1", True),
        ("amazon", "https://www.amazon.co.uk:8443/dp/1", True),
        ("amazon", "https://WWW.AMAZON.COM/dp/1", True),
        ("amazon", "https://notamazon.com/dp/1", False),
        ("amazon", "https://amazon-deals.com/dp/1", False),
        ("amazon", "https://shop.example/amazon", False),
        ("amazon", "https://shop.example/?amazon.com", False),
        ("amazon.com", "https://www.amazon.com/dp/1", False),
        ("", "https://www.amazon.com/dp/1", False),
    ],
)
def test_a_retailer_fits_a_host_when_it_equals_one_of_its_labels(call, retailer, url, fits):
    account = call.account(retailer)["short_id"]
    assert serving(call, url) == (account if fits else None)


def test_a_changed_retailer_and_a_deleted_account_count_from_then_on(call):
    first, second = call.account("amazon")["short_id"], call.account("amazon")["short_id"]
    call.put(f"{ACCOUNTS}/{first}", {"retailer": "walmart"})
    assert serving(call, AMAZON) == second
    call.put(f"{ACCOUNTS}/{first}", {"retailer": None})
    call.delete(f"{ACCOUNTS}/{second}")
    assert serving(call, AMAZON) == first
    call.delete(f"{ACCOUNTS}/{first}")
    assert serving(call, AMAZON) is None


@pytest.mark.parametrize("state", ["login_failed", "account_locked"])
def test_health_plays_no_part_in_the_choice(call, state):
    sick = call.account("amazon")["short_id"]
    call.account("amazon")
    call.health(sick, state)
    assert serving(call, AMAZON) == sick


# One at a time


def test_one_order_at_a_time_first_in_first_out(call):
    account = call.account()["short_id"]
    for _ in range(3):
        call.order(retailer_credentials_id=account)
    seen = [call.statuses()]
    for _ in range(3):
        call.advance(2)
        seen.append(call.statuses())
    assert seen == [
        ["in_progress", "pending", "pending"],
        ["order_placed", "in_progress", "pending"],
        ["order_placed", "order_placed", "in_progress"],
        ["order_placed", "order_placed", "order_placed"],
    ]


def test_a_waiting_order_has_not_been_tried_and_starts_at_its_own_instant(call):
    account = call.account()["short_id"]
    call.order(retailer_credentials_id=account)
    waiting = call.order(retailer_credentials_id=account)
    assert (waiting["status"], waiting["attempts"]) == ("pending", 0)
    assert {item["status"] for item in waiting["items"]} == {"pending"}
    call.advance(3)
    running = call.orders()[0]
    assert (running["status"], running["attempts"]) == ("in_progress", 1)
    assert running["updated_at"] == "2026-01-15T10:30:02Z"
    assert running["created_at"] == "2026-01-15T10:30:00Z"


def test_orders_of_different_accounts_run_side_by_side(call):
    accounts = [call.account()["short_id"] for _ in range(5)]
    for account in accounts:
        call.order(retailer_credentials_id=account)
    assert call.statuses() == ["in_progress"] * 5
    call.advance(2)
    assert call.statuses() == ["order_placed"] * 5


def test_accounts_of_one_retailer_have_locks_of_their_own(call):
    one, other = call.account("amazon")["short_id"], call.account("amazon")["short_id"]
    for account in (one, other, one):
        call.order(retailer_credentials_id=account)
    assert call.statuses() == ["in_progress", "in_progress", "pending"]


@pytest.mark.parametrize(
    "product", ["out-of-stock", "price-exceeded", "invalid-variant", "shipping-unavailable"]
)
def test_a_failure_frees_the_lock(call, product):
    account = call.account()["short_id"]
    call.order(TEST_PRODUCT + product, retailer_credentials_id=account)
    call.order(TEST_PRODUCT + "success", retailer_credentials_id=account)
    call.advance(2)
    assert call.statuses() == ["order_failed", "in_progress"]
    call.advance(2)
    assert call.statuses() == ["order_failed", "order_placed"]


def test_a_refused_order_takes_no_lock_and_no_place_in_line(call):
    account = call.account()["short_id"]
    call.post("/orders", order(TEST_PRODUCT + "invalid-address", retailer_credentials_id=account))
    assert call.order(retailer_credentials_id=account)["status"] == "in_progress"


def test_deleting_an_account_fails_its_current_and_queued_orders_and_no_others(call):
    gone, kept = call.account()["short_id"], call.account()["short_id"]
    placed = call.order(retailer_credentials_id=gone)["id"]
    call.advance(2)
    for account in (gone, kept, gone):
        call.order(retailer_credentials_id=account)
    call.advance(0.5)
    call.delete(f"{ACCOUNTS}/{gone}")
    oldest_first = call.orders()[::-1]
    assert [shown["status"] for shown in oldest_first] == [
        "order_placed", "order_failed", "in_progress", "order_failed"
    ]  # fmt: skip
    for shown in (oldest_first[1], oldest_first[3]):
        assert shown["job_result"]["error_type"] == "login_failed"
        assert shown["updated_at"] == "2026-01-15T10:30:02.500000Z"
    call.advance(60)
    assert call.statuses() == ["order_placed", "order_failed", "order_placed", "order_failed"]
    assert call.get(f"/orders/{placed}").get_json()["status"] == "order_placed"


# Health and queues


@pytest.mark.parametrize("state", ["login_failed", "account_locked"])
def test_an_unhealthy_account_fails_each_order_that_reaches_the_head_of_its_queue(call, state):
    account = call.account()["short_id"]
    for _ in range(3):
        call.order(retailer_credentials_id=account)
    call.health(account, state)
    call.advance(4)
    call.health(account, "ok")
    call.advance(4)
    assert call.statuses() == ["order_placed", "order_failed", "order_failed"]
    assert {shown["job_result"]["error_type"] for shown in call.orders()[:2]} == {state}
    assert call.order(retailer_credentials_id=account)["status"] == "in_progress"


@pytest.mark.parametrize(
    ("state", "change", "after"),
    [
        ("login_failed", {"password": "new"}, "order_placed"),
        ("login_failed", {"password": None}, "order_failed"),
        ("login_failed", {"email": "new@example.com"}, "order_failed"),
        ("account_locked", {"password": "new"}, "order_failed"),
    ],
)
def test_a_new_password_heals_a_failed_login_and_nothing_else(call, state, change, after):
    account = call.account()["short_id"]
    call.health(account, state)
    call.put(f"{ACCOUNTS}/{account}", change)
    call.order(retailer_credentials_id=account)
    call.advance(2)
    assert call.statuses() == [after]


def test_setting_the_health_of_an_account_answers_it(call):
    account = call.account()["short_id"]
    path = f"/_mock/accounts/{account}/health"
    assert call.put(path, {"state": "account_locked"}).get_json() == {
        "short_id": account,
        "state": "account_locked",
    }
    for body in ({}, {"state": "fine"}, {"state": None}, []):
        assert refusal(call.put(path, body)) == (422, "validation_error")
    unknown = call.put("/_mock/accounts/zn_acct_unknown0/health", {"state": "ok"})
    assert refusal(unknown) == (404, "not_found")


def test_the_queues_show_who_holds_each_lock_and_who_waits_in_line(call):
    busy, idle = call.account()["short_id"], call.account()["short_id"]
    first, second, third = (call.order(retailer_credentials_id=busy)["id"] for _ in range(3))

    def queues():
        return call.get("/_mock/queues").get_json()["queues"]

    nothing = {"short_id": idle, "in_progress": None, "waiting": []}
    assert queues() == [{"short_id": busy, "in_progress": first, "waiting": [second, third]}, nothing]
    call.advance(2)
    assert queues() == [{"short_id": busy, "in_progress": second, "waiting": [third]}, nothing]
    call.delete(f"{ACCOUNTS}/{busy}")
    assert queues() == [nothing]
