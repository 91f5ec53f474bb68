"""The rules that a client's requests are held to, one small class each.

A rule takes each request once, in the order in which they were answered, and keeps no more than it needs to judge
the next one. Requests come by here when the journal lets go of them, which under load is at each request: a rule
must make up its mind in a fraction of a microsecond about all that it does not concern.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from mock_server.grading.findings import (
    IMPATIENT_RETRY,
    POLLING,
    UNKNOWN_FIELD,
    UNKNOWN_PATH,
    Finding,
    Findings,
    printable,
)

if TYPE_CHECKING:
    from mock_server.control.journal import Entry


class Watcher(Protocol):
    """Holds requests to one rule."""

    def take(self, entry: "Entry") -> None:
        """Judge the next request."""

    def break_off(self) -> None:
        """Forget what the next request would have been compared with: a tester stepped in."""

    def findings(self) -> Iterator[Finding]:
        """Yield what was found so far."""


class Unknowns:
    """What the specification does not have: fields, which the mock ignores, and paths, which lead nowhere."""

    def __init__(self) -> None:
        self._fields = Findings(UNKNOWN_FIELD)
        self._paths = Findings(UNKNOWN_PATH)

    def take(self, entry: "Entry") -> None:
        """Judge the next request."""
        if entry.ignored or entry.operation is None:
            self._note(entry)

    def _note(self, entry: "Entry") -> None:
        for name in entry.ignored:
            subject = printable(f"{entry.operation} {re.sub(r'[.][0-9]+', '[]', name)}")
            self._fields.of(subject, f"{subject}: the specification has no such field.").seen(entry.id)
        if entry.operation is None and entry.status in (404, 405):
            subject = printable(f"{entry.method} {entry.path}")
            self._paths.of(subject, f"{subject}: the specification has no such operation.").seen(entry.id)

    def break_off(self) -> None:
        """Nothing to forget: each request stands for itself."""

    def findings(self) -> Iterator[Finding]:
        """Yield what was found so far."""
        yield from self._fields
        yield from self._paths


@dataclass(slots=True)
class _Run:
    """Polls of one path, one right after the other."""

    first: datetime
    last: datetime
    polls: int = 1


class Polling:
    """Polls of orders in a row with next to no pause, on a real clock, while the client changed nothing.

    A manual clock stands, so there is no telling how long a client waited.
    """

    pause_seconds = 0.05
    polls = 5
    _operations = frozenset({"listOrders", "getOrder"})

    def __init__(self) -> None:
        self._found = Findings(POLLING)
        self._runs: dict[str, _Run] = {}
        self._longest: dict[str, _Run] = {}

    def take(self, entry: "Entry") -> None:
        """Judge the next request."""
        operation = entry.operation
        if operation not in self._operations:
            if self._runs and entry.method != "GET":
                self._runs.clear()  # after a change there is something new to look at
            return
        run = self._runs.get(entry.path)
        if run is not None and self._follows_at_once(entry, run.last):
            run.last = entry.at
            run.polls += 1
            if run.polls >= self.polls:
                self._note(entry, run)
            return
        if len(self._runs) > 1_000:
            self._runs.clear()
        self._runs[entry.path] = _Run(entry.at, entry.at)

    def _follows_at_once(self, entry: "Entry", last: datetime) -> bool:
        since = (entry.at - last).total_seconds()
        return since > 0 and since - entry.milliseconds / 1000 < self.pause_seconds

    def _note(self, entry: "Entry", run: _Run) -> None:
        operation = str(entry.operation)
        finding = self._found.of(operation, "")
        finding.seen(entry.id)
        if run.polls == self.polls:
            finding.count += self.polls - 1  # those that made the run
        longest = self._longest.get(operation)
        if longest is None or run.polls > longest.polls:
            self._longest[operation] = run

    def break_off(self) -> None:
        """Forget what the next request would have been compared with: a tester stepped in."""
        self._runs.clear()

    def findings(self) -> Iterator[Finding]:
        """Yield what was found so far, with the pace of the longest run."""
        for finding in self._found:
            run = self._longest[finding.subject]
            pace = (run.last - run.first).total_seconds() / (run.polls - 1)
            finding.message = (
                f"{finding.subject} was polled {run.polls} times in a row, every {_shown(pace)}."
            )
            yield finding


class ImpatientRetries:
    """An operation asked again before the time that `Retry-After` gave was up, on a real clock."""

    tolerance_seconds = 0.05

    def __init__(self) -> None:
        self._found = Findings(IMPATIENT_RETRY)
        self._asked: dict[str | None, tuple[datetime, int]] = {}

    def take(self, entry: "Entry") -> None:
        """Judge the next request."""
        if self._asked:
            self._compare(entry)
        if entry.status >= 400 and entry.headers.get("Retry-After", "").isdigit():
            self._asked[entry.operation] = entry.at, int(entry.headers["Retry-After"])

    def _compare(self, entry: "Entry") -> None:
        asked = self._asked.pop(entry.operation, None)
        if asked is None or entry.at == asked[0]:
            return  # a clock that stands cannot tell
        waited = (entry.at - asked[0]).total_seconds() - entry.milliseconds / 1000
        if waited < asked[1] - self.tolerance_seconds:
            message = f"{entry.operation} came again although Retry-After had asked for {asked[1]} s."
            self._found.of(str(entry.operation), message).seen(entry.id)

    def break_off(self) -> None:
        """Forget what the next request would have been compared with: a tester stepped in."""
        self._asked.clear()

    def findings(self) -> Iterator[Finding]:
        """Yield what was found so far."""
        yield from self._found


def _shown(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms" if seconds < 1 else f"{seconds:.1f} s"
