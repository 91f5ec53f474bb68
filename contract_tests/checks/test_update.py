"""What an update owes."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from contract_tests.accounts import RETAILER, Accounts, Made, every_subset
from contract_tests.answers import ACCOUNT_FIELDS, answered_account
from contract_tests.checks.refusals import (
    NO_STRINGS,
    is_invalid,
    is_refused,
    is_unknown,
    long_id_of,
    succeeds,
)
from contract_tests.errors import NotEstablished
from contract_tests.exchange import Operation
from contract_tests.findings import Expect
from contract_tests.model import FIELDS
from contract_tests.questions import Questionnaire

requirement = pytest.mark.requirement

# From most fields to none: whether a field may be left out alone is known before several are
_SUBSETS = sorted(every_subset(FIELDS), key=len, reverse=True)


def _bound_to(names: Sequence[str]) -> list[pytest.MarkDecorator]:
    """The requirements that an update of these fields shows."""
    omitted = [name for name in FIELDS if name not in names]
    ids = ["MA-UPDATE-KEEPS-ID", "MA-UPDATE-KEEPS-CREATED-AT", "MA-UPDATE-200", "MA-UPDATE-ANSWERS-ACCOUNT"]
    ids += [f"MA-UPDATE-{name.upper()}" for name in names if name != "password"]
    ids += [f"MA-UPDATE-KEEPS-{name.upper()}" for name in omitted if name != "password"]
    ids += ["MA-UPDATE-SUCCEEDS"] if not omitted else []
    ids += [f"MA-UPDATE-{omitted[0].upper()}-OPTIONAL"] if len(omitted) == 1 else []
    ids += ["MA-UPDATE-EMPTY"] if not names else []
    return [requirement(*ids)]


@pytest.mark.parametrize(
    "names",
    [pytest.param(names, marks=_bound_to(names), id="+".join(names) or "nothing") for names in _SUBSETS],
)
def test_an_update_changes_just_the_provided_fields(accounts: Accounts, names: Sequence[str]) -> None:
    """Once from the account that the page shows, once from a default one, with a list before and after."""
    for without in ((), ("retailer",)):
        account = accounts.make(without=without)
        accounts.listing()
        answer = accounts.update(account, **_values(accounts, names))
        accounts.listing()
        if answer.response.succeeded:
            accounts.gone(account)


def _values(accounts: Accounts, names: Sequence[str]) -> dict[str, str]:
    values = {"email": accounts.mint.email(), "password": accounts.mint.password(), "retailer": RETAILER}
    return {name: value for name, value in values.items() if name in names}


@requirement(
    "MA-UPDATE-SUCCEEDS", "MA-UPDATE-200", "MA-UPDATE-ANSWERS-ACCOUNT", "MA-UPDATE-ANSWERS-NEW-VALUES"
)
@requirement("MA-UPDATE-CONTENT-TYPE", "MA-UPDATE-KEEPS-SHORT-ID")
def test_an_update_answers_the_changed_account(accounts: Accounts, ask: Questionnaire) -> None:
    """All fields at once, then a list."""
    account = accounts.make()
    accounts.listing()
    answer = accounts.update(account, **_values(accounts, FIELDS))
    accounts.listing()
    response = answer.response
    if response.succeeded:
        is_account = response.status == 200 and answered_account(response) is not None
        name = "account" if is_account else "nothing" if not response.body else "other"
        ask.answer("Q-UPDATE-ANSWER", name, [account.created, answer], seen=str(response))


@requirement("MA-UPDATE-KEEPS-SHORT-ID")
def test_an_account_is_listed_under_its_short_id_after_an_update(accounts: Accounts, expect: Expect) -> None:
    """The list shows it, whatever the answer to the update shows."""
    account = accounts.make()
    if not accounts.listing().get(account):
        raise NotEstablished("the account is not listed")
    answer = accounts.update(account, **_values(accounts, FIELDS))
    if not answer.response.succeeded:
        raise NotEstablished(f"the update was answered {answer.response}")
    listing = accounts.listing()
    known = account.answer.get("id")
    moved = [entry for entry in listing.accounts if known and entry.get("id") == known]
    names = [str(entry.get("short_id")) for entry in moved]
    if not names:
        raise NotEstablished("the account is not listed any more")
    expect(
        "MA-UPDATE-KEEPS-SHORT-ID",
        set(names) == {account.short_id},
        expected=account.short_id,
        seen=", ".join(names),
        evidence=[account.created, answer, listing.exchange],
    )


@requirement("MA-UPDATE-PERSISTS", "MA-UPDATE-EMAIL", "MA-UPDATE-RETAILER")
def test_what_an_update_changed_stays_changed(accounts: Accounts) -> None:
    """Updates of the email and of the retailer, then other requests, then lists."""
    account, other = accounts.make(without=("retailer",)), accounts.make()
    accounts.listing()
    accounts.update(account, email=accounts.mint.email(), retailer=RETAILER)
    accounts.listing()
    accounts.listing()
    accounts.update(account, password=accounts.mint.password())
    accounts.listing()
    accounts.delete(other)
    accounts.listing()
    accounts.make()
    accounts.listing()


@requirement("MA-UPDATE-OTHERS-UNTOUCHED")
def test_an_update_leaves_other_accounts_alone(accounts: Accounts) -> None:
    """Two others stand by, one older and one newer."""
    accounts.make()
    account = accounts.make(without=("retailer",))
    accounts.make()
    accounts.listing()
    for names in (("email",), ("password",), FIELDS):
        accounts.update(account, **_values(accounts, names))
        accounts.listing()


@requirement("MA-UPDATE-OTHERS-UNTOUCHED")
def test_an_update_leaves_an_account_with_the_same_email_alone(accounts: Accounts) -> None:
    """The older of two changes, where a server lets two share an address."""
    account = accounts.make(without=("retailer",))
    accounts.make_with_email_of(account)
    accounts.listing()
    for names in (("retailer",), ("password",), ("email",)):
        accounts.update(account, **_values(accounts, names))
        accounts.listing()


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=requirement(f"MA-UPDATE-{name.upper()}-STRING")) for name in FIELDS]
)
def test_a_field_must_be_a_string(accounts: Accounts, expect: Expect, name: str) -> None:
    """With a string in its place the same update succeeds."""
    account = accounts.make()
    if not accounts.update(account, **_values(accounts, (name,))).response.succeeded:
        raise NotEstablished(f"an update of the {name} does not succeed with a string either")
    for value in NO_STRINGS:
        answer = accounts.send(Operation.UPDATE, target=account, fields={name: value})
        is_refused(expect, f"MA-UPDATE-{name.upper()}-STRING", answer, account.created)


@requirement("MA-UPDATE-RETAILER-NULL")
def test_a_retailer_of_null_makes_a_default_account(
    accounts: Accounts, expect: Expect, ask: Questionnaire
) -> None:
    """As a later revision of the page allows."""
    account = accounts.make()
    answer = accounts.send(Operation.UPDATE, target=account, fields={"retailer": None})
    listing = accounts.listing()
    shown = (listing.get(account) or {}).get("retailer", "absent")
    evidence = [account.created, answer, listing.exchange]
    if answer.response.refused:
        ask.answer("Q-UPDATE-NULL", "refused", evidence)
    elif answer.response.succeeded:
        ask.answer("Q-UPDATE-NULL", "cleared" if shown is None else "ignored", evidence)
    kept = answer.response.succeeded and shown is None
    seen = f"{answer.response}, retailer {shown!r} in the list"
    expect("MA-UPDATE-RETAILER-NULL", kept, expected="retailer null", seen=seen, evidence=evidence)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=requirement(f"MA-UPDATE-{name.upper()}-NULL"))
        for name in ("email", "password")
    ],
)
def test_null_counts_as_not_provided(
    accounts: Accounts, expect: Expect, ask: Questionnaire, name: str
) -> None:
    """An account cannot be without an email, and a password of null is none."""
    account = accounts.make()
    before = (accounts.listing().get(account) or {}).get("email")
    answer = accounts.send(Operation.UPDATE, target=account, fields={name: None})
    listing = accounts.listing()
    shown = (listing.get(account) or {}).get("email")
    ask.answer(
        "Q-UPDATE-NULL-EMAIL", "refused" if answer.response.refused else "ignored", [account.created, answer]
    )
    expect(
        f"MA-UPDATE-{name.upper()}-NULL",
        answer.response.succeeded and shown == before,
        expected=f"success, and email {before}",
        seen=f"{answer.response}, email {shown}",
        evidence=[account.created, answer, listing.exchange],
    )


@requirement("MA-UPDATE-EMAIL-FORMAT")
def test_an_email_must_be_an_address(accounts: Accounts, expect: Expect) -> None:
    """A word without an @."""
    account = accounts.make()
    fields = {"email": str(accounts.mint.marker())}
    answer = accounts.send(Operation.UPDATE, target=account, fields=fields)
    is_invalid(accounts, expect, "MA-UPDATE-EMAIL-FORMAT", answer, account.created)


@requirement("MA-UPDATE-UNKNOWN-404", "MA-UPDATE-UNKNOWN-MAKES-NOTHING")
def test_an_update_of_an_unknown_account_answers_404(
    accounts: Accounts, expect: Expect, ask: Questionnaire
) -> None:
    """The email that is sent would betray an account that was made for it."""
    accounts.make()
    accounts.listing()
    name = accounts.mint.unknown_id()
    answer = accounts.send(Operation.UPDATE, target=name, fields=_values(accounts, FIELDS))
    status = str(answer.response.status)
    ask.answer("Q-UNKNOWN-ACCOUNT", status if status in ("404", "403") else "other", answer, seen=status)
    kept = answer.response.status == 404
    expect("MA-UPDATE-UNKNOWN-404", kept, expected="404", seen=answer.response, evidence=answer)
    accounts.listing()


@requirement("MA-UPDATE-DELETED-404")
def test_an_update_of_a_deleted_account_answers_404(accounts: Accounts, expect: Expect) -> None:
    """Nor does it bring the account back."""
    account = accounts.make()
    accounts.gone(account)
    if accounts.listing().get(account):
        raise NotEstablished("the deleted account is still listed")
    answer = accounts.send(Operation.UPDATE, target=account, fields={"password": accounts.mint.password()})
    evidence = [account.created, answer]
    kept = answer.response.status == 404
    expect("MA-UPDATE-DELETED-404", kept, expected="404", seen=answer.response, evidence=evidence)


@requirement("MA-UPDATE-REFUSED-CHANGES-NOTHING")
@pytest.mark.parametrize("wrong", ["email", "password", "retailer"])
def test_a_refused_update_changes_nothing(accounts: Accounts, wrong: str) -> None:
    """One field is wrong, the others are in order; the account and another one are listed before and after."""
    account = accounts.make()
    accounts.make(without=("retailer",))
    accounts.listing()
    fields: dict[str, Any] = (
        _values(accounts, FIELDS) | {"retailer": "walmart"} | {wrong: ["not", "a", "string"]}
    )
    answer = accounts.send(Operation.UPDATE, target=account, fields=fields)
    if not answer.response.refused:
        raise NotEstablished(f"the update was answered {answer.response}")
    accounts.listing()


@requirement("MA-UPDATE-EMPTY-STRING")
def test_an_empty_retailer_is_not_passed_over(accounts: Accounts, expect: Expect) -> None:
    """It is refused or applied."""
    account = accounts.make()
    answer = accounts.send(Operation.UPDATE, target=account, fields={"retailer": ""})
    listing = accounts.listing()
    shown = (listing.get(account) or {}).get("retailer", "absent")
    kept = answer.response.refused or shown in ("", None)
    seen = f"{answer.response}, retailer {shown!r} in the list"
    evidence = [account.created, answer, listing.exchange]
    expect(
        "MA-UPDATE-EMPTY-STRING",
        kept,
        expected="a refusal, or an empty retailer",
        seen=seen,
        evidence=evidence,
    )


@requirement("MA-UPDATE-UNKNOWN-FIELDS")
def test_unknown_fields_are_ignored(accounts: Accounts, expect: Expect) -> None:
    """A field that no page has."""
    account = accounts.make()
    fields = {"password": accounts.mint.password(), "zinc_contract_unknown": "value"}
    answer = accounts.send(Operation.UPDATE, target=account, fields=fields)
    succeeds(expect, "MA-UPDATE-UNKNOWN-FIELDS", answer, account.created)


@requirement("MA-UPDATE-SERVER-FIELDS")
def test_values_that_the_server_gives_are_not_taken_over(accounts: Accounts, expect: Expect) -> None:
    """Values for id, short_id, created_at and updated_at are sent along."""
    account = accounts.make()
    before = accounts.listing().get(account)
    sent = {
        "id": "00000000-0000-4000-8000-000000000002",
        "short_id": accounts.mint.unknown_id(),
        "created_at": "2001-02-03T04:05:06Z",
        "updated_at": "2001-02-03T04:05:07Z",
    }
    fields = {"password": accounts.mint.password()} | sent
    answer = accounts.send(Operation.UPDATE, target=account, fields=fields)
    if before is None or not answer.response.succeeded:
        raise NotEstablished(f"the update was answered {answer.response}")
    listing = accounts.listing()
    shown = [entry for entry in listing.accounts if entry.get("email") == account.email]
    taken = [
        f"{name} {value}" for name, value in sent.items() if value in [entry.get(name) for entry in shown]
    ]
    evidence = [account.created, answer, listing.exchange]
    seen = ", ".join(taken)
    expect(
        "MA-UPDATE-SERVER-FIELDS",
        not taken,
        expected="values of the server's own",
        seen=seen,
        evidence=evidence,
    )


@requirement("MA-UPDATE-EXACT-SHORT-ID")
def test_an_update_takes_the_whole_short_id(accounts: Accounts, expect: Expect) -> None:
    """More characters at its end name no account: the answer is that to an unknown one."""
    account = accounts.make()
    accounts.listing()
    name = accounts.mint.guard.beyond(account.short_id)
    is_unknown(accounts, expect, Operation.UPDATE, account, name, "MA-UPDATE-EXACT-SHORT-ID")


@requirement("MA-UPDATE-BY-ID-404")
def test_an_update_does_not_take_the_id(accounts: Accounts, expect: Expect) -> None:
    """The path asks for the short_id."""
    account = accounts.make()
    accounts.listing()
    name = long_id_of(accounts, account)
    is_unknown(accounts, expect, Operation.UPDATE, account, name, "MA-UPDATE-BY-ID-404")


@requirement("MA-UPDATE-REPEATED")
def test_an_update_sent_twice_leaves_what_it_left_once(accounts: Accounts, expect: Expect) -> None:
    """Apart from updated_at."""
    account = accounts.make(without=("retailer",))
    values = _values(accounts, FIELDS)
    shown, answers = [], []
    for _ in range(2):
        answers.append(accounts.update(account, **values))
        listing = accounts.listing()
        answers.append(listing.exchange)
        entry = listing.get(account)
        if not answers[-2].response.succeeded or entry is None:
            raise NotEstablished("the update did not succeed, or its account is not listed")
        shown.append({name: entry.get(name) for name in ACCOUNT_FIELDS if name != "updated_at"})
    evidence = [account.created, *answers]
    kept = shown[0] == shown[1]
    expect("MA-UPDATE-REPEATED", kept, expected=str(shown[0]), seen=str(shown[1]), evidence=evidence)


@requirement("MA-UPDATE-CONCURRENT")
def test_updates_of_different_fields_at_the_same_time_are_all_kept(
    accounts: Accounts, expect: Expect
) -> None:
    """One sends the email, one the retailer; five rounds on new accounts."""
    for _ in range(5):
        account = accounts.make(without=("retailer",))
        email = accounts.mint.email()
        with ThreadPoolExecutor(2) as threads:
            futures = [
                threads.submit(accounts.send, Operation.UPDATE, target=account, fields=fields, racing=True)
                for fields in ({"email": email}, {"retailer": RETAILER})
            ]
            answers = [future.result() for future in futures]
        if not all(answer.response.succeeded for answer in answers):
            raise NotEstablished("one of the updates did not succeed")
        listing = accounts.listing()
        _expect_both(expect, account, email, listing.get(account) or {}, [*answers, listing.exchange])
        accounts.gone(account)


def _expect_both(expect: Expect, account: Made, email: str, shown: Any, evidence: list[Any]) -> None:
    kept = (shown.get("email"), str(shown.get("retailer")).casefold()) == (email, RETAILER)
    expect(
        "MA-UPDATE-CONCURRENT",
        kept,
        expected=f"email {email} and retailer {RETAILER}",
        seen=f"email {shown.get('email')} and retailer {shown.get('retailer')}",
        evidence=[account.created, *evidence],
    )
