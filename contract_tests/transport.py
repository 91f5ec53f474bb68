"""The lowest place that every request of a run passes: the guard is asked here, and no body is read without end.

What comes before the body has no end of its own: `http.client` reads status line and headers byte by byte as they come
and waits anew for each, up to 64 KiB a line and a hundred headers.
"""

import time
from collections.abc import Iterator
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import BaseHTTPResponse
from urllib3.exceptions import ReadTimeoutError

from contract_tests.guard import Guard

LARGEST_BODY = 64 * 1024 * 1024  # bytes, decoded: far more than a list of all accounts that anyone has
_PIECE = 64 * 1024


class GuardedAdapter(HTTPAdapter):
    """The transport of a run: asks the guard, sends, and lets the guard see the answer.

    Args:
        guard: decides what may leave.
        timeout: seconds to wait for a connection, for each piece of an answer, and for the whole of its body; the
            whole of its head may take longer.
    """

    def __init__(self, guard: Guard, timeout: float) -> None:
        super().__init__(max_retries=0, pool_maxsize=16)
        self._guard = guard
        self._timeout = timeout

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        """Send a request if the guard lets it out.

        Raises:
            GuardRefused: it does not.
            requests.RequestException: no answer came, or none that ended in time or within `LARGEST_BODY`.
        """
        body = request.body if isinstance(request.body, bytes) else (request.body or "").encode()
        scheme, _, token = (request.headers.get("Authorization") or "").partition(" ")
        api_key = token if scheme.lower() == "bearer" else None
        method, url = request.method or "", request.url or ""
        self._guard.let_out(method, url, body, api_key)
        answer = super().send(request, *args, **(kwargs | {"timeout": self._timeout}))
        answer.raw = _Bounded(answer.raw, self._timeout)
        self._guard.take_note(method, url, body, api_key, answer)
        return answer


class _Bounded:
    """An answer whose body has to come to its end: a timeout alone starts anew with each byte of it."""

    def __init__(self, raw: BaseHTTPResponse, seconds: float) -> None:
        self._raw = raw
        self._seconds = seconds

    def __getattr__(self, name: str) -> Any:
        return getattr(self._raw, name)

    def stream(self, _size: int, decode_content: bool) -> Iterator[bytes]:
        """Yield the body in pieces, each as soon as it is there."""
        deadline, size = time.monotonic() + self._seconds, 0
        while piece := self._next(decode_content):
            yield piece
            size += len(piece)
            if size > LARGEST_BODY:
                self._give_up(requests.RequestException("the body of an answer has no end"))
            if time.monotonic() > deadline:
                self._give_up(requests.ReadTimeout())

    def _next(self, decode_content: bool) -> bytes:
        try:
            return self._raw.read1(_PIECE, decode_content)
        except ReadTimeoutError as error:  # or requests calls it a lost connection
            raise requests.ReadTimeout() from error

    def _give_up(self, reason: requests.RequestException) -> None:
        self._raw.close()
        raise reason
