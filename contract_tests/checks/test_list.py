"""What the list owes."""

import pytest

from contract_tests.accounts import Accounts
from contract_tests.answers import by_short_id, listed_accounts
from contract_tests.errors import NotEstablished
from contract_tests.exchange import Exchange, Intent
from contract_tests.findings import Expect
from contract_tests.model import Model
from contract_tests.questions import Questionnaire
from contract_tests.run import Run

requirement = pytest.mark.requirement

MANY = 30  # accounts: more than a page of a list that is cut silently
SPARED = 8  # accounts whose deletion makes room for those that a cut list does not show


@requirement(
    "MA-LIST-SUCCEEDS", "MA-LIST-200", "MA-LIST-CREDENTIALS", "MA-LIST-TOTAL", "MA-LIST-CONTENT-TYPE"
)
@requirement("MA-LIST-TOTAL-COUNTS", "MA-LIST-ONCE")
@pytest.mark.reads_only
def test_the_list_has_the_documented_form(accounts: Accounts) -> None:
    """As it is found."""
    accounts.list()


@requirement(
    "MA-LIST-SUCCEEDS", "MA-LIST-200", "MA-LIST-CREDENTIALS", "MA-LIST-TOTAL", "MA-LIST-CONTENT-TYPE"
)
@requirement("MA-LIST-TOTAL-COUNTS", "MA-LIST-ONCE", "MA-LIST-MATCHES-CREATE")
def test_the_list_shows_what_creates_answered(accounts: Accounts) -> None:
    """Lists of one, two and three accounts, then of two and one again."""
    made = []
    for without in ((), ("retailer",), ("password",)):
        made.append(accounts.make(without=without))
        accounts.listing()
    for account in made[:2]:
        accounts.gone(account)
        accounts.listing()


@requirement("MA-LIST-CHANGES-NOTHING")
@pytest.mark.first
def test_listing_changes_nothing(accounts: Accounts) -> None:
    """Three lists with nothing between them."""
    accounts.make()
    accounts.make(without=("retailer",))
    for _ in range(3):
        accounts.listing()


@requirement("MA-LIST-EMPTY")
def test_a_key_without_accounts_lists_none(accounts: Accounts, expect: Expect) -> None:
    """Can be seen only under a key that had no accounts before the run."""
    account = accounts.make()
    if len(accounts.listing().accounts) > 1:
        raise NotEstablished("the key has accounts that this run did not make")
    accounts.gone(account)
    answer = accounts.list()
    listed = listed_accounts(answer.response)
    if listed and account.short_id in by_short_id(listed):
        raise NotEstablished("the list still shows the deleted account")
    accounts.make()
    if len(accounts.listing().accounts) > 1:
        raise NotEstablished("someone else makes accounts under the key")
    seen = f"{answer.response} {answer.response.body[:80].decode('utf-8', 'replace')}"
    kept = answer.response.succeeded and listed == []
    expect("MA-LIST-EMPTY", kept, expected="an empty array", seen=seen, evidence=answer)


@requirement("MA-LIST-ORDER")
def test_accounts_are_listed_in_order_of_creation(
    accounts: Accounts, expect: Expect, ask: Questionnaire
) -> None:
    """Four accounts, listed once."""
    made = [accounts.make(without=without).short_id for without in ((), ("retailer",), (), ("password",))]
    listing = accounts.listing()
    order = [account.get("short_id") for account in listing.accounts if account.get("short_id") in made]
    if sorted(map(str, order)) != sorted(made):
        raise NotEstablished("the list does not show each of the accounts once")
    name = {tuple(made): "oldest-first", tuple(reversed(made)): "newest-first"}.get(
        tuple(map(str, order)), "other"
    )
    ask.answer("Q-LIST-ORDER", name, listing.exchange)
    expect(
        "MA-LIST-ORDER",
        order == made,
        expected=", ".join(made),
        seen=", ".join(map(str, order)),
        evidence=listing.exchange,
    )


@requirement("MA-LIST-COMPLETE")
def test_the_list_holds_many_accounts(run: Run, accounts: Accounts, expect: Expect) -> None:
    """Accounts that are missing, and appear once others are deleted, were cut off; others were never listed."""
    made = [accounts.make() for _ in range(MANY)]
    listing = accounts.listing()
    made.append(accounts.make(without=("retailer",)))  # the rules see what a create does to a long list
    listing = accounts.listing()
    missing = [account for account in made if not listing.get(account)]
    evidence = [listing.exchange]
    if missing:
        for account in [account for account in made if listing.get(account)][:SPARED]:
            accounts.delete(account)
        later = accounts.listing()
        evidence += [later.exchange]
        missing = [account for account in missing if later.get(account)]
        if not missing:
            raise NotEstablished("accounts are missing from the list, and not for their number")
    seen = f"{len(listing.accounts)} listed; {len(missing)} of {len(made)} appeared after others were deleted"
    expected = f"all {len(made)} accounts made"
    expect("MA-LIST-COMPLETE", not missing, expected=expected, seen=seen, evidence=evidence)
    _judge_lasting(run.model, accounts)


def _judge_lasting(model: Model, accounts: Accounts) -> None:
    """Delete some in the middle, so that the rules see a long list change."""
    for known in model.alive(accounts.key)[3:9:2]:
        accounts.delete(known.short_id)
        accounts.listing()


@requirement("MA-LIST-SUCCEEDS")
@pytest.mark.reads_only
def test_the_paths_begin_with_users_or_not(run: Run, accounts: Accounts, ask: Questionnaire) -> None:
    """Asks both revisions of the page; the specification says which one the run follows."""
    path = run.specification.accounts_path
    other = path.removeprefix("/users") if path.startswith("/users/") else f"/users{path}"
    followed = accounts.list()
    alternative = run.client.send("GET", other, intent=Intent())
    if followed.response.succeeded and _lists(alternative):
        ask.answer("Q-PATH-PREFIX", "both", [followed, alternative])
    elif followed.response.succeeded or _lists(alternative):
        answering = path if followed.response.succeeded else other
        name = "users" if answering.startswith("/users/") else "none"
        ask.answer("Q-PATH-PREFIX", name, [followed, alternative])


def _lists(exchange: Exchange) -> bool:
    return exchange.response.succeeded and listed_accounts(exchange.response) is not None
