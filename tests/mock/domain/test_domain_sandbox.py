"""Accounts and the choice among them, and ids that are drawn twice."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest

from mock_server.domain.accounts import Health
from mock_server.domain.errors import AlreadyExists, NotFound
from mock_server.domain.sandbox import Sandbox
from mock_server.ids import Ids

NOON = datetime(2026, 1, 15, 12, tzinfo=UTC)
LATER = NOON + timedelta(seconds=1)


class GivenIds:
    """Ids in the order in which a test wants them drawn."""

    def __init__(self, uuids: Iterable[int], short_ids: Iterable[str] = ()) -> None:
        self._uuids, self._short_ids = iter(uuids), iter(short_ids)

    def uuid(self) -> str:
        return f"00000000-0000-4000-8000-{next(self._uuids):012d}"

    def short_id(self) -> str:
        return f"zn_acct_{next(self._short_ids)}"


def sandbox(ids=None) -> Sandbox:
    return Sandbox(ids or Ids(seed=1), timedelta(seconds=2))


def order(url: str = "https://www.amazon.com/dp/1", **more):
    return {"products": [{"url": url}], "shipping_address": {}, "max_price": 100, **more}


def test_an_id_that_is_drawn_twice_is_drawn_again():
    ids = GivenIds(uuids=[1, 1, 2, 2, 3, 3, 4], short_ids=["aaaaaaaa", "aaaaaaaa", "bbbbbbbb"])
    made = sandbox(ids)

    accounts = [made.create_account("a@example.com", None, None, NOON) for _ in range(2)]
    orders = [made.submit_order(order(), NOON) for _ in range(2)]

    assert [account.short_id for account in accounts] == ["zn_acct_aaaaaaaa", "zn_acct_bbbbbbbb"]
    assert len({account.id for account in accounts} | {submitted.id for submitted in orders}) == 4


@pytest.mark.parametrize(
    ("changes", "changed"),
    [
        ({}, False),
        ({"email": None}, False),
        ({"password": None}, False),
        ({"email": None, "password": None}, False),
        ({"unknown": 1}, False),
        ({"email": "b@example.com"}, True),
        ({"email": "a@example.com"}, True),
        ({"password": "new"}, True),
        ({"retailer": None}, True),
        ({"retailer": "walmart"}, True),
    ],
)
def test_updated_at_moves_when_a_field_was_provided_and_stays_otherwise(changes, changed):
    made = sandbox()
    account = made.create_account("a@example.com", "old", "amazon", NOON)
    made.update_account(account.short_id, changes, LATER)
    assert account.updated_at == (LATER if changed else NOON)
    assert account.created_at == NOON


@pytest.mark.parametrize(
    ("health", "changes", "after"),
    [
        (Health.LOGIN_FAILED, {"password": "new"}, Health.OK),
        (Health.LOGIN_FAILED, {"password": None}, Health.LOGIN_FAILED),
        (Health.LOGIN_FAILED, {"email": "b@example.com"}, Health.LOGIN_FAILED),
        (Health.ACCOUNT_LOCKED, {"password": "new"}, Health.ACCOUNT_LOCKED),
    ],
)
def test_a_new_password_heals_a_failed_login_and_nothing_else(health, changes, after):
    made = sandbox()
    account = made.create_account("a@example.com", "old", None, NOON)
    made.set_health(account.short_id, health, NOON)
    made.update_account(account.short_id, changes, LATER)
    assert account.health is after


def test_an_account_that_changes_its_retailer_keeps_its_age():
    made = sandbox()
    first = made.create_account("a@example.com", None, "walmart", NOON)
    made.create_account("b@example.com", None, "amazon", NOON)
    made.update_account(first.short_id, {"retailer": "amazon"}, LATER)
    assert made.submit_order(order(), LATER).retailer_credentials_id == first.short_id


def test_two_accounts_of_one_instant_are_told_apart_by_the_order_of_their_creation():
    made = sandbox()
    accounts = [made.create_account("a@example.com", None, "amazon", NOON) for _ in range(3)]
    made.delete_account(accounts[0].short_id, NOON)
    assert made.submit_order(order(), NOON).retailer_credentials_id == accounts[1].short_id


@pytest.mark.parametrize("command", ["update_account", "delete_account", "set_health"])
def test_commands_on_an_unknown_account_say_so_and_let_no_time_pass(command):
    made = sandbox()
    running = made.submit_order(order(), NOON)
    more = {"update_account": [{}], "delete_account": [], "set_health": [Health.OK]}[command]
    with pytest.raises(NotFound, match="no managed account of this id"):
        getattr(made, command)("zn_acct_00000000", *more, NOON + timedelta(days=1))
    assert running.finished_at is None


def test_a_refused_order_does_not_use_up_its_idempotency_key():
    made = sandbox()
    with pytest.raises(NotFound):
        made.submit_order(order(idempotency_key="k", retailer_credentials_id="zn_acct_00000000"), NOON)
    first = made.submit_order(order(idempotency_key="k"), NOON)
    with pytest.raises(AlreadyExists) as refusal:
        made.submit_order(order(idempotency_key="k"), NOON)
    assert refusal.value.order_id == first.id
