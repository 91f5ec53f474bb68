"""Deviations of the list of accounts."""

from datetime import timedelta
from typing import Any

from mock_server.deviations.building import LIST, accounts, answers, deviation
from mock_server.deviations.turn import Turn
from mock_server.exchange import Answer

_PAGE = 20


@deviation("list-answers-203", "MA-LIST-200")
@answers(LIST)
def list_answers_203(answer: Answer, _: Turn) -> None:
    """A list answers 203 instead of 200: a client that compares the status takes a success for a failure."""
    answer.status = 203


@deviation("list-is-a-bare-array", "MA-LIST-CREDENTIALS")
@answers(LIST)
def list_is_a_bare_array(answer: Answer, _: Turn) -> None:
    """The list is an array without an object around it: a client that reads `credentials` finds nothing."""
    answer.body = answer.body["credentials"]


@deviation("list-under-data", "MA-LIST-CREDENTIALS")
@answers(LIST)
def list_under_data(answer: Answer, _: Turn) -> None:
    """The accounts stand under `data`: a client that reads `credentials` finds nothing."""
    answer.body["data"] = answer.body.pop("credentials")


@deviation("list-without-total", "MA-LIST-TOTAL")
@answers(LIST)
def list_without_total(answer: Answer, _: Turn) -> None:
    """The list has no `total`: a client that counts by it fails or believes that there is nothing."""
    del answer.body["total"]


@deviation("total-as-text", "MA-LIST-TOTAL")
@answers(LIST)
def total_as_text(answer: Answer, _: Turn) -> None:
    """`total` is a string of digits: a client with types refuses the whole answer."""
    answer.body["total"] = str(answer.body["total"])


@deviation("total-off-by-one", "MA-LIST-TOTAL-COUNTS")
@answers(LIST)
def total_off_by_one(answer: Answer, _: Turn) -> None:
    """`total` is one too many: a client waits for an account that never comes."""
    answer.body["total"] += 1


@deviation("total-counts-deleted", "MA-LIST-TOTAL-COUNTS")
def total_counts_deleted(turn: Turn) -> Answer:
    """`total` still counts deleted accounts: a client takes the list for incomplete."""
    before = set(turn.sandbox.accounts)
    answer = turn.perform()
    gone = before - set(turn.sandbox.accounts)
    turn.kept["deleted"] = turn.kept.get("deleted", 0) + len(gone)
    if turn.operation == LIST and isinstance(answer.body, dict) and turn.kept["deleted"]:
        answer.body["total"] = answer.body.get("total", 0) + turn.kept["deleted"]
        turn.fired()
    return answer


@deviation("list-repeats-newest", "MA-LIST-ONCE")
@answers(LIST)
def list_repeats_newest(answer: Answer, _: Turn) -> None:
    """The newest account stands in the list twice: a client counts it twice, or makes two entries of it."""
    answer.body["credentials"] += answer.body["credentials"][-1:]
    answer.body["total"] = len(answer.body["credentials"])


@deviation("list-shows-default-as-amazon", "MA-LIST-MATCHES-CREATE")
@accounts(LIST)
def list_shows_default_as_amazon(account: dict[str, Any], turn: Turn) -> None:
    """The list shows a new account without retailer as one for amazon: client and server disagree on its use."""
    stored = turn.sandbox.accounts.get(account["short_id"])
    if stored and stored.retailer is None and stored.updated_at == stored.created_at:
        account["retailer"] = "amazon"


@deviation("list-shows-emails-in-capitals", "MA-LIST-MATCHES-CREATE")
@accounts(LIST)
def list_shows_emails_in_capitals(account: dict[str, Any], turn: Turn) -> None:
    """The list shows addresses of new accounts in capitals: a client that looks one up finds nothing."""
    stored = turn.sandbox.accounts.get(account["short_id"])
    if stored and stored.updated_at == stored.created_at:
        account["email"] = account["email"].upper()


@deviation("empty-list-shows-a-sample", "MA-LIST-EMPTY")
@answers(LIST)
def empty_list_shows_a_sample(answer: Answer, _: Turn) -> None:
    """A key without accounts lists a made-up one: a new customer sees an account that nobody has."""
    if not answer.body["credentials"]:
        sample = {
            "id": "00000000-0000-4000-8000-000000000000",
            "short_id": "zn_acct_sample00",
            "email": "sample@example.com",
            "retailer": "amazon",
            "created_at": "2026-01-01T00:00:00Z",
            "updated_at": "2026-01-01T00:00:00Z",
        }
        answer.body = {"credentials": [sample], "total": 1}


@deviation("list-newest-first", "MA-LIST-ORDER")
@answers(LIST)
def list_newest_first(answer: Answer, _: Turn) -> None:
    """The newest account comes first: a client that takes the first one for the oldest uses another one."""
    answer.body["credentials"].reverse()


@deviation("list-touches-accounts", "MA-LIST-CHANGES-NOTHING")
@answers(LIST)
def list_touches_accounts(_: Answer, turn: Turn) -> None:
    """Each list moves `updated_at` of all accounts: a client that looks for changes finds them everywhere."""
    for account in turn.sandbox.accounts.values():
        account.updated_at = max(turn.now, account.updated_at + timedelta(microseconds=1))
        turn.fired()


@deviation("list-as-plain-text", "MA-LIST-CONTENT-TYPE")
@answers(LIST)
def list_as_plain_text(answer: Answer, _: Turn) -> None:
    """The list is declared as text/plain: a client that goes by the media type does not read it as JSON."""
    answer.headers["Content-Type"] = "text/plain"
