"""What two keys must not see of each other."""

import pytest

from contract_tests.accounts import RETAILER, Accounts
from contract_tests.answers import error_body
from contract_tests.checks.refusals import succeeds
from contract_tests.errors import NotEstablished
from contract_tests.exchange import Exchange, Key, Operation
from contract_tests.findings import Expect
from contract_tests.questions import Questionnaire
from contract_tests.run import Run

requirement = pytest.mark.requirement


@requirement("MA-ISOLATION-LIST")
def test_a_list_holds_no_account_of_another_key(accounts: Accounts, others: Accounts) -> None:
    """Both keys have accounts, and both list them."""
    for held in (accounts, others):
        held.make()
        held.make(without=("retailer",))
    for held in (accounts, others):
        held.listing()


@requirement("MA-ISOLATION-UPDATE", "MA-ISOLATION-UPDATE-CHANGES-NOTHING")
def test_an_update_of_a_foreign_account_is_refused(
    accounts: Accounts, others: Accounts, expect: Expect, ask: Questionnaire
) -> None:
    """The account is listed before and after by its own key."""
    account = accounts.make()
    accounts.listing()
    fields = {"email": others.mint.email(), "retailer": "walmart", "password": others.mint.password()}
    _is_not_there(others, Operation.UPDATE, account.short_id, fields, expect, ask)
    accounts.listing()


@requirement("MA-ISOLATION-DELETE", "MA-ISOLATION-DELETE-CHANGES-NOTHING")
def test_a_delete_of_a_foreign_account_is_refused(
    accounts: Accounts, others: Accounts, expect: Expect, ask: Questionnaire
) -> None:
    """The account is listed before and after by its own key."""
    account = accounts.make()
    accounts.listing()
    _is_not_there(others, Operation.DELETE, account.short_id, None, expect, ask)
    accounts.listing()


def _is_not_there(
    others: Accounts,
    operation: Operation,
    short_id: str,
    fields: dict[str, str] | None,
    expect: Expect,
    ask: Questionnaire,
) -> None:
    answer = others.send(operation, target=short_id, fields=fields)
    status = answer.response.status
    if answer.response.refused:
        ask.answer(
            "Q-FOREIGN-ACCOUNT", str(status) if status in (404, 403) else "other", answer, seen=str(status)
        )
    name = "UPDATE" if operation is Operation.UPDATE else "DELETE"
    expect(f"MA-ISOLATION-{name}", status == 404, expected="404", seen=answer.response, evidence=answer)


@requirement("MA-ISOLATION-LIKE-UNKNOWN")
@pytest.mark.parametrize("operation", [Operation.UPDATE, Operation.DELETE], ids=["update", "delete"])
def test_a_foreign_account_is_answered_as_an_unknown_one(
    accounts: Accounts, others: Accounts, expect: Expect, operation: Operation
) -> None:
    """But for the names in it the whole answer is the same, so that nobody learns which accounts exist."""
    account = accounts.make()
    fields = {"password": others.mint.password()} if operation is Operation.UPDATE else None
    unknown_id = others.mint.unknown_id()
    unknown = others.send(operation, target=unknown_id, fields=fields)
    foreign = others.send(operation, target=account.short_id, fields=fields)
    if foreign.response.status != unknown.response.status:
        raise NotEstablished("the statuses differ, which is judged by itself")
    answers = [_told(unknown, unknown_id), _told(foreign, account.short_id)]
    expect(
        "MA-ISOLATION-LIKE-UNKNOWN",
        answers[0] == answers[1],
        expected=f"{answers[0]}, as for an unknown account",
        seen=answers[1],
        evidence=[account.created, unknown, foreign],
    )


def _told(answer: Exchange, short_id: str) -> str:
    """What an error says, without the name that was asked for."""
    body = error_body(answer.response)
    said = {name: body[name] for name in ("code", "message", "details") if name in body}
    return str(said or answer.response.body[:200]).replace(short_id, "<short_id>")


@requirement("MA-ISOLATION-SAME-EMAIL")
def test_two_keys_may_have_accounts_with_the_same_email(
    accounts: Accounts, others: Accounts, expect: Expect
) -> None:
    """Each key lists its own."""
    mine = accounts.make()
    fields = {"email": mine.email, "password": others.mint.password(), "retailer": RETAILER}
    created = others.send(Operation.CREATE, fields=fields)
    if not succeeds(expect, "MA-ISOLATION-SAME-EMAIL", created, mine.created):
        return
    theirs = others.established(created)
    listed = accounts.listing().get(mine), others.listing().get(theirs)
    expect(
        "MA-ISOLATION-SAME-EMAIL",
        all(listed) and mine.short_id != theirs.short_id,
        expected="an account for each key",
        seen=f"{sum(map(bool, listed))} of {mine.short_id} and {theirs.short_id} listed",
        evidence=[mine.created, created],
    )


@requirement("MA-ISOLATION-TEST-MODE")
def test_test_mode_and_live_mode_see_different_data(
    run: Run, accounts: Accounts, others: Accounts, expect: Expect
) -> None:
    """Needs a key that begins with zn_test_ and one that does not."""
    modes = {run.keys[key].startswith("zn_test_") for key in (Key.FIRST, Key.SECOND)}
    if len(modes) == 1:
        raise NotEstablished("needs one key of test mode (zn_test_…) and a live one")
    for owner, stranger in ((accounts, others), (others, accounts)):
        account = owner.make()
        listing = stranger.listing()
        expect(
            "MA-ISOLATION-TEST-MODE",
            listing.get(account) is None,
            expected="a list without it",
            seen=f"{account.short_id} is listed",
            evidence=[account.created, listing.exchange],
        )
