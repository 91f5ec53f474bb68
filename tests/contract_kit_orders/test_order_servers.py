"""Servers that break one promise about orders are called wrong for that one; correct ones are not, however they are."""

import json

import pytest
import requests
from order_servers import FIRST_KEY, serve

LOCKS = "MA-LOCK-*"
ORDERS = "MA-[OL][RO]*"  # the areas orders and locking


@pytest.mark.parametrize(
    ("deviation", "requirement", "only"),
    [
        ("lock-missing", "MA-LOCK-ONE-AT-A-TIME", LOCKS),
        ("last-in-line-comes-first", "MA-LOCK-FIFO", "MA-LOCK-[FO]*"),
        ("lock-forgotten-after-failure", "MA-LOCK-FREED-AFTER-FAILURE", "MA-LOCK-FREED*"),
        ("lock-for-all-accounts", "MA-LOCK-PER-ACCOUNT", "MA-LOCK-[PS]*"),
        ("lock-shared-by-retailer", "MA-LOCK-SAME-RETAILER", "MA-LOCK-[PS]*"),
        ("lock-shared-by-email", "MA-LOCK-SAME-EMAIL", "MA-LOCK-[PS]*"),
        ("lock-races", "MA-LOCK-PARALLEL-SUBMIT", "MA-LOCK-PARALLEL-SUBMIT"),
        ("busy-account-refuses-orders", "MA-LOCK-QUEUED", "MA-LOCK-[QF]*"),
        ("waiting-orders-not-listed", "MA-LOCK-NONE-LOST", "MA-LOCK-NONE-LOST"),
        ("update-frees-lock", "MA-LOCK-UPDATE-KEEPS", "MA-LOCK-UPDATE-KEEPS"),
        ("attempts-rise-after-the-end", "MA-LOCK-RUN-ONCE", "MA-LOCK-RUN-ONCE"),
        ("placed-order-fails-later", "MA-ORDERS-FINAL", "MA-ORDERS-FINAL"),
        ("idempotency-key-forgotten", "MA-ORDERS-IDEMPOTENCY-ONCE", "MA-ORDERS-I*"),
    ],
)
def test_the_broken_promise_is_named(check, deviation, requirement, only):
    with serve(deviations=(deviation,)) as url:
        done = check(url, "--only", only, "--level", "inferred")
    assert done.ids("failed") == [requirement]
    assert (done.status, done.report["verdict"], done.report["run_errors"]) == (1, "violates", [])
    assert f"✗ {requirement}" in done.text


def test_a_server_that_keeps_everything_conforms(check):
    with serve() as url:
        done = check(url, "--only", ORDERS, "--level", "inferred")
    assert (done.ids("failed"), done.ids("not_tested"), done.report["run_errors"]) == ([], [], [])
    assert done.status == 0
    lanes = done.report["timelines"]["lanes"]
    assert max(len(lane["orders"]) for lane in lanes) >= 4


def test_of_a_server_that_is_too_quick_to_be_seen_nothing_is_guessed(check):
    with serve(processing_time=0.0) as url:
        done = check(url, "--only", LOCKS)
    assert (done.status, done.ids("failed")) == (2, [])
    for requirement in ("MA-LOCK-ONE-AT-A-TIME", "MA-LOCK-QUEUED", "MA-LOCK-PER-ACCOUNT"):
        assert done.reason(requirement).startswith("no overlap seen")
    assert {"MA-LOCK-ALL-FINISH", "MA-LOCK-FREED-AFTER-FAILURE", "MA-LOCK-NONE-LOST"} <= set(
        done.ids("passed")
    )


def test_of_a_server_that_is_too_slow_nothing_is_guessed(check):
    with serve(processing_time=600.0) as url:
        done = check(url, "--only", "MA-LOCK-[AF]*", "--timeout", "1")
    assert (done.status, done.ids("failed")) == (2, [])
    assert "longer --timeout" in done.reason("MA-LOCK-ALL-FINISH")


def speaking_prose(app):
    """Shows the statuses of orders in the words of the prose page."""
    words = {b'"order_placed"': b'"ordered"', b'"order_failed"': b'"failed"'}

    def spoken(environ, start_response):
        started = []
        body = b"".join(app(environ, lambda status, headers, *_: started.extend((status, headers))))
        for word, other in words.items():
            body = body.replace(word, other)
        headers = [(name, value) for name, value in started[1] if name.lower() != "content-length"]
        start_response(started[0], [*headers, ("Content-Length", str(len(body)))])
        return [body]

    return spoken


def test_the_other_published_words_for_statuses_break_nothing_but_the_vocabulary(check):
    with serve(speaking_prose) as url:
        done = check(url, "--only", "MA-[OL][RO]*-[FO]*", "--level", "inferred")
    assert done.ids("failed") == ["MA-ORDERS-FIELD-STATUS"]
    answers = {question["id"]: question["answer"] for question in done.report["questions"]}
    assert (answers["Q-ORDER-STATUSES"], answers["Q-OVERLAP-SEEN"]) == ("prose", "seen")


def test_accounts_and_orders_of_someone_else_are_left_alone_and_not_shown(check):
    headers = {"Authorization": f"Bearer {FIRST_KEY}"}
    with serve() as url:
        account = {"email": "someone@example.com", "password": "a secret of theirs"}
        theirs = requests.post(
            f"{url}/users/managed-accounts", json=account, headers=headers, timeout=5
        ).json()
        address = {"name": "Somebody Else", "city": "Elsewhere"}
        product = {"url": "https://www.amazon.com/dp/B0EXAMPLE1"}
        order = {"products": [product], "shipping_address": address, "max_price": 100}
        ordered = requests.post(f"{url}/orders", json=order, headers=headers, timeout=5).json()
        done = check(url, "--only", "MA-[OL][RO]*-[PQ]*", "--level", "inferred")
        after = requests.get(f"{url}/orders", headers=headers, timeout=5).json()["orders"]
    assert (done.ids("failed"), done.report["run_errors"]) == ([], [])
    assert {"MA-LOCK-QUEUED", "MA-ORDERS-QUANTITY-RANGE"} <= set(done.ids("passed"))
    told = json.dumps(done.report) + done.text
    assert not any(secret in told for secret in ("Somebody Else", ordered["id"], theirs["short_id"]))
    served = [shown for shown in after if shown["retailer_credentials_id"] == theirs["short_id"]]
    assert [shown["id"] for shown in served] == [ordered["id"]]
