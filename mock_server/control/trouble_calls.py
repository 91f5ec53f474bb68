"""Calls about trouble that a tester asks for: faults and deviations."""

from typing import Any

from mock_server.control.call import Call, Handlers, unfit
from mock_server.deviations.catalogue import deviation_named, deviations


def _faults(call: Call) -> Any:
    with call.tenant.lock:
        return {"faults": [fault.describe() for fault in call.tenant.faults]}


def _add_fault(call: Call) -> Any:
    wanted = call.asked.body
    known = call.plane.published.operations
    if wanted.get("operation") is not None and wanted["operation"] not in known:
        raise unfit("operation", f"must be one of {', '.join(known)}")
    if wanted.get("drop") and ("status" in wanted or "code" in wanted):
        raise unfit("drop", "a dropped connection has no status and no code")
    with call.tenant.lock:
        return call.tenant.faults.add(wanted).describe()


def _clear_faults(call: Call) -> Any:
    with call.tenant.lock:
        call.tenant.faults.clear()


def _deviations(call: Call) -> Any:
    return {
        "active": [deviation.name for deviation in call.tenant.deviations],
        "available": [
            {"name": deviation.name, "requirement": deviation.requirement, "about": deviation.about}
            for deviation in deviations()
        ],
    }


def _put_deviations(call: Call) -> Any:
    try:
        wanted = [deviation_named(name) for name in dict.fromkeys(call.asked.body)]
    except KeyError as problem:
        raise unfit(
            "body", f"{problem.args[0]!r} is no deviation; GET /_mock/deviations lists them"
        ) from None
    with call.tenant.lock:
        call.tenant.deviations = wanted
    call.plane.maker.share(call.plane.store.everyone())
    return _deviations(call)


HANDLERS: Handlers = {
    "listFaults": _faults,
    "addFault": _add_fault,
    "clearFaults": _clear_faults,
    "getDeviations": _deviations,
    "putDeviations": _put_deviations,
}
