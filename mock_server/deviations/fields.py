"""Deviations of the fields of accounts: their forms, ids and timestamps."""

from collections.abc import Callable
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

from mock_server.deviations.building import (
    CREATE,
    DELETE,
    LIST,
    UPDATE,
    Act,
    accounts,
    answers,
    created,
    deviation,
    shown_accounts,
    updated,
)
from mock_server.deviations.turn import Turn
from mock_server.domain.accounts import ManagedAccount
from mock_server.exchange import Answer
from mock_server.instants import format_instant, parse_instant

_SHOWN = (LIST, CREATE, UPDATE)
_LONGER = len("zn_acct_a1b2c3d4") + 4


# Forms


@deviation("id-is-a-number", "MA-FIELDS-ID")
@accounts(*_SHOWN)
def id_is_a_number(account: dict[str, Any], _: Turn) -> None:
    """The id is an integer: a client that reads a UUID refuses every account."""
    account["id"] = int(account["id"][:8], 16)


@deviation("id-without-dashes", "MA-FIELDS-ID")
@accounts(*_SHOWN)
def id_without_dashes(account: dict[str, Any], _: Turn) -> None:
    """The id is 32 digits without dashes: a client that checks for a UUID refuses it."""
    account["id"] = account["id"].replace("-", "")


@deviation("short-id-missing-in-list", "MA-FIELDS-SHORT-ID")
@accounts(LIST)
def short_id_missing_in_list(account: dict[str, Any], _: Turn) -> None:
    """Listed accounts have no short_id: a client that was restarted can neither update nor delete them."""
    del account["short_id"]


@deviation("short-id-with-a-slash", "MA-FIELDS-SHORT-ID")
@accounts(*_SHOWN)
def short_id_with_a_slash(account: dict[str, Any], _: Turn) -> None:
    """The short_id has a slash: the address that a client makes of it leads nowhere."""
    account["short_id"] = account["short_id"].replace("zn_acct_", "zn/acct/")


@deviation("email-missing-in-list", "MA-FIELDS-EMAIL")
@accounts(LIST)
def email_missing_in_list(account: dict[str, Any], _: Turn) -> None:
    """Listed accounts have no email: a client cannot tell which of the customer's accounts it shows."""
    del account["email"]


@deviation("email-as-an-object", "MA-FIELDS-EMAIL")
@accounts(*_SHOWN)
def email_as_an_object(account: dict[str, Any], _: Turn) -> None:
    """The email is an object with the address in it: a client with types refuses every account."""
    account["email"] = {"address": account["email"], "verified": False}


@deviation("default-without-retailer-field", "MA-FIELDS-RETAILER")
@accounts(*_SHOWN)
def default_without_retailer_field(account: dict[str, Any], _: Turn) -> None:
    """Default accounts lack the field retailer instead of having null there: a client with types refuses them."""
    if account["retailer"] is None:
        del account["retailer"]


@deviation("retailer-as-a-list", "MA-FIELDS-RETAILER")
@accounts(*_SHOWN)
def retailer_as_a_list(account: dict[str, Any], _: Turn) -> None:
    """The retailer is an array of one name: a client that compares strings finds no account for a shop."""
    account["retailer"] = [account["retailer"]]


@deviation("created-at-in-seconds", "MA-FIELDS-CREATED-AT")
@accounts(*_SHOWN)
def created_at_in_seconds(account: dict[str, Any], _: Turn) -> None:
    """created_at is a number of seconds: a client that parses a date fails."""
    account["created_at"] = int(parse_instant(account["created_at"]).timestamp())


@deviation("created-at-camel-case", "MA-FIELDS-CREATED-AT")
@accounts(LIST)
def created_at_camel_case(account: dict[str, Any], _: Turn) -> None:
    """In the list alone created_at is called createdAt: one screen of a client shows it, another does not."""
    account["createdAt"] = account.pop("created_at")


@deviation("updated-at-as-mail-date", "MA-FIELDS-UPDATED-AT")
@accounts(*_SHOWN)
def updated_at_as_mail_date(account: dict[str, Any], _: Turn) -> None:
    """updated_at is written as in a mail header: a client that reads ISO 8601 fails."""
    account["updated_at"] = format_datetime(parse_instant(account["updated_at"]))


@deviation("updated-at-null-until-updated", "MA-FIELDS-UPDATED-AT")
@accounts(*_SHOWN)
def updated_at_null_until_updated(account: dict[str, Any], _: Turn) -> None:
    """updated_at is null until the first update: a client that parses a date fails on new accounts alone."""
    if account["updated_at"] == account["created_at"]:
        account["updated_at"] = None


@deviation("accounts-show-status", "MA-FIELDS-NO-OTHERS")
@accounts(*_SHOWN)
def accounts_show_status(account: dict[str, Any], _: Turn) -> None:
    """Accounts have a further field, status: a client that refuses unknown fields refuses every account."""
    account["status"] = "active"


@deviation("short-id-longer", "MA-FIELDS-SHORT-ID-FORM")
def short_id_longer(turn: Turn) -> Answer:
    """Short ids have twelve characters behind the prefix: a client that checks the form refuses them."""
    if turn.subject.startswith("zn_acct_") and len(turn.subject) == _LONGER:
        turn.redirect(turn.subject[:-4])
    return _lengthen(turn)


@accounts(*_SHOWN)
def _lengthen(account: dict[str, Any], _: Turn) -> None:
    account["short_id"] += account["id"][:4]


# Ids


def _shown_with(name: str, choose: Callable[[dict[str, Any], Turn], str | None]) -> Act:
    """Show accounts with another value of a field, which is chosen when they are created."""

    @answers(*_SHOWN)
    def act(answer: Answer, turn: Turn) -> None:
        for account in shown_accounts(answer):
            if turn.operation == CREATE:
                turn.kept.setdefault("count", 0)
                turn.kept["count"] += 1
                turn.kept[account["id"]] = choose(account, turn)
            account[name] = turn.kept.get(account["id"]) or account[name]

    return act


def _of_the_one_before(account: dict[str, Any], turn: Turn, name: str) -> str | None:
    others = [held for held in turn.sandbox.accounts.values() if held.short_id != account["short_id"]]
    return getattr(others[-1], name) if others and turn.kept["count"] % 10 == 0 else None


@deviation("every-tenth-shares-an-id", "MA-FIELDS-ID-UNIQUE")
def every_tenth_shares_an_id(turn: Turn) -> Answer:
    """Every tenth account has the id of the one before it: a client that files by id loses one of them."""
    return _shown_with("id", lambda account, turn: _of_the_one_before(account, turn, "id"))(turn)


@deviation("every-tenth-shares-a-short-id", "MA-FIELDS-SHORT-ID-UNIQUE")
def every_tenth_shares_a_short_id(turn: Turn) -> Answer:
    """Every tenth account shows the short_id of the one before it: a delete of one deletes the other."""
    return _shown_with("short_id", lambda account, turn: _of_the_one_before(account, turn, "short_id"))(turn)


def _remember_the_gone(turn: Turn, act: Act) -> Answer:
    """Perform, and keep the account that is deleted."""
    account = turn.account if turn.operation == DELETE else None
    answer = act(turn)
    if account is not None and turn.account is None:
        turn.kept["gone"] = account
    return answer


@deviation("id-of-deleted-used-again", "MA-FIELDS-ID-NOT-REUSED")
def id_of_deleted_used_again(turn: Turn) -> Answer:
    """A new account gets the id of the one deleted last: a client mixes up their histories."""
    return _remember_the_gone(turn, _with_id_of_the_gone)


def _id_of_the_gone(_: dict[str, Any], turn: Turn) -> str | None:
    gone = turn.kept.pop("gone", None)
    return turn.kept.get(gone.id) or gone.id if gone else None


_with_id_of_the_gone = _shown_with("id", _id_of_the_gone)


@deviation("short-id-of-deleted-used-again", "MA-FIELDS-SHORT-ID-NOT-REUSED")
def short_id_of_deleted_used_again(turn: Turn) -> Answer:
    """A new account gets the short_id of the one deleted last: a late delete removes the wrong account."""
    return _remember_the_gone(turn, _with_short_id_of_the_gone)


@created
def _with_short_id_of_the_gone(account: ManagedAccount, turn: Turn) -> None:
    if "gone" in turn.kept:
        turn.rename(account, turn.kept.pop("gone").short_id)


# Timestamps


def _rewritten(account: dict[str, Any], write: Any) -> None:
    for name in ("created_at", "updated_at"):
        account[name] = write(parse_instant(account[name]))


@deviation("times-with-numeric-offset", "MA-FIELDS-TIMES-UTC")
@accounts(*_SHOWN)
def times_with_numeric_offset(account: dict[str, Any], _: Turn) -> None:
    """Timestamps end in +00:00 instead of Z: a client that parses a fixed form fails."""
    _rewritten(account, lambda instant: instant.isoformat())


@deviation("times-with-empty-fraction", "MA-FIELDS-TIMES-FRACTION")
@accounts(*_SHOWN)
def times_with_empty_fraction(account: dict[str, Any], _: Turn) -> None:
    """Timestamps are cut to the second and end in .000Z: a client that parses a fixed form fails."""
    _rewritten(account, lambda instant: instant.strftime("%Y-%m-%dT%H:%M:%S.000Z"))


@deviation("updated-before-created", "MA-FIELDS-TIMES-ORDERED")
@updated
def updated_before_created(account: ManagedAccount, _: ManagedAccount, turn: Turn) -> None:
    """created_at of an updated account is shown later than updated_at: ages come out negative."""
    if turn.sent:
        account.created_at = account.updated_at + timedelta(milliseconds=250)


@deviation("new-account-updated-later", "MA-FIELDS-TIMES-NEW")
@created
def new_account_updated_later(account: ManagedAccount, _: Turn) -> None:
    """A new account was updated a moment after its creation: a client takes it for one that was changed."""
    account.updated_at += timedelta(microseconds=40)


@deviation("created-at-in-local-time", "MA-FIELDS-CREATED-AT-NOW")
@accounts(*_SHOWN)
def created_at_in_local_time(account: dict[str, Any], _: Turn) -> None:
    """created_at is the time of another zone marked with Z: ages are hours off."""
    account["created_at"] = format_instant(parse_instant(account["created_at"]) - timedelta(hours=5))


@deviation("updated-at-a-minute-ahead", "MA-FIELDS-UPDATED-AT-NOW")
@accounts(*_SHOWN)
def updated_at_a_minute_ahead(account: dict[str, Any], _: Turn) -> None:
    """updated_at of updated accounts is two minutes ahead: a client that asks for changes since then misses some."""
    if account["updated_at"] != account["created_at"]:
        account["updated_at"] = format_instant(parse_instant(account["updated_at"]) + timedelta(minutes=2))


@deviation("created-at-goes-back", "MA-FIELDS-CREATED-AT-SEQUENCE")
@created
def created_at_goes_back(account: ManagedAccount, turn: Turn) -> None:
    """Every second account is created a second before the one that came first: sorting by age lies."""
    turn.kept["count"] = turn.kept.get("count", 0) + 1
    if turn.kept["count"] % 2 == 0:
        account.created_at = account.updated_at = account.created_at - timedelta(seconds=1)


@deviation("updated-at-goes-back", "MA-FIELDS-UPDATED-AT-SEQUENCE")
@updated
def updated_at_goes_back(account: ManagedAccount, before: ManagedAccount, turn: Turn) -> None:
    """The second update of an account sets updated_at to before the first one: a newer version looks older."""
    if before.updated_at > before.created_at and turn.sent:
        account.updated_at = before.updated_at - (before.updated_at - before.created_at) / 2
