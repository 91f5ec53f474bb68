"""What clients exercised of the specification, of the order's life, and what was found: one JSON document."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mock_server.domain.orders import MOVES
from mock_server.grading.conduct import Moves, Seen
from mock_server.grading.findings import NO_KEY, UNSET_KEY, Finding, merged
from mock_server.specification import Operation, Specification
from mock_server.store import Tenant

_UNSET = frozenset({"", "undefined", "null", "none", "nil", "nan", "false", "[object", "your_api_key", "key"})
_LEFT_OVER = "$<>{}'\"`%"


@dataclass(frozen=True)
class Client:
    """What is known, at one instant, of the client that uses one key; no key stands for requests without one."""

    key: str
    answers: Mapping[Seen, int]
    moves: Moves
    findings: Sequence[Finding]

    @classmethod
    def of(cls, tenant: Tenant) -> "Client":
        """Look at the client of a sandbox."""
        with tenant.lock:
            tenant.catch_up()
            conduct = tenant.journal.conduct()
            answers = {Seen(*kind): count for kind, count in conduct.answers.items()}
            findings = [*conduct.findings(), *_about_key(tenant, answers)]
            return cls(tenant.key, answers, conduct.moves(tenant.sandbox.orders.values()), findings)


def _about_key(tenant: Tenant, answers: Mapping[Seen, int]) -> Iterable[Finding]:
    if not tenant.key:
        refused = sum(count for seen, count in answers.items() if seen.code == "unauthorized")
        if refused:
            yield Finding(NO_KEY, "no key", "Requests came without a usable key.", refused)
    elif answers and (tenant.key.lower() in _UNSET or any(sign in tenant.key for sign in _LEFT_OVER)):
        # The key itself is left out: there may be a true one between the quotes.
        message = "The API key looks like an unset variable or has quotes around it."
        yield Finding(UNSET_KEY, f"sandbox {tenant.label}", message, sum(answers.values()))


def coverage(specification: Specification, clients: Iterable[Client]) -> dict[str, Any]:
    """Return what clients exercised, and what not.

    Args:
        specification: the published one, which says what there is to exercise.
        clients: those to look at, together.

    Returns:
        A JSON object; `GET /_mock/coverage` in the control plane's document describes it.
    """
    active = [client for client in clients if client.answers or client.moves]
    answers: Counter[Seen] = Counter()
    for client in active:
        answers.update(client.answers)
    operations = [_operation(operation, answers) for operation in specification.operations.values()]
    transitions = _transitions(active)
    return {
        "requests": answers.total(),
        "keys": sum(1 for client in active if client.key),
        "summary": _summary(operations, transitions),
        "operations": operations,
        "transitions": transitions,
        "undocumented": _undocumented(specification, answers),
        "findings": [
            finding.describe() for finding in merged(f for client in active for f in client.findings)
        ],
    }


def _operation(operation: Operation, answers: Counter[Seen]) -> dict[str, Any]:
    mine = {seen: count for seen, count in answers.items() if seen.operation == operation.id}
    return {
        "operation": operation.id,
        "requests": sum(mine.values()),
        "dropped": sum(count for seen, count in mine.items() if seen.dropped),
        "statuses": [
            {
                "status": status,
                "count": sum(n for seen, n in mine.items() if seen.status == status and not seen.dropped),
                "codes": [
                    {"code": code, "count": mine.get(Seen(operation.id, status, code, False), 0)}
                    for code in _codes(operation, status)
                ],
            }
            for status in sorted(operation.responses)
        ],
    }


def _codes(operation: Operation, status: int) -> list[str]:
    """Return the error codes that the document's examples give for a status."""
    if status < 400:
        return []
    examples = operation.responses[status].examples.values()
    return list(dict.fromkeys(example["code"] for example in examples if isinstance(example, dict)))


def _transitions(clients: Iterable[Client]) -> list[dict[str, Any]]:
    made: Moves = Counter()
    for client in clients:
        made.update(client.moves)
    return [
        {"from": before.value, "to": after.value, "count": made[before, after]}
        for before, moves in MOVES.items()
        for after in moves.values()
    ]


def _summary(operations: list[dict[str, Any]], transitions: list[dict[str, Any]]) -> dict[str, Any]:
    statuses = [status["count"] for operation in operations for status in operation["statuses"]]
    codes = [
        code["count"]
        for operation in operations
        for status in operation["statuses"]
        for code in status["codes"]
    ]
    counts = {
        "operations": [operation["requests"] for operation in operations],
        "statuses": statuses,
        "error_codes": codes,
        "transitions": [transition["count"] for transition in transitions],
    }
    return {name: {"exercised": sum(map(bool, n)), "documented": len(n)} for name, n in counts.items()}


def _undocumented(specification: Specification, answers: Counter[Seen]) -> list[dict[str, Any]]:
    """Return the answers that no operation of the document has: faults, deviations, paths that lead nowhere."""
    found = []
    for seen, count in answers.items():
        operation = specification.operations.get(seen.operation or "")
        known = operation is not None and seen.status in operation.responses
        if seen.dropped or (
            operation and known and (not seen.code or seen.code in _codes(operation, seen.status))
        ):
            continue
        found.append({"operation": seen.operation, "status": seen.status, "code": seen.code, "count": count})
    return sorted(found, key=lambda one: (one["operation"] or "", one["status"], one["code"] or ""))
