"""Calls about time: the clock, moving it, and going on until nothing is left to happen."""

import time
from collections.abc import Callable
from typing import Any

from mock_server.control.call import Call, Handlers, unfit
from mock_server.control.clock import Clock, ClockError, Mode
from mock_server.domain.queueing import Transition
from mock_server.errors import WaitedTooLong
from mock_server.instants import format_instant, parse_instant
from mock_server.store import Tenant

_SETTLE_SECONDS = 5.0


def _clock(call: Call) -> Any:
    return _shown_clock(call.tenant.clock)


def _shown_clock(clock: Clock) -> dict[str, Any]:
    return {"mode": clock.mode.value, "now": format_instant(clock.now())}


def _put_clock(call: Call) -> Any:
    tenant, wanted = call.tenant, call.asked.body
    with tenant.lock:
        tenant.catch_up()
        if wanted["mode"] == Mode.MANUAL:
            at = wanted.get("now")
            _set_clock("now", lambda: tenant.clock.stand(at and parse_instant(at)))
        elif "now" in wanted:
            raise unfit("now", "goes with the mode manual; a real clock has its own")
        else:
            tenant.clock.run()
        tenant.catch_up()
        return _shown_clock(tenant.clock)


def _advance(call: Call) -> Any:
    tenant = call.tenant
    with tenant.lock:
        _set_clock("seconds", lambda: tenant.clock.advance(call.asked.body["seconds"]))
        happened = tenant.sandbox.settle(tenant.clock.now())
        tenant.transitions.extend(happened)
        return _moved(tenant, happened)


def _settle(call: Call) -> Any:
    timeout = call.asked.query.get("timeout", _SETTLE_SECONDS)
    if call.tenant.clock.mode is Mode.REAL:
        return _settle_by_waiting(call.tenant, timeout)
    tenant = call.tenant
    with tenant.lock:
        happened = tenant.sandbox.settle(tenant.clock.now())
        while (due := tenant.sandbox.queues.next_due()) is not None:
            tenant.clock.stand(due)
            happened += tenant.sandbox.settle(due)
        tenant.transitions.extend(happened)
        return _moved(tenant, happened)


def _settle_by_waiting(tenant: Tenant, timeout: float) -> Any:
    deadline = time.monotonic() + timeout
    with tenant.lock:
        since = tenant.catch_up()
    while True:
        with tenant.lock:
            now = tenant.catch_up()
            due = tenant.sandbox.queues.next_due()
            if due is None:
                return _moved(tenant, [moved for moved in tenant.transitions if moved.at > since])
        left = deadline - time.monotonic()
        if left <= 0:
            raise WaitedTooLong(f"Orders were still waiting or running after {timeout:g} seconds.")
        time.sleep(min(left, (due - now).total_seconds()))


def _moved(tenant: Tenant, happened: list[Transition]) -> Any:
    transitions = [
        {
            "at": format_instant(moved.at),
            "order_id": moved.order_id,
            "from": moved.before.value,
            "to": moved.after.value,
        }
        for moved in happened
    ]
    return {**_shown_clock(tenant.clock), "transitions": transitions}


def _set_clock(field: str, change: Callable[[], None]) -> None:
    try:
        change()
    except (ClockError, ValueError) as problem:
        raise unfit(field, str(problem)) from problem


HANDLERS: Handlers = {
    "getClock": _clock,
    "putClock": _put_clock,
    "advanceClock": _advance,
    "settle": _settle,
}
