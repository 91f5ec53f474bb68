"""Answers as bytes: the one place that writes statuses, headers and bodies of operations."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import orjson
from werkzeug.http import http_date

from mock_server.exchange import Answer, Exchange

StartResponse = Callable[[str, list[tuple[str, str]]], Any]

DROP = "mock_server.drop"  # set in the WSGI environment when the connection is to be closed without an answer

_STATUS_LINES = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}
_WITHOUT_LENGTH = frozenset({204, 304})


def sent(answer: Answer, exchange: Exchange, start_response: StartResponse) -> bytes:
    """Start the response of an answer and return its body; nothing is started if that cannot be written as JSON.

    An answer without a body has no Content-Type, and a 204 no Content-Length either (RFC 9110, section 8.6). While
    a manual clock stands, `Date` is its instant.
    """
    answer.headers["X-Request-Id"] = exchange.id
    if answer.dropped:
        exchange.request.environ[DROP] = True
    headers = [*answer.headers.items()]
    content = answer.raw
    if content is None:
        content = b"" if answer.body is None else orjson.dumps(answer.body)
    if content and "Content-Type" not in answer.headers:
        headers.append(("Content-Type", "application/json"))
    if content or answer.status not in _WITHOUT_LENGTH:
        headers.append(("Content-Length", str(len(content))))
    clock = exchange.tenant.clock
    if clock.is_manual:
        headers.append(("Date", http_date(clock.now())))
    start_response(_STATUS_LINES.get(answer.status) or f"{answer.status} Unknown", headers)
    return content
