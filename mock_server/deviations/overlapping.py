"""Deviations that show only when requests overlap: each looks first, takes its time, and acts on what it saw."""

import time
from copy import copy

from mock_server.deviations.building import CREATE, DELETE, SUCCESS, UPDATE, deviation, when
from mock_server.deviations.turn import Turn
from mock_server.exchange import Answer

_GAP = 0.03  # seconds between looking and acting


@deviation("overlapping-creates-lose-one", "MA-CREATE-CONCURRENT", parallel=True)
@when(lambda turn: turn.operation == CREATE and turn.exchange.refusal is None)
def overlapping_creates_lose_one(turn: Turn) -> Answer:
    """Of creates sent at the same time the last one writes over the others: answered accounts are not there."""
    seen = set(turn.sandbox.accounts)
    time.sleep(_GAP)
    with turn.tenant.lock:
        answer = turn.perform()
        made = answer.body.get("short_id") if isinstance(answer.body, dict) else None
        for short_id in turn.sandbox.accounts.keys() - seen - {made} if answer.status in SUCCESS else ():
            turn.sandbox.delete_account(short_id, turn.now)
            turn.fired()
    return answer


@deviation("overlapping-updates-lose-one", "MA-UPDATE-CONCURRENT", parallel=True)
@when(lambda turn: turn.operation == UPDATE and turn.exchange.refusal is None)
def overlapping_updates_lose_one(turn: Turn) -> Answer:
    """Of updates of different fields sent at the same time the last one writes all fields: a change is lost."""
    seen = copy(turn.account)
    time.sleep(_GAP)
    with turn.tenant.lock:
        answer = turn.perform()
        account, sent = turn.account, turn.sent
        if seen is None or account is None or answer.status not in SUCCESS:
            return answer
        if "email" not in sent and account.email != seen.email:
            account.email = seen.email
            turn.fired()
        if "retailer" not in sent and account.retailer != seen.retailer:
            turn.set_retailer(account, seen.retailer)
            turn.fired()
    return answer


@deviation("overlapping-deletes-both-succeed", "MA-DELETE-CONCURRENT", parallel=True)
@when(lambda turn: turn.operation == DELETE and turn.account is not None)
def overlapping_deletes_both_succeed(turn: Turn) -> Answer:
    """Two deletes of one account sent at the same time both answer 204: two clients believe that they were the one."""
    time.sleep(_GAP)
    answer = turn.perform()
    if answer.status != 404:
        return answer
    turn.fired()
    return Answer(204)
