"""What a delete owes."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from contract_tests.accounts import Accounts
from contract_tests.checks.refusals import is_unknown, long_id_of
from contract_tests.errors import NotEstablished
from contract_tests.exchange import Operation
from contract_tests.findings import Expect
from contract_tests.questions import Questionnaire

requirement = pytest.mark.requirement


@requirement("MA-DELETE-SUCCEEDS", "MA-DELETE-204", "MA-DELETE-NO-BODY", "MA-DELETE-NO-CONTENT-TYPE")
@requirement("MA-DELETE-UNLISTED", "MA-DELETE-OTHERS-REMAIN")
def test_a_deleted_account_is_listed_no_more(accounts: Accounts) -> None:
    """Of three accounts the one in the middle goes, then the first."""
    made = [accounts.make(without=without) for without in ((), ("retailer",), ("password",))]
    accounts.listing()
    for account in (made[1], made[0]):
        accounts.delete(account)
        accounts.listing()


@requirement("MA-DELETE-OTHERS-REMAIN")
def test_a_delete_spares_an_account_with_the_same_email(accounts: Accounts) -> None:
    """The older of two goes, where a server lets two share an address."""
    account = accounts.make()
    accounts.make_with_email_of(account)
    accounts.listing()
    accounts.delete(account)
    accounts.listing()


@requirement("MA-DELETE-SUCCEEDS", "MA-DELETE-UNLISTED")
def test_an_account_can_be_deleted_after_an_update(accounts: Accounts) -> None:
    """Its short_id is the one that the create answered."""
    account = accounts.make()
    accounts.update(account, email=accounts.mint.email(), password=accounts.mint.password())
    accounts.listing()
    accounts.delete(account)
    accounts.listing()


@requirement("MA-DELETE-STAYS-GONE")
def test_a_deleted_account_stays_gone(accounts: Accounts) -> None:
    """A create, an update and a delete of others follow, each with a list after it."""
    gone, kept, third = accounts.make(), accounts.make(without=("retailer",)), accounts.make()
    accounts.gone(gone)
    accounts.listing()
    accounts.make()
    accounts.listing()
    accounts.update(kept, password=accounts.mint.password())
    accounts.listing()
    accounts.delete(third)
    accounts.listing()


@requirement("MA-DELETE-AGAIN-404")
def test_a_second_delete_answers_404(accounts: Accounts, expect: Expect, ask: Questionnaire) -> None:
    """Whether it is 404, 204 or something else is an open question."""
    account = accounts.make()
    accounts.gone(account)
    if accounts.listing().get(account):
        raise NotEstablished("the deleted account is still listed")
    again = accounts.send(Operation.DELETE, target=account)
    status = str(again.response.status)
    ask.answer(
        "Q-DELETE-AGAIN",
        status if status in ("404", "204", "410") else "other",
        [account.created, again],
        seen=status,
    )
    evidence = [account.created, again]
    expect("MA-DELETE-AGAIN-404", status == "404", expected="404", seen=again.response, evidence=evidence)


@requirement("MA-DELETE-UNKNOWN-404", "MA-DELETE-UNKNOWN-CHANGES-NOTHING")
def test_a_delete_of_an_unknown_account_answers_404(accounts: Accounts, expect: Expect) -> None:
    """Two accounts stand by, and have to stay as they were."""
    accounts.make()
    accounts.make(without=("retailer",))
    accounts.listing()
    for _ in range(3):
        answer = accounts.send(
            Operation.DELETE, target=accounts.mint.unknown_id(), blame="MA-DELETE-UNKNOWN-CHANGES-NOTHING"
        )
        response = answer.response
        expect(
            "MA-DELETE-UNKNOWN-404", response.status == 404, expected="404", seen=response, evidence=answer
        )
        accounts.listing()


@requirement("MA-DELETE-EXACT-SHORT-ID")
def test_a_delete_takes_the_whole_short_id(accounts: Accounts, expect: Expect) -> None:
    """More characters at its end name no account: the answer is that to an unknown one."""
    account = accounts.make()
    accounts.listing()
    name = accounts.mint.guard.beyond(account.short_id)
    is_unknown(accounts, expect, Operation.DELETE, account, name, "MA-DELETE-EXACT-SHORT-ID")


@requirement("MA-DELETE-BY-ID-404")
def test_a_delete_does_not_take_the_id(accounts: Accounts, expect: Expect) -> None:
    """The path asks for the short_id."""
    account = accounts.make()
    accounts.listing()
    name = long_id_of(accounts, account)
    is_unknown(accounts, expect, Operation.DELETE, account, name, "MA-DELETE-BY-ID-404")


@requirement("MA-DELETE-CONCURRENT")
def test_of_two_deletes_at_the_same_time_one_wins(accounts: Accounts, expect: Expect) -> None:
    """Tried with five accounts, where a second delete after the first answers 404."""
    first = accounts.make()
    accounts.gone(first)
    if accounts.listing().get(first):
        raise NotEstablished("the deleted account is still listed")
    if accounts.send(Operation.DELETE, target=first).response.status != 404:
        raise NotEstablished(
            "a second delete is not answered 404, also when nothing happens at the same time"
        )
    for _ in range(5):
        account = accounts.make()
        with ThreadPoolExecutor(2) as threads:
            futures = [
                threads.submit(accounts.send, Operation.DELETE, target=account, racing=True) for _ in range(2)
            ]
            answers = [future.result() for future in futures]
        statuses = sorted(answer.response.status for answer in answers)
        kept = sum(answer.response.succeeded for answer in answers) == 1 and statuses[1] == 404
        expect(
            "MA-DELETE-CONCURRENT",
            kept,
            expected="204 and 404",
            seen=" and ".join(map(str, statuses)),
            evidence=[account.created, *answers],
        )
    accounts.listing()
