"""Calls about the sandbox as a whole: health, reset, snapshot, queues and the health of accounts."""

from typing import Any

from mock_server import __version__
from mock_server.control.call import Call, Handlers
from mock_server.control.snapshot import restore, restored_clock, snapshot
from mock_server.domain.accounts import Health


def _health(call: Call) -> Any:
    return {
        "status": "ok",
        "version": __version__,
        "spec_version": call.plane.published.version,
        "uptime_seconds": round(call.plane.uptime, 3),
    }


def _reset(call: Call) -> Any:
    past = call.tenant
    with past.lock:
        conduct = past.journal.conduct()
        call.plane.store.reset(past.key)
        fresh = call.plane.store.tenant(past.key)
        # What a client has exercised outlives its sandbox: suites reset before each test.
        conduct.change_sandbox(past.sandbox.orders.values(), fresh.sandbox.orders.values())
        fresh.journal.continue_with(conduct)
    call.plane.maker.share(call.plane.store.everyone())


def _snapshot(call: Call) -> Any:
    tenant = call.tenant
    with tenant.lock:
        tenant.catch_up()
        return snapshot(tenant.sandbox, tenant.clock)


def _put_snapshot(call: Call) -> Any:
    tenant, document = call.tenant, call.asked.body
    with tenant.lock:
        clock = restored_clock(document, tenant.clock)
        sandbox, ids = call.plane.maker.sandbox(tenant.key)
        restore(document, sandbox, ids, clock.now())
        tenant.catch_up()
        tenant.journal.conduct().change_sandbox(tenant.sandbox.orders.values(), sandbox.orders.values())
        tenant.sandbox, tenant.clock = sandbox, clock
        tenant.transitions.clear()
    return _snapshot(call)


def _queues(call: Call) -> Any:
    tenant = call.tenant
    with tenant.lock:
        tenant.catch_up()
        lanes = tenant.sandbox.queues.lanes
        return {
            "queues": [
                {
                    "short_id": short_id,
                    "in_progress": lane.holder.id if (lane := lanes.get(short_id)) and lane.holder else None,
                    "waiting": [order.id for order in lane.waiting] if lane else [],
                }
                for short_id in tenant.sandbox.accounts
            ]
        }


def _put_health(call: Call) -> Any:
    tenant, state = call.tenant, Health(call.asked.body["state"])
    with tenant.lock:
        account = tenant.sandbox.set_health(call.asked.subject, state, tenant.catch_up())
    return {"short_id": account.short_id, "state": account.health.value}


HANDLERS: Handlers = {
    "getHealth": _health,
    "resetSandbox": _reset,
    "getSnapshot": _snapshot,
    "putSnapshot": _put_snapshot,
    "getQueues": _queues,
    "putAccountHealth": _put_health,
}
