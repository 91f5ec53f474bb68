"""Deviations that show now and then, or pass: one request in twenty, two seconds, one write."""

from collections.abc import Callable
from copy import copy
from datetime import timedelta
from typing import Any

from mock_server import representations
from mock_server.deviations.building import (
    CREATE,
    DELETE,
    LIST,
    SUCCESS,
    UPDATE,
    Shown,
    accounts,
    answers,
    deviation,
    one_in,
    updated,
)
from mock_server.deviations.turn import Turn
from mock_server.domain.accounts import ManagedAccount
from mock_server.exchange import Answer

_LATE = timedelta(seconds=2)


def _keep(answer: Answer, wanted: Callable[[Shown], bool]) -> None:
    answer.body["credentials"] = [shown for shown in answer.body["credentials"] if wanted(shown)]
    answer.body["total"] = len(answer.body["credentials"])


# One request in twenty


@deviation("list-fails-one-in-twenty", "MA-LIST-SUCCEEDS")
@one_in(20, LIST)
def list_fails_one_in_twenty(turn: Turn) -> Answer:
    """One list in twenty answers 500: a client that does not try again fails now and then."""
    return turn.refuse(500, "internal_error", "The server failed.")


@deviation("create-fails-one-in-twenty", "MA-CREATE-SUCCEEDS")
@one_in(20, CREATE)
def create_fails_one_in_twenty(turn: Turn) -> Answer:
    """One create in twenty answers 500 and makes nothing: a client without a second try loses the account."""
    return turn.refuse(500, "internal_error", "The server failed.")


@deviation("update-fails-one-in-twenty", "MA-UPDATE-SUCCEEDS")
@one_in(20, UPDATE)
def update_fails_one_in_twenty(turn: Turn) -> Answer:
    """One update in twenty answers 500 and changes nothing: a password that the client takes for stored is not."""
    return turn.refuse(500, "internal_error", "The server failed.")


@deviation("delete-fails-one-in-twenty", "MA-DELETE-SUCCEEDS")
@one_in(20, DELETE)
def delete_fails_one_in_twenty(turn: Turn) -> Answer:
    """One delete in twenty answers 500 and deletes nothing: an account that was to be revoked stays in use."""
    return turn.refuse(500, "internal_error", "The server failed.")


@deviation("create-never-stored-one-in-twenty", "MA-CREATE-LISTED")
@one_in(20, CREATE)
@answers(CREATE)
def create_never_stored_one_in_twenty(answer: Answer, turn: Turn) -> None:
    """One create in twenty answers 201 and stores nothing: the client goes on with an account that is not there."""
    turn.sandbox.delete_account(answer.body["short_id"], turn.now)
    turn.fired()


@deviation("list-loses-one-in-twenty", "MA-CREATE-LISTED")
@one_in(20, LIST)
@answers(LIST)
def list_loses_one_in_twenty(answer: Answer, _: Turn) -> None:
    """One list in twenty lacks its first account: a client that mirrors the list deletes what is still there."""
    first = answer.body["credentials"][:1]
    _keep(answer, lambda shown: shown not in first)


@deviation("update-lost-one-in-twenty", "MA-UPDATE-PERSISTS")
@one_in(20, UPDATE)
def update_lost_one_in_twenty(turn: Turn) -> Answer:
    """One update in twenty is answered and not stored: nobody sees it until an order fails."""
    before = copy(turn.account)
    answer = turn.perform()
    if before is not None and answer.status in SUCCESS:
        _restore(turn, before)
        turn.fired()
    return answer


@deviation("delete-forgotten-one-in-twenty", "MA-DELETE-UNLISTED")
@one_in(20, DELETE)
def delete_forgotten_one_in_twenty(turn: Turn) -> Answer:
    """One delete in twenty answers 204 and deletes nothing: an account that was to be revoked stays in use."""
    if turn.account is None or turn.exchange.refusal is not None:
        return turn.perform()
    turn.fired()
    return Answer(204)


@deviation("list-serves-old-copy-one-in-twenty", "MA-UPDATE-PERSISTS")
def list_serves_old_copy_one_in_twenty(turn: Turn) -> Answer:
    """After one update in twenty the next list shows the account as it was: a client undoes its own change."""
    if turn.operation == UPDATE and turn.account and turn.memory.random.randrange(20) == 0:
        turn.kept["old"] = representations.account(turn.account)
    old = turn.kept.pop("old", None) if turn.operation == LIST else None

    @accounts(LIST)
    def show_the_old(account: Shown, _: Turn) -> None:
        if old is not None and account["short_id"] == old["short_id"]:
            account.update(old)

    return show_the_old(turn)


# Two seconds, or one write, late


@deviation("new-account-listed-late", "MA-CREATE-LISTED")
@answers(LIST)
def new_account_listed_late(answer: Answer, turn: Turn) -> None:
    """A new account is listed two seconds after its creation: a client that looks at once makes it again."""
    latest = turn.now - _LATE
    _keep(answer, lambda shown: turn.sandbox.accounts[shown["short_id"]].created_at <= latest)


@deviation("new-account-listed-after-next-write", "MA-CREATE-LISTED")
@answers(LIST, CREATE, UPDATE, DELETE)
def new_account_listed_after_next_write(answer: Answer, turn: Turn) -> None:
    """The list is one write behind: the account just made is missing until something else changes."""
    if turn.operation == LIST:
        _keep(answer, lambda shown: shown["short_id"] != turn.kept.get("newest"))
    else:
        turn.kept["newest"] = answer.body["short_id"] if turn.operation == CREATE else None


@deviation("update-listed-late", "MA-UPDATE-PERSISTS")
def update_listed_late(turn: Turn) -> Answer:
    """The list shows an update two seconds late: a client that looks at once believes that it was lost."""
    return _show_former(turn) if turn.operation == LIST else _remember_former(turn)


@updated
def _remember_former(_: ManagedAccount, before: ManagedAccount, turn: Turn) -> None:
    if turn.sent.keys() & {"email", "retailer"}:
        turn.kept.setdefault(turn.subject, (before, turn.now + _LATE))


@accounts(LIST)
def _show_former(account: Shown, turn: Turn) -> None:
    before, until = turn.kept.get(account["short_id"], (None, turn.now))
    if until <= turn.now:
        turn.kept.pop(account["short_id"], None)
    elif before is not None:
        account.update(email=before.email, retailer=before.retailer)


@deviation("update-undone-by-next-create", "MA-UPDATE-PERSISTS")
def update_undone_by_next_create(turn: Turn) -> Answer:
    """An update is undone when the next account is made: what a client saw confirmed is gone later."""
    before = copy(turn.account) if turn.operation == UPDATE else None
    answer = turn.perform()
    if answer.status not in SUCCESS:
        return answer
    if before is not None and turn.sent.keys() & {"email", "retailer"}:
        turn.kept["before"] = before
    elif turn.operation == CREATE and "before" in turn.kept:
        _restore(turn, turn.kept.pop("before"))
        turn.fired()
    return answer


def _restore(turn: Turn, before: ManagedAccount) -> None:
    """Give a stored account the values that it had before."""
    account = turn.sandbox.accounts.get(before.short_id)
    if account is not None:
        account.email, account.password = before.email, before.password
        turn.set_retailer(account, before.retailer)


@deviation("deleted-account-listed-for-two-seconds", "MA-DELETE-UNLISTED")
def deleted_account_listed_for_two_seconds(turn: Turn) -> Answer:
    """A deleted account is listed for two seconds more: a client that looks at once deletes it again."""
    shown = representations.account(turn.account) if turn.operation == DELETE and turn.account else None
    deleted: list[Any] = turn.kept.setdefault("deleted", [])

    @answers(LIST, DELETE)
    def list_the_deleted(answer: Answer, turn: Turn) -> None:
        if turn.operation == DELETE:
            deleted.append((shown, turn.now + _LATE))
        else:
            answer.body["credentials"] += [gone for gone, until in deleted if gone and until > turn.now]
            answer.body["total"] = len(answer.body["credentials"])

    return list_the_deleted(turn)
