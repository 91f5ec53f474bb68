"""What legal variants do otherwise than the mock, where no deviation of the mock's own says it.

They are written as deviations are; in place of a requirement stands the open question that they answer.
"""

import random
from datetime import datetime, timedelta, timezone
from typing import Any

from mock_server.deviations.building import (
    ANY,
    CREATE,
    CREATE_ORDER,
    DELETE,
    GET_ORDER,
    LIST,
    LIST_ORDERS,
    REFUSAL,
    UPDATE,
    Act,
    Shown,
    accounts,
    answers,
    created,
    deviation,
    orders,
    refusals,
    requests,
    updated,
)
from mock_server.deviations.turn import Turn
from mock_server.domain.accounts import ManagedAccount
from mock_server.exchange import Answer
from mock_server.instants import parse_instant

_SHOWN = (LIST, CREATE, UPDATE)
_BODIES = (CREATE, UPDATE)
_RETAILERS = ("amazon", "walmart", "target", "ebay")


# Lists


@deviation("list-in-any-order", "Q-LIST-ORDER")
@answers(LIST)
def list_in_any_order(answer: Answer, turn: Turn) -> None:
    """Accounts are listed in another order each time."""
    turn.memory.random.shuffle(answer.body["credentials"])


@deviation("list-has-more-beside", "Q-MORE-FIELDS")
@answers(LIST)
def list_has_more_beside(answer: Answer, _: Turn) -> None:
    """The list answer has further fields beside the two."""
    answer.body.update(page=1, has_more=False, links={"self": "/users/managed-accounts"})


# Creates and updates


@deviation("create-answers-location", "Q-CREATE-LOCATION")
@answers(CREATE)
def create_answers_location(answer: Answer, _: Turn) -> None:
    """A create answers where the account is."""
    answer.headers["Location"] = f"/users/managed-accounts/{answer.body['short_id']}"


@deviation("update-answers-204", "Q-UPDATE-ANSWER")
@answers(UPDATE)
def update_answers_204(answer: Answer, _: Turn) -> None:
    """An update answers 204 without a body."""
    answer.status, answer.body = 204, None


@deviation("spelling-normalised", "Q-EMAIL-SPELLING")
@requests(*_BODIES)
def spelling_normalised(fields: Shown, _: Turn) -> None:
    """Emails and retailers are stored in small letters, without space around them."""
    for name in ("email", "retailer"):
        if isinstance(fields.get(name), str):
            fields[name] = fields[name].strip().lower()


@deviation("retailers-known-by-exact-name", "Q-RETAILER-NAMES")
@refusals(*_BODIES)
def retailers_known_by_exact_name(fields: Shown, _: Turn) -> str | None:
    """Retailers are a short list of names, in small letters."""
    name = fields.get("retailer")
    return "retailer" if isinstance(name, str) and name not in _RETAILERS else None


@deviation("empty-retailer-means-default", "Q-RETAILER-EMPTY")
@requests(*_BODIES)
def empty_retailer_means_default(fields: Shown, _: Turn) -> None:
    """An empty retailer makes a default account."""
    if fields.get("retailer") == "":
        fields["retailer"] = None


@deviation("empty-retailer-refused", "Q-RETAILER-EMPTY")
@refusals(*_BODIES)
def empty_retailer_refused(fields: Shown, _: Turn) -> str | None:
    """An empty retailer is refused."""
    return "retailer" if fields.get("retailer") == "" else None


@deviation("one-account-a-retailer", "Q-DUPLICATE-RETAILER")
@refusals(CREATE, status=409, code="already_exists")
def one_account_a_retailer(fields: Shown, turn: Turn) -> str | None:
    """A key may have one account of each retailer, and one default account."""
    return (
        "retailer"
        if fields.get("retailer") in [held.retailer for held in turn.sandbox.accounts.values()]
        else None
    )


@deviation("empty-update-counts", "Q-UPDATE-EMPTY")
@updated
def empty_update_counts(account: ManagedAccount, _: ManagedAccount, turn: Turn) -> None:
    """An update without any field moves updated_at."""
    account.updated_at = turn.now


# Forms of what accounts show


@deviation("short-ids-of-another-form", "Q-SHORT-ID-FORM")
def short_ids_of_another_form(turn: Turn) -> Answer:
    """Short ids look like cred-A1B2C3D4~x, and ids are in capitals."""
    if turn.subject.startswith("cred-") and turn.subject.endswith("~x"):
        turn.redirect("zn_acct_" + turn.subject.removeprefix("cred-").removesuffix("~x").lower())
    return _with_other_ids(turn)


@accounts(*_SHOWN)
def _with_other_ids(account: Shown, _: Turn) -> None:
    account["short_id"] = f"cred-{account['short_id'].removeprefix('zn_acct_').upper()}~x"
    account["id"] = account["id"].upper()


def _times(write: Any) -> Act:
    @accounts(*_SHOWN)
    def act(account: Shown, _: Turn) -> None:
        for name in ("created_at", "updated_at"):
            account[name] = write(parse_instant(account[name]))

    return act


def _in_another_zone(instant: datetime) -> str:
    return instant.astimezone(timezone(timedelta(hours=-5))).isoformat(timespec="milliseconds")


@deviation("times-of-another-zone", "Q-TIME-OFFSET")
def times_of_another_zone(turn: Turn) -> Answer:
    """Timestamps have milliseconds and the offset of another zone."""
    return _times(_in_another_zone)(turn)


@deviation("times-with-zero-offset", "Q-TIME-OFFSET")
def times_with_zero_offset(turn: Turn) -> Answer:
    """Timestamps have six digits of a fraction and the offset +00:00."""
    return _times(lambda instant: instant.isoformat(timespec="microseconds"))(turn)


@deviation("times-in-whole-seconds", "Q-TIME-FRACTION")
def times_in_whole_seconds(turn: Turn) -> Answer:
    """Timestamps are cut to the second."""
    return _times(lambda instant: instant.strftime("%Y-%m-%dT%H:%M:%SZ"))(turn)


@deviation("times-without-offset", "Q-TIME-OFFSET")
def times_without_offset(turn: Turn) -> Answer:
    """Timestamps have a comma before the fraction and no offset, as ISO 8601 allows."""
    return _times(lambda instant: instant.strftime("%Y-%m-%dT%H:%M:%S,%f"))(turn)


@deviation("fields-of-the-later-revision", "Q-MORE-FIELDS")
@accounts(*_SHOWN)
def fields_of_the_later_revision(account: Shown, _: Turn) -> None:
    """Accounts have the fields of the later revision of the page."""
    account.update(
        has_totp=False,
        has_forwarding=True,
        forwarding_email=f"{account['short_id']}@forward.example",
        retailer_config=None,
    )


@deviation("more-fields-in-another-order", "Q-MORE-FIELDS")
@accounts(*_SHOWN)
def more_fields_in_another_order(account: Shown, _: Turn) -> None:
    """Accounts have fields that no page has, and show all in alphabetical order."""
    shown = {**account, "kind": "managed_account", "version": 3, "labels": [], "_links": {}}
    account.clear()
    account.update(sorted(shown.items()))


# Errors


@deviation("errors-as-detail-list", "Q-ERROR-SHAPE", keyless=True)
@answers(*ANY, statuses=REFUSAL)
def errors_as_detail_list(answer: Answer, _: Turn) -> None:
    """Errors are a list under `detail`, and everything wrong with a body answers 422."""
    details = answer.body.get("details") or {"request": answer.body["message"]}
    if answer.status in (400, 413, 415):
        answer.status = 422
    answer.body = {
        "detail": [
            {"loc": ["body", name], "msg": why, "type": "value_error"} for name, why in details.items()
        ]
    }


@deviation("errors-as-pages", "Q-ERROR-SHAPE", keyless=True)
@answers(*ANY, statuses=REFUSAL)
def errors_as_pages(answer: Answer, _: Turn) -> None:
    """Errors are HTML pages."""
    answer.raw = f"<html><body><h1>{answer.status}</h1></body></html>".encode()
    answer.headers["Content-Type"] = "text/html; charset=utf-8"


@deviation("errors-without-body", "Q-ERROR-SHAPE", keyless=True)
@answers(*ANY, statuses=REFUSAL)
def errors_without_body(answer: Answer, _: Turn) -> None:
    """Errors have no body."""
    answer.body = None


@deviation("errors-mixed", "Q-ERROR-SHAPE", keyless=True)
@answers(*ANY, statuses=REFUSAL)
def errors_mixed(answer: Answer, _: Turn) -> None:
    """Validation errors are wrapped, what is not found is a page, the rest is as it was."""
    if answer.status == 422:
        answer.body = {"error": answer.body}
    elif answer.status == 404:
        answer.raw, answer.headers["Content-Type"] = b"<h1>Not Found</h1>", "text/html"


@deviation("strangers-get-403", "Q-TOKEN-STATUS", keyless=True)
@answers(*ANY, statuses=(401,))
def strangers_get_403(answer: Answer, _: Turn) -> None:
    """Whoever is not let in gets 403."""
    answer.status = 403
    answer.body["code"] = "forbidden"
    answer.headers.pop("WWW-Authenticate", None)


@deviation("unknown-accounts-answer-403", "Q-UNKNOWN-ACCOUNT")
@answers(UPDATE, DELETE, statuses=(404,))
def unknown_accounts_answer_403(answer: Answer, _: Turn) -> None:
    """What is not found, or is another key's, answers 403: nobody learns what there is."""
    answer.status = 403
    answer.body["code"] = "forbidden"


# Other people


@deviation("others-at-work", "Q-DUPLICATE-EMAIL")
def others_at_work(turn: Turn) -> Answer:
    """Somebody else creates, changes and deletes accounts of the same key all the time."""
    with turn.tenant.lock:
        if turn.exchange.refusal is None:
            _work(turn, turn.memory.random, turn.kept.setdefault("theirs", []))
    turn.fired()
    return turn.perform()


def _work(turn: Turn, die: random.Random, theirs: list[str]) -> None:
    """Do one thing that somebody else might do between two requests."""
    sandbox, now, act = turn.sandbox, turn.now, die.randrange(12)
    if act < 2 and len(theirs) < 8:
        made = sandbox.create_account(f"shop{die.randrange(10**9)}@others.example", None, None, now)
        theirs.append(made.short_id)
    elif act < 4 and theirs:
        changes = {"email": f"shop{die.randrange(10**9)}@others.example", "retailer": die.choice(_RETAILERS)}
        sandbox.update_account(die.choice(theirs), changes, now)
    elif act < 5 and theirs:
        sandbox.delete_account(theirs.pop(die.randrange(len(theirs))), now)


# Orders


@deviation("order-statuses-of-the-prose-page", "Q-ORDER-STATUSES")
@orders(CREATE_ORDER, LIST_ORDERS, GET_ORDER)
def order_statuses_of_the_prose_page(order: Shown, _: Turn) -> None:
    """Orders have the status words of the prose page."""
    words = {"order_placed": "ordered", "order_failed": "failed"}
    order["status"] = words.get(order["status"], order["status"])


@deviation("busy-accounts-cannot-change", "Q-LOCKED-ACCOUNT-CHANGES")
@refusals(UPDATE, DELETE, status=409, code="account_busy")
def busy_accounts_cannot_change(_: Shown, turn: Turn) -> str | None:
    """An account that serves an order can neither be updated nor deleted."""
    turn.tenant.catch_up()
    lane = turn.sandbox.queues.lanes.get(turn.subject)
    return "short_id" if lane is not None and lane.holder is not None else None


@deviation("order-answers-with-more", "Q-MORE-FIELDS")
@orders(CREATE_ORDER, LIST_ORDERS, GET_ORDER)
def order_answers_with_more(order: Shown, _: Turn) -> None:
    """Orders have fields that no page has."""
    order.update(kind="order", region="us", links={"self": f"/orders/{order['id']}"})


@deviation("new-account-created-a-moment-ago", "Q-TIME-FRACTION")
@created
def new_account_updated_a_moment_later(account: ManagedAccount, _: Turn) -> None:
    """A new account has an updated_at some milliseconds after its created_at."""
    account.updated_at += timedelta(milliseconds=3)
