"""Calls about what was asked and answered: the journal, why an answer was what it was, and what was exercised."""

from typing import Any

from mock_server.control.call import Call, Handlers
from mock_server.control.explain import explain
from mock_server.domain.errors import NotFound
from mock_server.grading.conduct import Conduct
from mock_server.grading.coverage import Client, coverage


def _requests(call: Call) -> Any:
    return {"requests": [entry.describe() for entry in call.tenant.journal]}


def _clear_requests(call: Call) -> Any:
    call.tenant.journal.clear()


def _explain(call: Call) -> Any:
    request_id = call.asked.subject
    entry = call.tenant.journal.find(request_id) or call.plane.maker.anonymous.journal.find(request_id)
    if entry is None:
        raise NotFound("request")
    with call.tenant.lock:
        return explain(entry, call.plane.published, call.tenant.sandbox, call.base_url)


def _coverage(call: Call) -> Any:
    return coverage(call.plane.published, [Client.of(call.tenant)])


def _clear_coverage(call: Call) -> Any:
    tenant = call.tenant
    with tenant.lock:
        tenant.catch_up()
        tenant.journal.continue_with(Conduct(came_with=tenant.sandbox.orders.values()))


HANDLERS: Handlers = {
    "listRequests": _requests,
    "clearRequests": _clear_requests,
    "explainRequest": _explain,
    "getCoverage": _coverage,
    "clearCoverage": _clear_coverage,
}
