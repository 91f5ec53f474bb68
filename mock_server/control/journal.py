"""The journal: what one key asked and what it was answered, without a single secret."""

import threading
from collections import deque
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from mock_server.instants import format_instant
from mock_server.secret import Secret

if TYPE_CHECKING:
    from mock_server.exchange import Answer, Exchange
    from mock_server.grading.conduct import Conduct

REDACTED = "[redacted]"
_REMEMBERED = 1_000
_SHOWN_BYTES = 16_384
_SHOWN_NAMES = 50


class Entry(NamedTuple):
    """One request and its answer.

    `query` holds declared parameters alone, `body` has secrets sealed and unknown fields left out, `ignored` names
    those. `received` and `size` count the bytes of the two bodies; of one with too many, None is kept.
    """

    id: str
    at: datetime
    method: str
    path: str
    query: dict[str, str]
    operation: str | None
    body: Any
    ignored: list[str]
    notes: dict[str, Any]
    status: int
    headers: dict[str, str]
    answer: Any
    size: int
    dropped: bool
    milliseconds: float
    received: int = 0

    @classmethod
    def of(cls, exchange: "Exchange", answer: "Answer", size: int, milliseconds: float) -> Self:
        """Make the entry of an exchange and its answer, whose body has `size` bytes."""
        operation = exchange.operation
        return cls(
            id=exchange.id,
            at=exchange.tenant.clock.now(),
            method=exchange.request.method,
            path=exchange.request.path,
            query={name: exchange.query[name] for name in operation.query if name in exchange.query}
            if operation and operation.query
            else {},
            operation=operation.id if operation else None,
            body=exchange.body if exchange.received <= _SHOWN_BYTES else None,
            ignored=_first(exchange.ignored),
            notes=exchange.notes,
            status=answer.status,
            headers=answer.headers,
            answer=answer.body if size <= _SHOWN_BYTES else None,
            size=size,
            dropped=answer.dropped,
            milliseconds=milliseconds,
            received=exchange.received,
        )

    def describe(self) -> dict[str, Any]:
        """Return the entry as the control plane shows it."""
        return {
            "id": self.id,
            "at": format_instant(self.at),
            "operation": self.operation,
            "request": {
                "method": self.method,
                "path": self.path,
                "query": self.query,
                "body": _shown(self.body, self.received),
            },
            "validation": self.notes.get("validation", []),
            "ignored": self.ignored,
            "fault": self.notes.get("fault"),
            "deviations": self.notes.get("deviations", []),
            "response": {
                "status": self.status,
                "headers": self.headers,
                "body": _shown(self.answer, self.size),
                "dropped": self.dropped,
            },
            "duration_ms": round(self.milliseconds, 3),
        }


class Journal:
    """The last requests of one key, oldest first. What it forgets has been counted in the client's conduct."""

    def __init__(self) -> None:
        self._entries: deque[Entry] = deque()
        self._begun: Conduct | None = None  # most sandboxes never need one
        self._counted = 0  # how many entries, from the oldest on, it has taken
        self._lock = threading.Lock()

    def __iter__(self) -> Iterator[Entry]:
        return iter(tuple(self._entries))

    def __len__(self) -> int:
        return len(self._entries)

    def record(self, entry: Entry) -> None:
        """Add the newest entry; the oldest goes when there are too many."""
        self._entries.append(entry)
        if len(self._entries) > _REMEMBERED:
            self._forget_oldest()

    def _forget_oldest(self) -> None:
        with self._lock:
            if len(self._entries) <= _REMEMBERED:
                return  # they were cleared meanwhile
            oldest = self._entries.popleft()
            if self._counted:
                self._counted -= 1
                return
            self._conduct.take(oldest)

    @property
    def _conduct(self) -> "Conduct":
        if self._begun is None:
            from mock_server.grading.conduct import Conduct  # the first answer does not need it

            self._begun = Conduct()
        return self._begun

    def conduct(self) -> "Conduct":
        """Return the client's conduct, the newest request included."""
        with self._lock:
            entries = tuple(self._entries)
            for entry in entries[self._counted :]:
                self._conduct.take(entry)
            self._counted = len(entries)
            return self._conduct

    def break_off(self) -> None:
        """Say that a tester steps in here: what follows is no answer of the client to what came before."""
        if self._entries or self._begun:
            self.conduct().break_off()

    def continue_with(self, conduct: "Conduct") -> None:
        """Count on from another conduct: one begun in another sandbox, or a new one."""
        with self._lock:
            self._begun = conduct
            self._counted = len(self._entries)

    def find(self, request_id: str) -> Entry | None:
        """Return the entry of a request id, if it is still kept."""
        return next((entry for entry in reversed(self._entries) if entry.id == request_id), None)

    def clear(self) -> None:
        """Forget all entries; what they say of the client's conduct stays."""
        self.conduct()
        with self._lock:
            self._entries.clear()
            self._counted = 0


def _first(names: list[str]) -> list[str]:
    if len(names) <= _SHOWN_NAMES:
        return names
    return [*names[:_SHOWN_NAMES], f"and {len(names) - _SHOWN_NAMES} more"]


def _shown(body: Any, size: int) -> Any:
    return redacted(body) if size <= _SHOWN_BYTES else f"[{size} bytes, too many to keep]"


def redacted(value: Any) -> Any:
    """Return a copy of a JSON value in which each sealed secret says that it is one."""
    if isinstance(value, Secret):
        return REDACTED
    if isinstance(value, dict):
        return {name: redacted(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [redacted(inner) for inner in value]
    return value
