"""What a create owes."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from contract_tests.accounts import RETAILER, Accounts, Listing, Made, every_subset
from contract_tests.answers import answered_account, name_of
from contract_tests.checks.refusals import NO_STRINGS, is_invalid, is_refused, succeeds
from contract_tests.errors import NotEstablished
from contract_tests.exchange import Exchange, Operation
from contract_tests.findings import Expect
from contract_tests.questions import Questionnaire

requirement = pytest.mark.requirement


@requirement("MA-CREATE-SUCCEEDS", "MA-CREATE-201", "MA-CREATE-ANSWERS-ACCOUNT", "MA-CREATE-EMAIL")
@requirement("MA-CREATE-RETAILER", "MA-CREATE-RETAILER-EXACT", "MA-CREATE-CONTENT-TYPE")
def test_a_create_answers_the_account(accounts: Accounts, ask: Questionnaire) -> None:
    """Three times, as the page shows it."""
    for _ in range(3):
        account = accounts.make()
        accounts.gone(account)
    response = account.created.response
    name = str(response.status) if response.status in (200, 201) else "other"
    ask.answer("Q-CREATE-STATUS", name, account.created, seen=str(response))
    located = response.header("Location")
    ask.answer("Q-CREATE-LOCATION", "present" if located else "absent", account.created, seen=located or "")


@requirement("MA-CREATE-PASSWORD-OPTIONAL")
def test_the_password_can_be_left_out(accounts: Accounts) -> None:
    """With it the same create succeeds."""
    accounts.make()
    accounts.gone(accounts.established(accounts.create(without=("password",))))


@requirement("MA-CREATE-RETAILER-OPTIONAL", "MA-CREATE-RETAILER-DEFAULT")
def test_the_retailer_can_be_left_out(accounts: Accounts) -> None:
    """Then the account is the default one, which the answer shows as null."""
    accounts.make()
    accounts.established(accounts.create(without=("retailer",)))
    accounts.listing()


@requirement("MA-CREATE-EMAIL-REQUIRED")
def test_the_email_is_required(accounts: Accounts, expect: Expect) -> None:
    """With an email the same create succeeds."""
    accounts.make()
    usual = {"password": accounts.mint.password(), "retailer": RETAILER}
    for names in every_subset(("password", "retailer")):
        answer = accounts.send(Operation.CREATE, fields={name: usual[name] for name in names})
        is_refused(expect, "MA-CREATE-EMAIL-REQUIRED", answer)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=requirement(f"MA-CREATE-{name.upper()}-STRING"))
        for name in ("email", "password", "retailer")
    ],
)
def test_a_field_must_be_a_string(accounts: Accounts, expect: Expect, name: str) -> None:
    """With a string in its place the same create succeeds."""
    accounts.make()
    for value in NO_STRINGS:
        fields = {"email": accounts.mint.email(), "password": accounts.mint.password(), "retailer": RETAILER}
        answer = accounts.send(Operation.CREATE, fields=fields | {name: value})
        is_refused(expect, f"MA-CREATE-{name.upper()}-STRING", answer)


@requirement("MA-CREATE-LISTED", "MA-CREATE-ONE", "MA-CREATE-OTHERS-UNTOUCHED")
def test_a_create_adds_one_account_and_changes_no_other(accounts: Accounts) -> None:
    """Accounts of different retailers, a list after each, and some more at the end."""
    accounts.make(without=("retailer",))
    accounts.listing()
    accounts.make()
    for _ in range(3):
        accounts.listing()


@requirement("MA-CREATE-EMAIL-EXACT")
def test_the_spelling_of_an_email_is_kept(accounts: Accounts, expect: Expect, ask: Questionnaire) -> None:
    """Capitals, a plus and a hyphen, in the answer and in the list."""
    control = accounts.make()
    if (accounts.listing().get(control) or {}).get("email") != control.email:
        raise NotEstablished("the list shows an email without capitals otherwise, too")
    email = f"{accounts.mint.marker()}+Some.Tag-X@Example.com"
    created = accounts.send(Operation.CREATE, fields={"email": email, "retailer": RETAILER})
    account = accounts.established(created)
    listing = accounts.listing()
    shown = {str((listing.get(account) or {}).get("email"))}
    shown |= {str(account.answer.get("email"))} if control.answer.get("email") == control.email else set()
    kept, evidence = shown == {email}, [created, listing.exchange]
    seen = ", ".join(sorted(shown))
    ask.answer("Q-EMAIL-SPELLING", "kept" if kept else "normalised", evidence, seen=seen)
    expect("MA-CREATE-EMAIL-EXACT", kept, expected=email, seen=seen, evidence=evidence)


@requirement("MA-CREATE-RETAILER-EXACT")
def test_the_case_of_a_retailer_is_kept(accounts: Accounts, expect: Expect, ask: Questionnaire) -> None:
    """The page's own name, written otherwise."""
    accounts.gone(accounts.make())
    created, shown = _made_for_retailer(accounts, "AmaZon")
    if created.response.refused:
        ask.answer("Q-RETAILER-CASE", "refused", created)
        raise NotEstablished(f"a retailer in another case is refused: {created.response}")
    ask.answer("Q-RETAILER-CASE", "kept" if shown == "AmaZon" else "normalised", created, seen=str(shown))
    expect("MA-CREATE-RETAILER-EXACT", shown == "AmaZon", expected="AmaZon", seen=shown, evidence=created)


@requirement("MA-CREATE-RETAILER-ANY")
@pytest.mark.parametrize(
    "retailer", ["some shop", "Läden & Söhne", "a" * 100], ids=["unknown", "unicode", "long"]
)
def test_any_retailer_is_accepted(
    accounts: Accounts, expect: Expect, ask: Questionnaire, retailer: str
) -> None:
    """Names that no list of retailers would have."""
    accounts.make()
    created, shown = _made_for_retailer(accounts, retailer)
    ask.answer(
        "Q-RETAILER-NAMES",
        "any" if created.response.succeeded else "listed",
        created,
        seen=str(created.response),
    )
    kept = created.response.succeeded and isinstance(shown, str) and shown.casefold() == retailer.casefold()
    seen = f"{created.response}, retailer {shown!r}"
    expect(
        "MA-CREATE-RETAILER-ANY", kept, expected=f"an account for {retailer!r}", seen=seen, evidence=created
    )


@requirement("MA-CREATE-SUCCEEDS")
def test_an_empty_retailer_means_something(accounts: Accounts, ask: Questionnaire) -> None:
    """What, is an open question."""
    accounts.make()
    created, shown = _made_for_retailer(accounts, "")
    if created.response.refused:
        ask.answer("Q-RETAILER-EMPTY", "refused", created)
    elif created.response.succeeded and shown in ("", None):
        ask.answer("Q-RETAILER-EMPTY", "kept" if shown == "" else "default", created)


def _made_for_retailer(accounts: Accounts, retailer: str | None) -> tuple[Exchange, Any]:
    """Create an account for a retailer; what the list shows as its retailer."""
    fields = {"email": accounts.mint.email(), "password": accounts.mint.password(), "retailer": retailer}
    created = accounts.send(Operation.CREATE, fields=fields)
    if not created.response.succeeded:
        return created, None
    account = accounts.established(created)
    return created, (accounts.listing().get(account) or {}).get("retailer")


@requirement("MA-CREATE-EMAIL-NULL")
def test_an_email_of_null_is_refused(accounts: Accounts, expect: Expect) -> None:
    """The email is required, and null is none: with one the same create succeeds."""
    accounts.make()
    created = accounts.send(Operation.CREATE, fields={"email": None, "retailer": RETAILER})
    is_invalid(accounts, expect, "MA-CREATE-EMAIL-NULL", created)


@requirement("MA-CREATE-EMAIL-FORMAT")
def test_an_email_must_be_an_address(accounts: Accounts, expect: Expect, ask: Questionnaire) -> None:
    """A word without an @."""
    accounts.make()
    created = accounts.send(
        Operation.CREATE, fields={"email": str(accounts.mint.marker()), "retailer": RETAILER}
    )
    ask.answer("Q-EMAIL-FORMAT", "refused" if created.response.refused else "accepted", created)
    is_invalid(accounts, expect, "MA-CREATE-EMAIL-FORMAT", created)


@requirement("MA-CREATE-RETAILER-NULL")
def test_a_retailer_of_null_makes_a_default_account(
    accounts: Accounts, expect: Expect, ask: Questionnaire
) -> None:
    """As a later revision of the page allows."""
    default = accounts.make(without=("retailer",))
    usual = (accounts.listing().get(default) or {}).get("retailer")
    accounts.gone(default)
    created, shown = _made_for_retailer(accounts, None)
    ask.answer("Q-CREATE-NULL", "refused" if created.response.refused else "omitted", created)
    kept = created.response.succeeded and shown == usual
    seen = f"{created.response}, retailer {shown!r}"
    expect("MA-CREATE-RETAILER-NULL", kept, expected="a default account", seen=seen, evidence=created)


@requirement("MA-CREATE-PASSWORD-NULL")
def test_a_password_of_null_counts_as_none(accounts: Accounts, expect: Expect) -> None:
    """As a later revision of the page allows; with a password the same create succeeds."""
    accounts.gone(accounts.make())
    fields = {"email": accounts.mint.email(), "password": None, "retailer": RETAILER}
    succeeds(expect, "MA-CREATE-PASSWORD-NULL", accounts.send(Operation.CREATE, fields=fields))


@requirement("MA-CREATE-SAME-EMAIL")
def test_two_accounts_may_share_an_email(accounts: Accounts, expect: Expect, ask: Questionnaire) -> None:
    """Each is its own account, and the first one stays as it was."""
    first = accounts.make()
    if accounts.create().response.refused:
        raise NotEstablished("a second account of the same retailer is refused, whatever its email")
    accounts.listing()
    fields = {"email": first.email, "password": accounts.mint.password(), "retailer": RETAILER}
    second = accounts.send(Operation.CREATE, fields=fields, blame="MA-CREATE-SAME-EMAIL")
    name = "accepted" if second.response.succeeded else "refused"
    ask.answer("Q-DUPLICATE-EMAIL", name, [first.created, second])
    _both_listed(accounts, expect, "MA-CREATE-SAME-EMAIL", first, second)


@requirement("MA-CREATE-SAME-RETAILER")
def test_two_accounts_may_share_a_retailer(accounts: Accounts, expect: Expect, ask: Questionnaire) -> None:
    """Each is its own account, and the first one stays as it was."""
    first = accounts.make()
    accounts.listing()
    accounts.create()
    second = accounts.create()
    ask.answer(
        "Q-DUPLICATE-RETAILER",
        "accepted" if second.response.succeeded else "refused",
        [first.created, second],
    )
    _both_listed(accounts, expect, "MA-CREATE-SAME-RETAILER", first, second)


@requirement("MA-CREATE-SECOND-DEFAULT")
def test_a_second_default_account_leaves_the_first(accounts: Accounts, expect: Expect) -> None:
    """Both are made without a retailer."""
    first = accounts.make(without=("retailer",))
    accounts.listing()
    second = accounts.create(without=("retailer",))
    _both_listed(accounts, expect, "MA-CREATE-SECOND-DEFAULT", first, second)


def _both_listed(
    accounts: Accounts, expect: Expect, requirement_id: str, first: Made, second: Exchange
) -> None:
    if not succeeds(expect, requirement_id, second, first.created):
        return
    listing = accounts.listing()
    names = [_listed_name(listing, made) for made in (first.created, second)]
    expect(
        requirement_id,
        None not in names and names[0] != names[1],
        expected="both accounts in the list",
        seen=f"listed: {', '.join(map(str, names))}",
        evidence=[first.created, second, listing.exchange],
    )


def _listed_name(listing: Listing, created: Exchange) -> str | None:
    """The short_id under which the account that a create made is listed; None when it is not.

    Where the answer names none, it is the last one with the address that was sent.
    """
    named = name_of(answered_account(created.response) or {})
    if named is not None:
        return named if listing.get(named) else None
    email = str((created.intent.fields or {}).get("email")).casefold()
    found = [
        name_of(account) for account in listing.accounts if str(account.get("email")).casefold() == email
    ]
    return found[-1] if found else None


@requirement("MA-CREATE-REFUSED-MAKES-NOTHING")
@pytest.mark.parametrize(
    "wrong",
    [{"password": 42}, {"retailer": ["amazon"]}, {"password": {}, "retailer": 7}],
    ids=lambda wrong: "+".join(wrong),
)
def test_a_refused_create_makes_nothing(accounts: Accounts, wrong: dict[str, Any]) -> None:
    """The email is in order, so that an account made all the same would be known by it."""
    accounts.make()
    accounts.listing()
    refused = accounts.send(Operation.CREATE, fields={"email": accounts.mint.email()} | wrong)
    if not refused.response.refused:
        raise NotEstablished(f"the create was answered {refused.response}")
    accounts.listing()


@requirement("MA-CREATE-UNKNOWN-FIELDS")
def test_unknown_fields_are_ignored(accounts: Accounts, expect: Expect, ask: Questionnaire) -> None:
    """A field that no page has."""
    accounts.gone(accounts.make())
    fields = {"email": accounts.mint.email(), "password": accounts.mint.password(), "retailer": RETAILER}
    fields["zinc_contract_unknown"] = "value"
    created = accounts.send(Operation.CREATE, fields=fields)
    ask.answer("Q-UNKNOWN-FIELDS", "ignored" if created.response.succeeded else "refused", created)
    succeeds(expect, "MA-CREATE-UNKNOWN-FIELDS", created)


@requirement("MA-CREATE-SERVER-FIELDS")
def test_values_that_the_server_gives_are_not_taken_over(accounts: Accounts, expect: Expect) -> None:
    """Values for id, short_id, created_at and updated_at are sent along."""
    sent = {
        "id": "00000000-0000-4000-8000-000000000001",
        "short_id": accounts.mint.unknown_id(),
        "created_at": "2001-02-03T04:05:06Z",
        "updated_at": "2001-02-03T04:05:07Z",
    }
    created = accounts.send(
        Operation.CREATE, fields={"email": accounts.mint.email(), "retailer": RETAILER} | sent
    )
    account = accounts.established(created)
    listing = accounts.listing()
    taken = [
        f"{name} {value}"
        for name, value in sent.items()
        if value in (account.answer.get(name), (listing.get(account) or {}).get(name))
    ]
    evidence = [created, listing.exchange]
    seen = ", ".join(taken)
    expect(
        "MA-CREATE-SERVER-FIELDS",
        not taken,
        expected="values of the server's own",
        seen=seen,
        evidence=evidence,
    )


@requirement("MA-CREATE-AGAIN-AFTER-DELETE")
def test_an_email_can_be_used_again_after_a_delete(accounts: Accounts, expect: Expect) -> None:
    """The address of an account that is gone."""
    first = accounts.make()
    accounts.gone(first)
    accounts.listing()
    fields = {"email": first.email, "password": accounts.mint.password(), "retailer": RETAILER}
    again = accounts.send(Operation.CREATE, fields=fields)
    if succeeds(expect, "MA-CREATE-AGAIN-AFTER-DELETE", again, first.created):
        account = accounts.established(again)
        listing = accounts.listing()
        expect(
            "MA-CREATE-AGAIN-AFTER-DELETE",
            listing.get(account),
            expected="the new account in the list",
            seen=f"{account.short_id} is not listed",
            evidence=[first.created, again, listing.exchange],
        )


@requirement("MA-CREATE-CONCURRENT")
def test_creates_at_the_same_time_each_make_an_account(accounts: Accounts, expect: Expect) -> None:
    """Eight of them."""
    accounts.gone(accounts.make())
    with ThreadPoolExecutor(8) as threads:
        futures = [threads.submit(accounts.create, racing=True) for _ in range(8)]
        created = [future.result() for future in futures]
    if any(answer.response.status == 409 for answer in created):
        raise NotEstablished("accounts of the same retailer are refused")
    listing = accounts.listing()
    names = {_listed_name(listing, answer) for answer in created} - {None}
    expect(
        "MA-CREATE-CONCURRENT",
        len(names) == len(created),
        expected=f"{len(created)} accounts in the list",
        seen=f"{len(names)} of them listed",
        evidence=[*created, listing.exchange],
    )
