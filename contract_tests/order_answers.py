"""Reads answers about orders generously, in the words of either published list of statuses.

The API reference and a prose page name the statuses of an order differently. Which of them a server uses is an open
question; what may be said of queues and locks must not depend on it.
"""

from collections.abc import Mapping
from enum import IntEnum
from typing import Any

from contract_tests.answers import listed_objects
from contract_tests.exchange import Response

Order = Mapping[str, Any]


class Phase(IntEnum):
    """Where an order stands, whatever the word for it."""

    WAITING = 0
    RUNNING = 1
    ENDED = 2


_PLACED = ("order_placed", "ordered", "shipped", "delivered")
_FAILED = ("order_failed", "failed")
REFERENCE = frozenset({"pending", "in_progress", "order_placed", "order_failed", "cancelled"})
PROSE = frozenset({"pending", "in_progress", "ordered", "shipped", "delivered", "cancelled", "failed"})
_PHASES = dict.fromkeys(REFERENCE | PROSE, Phase.ENDED) | {
    "pending": Phase.WAITING,
    "in_progress": Phase.RUNNING,
}
# A placed order goes on in the prose list: that is no second end.
_ON_ITS_WAY = ("ordered", "shipped", "delivered")


def phase_of(status: object) -> Phase | None:
    """The phase that a status stands for; None for a word of neither list."""
    return _PHASES.get(status) if isinstance(status, str) else None


def is_placed(status: object) -> bool:
    """Whether a status says that the retailer took the order."""
    return status in _PLACED


def is_failed(status: object) -> bool:
    """Whether a status says that the order failed."""
    return status in _FAILED


def stays_ended(before: object, after: object) -> bool:
    """Whether an order that showed the first status at its end may show the second one later."""
    if before in _ON_ITS_WAY and after in _ON_ITS_WAY:
        return _ON_ITS_WAY.index(str(after)) >= _ON_ITS_WAY.index(str(before))
    return before == after


def listed_orders(response: Response) -> list[Order] | None:
    """The orders in a list answer, in its order; None when there is no list in it."""
    return listed_objects(response, "orders")


def answered_order(response: Response) -> Order | None:
    """The order in the answer to a create or a read, also when it is wrapped in one more object."""
    content = response.json
    if isinstance(content, dict) and not _looks_like_order(content):
        inner = [value for value in content.values() if isinstance(value, dict) and _looks_like_order(value)]
        content = inner[0] if len(inner) == 1 else None
    return content if isinstance(content, dict) and _looks_like_order(content) else None


def _looks_like_order(content: Order) -> bool:
    return sum(field in content for field in ("id", "status", "items", "attempts")) >= 2


def job_error(order: Order) -> str | None:
    """The error_type of a failed order; None when it shows none."""
    result = order.get("job_result")
    error = result.get("error_type") if isinstance(result, dict) else None
    return error if isinstance(error, str) else None
