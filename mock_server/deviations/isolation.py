"""Deviations by which one API key gets at what another one owns."""

from mock_server import representations
from mock_server.deviations.building import (
    CREATE,
    DELETE,
    LIST,
    UPDATE,
    answers,
    deviation,
    refusals,
    when,
)
from mock_server.deviations.turn import Turn
from mock_server.domain.accounts import ManagedAccount
from mock_server.exchange import Answer
from mock_server.store import Tenant


def _owner(turn: Turn) -> Tenant | None:
    """The other key that has the account that the path names."""
    return next((tenant for tenant in turn.others() if turn.subject in tenant.sandbox.accounts), None)


def _is_foreign(turn: Turn) -> bool:
    return turn.operation in (UPDATE, DELETE) and turn.account is None and _owner(turn) is not None


def _in_place_of_owner(turn: Turn) -> Answer:
    """Perform as if the owner of the account had sent the request."""
    owner, tenant = _owner(turn), turn.tenant
    if owner is None or turn.exchange.refusal is not None:
        return turn.perform()
    turn.fired()
    turn.exchange.tenant = owner
    try:
        return turn.perform()
    finally:
        turn.exchange.tenant = tenant


def _all_others(turn: Turn) -> list[ManagedAccount]:
    return [account for tenant in turn.others() for account in tenant.sandbox.accounts.values()]


@deviation("list-shows-other-keys", "MA-ISOLATION-LIST")
@answers(LIST)
def list_shows_other_keys(answer: Answer, turn: Turn) -> None:
    """The list shows the accounts of all keys: one customer reads the others' addresses."""
    answer.body["credentials"] += [representations.account(account) for account in _all_others(turn)]
    answer.body["total"] = len(answer.body["credentials"])


@deviation("test-mode-sees-live-accounts", "MA-ISOLATION-TEST-MODE")
@answers(LIST)
def test_mode_sees_live_accounts(answer: Answer, turn: Turn) -> None:
    """A test key lists the accounts of live keys: a trial run works on what real orders use."""
    if turn.tenant.key.startswith("zn_test_"):
        for tenant in turn.others():
            if tenant.key.startswith("zn_live_"):
                answer.body["credentials"] += map(representations.account, tenant.sandbox.accounts.values())
        answer.body["total"] = len(answer.body["credentials"])


@deviation("foreign-update-answers-403", "MA-ISOLATION-UPDATE")
@when(lambda turn: turn.operation == UPDATE and _is_foreign(turn))
@answers(UPDATE, statuses=(404,))
def foreign_update_answers_403(answer: Answer, _: Turn) -> None:
    """An update of another key's account answers 403: whoever tries learns that the account exists."""
    answer.status = 403
    answer.body.update(code="forbidden")


@deviation("foreign-update-carried-out", "MA-ISOLATION-UPDATE-CHANGES-NOTHING")
@when(lambda turn: turn.operation == UPDATE and _is_foreign(turn))
def foreign_update_carried_out(turn: Turn) -> Answer:
    """An update of another key's account is carried out: who knows a short_id takes the account over."""
    return _in_place_of_owner(turn)


@deviation("foreign-update-hidden", "MA-ISOLATION-UPDATE-CHANGES-NOTHING")
@when(lambda turn: turn.operation == UPDATE and _is_foreign(turn))
def foreign_update_hidden(turn: Turn) -> Answer:
    """An update of another key's account answers 404 and is carried out: the damage has no trace."""
    refused = turn.perform()
    if refused.status == 404:
        _in_place_of_owner(turn)
    return refused


@deviation("foreign-delete-answers-403", "MA-ISOLATION-DELETE")
@when(lambda turn: turn.operation == DELETE and _is_foreign(turn))
@answers(DELETE, statuses=(404,))
def foreign_delete_answers_403(answer: Answer, _: Turn) -> None:
    """A delete of another key's account answers 403: whoever tries learns that the account exists."""
    answer.status = 403
    answer.body.update(code="forbidden")


@deviation("foreign-delete-hidden", "MA-ISOLATION-DELETE-CHANGES-NOTHING")
@when(lambda turn: turn.operation == DELETE and _is_foreign(turn))
def foreign_delete_hidden(turn: Turn) -> Answer:
    """A delete of another key's account answers 404 and is carried out: a customer's account is gone unseen."""
    refused = turn.perform()
    if refused.status == 404:
        _in_place_of_owner(turn)
    return refused


@deviation("foreign-account-told-apart", "MA-ISOLATION-LIKE-UNKNOWN")
@when(_is_foreign)
@answers(UPDATE, DELETE, statuses=(404,))
def foreign_account_told_apart(answer: Answer, _: Turn) -> None:
    """Another key's account answers 404 with another message: whoever tries learns that the account exists."""
    answer.body["message"] = "This managed account belongs to another API key."


@deviation("email-of-other-key-refused", "MA-ISOLATION-SAME-EMAIL")
@refusals(CREATE, status=409, code="already_exists")
def email_of_other_key_refused(fields: dict[str, object], turn: Turn) -> str | None:
    """An address that another key uses is refused: one customer learns of another, and cannot use a shared login."""
    return "email" if fields.get("email") in [account.email for account in _all_others(turn)] else None
