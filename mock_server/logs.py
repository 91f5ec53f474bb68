"""Log lines on standard error, as text or JSON. They name what was asked and what was answered, never a body."""

import json
import logging
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime
from functools import lru_cache
from typing import TextIO


class AccessLog:
    """Writes one line a request: `12:00:00 201 POST /orders 1.2 ms req_…`, or the same as a JSON object.

    Args:
        stream: where the lines go.
        form: "text" or "json".
    """

    def __init__(self, stream: TextIO, form: str) -> None:
        self._stream = stream
        self._line = _json_line if form == "json" else _text_line

    def write(self, request_id: str, method: str, path: str, status: int | None, milliseconds: float) -> None:
        """Write the line of one request; a status of None says that the connection was closed without an answer."""
        with suppress(OSError):  # whoever read the lines has gone: no reason to answer otherwise
            self._stream.write(self._line(request_id, method, path, status, milliseconds))


def _text_line(request_id: str, method: str, path: str, status: int | None, milliseconds: float) -> str:
    at = _time_of_day(int(time.time()))
    shown = ascii(path)[1:-1]  # a line break in a path must not forge a line
    return f"{at} {status or 'dropped'} {method} {shown} {milliseconds:.1f} ms {request_id}\n"


@lru_cache(maxsize=1)  # under load a second has thousands of lines
def _time_of_day(second: int) -> str:
    return time.strftime("%H:%M:%S", time.gmtime(second))


def _json_line(request_id: str, method: str, path: str, status: int | None, milliseconds: float) -> str:
    line = {
        "at": datetime.now(UTC).isoformat(),
        "level": "info",
        "request_id": request_id,
        "method": method,
        "path": path,
        "status": status,
        "duration_ms": round(milliseconds, 3),
    }
    return json.dumps(line) + "\n"


class _JsonFormatter(logging.Formatter):
    """One JSON object a line, for what is not a request."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname.lower(),
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line)


def log_to_stderr(form: str) -> AccessLog:
    """Send the mock's log lines to standard error, in the form "text" or "json"; return the log of its requests."""
    handler = logging.StreamHandler(sys.stderr)
    if form == "json":
        handler.setFormatter(_JsonFormatter())
    logger = logging.getLogger("mock_server")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    return AccessLog(sys.stderr, form)
