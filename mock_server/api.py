"""The way of a request: from bytes to an answer, through one door, in one direction.

authentication → route → fault → media type → JSON → schema → sandbox → operation → schema of the answer
"""

import logging
import time
from contextlib import suppress
from typing import Any

import orjson
from werkzeug.exceptions import HTTPException

from mock_server.control.faults import AFTER, BEFORE, Fault
from mock_server.control.journal import REDACTED
from mock_server.control.preferences import Preferences
from mock_server.errors import (
    EXPECTED,
    MalformedRequest,
    UnsupportedMedia,
    ValidationFailed,
    answer_of,
    error,
    general_code,
)
from mock_server.exchange import Answer, Exchange
from mock_server.operations import HANDLERS, Asked
from mock_server.secret import Secret
from mock_server.specification import Operation, Schema, without
from mock_server.validation import problems, query_values, reasons

log = logging.getLogger("mock_server")

BODY_LIMIT = 1024 * 1024
DEPTH_LIMIT = 100
SNAPSHOT_DEPTH_LIMIT = (
    DEPTH_LIMIT + 2
)  # what a create may hold stands in the list of the orders of a snapshot


class Api:
    """Answers the operations of the published specification.

    Args:
        strict: refuse unknown fields instead of ignoring them.
    """

    def __init__(self, strict: bool = False) -> None:
        self._strict = strict

    def respond(self, exchange: Exchange) -> Answer:
        """Answer one exchange, through the deviations that its key has switched on."""
        perform = self.perform
        for deviation in exchange.tenant.deviations:
            perform = _wrapped(deviation, perform)
        return perform(exchange)

    def perform(self, exchange: Exchange) -> Answer:
        """Answer one exchange as the contract says."""
        try:
            return self._perform(exchange)
        except EXPECTED as problem:
            return _refused(exchange, problem)

    def _perform(self, exchange: Exchange) -> Answer:
        if exchange.refusal is not None:
            raise exchange.refusal
        operation = exchange.operation
        assert operation is not None, "an exchange without refusal has an operation"
        tenant = exchange.tenant
        if not tenant.faults and "HTTP_PREFER" not in exchange.request.environ:
            return self._operate(exchange, operation)
        with tenant.lock:
            fault = tenant.faults.strike(operation.id)
        if fault is not None:
            return self._operate_with(fault, exchange, operation)
        preferences = Preferences.of(exchange.request.headers.get("Prefer", ""))
        preferred = preferences.fault()
        if preferred is None:
            return self._operate(exchange, operation)
        answer = self._operate_with(preferred, exchange, operation)
        answer.headers["Preference-Applied"] = preferences.applied
        return answer

    def _operate(self, exchange: Exchange, operation: Operation) -> Answer:
        asked = validated(exchange, operation, strict=self._strict)
        tenant = exchange.tenant
        handler = HANDLERS.get(operation.id)
        with tenant.lock:
            now = tenant.catch_up()
            shown = handler(tenant.sandbox, asked, now) if handler else None
        return success(operation, shown)

    def _operate_with(self, fault: Fault, exchange: Exchange, operation: Operation) -> Answer:
        exchange.notes["fault"] = fault.describe()
        if fault.phase == BEFORE:
            time.sleep(fault.delay_ms / 1000)
            if fault.loses_answer:
                with suppress(*EXPECTED):  # the journal tells what was asked, though nothing comes of it
                    validated(exchange, operation, strict=self._strict)
                return faulty_answer(fault, operation)
        try:
            answer = self._operate(exchange, operation)
        except EXPECTED as problem:
            answer = _refused(exchange, problem)
        if fault.phase == AFTER:
            time.sleep(fault.delay_ms / 1000)
        return faulty_answer(fault, operation) if fault.loses_answer else answer


def _refused(exchange: Exchange, problem: Exception) -> Answer:
    answer = answer_of(problem)
    # What the HTTP library says of its own errors is long, and speaks of URLs that were entered by hand.
    said = answer.body["message"] if isinstance(problem, HTTPException) else str(problem)
    exchange.notes.setdefault("problem", said)
    return answer


def _wrapped(deviation: Any, perform: Any) -> Any:
    return lambda exchange: deviation.wrap(exchange, perform)


def validated(
    exchange: Exchange,
    operation: Operation,
    *,
    strict: bool,
    body_limit: int = BODY_LIMIT,
    depth_limit: int = DEPTH_LIMIT,
) -> Asked:
    """Return what a request asks, if it is a valid one.

    Args:
        exchange: the request.
        operation: what it asks for.
        strict: refuse unknown fields instead of ignoring them.
        body_limit: how many bytes its body may have.
        depth_limit: how many levels of arrays and objects.

    Raises:
        ValidationFailed: the query or the body does not fit its schema.
        ApiError, HTTPException: the body cannot be read; see `_body`.
    """
    body = _body(exchange, operation, strict, body_limit, depth_limit)
    if exchange.request.query_string:
        exchange.ignored += [f"?{name}" for name in exchange.query if name not in operation.query]
    if not operation.query:
        return Asked(exchange.arguments, {}, body)
    query, found = query_values(operation, exchange.query)
    if found:
        exchange.notes["validation"] = found
        raise ValidationFailed("The request does not fit the specification.", reasons(found))
    return Asked(exchange.arguments, query, body)


def _body(exchange: Exchange, operation: Operation, strict: bool, body_limit: int, depth_limit: int) -> Any:
    """Return the JSON body of a request, with its secrets sealed and without unknown fields; None where none is due.

    Raises:
        UnsupportedMedia: the body is of another media type.
        RequestEntityTooLarge: the body is past the limit.
        ClientDisconnected: the body was cut off.
        MalformedRequest: the body is no JSON, or nested too deep.
        ValidationFailed: the body does not fit the schema.
    """
    schema = operation.body
    if schema is None:
        return None
    if exchange.request.mimetype != operation.media_type:
        raise UnsupportedMedia(f"Send the body as {operation.media_type} and say so in Content-Type.")
    value = _json(exchange.read(body_limit), depth_limit)
    found = problems(schema, value)
    unknown = schema.unknown_fields(value)
    exchange.ignored = [".".join(path) for path in unknown]
    exchange.body = _sealed(schema, without(value, unknown), invalid=bool(found))
    if found:
        exchange.notes["validation"] = found
        raise ValidationFailed("The request does not fit the specification.", reasons(found))
    if strict and exchange.ignored:
        details = dict.fromkeys(exchange.ignored, "is not a field of this request")
        raise ValidationFailed("The request has unknown fields.", details)
    return exchange.body


def _json(content: bytes, depth_limit: int) -> Any:
    if not content:
        raise MalformedRequest("The body is empty; send a JSON object.")
    try:
        value = orjson.loads(content)
    except orjson.JSONDecodeError as problem:
        # The parser's own message is left out: it can quote the body.
        raise MalformedRequest(
            f"The body is no JSON (line {problem.lineno}, column {problem.colno})."
        ) from None
    if content.count(b"[") + content.count(b"{") > depth_limit and depth(value) > depth_limit:
        raise MalformedRequest(f"The body is nested deeper than {depth_limit} levels.")
    return value


def depth(value: Any) -> int:
    """Return how many levels of arrays and objects a JSON value has, one for a scalar."""
    deepest, level = 0, [value]
    while level:
        deepest += 1
        level = [
            inner
            for outer in level
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
    return deepest


def _sealed(schema: Schema, value: Any, *, invalid: bool) -> Any:
    """Return the body with its secrets sealed; those of an invalid body are not even kept."""
    if not isinstance(value, dict):
        return None if invalid else value
    secrets = [name for name in schema.secrets if value.get(name) is not None]
    if not secrets:
        return value
    return {**value, **{name: REDACTED if invalid else Secret(value[name]) for name in secrets}}


def success(operation: Operation, shown: Any) -> Answer:
    """Make the success answer of an operation, as the document describes it.

    An operation that returns nothing where the document wants a body answers the document's example.
    """
    response = operation.success
    if response.schema is None:
        return Answer(response.status)
    if shown is None:
        shown = response.example
    found = problems(response.schema, shown)
    if found:
        log.error("The answer to %s breaks the specification: %s", operation.id, reasons(found))
        return error(
            500, "internal_error", "The mock's own answer broke the specification; its log says more."
        )
    return Answer(response.status, shown)


def faulty_answer(fault: Fault, operation: Operation) -> Answer:
    """Make the answer of a fault: no answer at all, or the documented error of its status or code."""
    if fault.drop:
        return Answer(500, dropped=True)
    documented = [
        (status, example)
        for status, response in operation.responses.items()
        for example in response.examples.values()
        if status >= 400 and isinstance(example, dict)
    ]
    wanted = [
        (status, example)
        for status, example in documented
        if fault.status in (None, status) and fault.code in (None, example.get("code"))
    ]
    status, example = wanted[0] if wanted else (fault.status or 500, {})
    code = fault.code or example.get("code") or general_code(status)
    headers = {401: {"WWW-Authenticate": "Bearer"}, 429: {"Retry-After": "1"}}.get(status)
    return error(status, code, example.get("message") or "A fault was asked for.", headers=headers)
