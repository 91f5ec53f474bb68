"""Deviations that show only when a key has many accounts."""

from mock_server.deviations.building import CREATE, DELETE, LIST, answers, deviation, past, when
from mock_server.deviations.turn import Turn
from mock_server.exchange import Answer

_PAGE = 20


@deviation("list-fails-past-25", "MA-LIST-SUCCEEDS")
@past(25)
@when(lambda turn: turn.operation == LIST)
def list_fails_past_25(turn: Turn) -> Answer:
    """A list of more than 25 accounts is refused: what worked in trials breaks as the customer grows."""
    return turn.refuse(400, "bad_request", "There are too many accounts to list.")


@deviation("total-stops-at-20", "MA-LIST-TOTAL-COUNTS")
@answers(LIST)
def total_stops_at_20(answer: Answer, _: Turn) -> None:
    """`total` never passes 20: a client with many accounts believes that it has seen all."""
    answer.body["total"] = min(answer.body["total"], _PAGE)


@deviation("list-cut-at-20", "MA-LIST-COMPLETE")
@answers(LIST)
def list_cut_at_20(answer: Answer, _: Turn) -> None:
    """The list ends after 20 accounts and says nothing of it: the client never learns of the others."""
    answer.body["credentials"] = answer.body["credentials"][:_PAGE]
    answer.body["total"] = len(answer.body["credentials"])


@deviation("list-keeps-newest-25", "MA-LIST-COMPLETE")
@answers(LIST)
def list_keeps_newest_25(answer: Answer, _: Turn) -> None:
    """The list shows only the newest 25 accounts: the oldest ones drop out of the client's sight."""
    answer.body["credentials"] = answer.body["credentials"][-25:]
    answer.body["total"] = len(answer.body["credentials"])


@deviation("list-repeats-at-page-border", "MA-LIST-ONCE")
@past(_PAGE)
@answers(LIST)
def list_repeats_at_page_border(answer: Answer, _: Turn) -> None:
    """Past 20 accounts the twentieth is listed twice, as where two pages overlap: only big customers meet it."""
    answer.body["credentials"].insert(_PAGE, answer.body["credentials"][_PAGE - 1])
    answer.body["total"] = len(answer.body["credentials"])


@deviation("create-stops-at-25", "MA-CREATE-SUCCEEDS")
@past(24)
@when(lambda turn: turn.operation == CREATE)
def create_stops_at_25(turn: Turn) -> Answer:
    """A key that has 25 accounts can make no more: what worked in trials breaks as the customer grows."""
    return turn.refuse(403, "forbidden", "No more accounts can be created.")


@deviation("create-drops-oldest-past-25", "MA-CREATE-OTHERS-UNTOUCHED")
@past(25)
@answers(CREATE)
def create_drops_oldest_past_25(_: Answer, turn: Turn) -> None:
    """With more than 25 accounts each create removes the oldest: a growing customer loses accounts unasked."""
    turn.sandbox.delete_account(next(iter(turn.sandbox.accounts)), turn.now)
    turn.fired()


@deviation("deletes-do-nothing-past-25", "MA-DELETE-UNLISTED")
@past(25)
@when(lambda turn: turn.operation == DELETE and turn.account is not None)
def deletes_do_nothing_past_25(turn: Turn) -> Answer:
    """With more than 25 accounts a delete answers 204 and deletes nothing: only big customers meet it."""
    turn.fired()
    return Answer(204)


@deviation("retailer-not-answered-past-25", "MA-CREATE-RETAILER")
@past(25)
@answers(CREATE)
def retailer_not_answered_past_25(answer: Answer, _: Turn) -> None:
    """With more than 25 accounts a create answers a null retailer: a client takes it for a default account."""
    answer.body["retailer"] = None
