"""Why an answer was what it was: the specification's place, the verdict, the trouble, the nearest valid request."""

import json
import shlex
from typing import Any
from urllib.parse import quote, urlencode

from mock_server.control.journal import Entry, redacted
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


def explain(entry: Entry, specification: Specification, base_url: str) -> dict[str, Any]:
    """Return the reasons of one journal entry.

    Args:
        entry: the request and its answer.
        specification: the published one, which the answer followed.
        base_url: where the mock is, for the curl line.
    """
    operation = specification.operations.get(entry.operation or "")
    return {
        "id": entry.id,
        "operation": entry.operation,
        "specification": _place(entry, operation),
        "status": entry.status,
        "summary": _summary(entry, operation),
        "state": _STATES.get(entry.answer.get("code", "") if isinstance(entry.answer, dict) else ""),
        "validation": entry.notes.get("validation", []),
        "ignored": entry.ignored,
        "fault": entry.notes.get("fault"),
        "deviations": entry.notes.get("deviations", []),
        "nearest_valid_request": operation and _nearest(entry, operation, base_url),
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


def _summary(entry: Entry, operation: Operation | None) -> str:
    if entry.notes.get("deviations"):
        return f"Deviations were on: {', '.join(entry.notes['deviations'])}."
    if entry.notes.get("fault"):
        return f"A fault fired: {entry.notes['fault']['id']}."
    if entry.notes.get("validation"):
        fields = ", ".join(sorted({problem.field for problem in entry.notes["validation"]}))
        return f"The request does not fit the specification: {fields}."
    if entry.notes.get("problem"):
        return str(entry.notes["problem"])
    return f"{operation.id if operation else 'The request'} succeeded, as documented."


def _nearest(entry: Entry, operation: Operation, base_url: str) -> str:
    """Return a curl line for the valid request that is nearest to the one that was sent."""
    path = quote(entry.path)
    if operation.parameters and entry.status == 404:
        path = operation.path
    query = f"?{urlencode(entry.query)}" if entry.query else ""
    words = ["curl", "-X", operation.method, shlex.quote(base_url + path + query)]
    words += ["-H", '"Authorization: Bearer $ZINC_API_KEY"']
    if operation.body is not None:
        body = _nearest_body(entry, operation, operation.body)
        words += ["-H", "'Content-Type: application/json'", "-d", shlex.quote(json.dumps(body))]
    return " ".join(words)


def _nearest_body(entry: Entry, operation: Operation, schema: Schema) -> Any:
    """Keep what was valid of the body, and take the rest from the documented example."""
    example = operation.body_example if isinstance(operation.body_example, dict) else {}
    required = {name: example[name] for name in schema.schema.get("required", ()) if name in example}
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


def _refused_fields(entry: Entry) -> frozenset[str]:
    """Return the fields that fit the schema, but not the state of the sandbox or a rule that no schema can state."""
    if not isinstance(entry.answer, dict) or entry.notes.get("fault"):
        return frozenset()
    if entry.answer.get("code") == "validation_error":
        return frozenset(entry.answer.get("details", ()))
    return _REFUSED_FIELDS.get(entry.status, frozenset())
