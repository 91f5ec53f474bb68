"""The console's lanes: who holds an account's lock, who waits for it, what failed; its clock and its buttons."""

import shlex

import pytest
import requests
from console_sandbox import AMAZON, TEST_PRODUCT, OpenConsole, Sandbox


def test_lanes_show_who_holds_the_lock_who_waits_and_what_failed(
    console: OpenConsole, sandbox: Sandbox
) -> None:
    sandbox.fill()
    page = console()
    amazon, walmart, default = page.texts(".lane .head")
    assert amazon.startswith("shopper@example.com")
    assert "held · 2 waiting" in amazon
    assert walmart.startswith("purchasing.department@example.com")
    assert "lock held" in walmart
    assert default.startswith("everywhere@example.com")
    assert "lock free" in default
    states = page.run(
        "[...document.querySelectorAll('.lane')].map(lane =>"
        "[...lane.querySelectorAll('.order')].map(order => order.classList[1]))"
    )
    assert states == [
        ["placed", "placed", "running", "waiting", "waiting"],
        ["placed", "running"],
        ["failed"],
    ]
    assert page.texts(".order.waiting .run") == ["1", "2"]
    assert "product_out_of_stock" in page.texts(".order.failed")


def test_bars_stand_where_the_instants_are(console: OpenConsole, sandbox: Sandbox) -> None:
    sandbox.account()
    sandbox.order()
    sandbox.order()
    sandbox.advance(5)
    first, second = console().run(
        "[...document.querySelectorAll('.order')].map(order => {"
        "const whole = order.getBoundingClientRect(), run = order.querySelector('.run').getBoundingClientRect();"
        "return {left: whole.left, start: run.left, end: run.right, top: whole.top}; })"
    )
    assert second["left"] == pytest.approx(first["left"], abs=1), "submitted at one instant"
    assert second["start"] == pytest.approx(first["end"], abs=1), "started when the lock was free"
    assert second["end"] - second["start"] == pytest.approx(first["end"] - first["start"], abs=1)
    assert second["top"] > first["top"]


def test_order_opens_its_life(console: OpenConsole, sandbox: Sandbox) -> None:
    account = sandbox.account()
    order = sandbox.order()
    page = console()
    page.click(".order")
    assert order["id"][:8] in page.text("#drawer-title")
    assert account in page.text("#drawer-body")
    assert f"/orders/{order['id']}" in page.text("#drawer-body")


def test_health_is_changed_on_the_lane(console: OpenConsole, sandbox: Sandbox) -> None:
    account = sandbox.account()
    page = console()
    page.choose(".health", "account_locked")
    page.until("document.querySelector('#said').innerText.includes('account_locked')")
    assert sandbox.call("GET", "/_mock/snapshot")["accounts"][0]["health"] == "account_locked"
    assert f"/_mock/accounts/{account}/health" in page.text("#last")


def test_lane_submits_a_sample_order_to_its_account(console: OpenConsole, sandbox: Sandbox) -> None:
    account = sandbox.account(retailer="walmart")
    page = console()
    page.click(".lane .acts button")
    page.until("document.querySelector('.order.running')")
    assert sandbox.call("GET", "/orders")["orders"][0]["retailer_credentials_id"] == account


def test_orders_of_no_account_and_of_a_deleted_one_have_lanes(console: OpenConsole, sandbox: Sandbox) -> None:
    sandbox.order()
    account = sandbox.account()
    sandbox.order()
    sandbox.call("DELETE", f"/users/managed-accounts/{account}")
    sandbox.account("other@example.com", "walmart")
    assert console().texts(".who b") == ["other@example.com", "Deleted account", "No managed account"]


def test_large_sandbox_says_what_is_not_drawn(console: OpenConsole, sandbox: Sandbox) -> None:
    accounts = [{"email": f"shopper-{number}@example.com"} for number in range(60)]
    accounts[0]["short_id"] = "zn_acct_first000"
    order = {"products": [{"url": AMAZON}], "shipping_address": {}, "max_price": 1}
    orders = [order | {"retailer_credentials_id": "zn_acct_first000"}] * 30
    sandbox.call("PUT", "/_mock/snapshot", {"accounts": accounts, "orders": orders})
    page = console()
    assert page.count(".lane") == 50
    assert page.text("#lanes > .more") == "10 more accounts not drawn"
    assert page.texts(".track .more")[0] == "and 23 more"


def test_clock_is_moved_by_buttons(console: OpenConsole, sandbox: Sandbox) -> None:
    sandbox.account()
    sandbox.order()
    page = console()
    assert page.text("#now") == "2030-01-15 10:30:00 UTC"
    page.click("[data-seconds='10']")
    page.until("document.querySelector('#now').innerText === '2030-01-15 10:30:10 UTC'")
    page.until("document.querySelector('.order.placed')")
    assert page.text("#said") == "1 transition happened."


def test_settle_lets_every_order_end(console: OpenConsole, sandbox: Sandbox) -> None:
    sandbox.fill()
    page = console()
    page.click("#settle")
    page.until("!document.querySelector('.order.open')")
    assert sandbox.call("POST", "/_mock/settle")["transitions"] == []


def test_clock_changes_its_mode(console: OpenConsole, sandbox: Sandbox) -> None:
    page = console()
    assert page.run("document.querySelector('.advance').disabled") is False
    page.click("[value=real] + span")
    page.until("document.querySelector('.advance').disabled")
    assert sandbox.call("GET", "/_mock/clock")["mode"] == "real"


def test_first_use_explains_itself_and_its_curl_lines_work(console: OpenConsole, sandbox: Sandbox) -> None:
    page = console()
    assert "Nothing here yet" in page.text("#lanes")
    for selector in ("#first-account", "#first-order"):
        words = shlex.split(page.text(selector).replace("\\\n", ""))
        headers = dict(words[i + 1].split(": ", 1) for i, word in enumerate(words) if word == "-H")
        url = next(word for word in words if word.startswith("http"))
        answer = requests.post(url, data=words[words.index("-d") + 1], headers=headers, timeout=10)
        assert answer.status_code == 201, answer.text
    page.until("document.querySelector('.order.running')")
    assert not page.run("document.querySelector('.first').checkVisibility()")


def test_buttons_try_it_and_reset_asks_twice(console: OpenConsole, sandbox: Sandbox) -> None:
    page = console()
    page.click("#account")
    page.until("document.querySelectorAll('.lane').length === 1")
    page.click("#order")
    page.until("document.querySelector('.order.running')")
    page.click("#reset")
    assert page.text("#reset") == "Sure?"
    assert sandbox.call("GET", "/users/managed-accounts")["total"] == 1
    page.click("#reset")
    page.until("document.querySelector('.first').checkVisibility()")
    assert sandbox.call("GET", "/users/managed-accounts")["total"] == 0


def test_refusal_is_told(console: OpenConsole) -> None:
    page = console()
    page.choose("#product", TEST_PRODUCT + "insufficient-funds")
    page.click("#order")
    page.until("document.querySelector('#said.bad')")
    assert page.text("#said").startswith("402 insufficient_funds")
    # The browser reports the status on its console; that is no fault of the page.
    assert all("402" in complaint for complaint in page.complaints())
    page.forget_complaints()
