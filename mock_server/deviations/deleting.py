"""Deviations of deleting accounts, and of what a short_id finds."""

from typing import Any

from mock_server import representations
from mock_server.deviations.building import (
    CREATE,
    DELETE,
    LIST,
    SUCCESS,
    UPDATE,
    answers,
    deviation,
    when,
)
from mock_server.deviations.turn import Turn
from mock_server.domain.accounts import ManagedAccount
from mock_server.exchange import Answer


@deviation("delete-right-after-create-refused", "MA-DELETE-SUCCEEDS")
def delete_right_after_create_refused(turn: Turn) -> Answer:
    """An account cannot be deleted within two seconds of its creation: a client that undoes a mistake cannot."""
    account = turn.account
    if turn.operation == DELETE and account and (turn.now - account.created_at).total_seconds() < 2:
        return turn.refuse(400, "bad_request", "The account is too new to be deleted.")
    return turn.perform()


@deviation("delete-of-default-refused", "MA-DELETE-SUCCEEDS")
def delete_of_default_refused(turn: Turn) -> Answer:
    """A default account cannot be deleted: a client can never get rid of one made by mistake."""
    if turn.operation == DELETE and turn.account and turn.account.retailer is None:
        return turn.refuse(400, "bad_request", "Default credentials cannot be deleted.")
    return turn.perform()


@deviation("delete-answers-200", "MA-DELETE-204")
@answers(DELETE)
def delete_answers_200(answer: Answer, _: Turn) -> None:
    """A delete answers 200 instead of 204: a client that waits for 204 takes a success for a failure."""
    answer.status = 200


@deviation("delete-answers-202", "MA-DELETE-204")
@answers(DELETE)
def delete_answers_202(answer: Answer, _: Turn) -> None:
    """A delete answers 202 as if it were still under way: a client waits for an end that has passed."""
    answer.status = 202


@deviation("delete-answers-account", "MA-DELETE-NO-BODY")
def delete_answers_account(turn: Turn) -> Answer:
    """A delete answers 200 and the account that is gone: a client that reads no body breaks its connection."""
    shown = representations.account(turn.account) if turn.account else None
    answer = turn.perform()
    if turn.operation == DELETE and answer.status in SUCCESS:
        turn.fired()
        return Answer(200, shown)
    return answer


@deviation("delete-announces-a-body", "MA-DELETE-NO-BODY")
@answers(DELETE)
def delete_announces_a_body(answer: Answer, _: Turn) -> None:
    """A 204 announces a body of two bytes that never come: a client that waits for them hangs."""
    answer.raw = b"{}"


@deviation("delete-names-a-media-type", "MA-DELETE-NO-CONTENT-TYPE")
@answers(DELETE)
def delete_names_a_media_type(answer: Answer, _: Turn) -> None:
    """A 204 declares application/json: a client that parses by the media type fails on the empty body."""
    answer.headers["Content-Type"] = "application/json"


@deviation("delete-does-nothing", "MA-DELETE-UNLISTED")
def delete_does_nothing(turn: Turn) -> Answer:
    """A delete answers 204 and deletes nothing: orders go on using an account that the customer took back."""
    if turn.operation == DELETE and turn.account is not None and turn.exchange.refusal is None:
        turn.fired()
        return Answer(204)
    return turn.perform()


@deviation("delete-leaves-it-listed", "MA-DELETE-UNLISTED")
def delete_leaves_it_listed(turn: Turn) -> Answer:
    """A deleted account stays in the next three lists: a client deletes it again and again."""
    shown = representations.account(turn.account) if turn.operation == DELETE and turn.account else None
    gone: dict[str, list[Any]] = turn.kept.setdefault("gone", {})

    @answers(LIST, DELETE)
    def list_the_gone(answer: Answer, _: Turn) -> None:
        if shown is not None:
            gone[shown["short_id"]] = [shown] * 3
        elif isinstance(answer.body, dict):
            answer.body["credentials"] += [left.pop() for left in gone.values() if left]
            answer.body["total"] = len(answer.body["credentials"])

    return list_the_gone(turn)


@deviation("deleted-account-comes-back", "MA-DELETE-STAYS-GONE")
def deleted_account_comes_back(turn: Turn) -> Answer:
    """A deleted account is back after the next account is made: credentials that were revoked work again."""
    account = turn.account
    answer = turn.perform()
    if answer.status not in SUCCESS:
        return answer
    if turn.operation == DELETE:
        turn.kept["gone"] = account
    elif turn.operation == LIST:
        turn.kept["unseen"] = turn.kept.pop("gone", None) or turn.kept.get("unseen")
    elif turn.operation == CREATE and turn.kept.get("unseen"):
        _bring_back(turn.kept.pop("unseen"), turn)
    return answer


def _bring_back(account: ManagedAccount, turn: Turn) -> None:
    turn.sandbox.adopt_account(account)
    turn.fired()


@deviation("delete-takes-a-sibling", "MA-DELETE-OTHERS-REMAIN")
def delete_takes_a_sibling(turn: Turn) -> Answer:
    """A delete removes another account of the same retailer too: a customer loses an account unasked."""
    account = turn.account
    answer = turn.perform()
    if turn.operation == DELETE and account is not None and answer.status in SUCCESS:
        siblings = (held for held in turn.sandbox.accounts.values() if held.retailer == account.retailer)
        sibling = next(siblings, None)
        if sibling is not None:
            turn.sandbox.delete_account(sibling.short_id, turn.now)
            turn.fired()
    return answer


@deviation("delete-touches-others", "MA-DELETE-OTHERS-REMAIN")
@answers(DELETE)
def delete_touches_others(_: Answer, turn: Turn) -> None:
    """A delete moves updated_at of the accounts that are left: a client that looks for changes finds them there."""
    for account in turn.sandbox.accounts.values():
        account.updated_at = turn.now
        turn.fired()


@deviation("delete-of-unknown-answers-204", "MA-DELETE-UNKNOWN-404")
def delete_of_unknown_answers_204(turn: Turn) -> Answer:
    """Deleting what never was answers 204: a client with a wrong short_id believes that it has deleted."""
    answer = turn.perform()
    known = turn.kept.setdefault("known", set())
    known.update(turn.sandbox.accounts)
    foreign = {short_id for tenant in turn.others() for short_id in tenant.sandbox.accounts}
    if turn.operation == DELETE and answer.status == 404 and turn.subject not in known | foreign:
        turn.fired()
        return Answer(204)
    return answer


@deviation("delete-again-answers-204", "MA-DELETE-AGAIN-404")
def delete_again_answers_204(turn: Turn) -> Answer:
    """A second delete answers 204: of two clients, both believe that they were the one."""
    answer = turn.perform()
    if turn.operation == DELETE and answer.status in SUCCESS:
        turn.kept.setdefault("gone", set()).add(turn.subject)
    elif turn.operation == DELETE and answer.status == 404 and turn.subject in turn.kept.get("gone", ()):
        turn.fired()
        return Answer(204)
    return answer


@deviation("delete-again-answers-410", "MA-DELETE-AGAIN-404")
def delete_again_answers_410(turn: Turn) -> Answer:
    """A second delete answers 410: a client that waits for 404 takes it for trouble."""
    answer = turn.perform()
    if turn.operation == DELETE and answer.status in SUCCESS:
        turn.kept.setdefault("gone", set()).add(turn.subject)
    elif turn.operation == DELETE and answer.status == 404 and turn.subject in turn.kept.get("gone", ()):
        return turn.refuse(410, "gone", "The account has been deleted.")
    return answer


@deviation("delete-of-unknown-takes-oldest", "MA-DELETE-UNKNOWN-CHANGES-NOTHING")
@answers(DELETE, statuses=(404,))
def delete_of_unknown_takes_oldest(_: Answer, turn: Turn) -> None:
    """Deleting an unknown short_id answers 404 and removes the oldest account: a typing error costs an account."""
    oldest = next(iter(turn.sandbox.accounts), None)
    if oldest is not None:
        turn.sandbox.delete_account(oldest, turn.now)
        turn.fired()


# What a short_id finds


def _by(turn: Turn, found: ManagedAccount | None) -> Answer:
    """Perform with the path naming this account, where the one that it names is unknown."""
    if found is not None and turn.exchange.refusal is None:
        turn.redirect(found.short_id)
        turn.fired()
    return turn.perform()


def _of_prefix(turn: Turn) -> ManagedAccount | None:
    known: Any = turn.sandbox.accounts
    subject = turn.subject
    return known.get(subject[:16]) or next((known[name] for name in known if name.startswith(subject)), None)


@deviation("update-finds-by-prefix", "MA-UPDATE-EXACT-SHORT-ID")
@when(lambda turn: turn.operation == UPDATE and turn.account is None and len(turn.subject) >= 12)
def update_finds_by_prefix(turn: Turn) -> Answer:
    """An update takes a beginning of a short_id, or one with more behind it: a cut id changes some account."""
    return _by(turn, _of_prefix(turn))


@deviation("delete-finds-by-prefix", "MA-DELETE-EXACT-SHORT-ID")
@when(lambda turn: turn.operation == DELETE and turn.account is None and len(turn.subject) >= 12)
def delete_finds_by_prefix(turn: Turn) -> Answer:
    """A delete takes a beginning of a short_id, or one with more behind it: a cut id deletes some account."""
    return _by(turn, _of_prefix(turn))


def _of_id(turn: Turn) -> ManagedAccount | None:
    return next((held for held in turn.sandbox.accounts.values() if held.id == turn.subject), None)


@deviation("update-finds-by-id", "MA-UPDATE-BY-ID-404")
@when(lambda turn: turn.operation == UPDATE and turn.account is None)
def update_finds_by_id(turn: Turn) -> Answer:
    """An update takes the id for the short_id: a client that mixes them works here and fails elsewhere."""
    return _by(turn, _of_id(turn))


@deviation("delete-finds-by-id", "MA-DELETE-BY-ID-404")
@when(lambda turn: turn.operation == DELETE and turn.account is None)
def delete_finds_by_id(turn: Turn) -> Answer:
    """A delete takes the id for the short_id: a client that mixes them works here and fails elsewhere."""
    return _by(turn, _of_id(turn))
