"""Deviations of creating accounts: its answers, and what comes to be."""

from typing import Any

from mock_server.deviations.building import (
    CREATE,
    SUCCESS,
    answers,
    created,
    deviation,
    refusals,
)
from mock_server.deviations.turn import Turn
from mock_server.domain.accounts import ManagedAccount
from mock_server.exchange import Answer


@deviation("create-answers-200", "MA-CREATE-201")
@answers(CREATE)
def create_answers_200(answer: Answer, _: Turn) -> None:
    """A create answers 200 instead of 201: a client that waits for 201 takes a success for a failure."""
    answer.status = 200


@deviation("create-answers-202", "MA-CREATE-201")
@answers(CREATE)
def create_answers_202(answer: Answer, _: Turn) -> None:
    """A create answers 202 as if it were still under way: a client waits for an end that has passed."""
    answer.status = 202


@deviation("create-answers-nothing", "MA-CREATE-ANSWERS-ACCOUNT")
@answers(CREATE)
def create_answers_nothing(answer: Answer, _: Turn) -> None:
    """A create answers an empty object: the client has no short_id to go on with."""
    answer.body = {}


@deviation("create-answers-wrapped", "MA-CREATE-ANSWERS-ACCOUNT")
@answers(CREATE)
def create_answers_wrapped(answer: Answer, _: Turn) -> None:
    """The new account stands under `credential`: a client that reads `short_id` finds nothing."""
    answer.body = {"credential": answer.body}


@deviation("create-masks-email", "MA-CREATE-EMAIL")
@answers(CREATE)
def create_masks_email(answer: Answer, _: Turn) -> None:
    """The create answer shows the address masked: a client that keeps it has lost the true one."""
    name, at, domain = answer.body["email"].partition("@")
    answer.body["email"] = f"{name[:1]}***{at}{domain}"


@deviation("create-answers-former-email", "MA-CREATE-EMAIL")
@answers(CREATE)
def create_answers_former_email(answer: Answer, turn: Turn) -> None:
    """A create answers the address of the account made before: a client files the wrong one."""
    former, turn.kept["email"] = turn.kept.get("email"), answer.body["email"]
    answer.body["email"] = former or answer.body["email"]


@deviation("create-lowers-email", "MA-CREATE-EMAIL-EXACT")
@created
def create_lowers_email(account: ManagedAccount, _: Turn) -> None:
    """Addresses are stored in small letters: a client that compares what it sent finds another."""
    account.email = account.email.lower()


@deviation("create-drops-email-tag", "MA-CREATE-EMAIL-EXACT")
@created
def create_drops_email_tag(account: ManagedAccount, _: Turn) -> None:
    """What follows a plus sign in an address is dropped: two accounts become one address."""
    name, at, domain = account.email.rpartition("@")
    account.email = f"{name.partition('+')[0]}{at}{domain}"


@deviation("create-answers-no-retailer", "MA-CREATE-RETAILER")
@answers(CREATE)
def create_answers_no_retailer(answer: Answer, _: Turn) -> None:
    """The create answer has a null retailer: a client takes an account for amazon as the default one."""
    answer.body["retailer"] = None


@deviation("create-drops-retailer", "MA-CREATE-RETAILER")
@created
def create_drops_retailer(account: ManagedAccount, turn: Turn) -> None:
    """The retailer of a new account is dropped: every account becomes the default one and serves all orders."""
    turn.set_retailer(account, None)


@deviation("create-lowers-retailer", "MA-CREATE-RETAILER-EXACT")
@created
def create_lowers_retailer(account: ManagedAccount, _: Turn) -> None:
    """Retailer names are stored in small letters: a client that groups by the name it sent finds none."""
    account.retailer = account.retailer and account.retailer.lower()


@deviation("create-knows-few-retailers", "MA-CREATE-RETAILER-ANY")
@refusals(CREATE)
def create_knows_few_retailers(fields: dict[str, Any], _: Turn) -> str | None:
    """Only four retailer names are accepted: an account for a smaller shop cannot be made."""
    known = (None, "amazon", "walmart", "target", "ebay")
    name = fields.get("retailer")
    return "retailer" if isinstance(name, str) and name.lower() not in known else None


@deviation("default-retailer-named-default", "MA-CREATE-RETAILER-DEFAULT")
@created
def default_retailer_named_default(account: ManagedAccount, turn: Turn) -> None:
    """An account without a retailer is shown with the retailer "default": a client that tests for null misses it."""
    turn.set_retailer(account, "default" if account.retailer is None else account.retailer)


@deviation("default-retailer-empty", "MA-CREATE-RETAILER-DEFAULT")
@created
def default_retailer_empty(account: ManagedAccount, turn: Turn) -> None:
    """An account without a retailer is shown with an empty name: a client that tests for null misses it."""
    turn.set_retailer(account, "" if account.retailer is None else account.retailer)


@deviation("create-makes-two", "MA-CREATE-ONE")
@answers(CREATE)
def create_makes_two(answer: Answer, turn: Turn) -> None:
    """A create makes two accounts of the same fields: the client knows one and never learns of the other."""
    made = turn.sandbox.accounts[answer.body["short_id"]]
    turn.sandbox.create_account(made.email, made.password, made.retailer, made.created_at)
    turn.fired()


@deviation("create-renames-oldest", "MA-CREATE-OTHERS-UNTOUCHED")
@answers(CREATE)
def create_renames_oldest(answer: Answer, turn: Turn) -> None:
    """A create changes the address of the oldest account: a client loses an account that it did not touch."""
    oldest = next(iter(turn.sandbox.accounts.values()))
    if oldest.short_id != answer.body["short_id"] and not oldest.email.startswith("old."):
        oldest.email = f"old.{oldest.email}"
        turn.fired()


@deviation("create-refused-but-stored", "MA-CREATE-REFUSED-MAKES-NOTHING")
@answers(CREATE, statuses=(422,))
def create_refused_but_stored(_: Answer, turn: Turn) -> None:
    """A create that is refused makes the account all the same: a client that mends and sends again has two."""
    email = turn.sent.get("email")
    if isinstance(email, str) and "@" in email:
        turn.sandbox.create_account(email, None, None, turn.now)
        turn.fired()


@deviation("same-email-refused", "MA-CREATE-SAME-EMAIL")
@refusals(CREATE, status=409, code="already_exists")
def same_email_refused(fields: dict[str, Any], turn: Turn) -> str | None:
    """A second account of the same address is refused: one login for two retailers cannot be given."""
    known = [account.email for account in turn.sandbox.accounts.values()]
    return "email" if fields.get("email") in known else None


@deviation("same-email-replaces", "MA-CREATE-SAME-EMAIL")
def same_email_replaces(turn: Turn) -> Answer:
    """A second account of the same address takes the place of the first: a short_id that the client keeps is dead."""
    email = (turn.fields or {}).get("email") if turn.operation == CREATE else None
    former = [account.short_id for account in turn.sandbox.accounts.values() if account.email == email]
    answer = turn.perform()
    for short_id in former if answer.status in SUCCESS else ():
        turn.sandbox.delete_account(short_id, turn.now)
        turn.fired()
    return answer


@deviation("same-retailer-refused", "MA-CREATE-SAME-RETAILER")
@refusals(CREATE, status=409, code="already_exists")
def same_retailer_refused(fields: dict[str, Any], turn: Turn) -> str | None:
    """A third account of a retailer is refused: a customer with many accounts cannot spread its orders."""
    known = [account.retailer for account in turn.sandbox.accounts.values()]
    return "retailer" if fields.get("retailer") and known.count(fields["retailer"]) > 1 else None


@deviation("second-default-renames-first", "MA-CREATE-SECOND-DEFAULT")
@answers(CREATE)
def second_default_renames_first(answer: Answer, turn: Turn) -> None:
    """A second default account makes the first one serve amazon alone: orders of others change their account."""
    defaults = [account for account in turn.sandbox.accounts.values() if account.retailer is None]
    if answer.body["retailer"] is None and len(defaults) > 1:
        turn.set_retailer(defaults[0], "amazon")
        turn.fired()


@deviation("email-of-deleted-account-refused", "MA-CREATE-AGAIN-AFTER-DELETE")
def email_of_deleted_account_refused(turn: Turn) -> Answer:
    """The address of a deleted account can never be used again: deleting by mistake cannot be mended."""
    before = {account.short_id: account.email for account in turn.sandbox.accounts.values()}
    ghosts = turn.kept.setdefault("ghosts", set())
    if turn.operation == CREATE and str((turn.fields or {}).get("email")) in ghosts:
        return turn.refuse(409, "already_exists", "There was an account of this address.")
    answer = turn.perform()
    ghosts.update(before[short_id] for short_id in before.keys() - turn.sandbox.accounts.keys())
    return answer


@deviation("create-as-plain-text", "MA-CREATE-CONTENT-TYPE")
@answers(CREATE)
def create_as_plain_text(answer: Answer, _: Turn) -> None:
    """The create answer is declared as text/plain: a client that goes by the media type cannot read it."""
    answer.headers["Content-Type"] = "text/plain"
