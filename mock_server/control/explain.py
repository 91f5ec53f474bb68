"""Why an answer was what it was: the specification's place, the verdict, the trouble, the nearest valid request."""

import json
import shlex
from collections.abc import Collection
from typing import Any
from urllib.parse import quote, urlencode

from mock_server.control.journal import Entry, redacted
from mock_server.domain.sandbox import Sandbox
from mock_server.specification import Operation, Schema, Specification

_STATES = {
    "not_found": "nothing of this id in this key's sandbox",
    "already_exists": "the idempotency key was used by another order",
}

# What an order was refused for, by status: a test product, an account, a key that was used before.
_REFUSED_FIELDS = {
    400: frozenset({"products"}),
    402: frozenset({"products"}),
    404: frozenset({"retailer_credentials_id"}),
    409: frozenset({"idempotency_key"}),
}


def explain(entry: Entry, specification: Specification, sandbox: Sandbox, base_url: str) -> dict[str, Any]:
    """Return the reasons of one journal entry.

    Args:
        entry: the request and its answer.
        specification: the published one, which the answer followed.
        sandbox: that of the key that asks; the curl line names what is in it.
        base_url: where the mock is, for the curl line.
    """
    operation = specification.operations.get(entry.operation or "")
    return {
        "id": entry.id,
        "operation": entry.operation,
        "specification": _place(entry, operation),
        "status": entry.status,
        "summary": _summary(entry, operation),
        "state": _state(entry, operation),
        "validation": entry.notes.get("validation", []),
        "ignored": entry.ignored,
        "fault": entry.notes.get("fault"),
        "deviations": entry.notes.get("deviations", []),
        "nearest_valid_request": operation and _nearest(entry, operation, specification, sandbox, base_url),
    }


def _place(entry: Entry, operation: Operation | None) -> str | None:
    """Return the JSON pointer that decided: the failed keyword, the documented answer, or the operation."""
    if operation is None:
        return None
    failed = entry.notes.get("validation")
    if failed:
        return str(failed[0].pointer)
    response = operation.responses.get(entry.status)
    return response.pointer if response else operation.pointer


def _state(entry: Entry, operation: Operation | None) -> str | None:
    """Return what of the sandbox's state decided, if that did."""
    if operation is None or _is_answered_by_fault(entry) or not isinstance(entry.answer, dict):
        return None
    return _STATES.get(entry.answer.get("code", ""))


def _is_answered_by_fault(entry: Entry) -> bool:
    """Tell whether a fault answered in the operation's place; one that only delays does not."""
    fault = entry.notes.get("fault")
    return fault is not None and (fault["drop"] or "status" in fault or "code" in fault)


def _summary(entry: Entry, operation: Operation | None) -> str:
    if entry.notes.get("deviations"):
        return f"Deviations were on: {', '.join(entry.notes['deviations'])}."
    fired = f"A fault fired: {entry.notes['fault']['id']}." if entry.notes.get("fault") else ""
    if _is_answered_by_fault(entry):
        return fired
    return f"{fired} {_own_reason(entry, operation)}".lstrip()


def _own_reason(entry: Entry, operation: Operation | None) -> str:
    """Return why the mock answers such a request so, all trouble aside."""
    if entry.notes.get("validation"):
        fields = ", ".join(sorted({problem.field for problem in entry.notes["validation"]}))
        return f"The request does not fit the specification: {fields}."
    if entry.notes.get("problem"):
        return str(entry.notes["problem"])
    return f"{operation.id if operation else 'The request'} succeeded, as documented."


def _nearest(
    entry: Entry, operation: Operation, specification: Specification, sandbox: Sandbox, base_url: str
) -> str:
    """Return a curl line for the valid request that is nearest to the one that was sent."""
    path = entry.path
    known = _resources(operation, sandbox) if entry.status >= 400 else None
    if known is not None:
        before, _, rest = operation.path.partition("{")
        after = rest.partition("}")[2]
        subject = path.removeprefix(before).removesuffix(after)
        if not known and (maker := _maker(operation, specification)) is not None:
            return _curl(maker, base_url + maker.path, _required_fields(maker))
        if subject not in known:
            path = before + next(iter(known), subject) + after
    query = f"?{urlencode(entry.query)}" if entry.query else ""
    body = None if operation.body is None else _nearest_body(entry, operation, operation.body)
    return _curl(operation, base_url + quote(path) + query, body)


def _resources(operation: Operation, sandbox: Sandbox) -> Collection[str] | None:
    """Return the ids of this sandbox that an operation takes in its path, if it takes one."""
    if operation.id == "getOrder":
        return sandbox.orders
    return sandbox.accounts if operation.id in ("updateManagedAccount", "deleteManagedAccount") else None


def _maker(operation: Operation, specification: Specification) -> Operation | None:
    """Return the operation that makes what another one needs: a POST to the collection above it."""
    collection = operation.path.rpartition("/")[0]
    makers = (one for one in specification.operations.values() if one.method == "POST")
    return next((one for one in makers if one.path == collection), None)


def _curl(operation: Operation, address: str, body: Any) -> str:
    words = ["curl", "-X", operation.method, shlex.quote(address)]
    words += ["-H", '"Authorization: Bearer $ZINC_API_KEY"']
    if operation.body is not None:
        words += ["-H", "'Content-Type: application/json'", "-d", shlex.quote(json.dumps(body))]
    return " ".join(words)


def _nearest_body(entry: Entry, operation: Operation, schema: Schema) -> Any:
    """Keep what was valid of the body, and take the rest from the documented example."""
    example = operation.body_example if isinstance(operation.body_example, dict) else {}
    required = _required_fields(operation)
    failed = {problem.field for problem in entry.notes.get("validation", [])}
    if "body" in failed or not isinstance(entry.body, dict):
        return required
    refused = _refused_fields(entry)
    kept = {
        name: value
        for name, value in redacted(entry.body).items()
        if name not in failed and name not in refused
    }
    kept |= {name: example.get(name, "your-password") for name in kept if name in schema.secrets}
    return required | kept | {name: example[name] for name in failed if name in example}


def _required_fields(operation: Operation) -> dict[str, Any]:
    """Return the fields that a body must have, with the values of the documented example."""
    example = operation.body_example if isinstance(operation.body_example, dict) else {}
    required = operation.body.schema.get("required", ()) if operation.body else ()
    return {name: example[name] for name in required if name in example}


def _refused_fields(entry: Entry) -> frozenset[str]:
    """Return the fields that fit the schema, but not the state of the sandbox or a rule that no schema can state."""
    if not isinstance(entry.answer, dict) or _is_answered_by_fault(entry):
        return frozenset()
    if entry.answer.get("code") == "validation_error":
        details = entry.answer.get("details")
        return (
            frozenset(details) if isinstance(details, dict) else frozenset()
        )  # a deviation may shape it otherwise
    return _REFUSED_FIELDS.get(entry.status, frozenset())
