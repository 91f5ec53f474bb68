"""The control plane, driven by a document of its own beside this file."""

import time
from pathlib import Path

from mock_server.api import SNAPSHOT_DEPTH_LIMIT, success, validated
from mock_server.control import clock_calls, journal_calls, sandbox_calls, trouble_calls
from mock_server.control.call import Call, Handlers
from mock_server.errors import EXPECTED, answer_of
from mock_server.exchange import Answer, Exchange
from mock_server.specification import Specification
from mock_server.store import MemoryStore
from mock_server.tenants import TenantMaker

DOCUMENT = Path(__file__).with_name("openapi.yaml")
_BODY_LIMIT = 64 * 1024 * 1024  # a snapshot of a hundred thousand orders

HANDLERS: Handlers = {
    **sandbox_calls.HANDLERS,
    **clock_calls.HANDLERS,
    **trouble_calls.HANDLERS,
    **journal_calls.HANDLERS,
}


class ControlPlane:
    """Answers the operations under `/_mock`.

    Args:
        store: where the sandboxes live.
        maker: makes what a snapshot is put into.
        published: the specification that the API follows.
    """

    def __init__(self, store: MemoryStore, maker: TenantMaker, published: Specification) -> None:
        self.store = store
        self.maker = maker
        self.published = published
        self._started = time.monotonic()

    @property
    def uptime(self) -> float:
        """Seconds since this mock was made."""
        return time.monotonic() - self._started

    def respond(self, exchange: Exchange) -> Answer:
        """Answer one call; faults, deviations and the journal have no part in it."""
        try:
            if exchange.refusal is not None:
                raise exchange.refusal
            operation = exchange.operation
            assert operation is not None, "an exchange without refusal has an operation"
            asked = validated(
                exchange,
                operation,
                strict=False,
                body_limit=_BODY_LIMIT,
                depth_limit=SNAPSHOT_DEPTH_LIMIT,
            )
            call = Call(self, exchange.tenant, asked, exchange.request.host_url.rstrip("/"))
            if operation.method != "GET":
                call.tenant.journal.break_off()
            return success(operation, HANDLERS[operation.id](call))
        except EXPECTED as problem:
            return answer_of(problem)
