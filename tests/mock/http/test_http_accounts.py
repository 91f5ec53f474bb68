"""Managed accounts, as the page says: create, list, update, delete."""

import re

import pytest
from caller import ACCOUNTS, START, Caller, reasons, refusal

from mock_server import create_app

FIELDS = ["id", "short_id", "email", "retailer", "created_at", "updated_at"]


def listed(call: Caller) -> list[dict]:
    body = call.get(ACCOUNTS).get_json()
    assert list(body) == ["credentials", "total"]
    assert body["total"] == len(body["credentials"])
    return body["credentials"]


# Create


def test_creating_answers_201_with_the_account_and_nothing_else_in_the_pages_order(call):
    answer = call.post(
        ACCOUNTS, {"email": "shopper@example.com", "password": "your-amazon-password", "retailer": "amazon"}
    )
    assert (answer.status_code, answer.mimetype) == (201, "application/json")
    account = answer.get_json()
    assert list(account) == FIELDS
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", account["id"])
    assert re.fullmatch(r"zn_acct_[a-z0-9]{8}", account["short_id"])
    assert (account["email"], account["retailer"]) == ("shopper@example.com", "amazon")
    assert account["created_at"] == account["updated_at"] == START


@pytest.mark.parametrize("body", [{}, {"retailer": None}])
def test_without_a_retailer_the_credentials_are_the_default_ones(call, body):
    answer = call.post(ACCOUNTS, {"email": "a@example.com", **body})
    assert answer.get_json()["retailer"] is None


@pytest.mark.parametrize("password", [None, "", "x", "\N{SNOWMAN}" * 1000])
def test_a_password_may_be_left_out_be_null_or_be_any_text(call, password):
    assert call.post(ACCOUNTS, {"email": "a@example.com", "password": password}).status_code == 201


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, {"email"}),
        ({"email": None}, {"email"}),
        ({"email": ""}, {"email"}),
        ({"email": "nobody"}, {"email"}),
        ({"email": 7}, {"email"}),
        ({"email": ["a@example.com"]}, {"email"}),
        ({"password": "x", "retailer": "amazon"}, {"email"}),
        ({"email": "a@example.com", "password": 7}, {"password"}),
        ({"email": "a@example.com", "password": True}, {"password"}),
        ({"email": "a@example.com", "retailer": 7}, {"retailer"}),
        ({"email": "a@example.com", "retailer": ["amazon"]}, {"retailer"}),
        ({"email": 7, "password": {}, "retailer": False}, {"email", "password", "retailer"}),
    ],
)
def test_each_wrong_field_is_refused_with_a_reason_and_nothing_is_created(call, body, fields):
    found = reasons(call.post(ACCOUNTS, body))
    assert found.keys() == fields
    assert all(found.values())
    assert listed(call) == []


def test_two_accounts_may_share_an_email_address_and_a_retailer(call):
    one, other = call.account("amazon"), call.account("amazon")
    assert one["id"] != other["id"]
    assert one["short_id"] != other["short_id"]
    assert listed(call) == [one, other]


# List


def test_a_new_key_has_no_accounts(call):
    assert call.get(ACCOUNTS).data == b'{"credentials":[],"total":0}'


def test_accounts_are_listed_in_order_of_creation_all_in_one_answer(call):
    made = []
    for number in range(60):
        made.append(call.account(email=f"{number}@example.com"))
        call.advance(number % 3)
    assert listed(call) == made
    call.put(f"{ACCOUNTS}/{made[0]['short_id']}", {"retailer": "amazon"})
    assert [account["id"] for account in listed(call)] == [account["id"] for account in made]


# Update


@pytest.mark.parametrize(
    "changes",
    [
        {"email": "new@example.com"},
        {"retailer": "walmart"},
        {"retailer": None},
        {"password": "new"},
        {"email": "new@example.com", "retailer": "walmart", "password": "new"},
    ],
)
def test_only_provided_fields_change(call, changes):
    bystander, account = call.account("target"), call.account("amazon")
    call.advance(60)
    answer = call.put(f"{ACCOUNTS}/{account['short_id']}", changes)
    assert answer.status_code == 200
    shown = {name: value for name, value in changes.items() if name != "password"}
    assert answer.get_json() == {**account, **shown, "updated_at": "2026-01-15T10:31:00Z"}
    assert list(answer.get_json()) == FIELDS
    assert listed(call) == [bystander, answer.get_json()]


@pytest.mark.parametrize(
    "changes", [{}, {"email": None}, {"password": None}, {"email": None, "password": None}, {"colour": "red"}]
)
def test_an_update_that_provides_no_field_changes_nothing_not_even_updated_at(call, changes):
    account = call.account("amazon")
    call.advance(60)
    answer = call.put(f"{ACCOUNTS}/{account['short_id']}", changes)
    assert (answer.status_code, answer.get_json()) == (200, account)


def test_an_update_to_the_same_value_is_an_update(call):
    account = call.account("amazon")
    call.advance(60)
    updated = call.put(f"{ACCOUNTS}/{account['short_id']}", {"email": account["email"]}).get_json()
    assert updated == {**account, "updated_at": "2026-01-15T10:31:00Z"}


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"email": "nobody"}, "email"), ({"password": 7}, "password"), ({"retailer": {}}, "retailer")],
)
def test_an_update_with_a_wrong_field_changes_nothing(call, changes, field):
    account = call.account("amazon")
    call.advance(60)
    right = {"email": "new@example.com", "password": "new", "retailer": "walmart"}
    answer = call.put(f"{ACCOUNTS}/{account['short_id']}", {**right, **changes})
    assert reasons(answer).keys() == {field}
    assert listed(call) == [account]


# Delete


def test_deleting_answers_204_without_body_and_content_type(call):
    kept, gone = call.account(), call.account()
    answer = call.delete(f"{ACCOUNTS}/{gone['short_id']}")
    assert (answer.status_code, answer.data) == (204, b"")
    assert "Content-Type" not in answer.headers
    assert "Content-Length" not in answer.headers
    assert listed(call) == [kept]


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_an_account_that_is_not_there_is_not_found(call, method):
    gone = call.account()
    call.delete(f"{ACCOUNTS}/{gone['short_id']}")
    body = {"email": "a@example.com"} if method == "PUT" else None
    for short_id in (gone["short_id"], gone["id"], "zn_acct_00000000", "x", gone["short_id"].upper()):
        assert refusal(call(method, f"{ACCOUNTS}/{short_id}", body)) == (404, "not_found")


# Instants


@pytest.mark.parametrize(
    ("now", "shown"),
    [
        ("2026-01-15T10:30:00Z", "2026-01-15T10:30:00Z"),
        ("2026-01-15T10:30:00.5Z", "2026-01-15T10:30:00.500000Z"),
        ("2026-01-15T10:30:00.000001Z", "2026-01-15T10:30:00.000001Z"),
        ("2026-01-15T10:30:00+02:00", "2026-01-15T08:30:00Z"),
        ("0999-01-01T00:00:00Z", "0999-01-01T00:00:00Z"),
    ],
)
def test_instants_are_in_utc_with_a_fraction_only_where_there_is_one(now, shown):
    account = Caller(create_app(clock=now)).account()
    assert account["created_at"] == account["updated_at"] == shown


# Isolation


def test_another_keys_accounts_and_orders_are_as_good_as_unknown(call):
    account, submitted = call.account("amazon"), call.order()
    other = call.another()
    short_id = account["short_id"]
    refusals = [
        other.put(f"{ACCOUNTS}/{short_id}", {"email": "evil@example.com"}),
        other.delete(f"{ACCOUNTS}/{short_id}"),
        other.get(f"/orders/{submitted['id']}"),
        other.post(
            "/orders",
            {"products": [{"url": "https://a.com"}], "shipping_address": {}, "max_price": 1,
             "retailer_credentials_id": short_id},
        ),
        other.put(f"/_mock/accounts/{short_id}/health", {"state": "ok"}),
    ]  # fmt: skip
    unknown = call.put(f"{ACCOUNTS}/zn_acct_unknown0", {})
    assert {refusal(answer) for answer in refusals} == {(404, "not_found")}
    assert refusals[0].data == unknown.data, "nothing tells that the account exists elsewhere"
    assert (listed(call), listed(other)) == ([account], [])
    assert other.orders() == []
    assert other.order()["retailer_credentials_id"] is None


def test_the_same_idempotency_key_serves_two_api_keys(call):
    assert call.order(idempotency_key="k")["id"] != call.another().order(idempotency_key="k")["id"]
