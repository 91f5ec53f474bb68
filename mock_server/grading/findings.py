"""What a client did that it should not: a finding a rule and subject, counted, with the requests that show it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

_SHOWN_REQUESTS = 5
_SHOWN_SIGNS = 100
_SUBJECTS = 100  # a rule: a client that invents a new field name at each request must not fill the memory


class Level(StrEnum):
    """How sure it is that the client is at fault: a warning is, a note may have been meant."""

    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that a client should not do.

    Args:
        name: a stable name, such as `unknown-field`.
        level: what a finding of it is.
        about: what the rule asks of a client, in one sentence.
    """

    name: str
    level: Level
    about: str


POLLING = Rule(
    "polling-without-pause",
    Level.WARNING,
    "Pause between two polls: Zinc asks for 30 to 60 seconds.",
)
BLIND_REPEAT = Rule(
    "blind-repeat",
    Level.WARNING,
    "After a lost answer, repeat an order with the same idempotency_key, or list what there is first.",
)
UNKNOWN_FIELD = Rule("unknown-field", Level.WARNING, "Send only fields that the operation knows.")
UNKNOWN_PATH = Rule("unknown-path", Level.WARNING, "Call only paths and methods that the specification has.")
IMPATIENT_RETRY = Rule(
    "retry-after-ignored", Level.WARNING, "Wait as long as Retry-After says before you ask again."
)
UNSET_KEY = Rule(
    "unset-key", Level.WARNING, "Send your API key, not the name or the remains of an unset variable."
)
NO_KEY = Rule("no-key", Level.NOTE, "Send your API key with each request: Authorization: Bearer <key>.")

RULES = (POLLING, BLIND_REPEAT, UNKNOWN_FIELD, UNKNOWN_PATH, IMPATIENT_RETRY, UNSET_KEY, NO_KEY)


@dataclass(slots=True)
class Finding:
    """One rule that was broken about one subject, `count` times; `requests` are the ids of the first few."""

    rule: Rule
    subject: str
    message: str
    count: int = 0
    requests: list[str] = field(default_factory=list)

    def seen(self, request_id: str) -> None:
        """Count one request that shows it."""
        self.count += 1
        if len(self.requests) < _SHOWN_REQUESTS:
            self.requests.append(request_id)

    def describe(self) -> dict[str, Any]:
        """Return the finding as reports show it."""
        return {
            "level": self.rule.level.value,
            "rule": self.rule.name,
            "subject": self.subject,
            "message": self.message,
            "count": self.count,
            "requests": self.requests,
        }


class Findings:
    """The findings of one rule, by subject.

    Args:
        rule: the rule.
    """

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self._by_subject: dict[str, Finding] = {}

    def of(self, subject: str, message: str) -> Finding:
        """Return the finding about a subject, made if this is the first; past a limit they share one."""
        if subject not in self._by_subject and len(self._by_subject) >= _SUBJECTS:
            subject, message = "others", "The same was seen of further subjects."
        return self._by_subject.setdefault(subject, Finding(self.rule, subject, message))

    def __iter__(self) -> Iterator[Finding]:
        return iter(self._by_subject.values())


def printable(text: str) -> str:
    """Return what a client made up in a form that reports can show: short, and without control characters."""
    shown = "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in text[:_SHOWN_SIGNS])
    return shown + "…" * (len(text) > _SHOWN_SIGNS)


def merged(findings: Iterable[Finding]) -> list[Finding]:
    """Join the findings of several clients: warnings first, then by rule; the largest of a kind speaks for all."""
    joined: dict[tuple[str, str], Finding] = {}
    for finding in sorted(findings, key=lambda one: -one.count):
        known = joined.get((finding.rule.name, finding.subject))
        if known is None:
            joined[finding.rule.name, finding.subject] = replace(finding, requests=list(finding.requests))
        else:
            known.count += finding.count
            known.requests = (known.requests + finding.requests)[:_SHOWN_REQUESTS]
    order = {rule: place for place, rule in enumerate(RULES)}
    return sorted(joined.values(), key=lambda one: (order[one.rule], -one.count, one.subject))
