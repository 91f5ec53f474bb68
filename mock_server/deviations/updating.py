"""Deviations of updating accounts: its answers, what changes and what should not."""

from copy import copy
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from mock_server import representations
from mock_server.deviations.building import (
    CREATE,
    DELETE,
    LIST,
    SUCCESS,
    UPDATE,
    accounts,
    answers,
    deviation,
    shown_accounts,
    updated,
    when,
)
from mock_server.deviations.turn import Turn
from mock_server.domain.accounts import ManagedAccount
from mock_server.exchange import Answer


def _restore(turn: Turn, account: ManagedAccount, before: ManagedAccount) -> None:
    account.email, account.password = before.email, before.password
    turn.set_retailer(account, before.retailer)


def _provides(turn: Turn, *names: str) -> bool:
    """Whether the request gives one of these fields a value."""
    return any(isinstance(turn.sent.get(name), str) for name in names)


@deviation("update-answers-202", "MA-UPDATE-200")
@answers(UPDATE)
def update_answers_202(answer: Answer, _: Turn) -> None:
    """An update answers 202 as if it were still under way: a client waits for an end that has passed."""
    answer.status = 202


@deviation("update-answers-a-message", "MA-UPDATE-ANSWERS-ACCOUNT")
@answers(UPDATE)
def update_answers_a_message(answer: Answer, _: Turn) -> None:
    """An update answers a message instead of the account: a client that shows the answer shows nothing."""
    answer.body = {"message": "Updated."}


@deviation("update-answers-without-dates", "MA-UPDATE-ANSWERS-ACCOUNT")
@answers(UPDATE)
def update_answers_without_dates(answer: Answer, _: Turn) -> None:
    """The answer to an update lacks the two timestamps: a client with types refuses it."""
    del answer.body["created_at"], answer.body["updated_at"]


@deviation("update-answers-old-values", "MA-UPDATE-ANSWERS-NEW-VALUES")
def update_answers_old_values(turn: Turn) -> Answer:
    """An update answers the values from before the change: a client that trusts the answer undoes it."""
    before = copy(turn.account) if turn.operation == UPDATE and turn.account else None

    @accounts(UPDATE)
    def show_the_former(account: dict[str, Any], _: Turn) -> None:
        if before is not None:
            account.update(email=before.email, retailer=before.retailer)

    return show_the_former(turn)


@deviation("update-keeps-old-email", "MA-UPDATE-EMAIL")
@updated
def update_keeps_old_email(account: ManagedAccount, before: ManagedAccount, _: Turn) -> None:
    """A new email in an update is not taken over: orders go on logging in with the old address."""
    account.email = before.email


@deviation("update-keeps-old-retailer", "MA-UPDATE-RETAILER")
@updated
def update_keeps_old_retailer(account: ManagedAccount, before: ManagedAccount, turn: Turn) -> None:
    """A new retailer in an update is not taken over: orders of that shop do not find the account."""
    if isinstance(turn.sent.get("retailer"), str) and turn.sent["retailer"]:
        turn.set_retailer(account, before.retailer)


@deviation("update-resets-email", "MA-UPDATE-KEEPS-EMAIL")
@updated
def update_resets_email(account: ManagedAccount, _: ManagedAccount, turn: Turn) -> None:
    """An update without an email resets it: changing a password takes the login away."""
    if "email" not in turn.sent and _provides(turn, "password", "retailer"):
        account.email = "unset@example.com"


@deviation("update-resets-retailer", "MA-UPDATE-KEEPS-RETAILER")
@updated
def update_resets_retailer(account: ManagedAccount, _: ManagedAccount, turn: Turn) -> None:
    """An update without a retailer sets it to null: changing a password makes the account the default one."""
    if "retailer" not in turn.sent and _provides(turn, "email", "password"):
        turn.set_retailer(account, None)


@deviation("password-update-resets-retailer", "MA-UPDATE-KEEPS-RETAILER")
@updated
def password_update_resets_retailer(account: ManagedAccount, _: ManagedAccount, turn: Turn) -> None:
    """An update of the password alone sets the retailer to null: the page's own example breaks the account."""
    if set(turn.sent) == {"password"}:
        turn.set_retailer(account, None)


@deviation("update-only-answered", "MA-UPDATE-PERSISTS")
def update_only_answered(turn: Turn) -> Answer:
    """An update answers the new values and stores the old ones: the client learns it from a failed order."""
    before = copy(turn.account) if turn.operation == UPDATE and turn.account else None
    answer = turn.perform()
    if before is not None and turn.account is not None and answer.status in SUCCESS:
        after = representations.account(turn.account)
        _restore(turn, turn.account, before)
        if representations.account(turn.account) != after:
            turn.fired()
    return answer


@deviation("update-changes-id", "MA-UPDATE-KEEPS-ID")
@answers(LIST, CREATE, UPDATE)
def update_changes_id(answer: Answer, turn: Turn) -> None:
    """An update of the email gives the account a new id: a client that files by id has lost it."""
    for account in shown_accounts(answer):
        if turn.operation == UPDATE and "email" in turn.sent:
            former = str(turn.kept.get(account["short_id"], account["id"]))
            turn.kept[account["short_id"]] = str(uuid5(NAMESPACE_URL, former))
        account["id"] = turn.kept.get(account["short_id"], account["id"])


@deviation("update-changes-short-id", "MA-UPDATE-KEEPS-SHORT-ID")
@updated
def update_changes_short_id(account: ManagedAccount, before: ManagedAccount, turn: Turn) -> None:
    """An update of the email gives the account a new short_id: every later call to the old one fails."""
    if "email" in turn.sent:
        turn.rename(account, "zn_acct_" + uuid5(NAMESPACE_URL, before.short_id).hex[:8])


@deviation("update-resets-created-at", "MA-UPDATE-KEEPS-CREATED-AT")
@updated
def update_resets_created_at(account: ManagedAccount, before: ManagedAccount, _: Turn) -> None:
    """An update sets created_at to the present: a client that sorts by age gets another order."""
    account.created_at = account.updated_at if account.updated_at != before.updated_at else before.created_at


@deviation("update-keeps-updated-at", "MA-UPDATE-MOVES-UPDATED-AT")
@updated
def update_keeps_updated_at(account: ManagedAccount, before: ManagedAccount, _: Turn) -> None:
    """An update leaves updated_at where it was: a client that looks for changes misses it."""
    account.updated_at = before.updated_at


@deviation("password-update-keeps-updated-at", "MA-UPDATE-MOVES-UPDATED-AT")
@updated
def password_update_keeps_updated_at(account: ManagedAccount, before: ManagedAccount, turn: Turn) -> None:
    """An update of the password alone leaves updated_at where it was: nobody can see that it was changed."""
    if set(turn.sent) == {"password"}:
        account.updated_at = before.updated_at


@deviation("update-of-nothing-moves-updated-at", "MA-UPDATE-EMPTY-KEEPS-UPDATED-AT")
@updated
def update_of_nothing_moves_updated_at(account: ManagedAccount, _: ManagedAccount, turn: Turn) -> None:
    """An update without any field moves updated_at: a client that looks for changes finds one that is none."""
    if not turn.sent:
        account.updated_at = turn.now


@deviation("update-to-same-value-keeps-updated-at", "MA-UPDATE-SAME-VALUE")
@updated
def update_to_same_value_keeps_updated_at(
    account: ManagedAccount, before: ManagedAccount, turn: Turn
) -> None:
    """An update to the values that are there leaves updated_at: a client cannot tell that it was confirmed."""
    same = (account.email, account.retailer) == (before.email, before.retailer)
    if same and turn.sent.keys() & {"email", "retailer"} and "password" not in turn.sent:
        account.updated_at = before.updated_at


@deviation("update-changes-sibling", "MA-UPDATE-OTHERS-UNTOUCHED")
@answers(UPDATE)
def update_changes_sibling(_: Answer, turn: Turn) -> None:
    """An update of the email changes another account's, too: orders log in with an address that nobody chose."""
    email = turn.sent.get("email")
    for sibling in turn.sandbox.accounts.values():
        if email and sibling.short_id != turn.subject:
            sibling.email = email
            turn.fired()
            return


@deviation("update-touches-all", "MA-UPDATE-OTHERS-UNTOUCHED")
@answers(UPDATE)
def update_touches_all(_: Answer, turn: Turn) -> None:
    """An update moves updated_at of every account: a client that looks for changes finds them everywhere."""
    for sibling in turn.sandbox.accounts.values():
        if sibling.short_id != turn.subject and sibling.updated_at < turn.now:
            sibling.updated_at = turn.now
            turn.fired()


@deviation("update-refused-but-partly-done", "MA-UPDATE-REFUSED-CHANGES-NOTHING")
@answers(UPDATE, statuses=(422,))
def update_refused_but_partly_done(_: Answer, turn: Turn) -> None:
    """A refused update still stores its valid retailer: a client that was told no has changed something."""
    retailer = turn.sent.get("retailer")
    if turn.account is not None and isinstance(retailer, str) and retailer != turn.account.retailer:
        turn.set_retailer(turn.account, retailer)
        turn.fired()


@deviation("update-refused-moves-updated-at", "MA-UPDATE-REFUSED-CHANGES-NOTHING")
@answers(UPDATE, statuses=(422,))
def update_refused_moves_updated_at(_: Answer, turn: Turn) -> None:
    """A refused update moves updated_at: a client that looks for changes finds one that is none."""
    if turn.account is not None and turn.account.updated_at < turn.now:
        turn.account.updated_at = turn.now
        turn.fired()


@deviation("update-appends-when-repeated", "MA-UPDATE-REPEATED")
@updated
def update_appends_when_repeated(account: ManagedAccount, before: ManagedAccount, turn: Turn) -> None:
    """The same update sent twice leaves another retailer than once: a client cannot try again safely."""
    if turn.sent == turn.kept.get(turn.subject) and turn.sent.get("retailer"):
        turn.set_retailer(account, f"{before.retailer}-{turn.sent['retailer']}")
    turn.kept[turn.subject] = turn.sent


@deviation("update-as-plain-text", "MA-UPDATE-CONTENT-TYPE")
@answers(UPDATE)
def update_as_plain_text(answer: Answer, _: Turn) -> None:
    """The update answer is declared as text/plain: a client that goes by the media type cannot read it."""
    answer.headers["Content-Type"] = "text/plain"


@deviation("update-of-unknown-answers-400", "MA-UPDATE-UNKNOWN-404")
@when(lambda turn: turn.operation == UPDATE and turn.account is None)
@answers(UPDATE, statuses=(404,))
def update_of_unknown_answers_400(answer: Answer, _: Turn) -> None:
    """An update of an unknown short_id answers 400: a client that removes what is not found keeps it for ever."""
    answer.status = 400


@deviation("update-of-unknown-makes-account", "MA-UPDATE-UNKNOWN-MAKES-NOTHING")
@answers(UPDATE, statuses=(404,))
def update_of_unknown_makes_account(_: Answer, turn: Turn) -> None:
    """An update of an unknown short_id answers 404 and makes an account: typing errors fill the list."""
    email = turn.sent.get("email")
    if isinstance(email, str):
        turn.sandbox.create_account(email, None, None, turn.now)
        turn.fired()


@deviation("update-of-deleted-answers-200", "MA-UPDATE-DELETED-404")
def update_of_deleted_answers_200(turn: Turn) -> Answer:
    """An update of a deleted account answers 200: a client believes that the account is still there."""
    gone = turn.kept.setdefault("gone", {})
    account = turn.account
    answer = turn.perform()
    if turn.operation == DELETE and account is not None and answer.status in SUCCESS:
        gone[account.short_id] = representations.account(account)
    if turn.operation == UPDATE and answer.status == 404 and turn.subject in gone:
        turn.fired()
        return Answer(200, dict(gone[turn.subject]))
    return answer
