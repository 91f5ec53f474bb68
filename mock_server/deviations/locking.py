"""Deviations of order locking: when orders start, whom they wait for, and how that is shown."""

import time
from typing import Any

from mock_server.deviations.building import (
    CREATE_ORDER,
    DELETE,
    GET_ORDER,
    LIST_ORDERS,
    SUCCESS,
    UPDATE,
    answers,
    deviation,
    orders,
    refusals,
    when,
)
from mock_server.deviations.queueing import (
    UNSERVED,
    Rule,
    holders,
    holding_back,
    letting_by,
    ruled_queues,
    under,
)
from mock_server.deviations.turn import Memory, Turn
from mock_server.domain.orders import OrderStatus
from mock_server.domain.queueing import Lane
from mock_server.domain.sandbox import Sandbox
from mock_server.exchange import Answer

_GAP = 0.03  # seconds between looking whether the lock is free and taking it


# Two at a time


@deviation("lock-missing", "MA-LOCK-ONE-AT-A-TIME")
@letting_by
def lock_missing(_lane: Lane, _sandbox: Sandbox, _memory: Memory) -> bool:
    """Orders of one account run side by side: carts get mixed, and items are bought twice or not at all."""
    return True


@deviation("lock-for-two", "MA-LOCK-ONE-AT-A-TIME")
@letting_by
def lock_for_two(lane: Lane, sandbox: Sandbox, _: Memory) -> bool:
    """Two orders of one account run at a time, a third one waits: carts of two get mixed now and then."""
    short_id = lane.waiting[0].retailer_credentials_id
    running = [
        order
        for order in sandbox.orders.values()
        if order.retailer_credentials_id == short_id and order.status is OrderStatus.IN_PROGRESS
    ]
    return len(running) < 2


@deviation("lock-missing-one-in-five", "MA-LOCK-ONE-AT-A-TIME")
@letting_by
def lock_missing_one_in_five(lane: Lane, _: Sandbox, memory: Memory) -> bool:
    """One order in five does not wait for the lock: carts get mixed so seldom that nobody finds out why."""
    dice = memory.kept.setdefault("dice", {})
    return bool(dice.setdefault(lane.waiting[0].id, memory.random.randrange(5)) == 0)


@deviation("lock-full-after-three", "MA-LOCK-ONE-AT-A-TIME")
@letting_by
def lock_full_after_three(lane: Lane, _sandbox: Sandbox, _memory: Memory) -> bool:
    """When more than three orders wait for an account one of them starts all the same: carts get mixed on busy days."""
    return len(lane.waiting) > 3


@deviation("lock-races", "MA-LOCK-PARALLEL-SUBMIT", parallel=True)
@when(lambda turn: turn.operation == CREATE_ORDER and turn.exchange.refusal is None)
def lock_races(turn: Turn) -> Answer:
    """Orders submitted at the same moment all find the lock free and start: the very case that the lock is for."""
    with turn.tenant.lock:
        turn.tenant.catch_up()
        busy = {name for name, lane in ruled_queues(turn).lanes.items() if lane.holder or lane.waiting}
    time.sleep(_GAP)
    with turn.tenant.lock:
        answer = turn.perform()
        order = turn.sandbox.orders.get(answer.body.get("id", "")) if answer.status in SUCCESS else None
        if order and order.status is OrderStatus.PENDING and order.retailer_credentials_id not in busy:
            ruled_queues(turn).start_beside(order, turn.now)
            turn.fired()
    return answer


# Refused, lost, stuck


@deviation("busy-account-refuses-orders", "MA-LOCK-QUEUED")
@refusals(CREATE_ORDER, status=409, code="account_busy")
def busy_account_refuses_orders(fields: dict[str, Any], turn: Turn) -> str | None:
    """An order for a busy account is refused instead of queued: a client has to keep a queue of its own."""
    turn.tenant.catch_up()
    lane = turn.sandbox.queues.lanes.get(str(fields.get("retailer_credentials_id")))
    return "retailer_credentials_id" if lane is not None and lane.holder is not None else None


@deviation("queue-of-two-refuses-orders", "MA-LOCK-QUEUED")
@refusals(CREATE_ORDER, status=423, code="queue_full")
def queue_of_two_refuses_orders(fields: dict[str, Any], turn: Turn) -> str | None:
    """An order is refused when two wait for its account already: a busy day's orders are lost at the door."""
    turn.tenant.catch_up()
    lane = turn.sandbox.queues.lanes.get(str(fields.get("retailer_credentials_id")))
    return "retailer_credentials_id" if lane is not None and len(lane.waiting) >= 2 else None


@deviation("waiting-orders-not-listed", "MA-LOCK-NONE-LOST")
@answers(LIST_ORDERS)
def waiting_orders_not_listed(answer: Answer, _: Turn) -> None:
    """Waiting orders are in no list: a client takes them for lost and orders again."""
    answer.body["orders"] = [order for order in answer.body["orders"] if order["status"] != "pending"]


@deviation("third-in-line-never-starts", "MA-LOCK-ALL-FINISH")
@holding_back
def third_in_line_never_starts(lane: Lane, _: Sandbox, memory: Memory) -> bool:
    """An order with two before it in line never starts, nor do those behind it: a customer waits for ever."""
    dead: set[str] = memory.kept.setdefault("dead", set())
    if lane.waiting[0].id in dead:
        return True
    if len(lane.waiting) > 1:
        dead.add(lane.waiting[1].id)
    return False


@deviation("lock-forgotten-after-failure", "MA-LOCK-FREED-AFTER-FAILURE")
@holding_back
def lock_forgotten_after_failure(lane: Lane, sandbox: Sandbox, _: Memory) -> bool:
    """An order that fails keeps its account locked: one product out of stock stops all orders of the account."""
    short_id = lane.waiting[0].retailer_credentials_id
    held = [order for order in sandbox.orders.values() if order.retailer_credentials_id == short_id]
    ended = [order for order in held if order.finished_at is not None]
    return bool(ended) and ended[-1].failure is not None


# Whom an order waits for


@deviation("lock-for-all-accounts", "MA-LOCK-PER-ACCOUNT")
@holding_back
def lock_for_all_accounts(lane: Lane, sandbox: Sandbox, _: Memory) -> bool:
    """All accounts share one lock: more accounts do not make orders any faster."""
    return lane is not sandbox.queues.lanes.get(UNSERVED) and any(holders(sandbox, lane))


def _waits_for_like(lane: Lane, sandbox: Sandbox, field: str) -> bool:
    """Whether an account with the same value in a field is busy."""
    accounts = sandbox.accounts
    own = accounts.get(lane.waiting[0].retailer_credentials_id or "")
    others = (accounts.get(order.retailer_credentials_id or "") for order in holders(sandbox, lane))
    wanted = getattr(own, field, None)
    return wanted is not None and any(wanted == getattr(other, field, None) for other in others)


@deviation("lock-shared-by-email", "MA-LOCK-SAME-EMAIL")
@holding_back
def lock_shared_by_email(lane: Lane, sandbox: Sandbox, _: Memory) -> bool:
    """Accounts of one address share a lock: one login for two retailers serves one order at a time."""
    return _waits_for_like(lane, sandbox, "email")


@deviation("lock-shared-by-retailer", "MA-LOCK-SAME-RETAILER")
@holding_back
def lock_shared_by_retailer(lane: Lane, sandbox: Sandbox, _: Memory) -> bool:
    """Accounts of one retailer share a lock: a second account for amazon makes orders no faster."""
    return _waits_for_like(lane, sandbox, "retailer")


@deviation("unserved-orders-wait", "MA-LOCK-UNSERVED-NEVER-WAITS")
def unserved_orders_wait(turn: Turn) -> Answer:
    """Orders that no managed account serves run one at a time: a customer without accounts waits for no reason."""
    return under(Rule(unserved_wait=True), turn)


@deviation("last-in-line-comes-first", "MA-LOCK-FIFO")
def last_in_line_comes_first(turn: Turn) -> Answer:
    """The order submitted last starts first: on a busy day the first customer is served at night."""
    return under(Rule(newest_first=True), turn)


# Changes of a busy account


@deviation("update-frees-lock", "MA-LOCK-UPDATE-KEEPS")
@answers(UPDATE)
def update_frees_lock(_: Answer, turn: Turn) -> None:
    """Updating a busy account frees it, and the next order starts beside the first: carts get mixed."""
    lane = turn.sandbox.queues.lanes.get(turn.subject)
    if lane is not None and lane.holder is not None and lane.waiting:
        lane.holder = None
        turn.sandbox.queues.resume((), turn.now)
        turn.fired()


@deviation("delete-leaves-orders-waiting", "MA-LOCK-DELETE-FREES")
@when(lambda turn: turn.operation == DELETE and turn.account is not None)
def delete_leaves_orders_waiting(turn: Turn) -> Answer:
    """Orders of a deleted account go on running and waiting: the revoked login is used, the rest waits for ever."""
    with turn.tenant.lock:
        turn.tenant.catch_up()
        lane = turn.sandbox.queues.lanes.pop(turn.subject, None)
        if lane is not None and (lane.holder or lane.waiting):
            turn.fired()
        return turn.perform()


# How it is shown


@deviation("waiting-order-shown-as-queued", "MA-LOCK-WAITING-PENDING")
@orders(CREATE_ORDER, LIST_ORDERS, GET_ORDER)
def waiting_order_shown_as_queued(order: dict[str, Any], _: Turn) -> None:
    """An order that waits for its account has the status queued: a client that knows pending does not know it."""
    if order["status"] == "pending" and order["retailer_credentials_id"]:
        order["status"] = "queued"
