"""What every account shows, and what its timestamps say."""

import time
from datetime import datetime
from email.utils import parsedate_to_datetime

import pytest

from contract_tests.accounts import Accounts, Made
from contract_tests.answers import Account, instant
from contract_tests.checks.refusals import NO_STRINGS
from contract_tests.errors import NotEstablished
from contract_tests.exchange import Exchange, Operation
from contract_tests.findings import Expect
from contract_tests.questions import Questionnaire

requirement = pytest.mark.requirement

A_SECOND = 1.1  # seconds to wait until a timestamp of whole seconds must have moved
TOLERANCE = 2.0  # seconds by which a timestamp may differ from the Date header of its answer


@requirement("MA-FIELDS-ID", "MA-FIELDS-SHORT-ID", "MA-FIELDS-EMAIL", "MA-FIELDS-RETAILER")
@requirement(
    "MA-FIELDS-CREATED-AT", "MA-FIELDS-UPDATED-AT", "MA-FIELDS-ID-UNIQUE", "MA-FIELDS-SHORT-ID-UNIQUE"
)
@requirement(
    "MA-FIELDS-NO-OTHERS", "MA-FIELDS-SHORT-ID-FORM", "MA-FIELDS-TIMES-UTC", "MA-FIELDS-TIMES-FRACTION"
)
@requirement("MA-FIELDS-TIMES-ORDERED", "MA-SECRETS-NO-FIELD")
@pytest.mark.reads_only
def test_listed_accounts_have_the_documented_fields(accounts: Accounts) -> None:
    """The accounts that are there already."""
    if not accounts.listing().accounts:
        raise NotEstablished("the key has no accounts to look at")


@requirement("MA-FIELDS-ID", "MA-FIELDS-SHORT-ID", "MA-FIELDS-EMAIL", "MA-FIELDS-RETAILER")
@requirement(
    "MA-FIELDS-CREATED-AT", "MA-FIELDS-UPDATED-AT", "MA-FIELDS-ID-UNIQUE", "MA-FIELDS-SHORT-ID-UNIQUE"
)
@requirement(
    "MA-FIELDS-NO-OTHERS", "MA-FIELDS-SHORT-ID-FORM", "MA-FIELDS-TIMES-UTC", "MA-FIELDS-TIMES-FRACTION"
)
@requirement("MA-FIELDS-TIMES-ORDERED", "MA-FIELDS-TIMES-NEW", "MA-FIELDS-CREATED-AT-SEQUENCE")
@requirement("MA-FIELDS-UPDATED-AT-SEQUENCE")
def test_new_and_changed_accounts_have_the_documented_fields(accounts: Accounts) -> None:
    """Accounts with all fields and with few, as created, as listed, as updated."""
    for without in ((), ("retailer",), ("password",)):
        account = accounts.make(without=without)
        accounts.listing()
        accounts.update(account, email=accounts.mint.email())
        accounts.listing()


@requirement("MA-FIELDS-ID-NOT-REUSED", "MA-FIELDS-SHORT-ID-NOT-REUSED")
def test_names_of_deleted_accounts_are_not_used_again(accounts: Accounts) -> None:
    """Eight accounts, made and deleted one after the other."""
    for _ in range(8):
        accounts.gone(accounts.make())


@requirement("MA-UPDATE-MOVES-UPDATED-AT", "MA-FIELDS-UPDATED-AT-NOW", "MA-FIELDS-CREATED-AT-NOW")
@requirement(
    "MA-UPDATE-EMPTY-KEEPS-UPDATED-AT", "MA-UPDATE-REFUSED-CHANGES-NOTHING", "MA-LIST-CHANGES-NOTHING"
)
@requirement("MA-UPDATE-OTHERS-UNTOUCHED", "MA-UPDATE-SAME-VALUE")
def test_timestamps_tell_what_happened(accounts: Accounts, expect: Expect, ask: Questionnaire) -> None:
    """More than a second after accounts were made, they are updated in different ways, with a list after each."""
    changed, repeated, refused, empty = (
        accounts.make(without=without) for without in ((), (), ("retailer",), ())
    )
    accounts.listing()
    time.sleep(A_SECOND)
    accounts.listing()  # the rules judge what follows against this list
    later = accounts.make()
    if _shown(changed, "created_at") == _shown(later, "created_at"):
        raise NotEstablished("the server's clock stands")
    _is_now(expect, "MA-FIELDS-CREATED-AT-NOW", later.answer, "created_at", later.created)
    accounts.listing()
    accounts.send(Operation.UPDATE, target=refused, fields={"retailer": NO_STRINGS[0]})
    accounts.listing()
    _ask_what_an_empty_update_moves(accounts, ask, empty)
    password = accounts.mint.password()
    if _moves_updated_at(accounts, expect, "MA-UPDATE-MOVES-UPDATED-AT", changed, password=password):
        _moves_updated_at(accounts, expect, "MA-UPDATE-SAME-VALUE", repeated, email=repeated.email)


def _ask_what_an_empty_update_moves(accounts: Accounts, ask: Questionnaire, account: Made) -> None:
    before = (accounts.listing().get(account) or {}).get("updated_at")
    answer = accounts.update(account)
    listing = accounts.listing()
    after = (listing.get(account) or {}).get("updated_at")
    if answer.response.succeeded and before and after:
        name = "stays" if before == after else "moves"
        ask.answer("Q-UPDATE-EMPTY", name, [account.created, answer, listing.exchange])


def _moves_updated_at(
    accounts: Accounts, expect: Expect, requirement_id: str, account: Made, **fields: str
) -> bool:
    """Expect an update to move updated_at, and to the present."""
    answer = accounts.update(account, **fields)
    if not answer.response.succeeded:
        raise NotEstablished(f"the update was answered {answer.response}")
    listing = accounts.listing()
    entry = listing.get(account) or {}
    before, after = _shown(account, "updated_at"), instant(entry.get("updated_at"))
    if before is None or after is None:
        raise NotEstablished("the account shows no updated_at")
    moved = expect(
        requirement_id,
        after > before,
        expected=f"updated_at later than {before.isoformat()}",
        seen=entry.get("updated_at"),
        evidence=[account.created, answer, listing.exchange],
    )
    if moved and requirement_id == "MA-UPDATE-MOVES-UPDATED-AT":
        _is_now(expect, "MA-FIELDS-UPDATED-AT-NOW", entry, "updated_at", listing.exchange)
    return moved


def _shown(account: Made, name: str) -> datetime | None:
    return instant(account.answer.get(name))


def _is_now(expect: Expect, requirement_id: str, account: Account, name: str, answer: Exchange) -> None:
    """Expect a timestamp that is the instant of the answer by the server's own clock."""
    try:
        date = parsedate_to_datetime(answer.response.header("Date") or "")
    except ValueError:
        return  # without a Date nothing can be said: the requirement stays not tested
    shown = instant(account.get(name))
    if shown is None or date.tzinfo is None:
        return
    kept = abs((shown - date).total_seconds()) <= TOLERANCE
    expect(
        requirement_id, kept, expected=f"{name} about {date.isoformat()}", seen=account[name], evidence=answer
    )
