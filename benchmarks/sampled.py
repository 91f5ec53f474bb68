"""Creates accounts in this process, looks again and again at where it is, and prints what it saw as JSON.

`profile.py` runs it with the Python that the measured mock is installed for.
"""

import gc
import io
import json
import os
import signal
import sys
import time
from collections import Counter
from types import FrameType
from typing import Any

from mock_server.app import MockApp
from mock_server.logs import AccessLog
from mock_server.settings import Settings

# Where code lies, and what it is there for; the innermost frame that fits counts.
_WORK = {
    "/jsonschema/": "validation of request and answer: jsonschema's verdict",
    "/mock_server/valid": "validation of request and answer: the mock's part",
    "/werkzeug/": "reading the request: werkzeug",
    "/mock_server/secret": "encrypting the password",
    "/mock_server/domain/": "the account, its ids, the clock",
    "/mock_server/ids": "the account, its ids, the clock",
    "/mock_server/control/clock": "the account, its ids, the clock",
    "/mock_server/control/journal": "the journal and the grading of the client",
    "/mock_server/grading/": "the journal and the grading of the client",
    "/mock_server/logs": "the access log",
    "/mock_server/": "the way through the mock",
}
_EVERY = 0.002  # seconds of processor time


def main(creates: int) -> None:
    """Print the microseconds of a create, and how often each kind of work was met."""
    gc.disable()  # the mock's command keeps the collector away from what lives long
    app = MockApp(Settings())
    met: Counter[str] = Counter()

    def look(_: int, frame: FrameType | None) -> None:
        work = _work_of(frame)
        if work:
            met[work] += 1

    with open(os.devnull, "w") as nowhere:
        app.access_log = AccessLog(nowhere, "text")
        for number in range(creates // 10):  # what is made at first use
            _create(app, number)
        signal.signal(signal.SIGPROF, look)
        signal.setitimer(signal.ITIMER_PROF, _EVERY, _EVERY)
        began = time.perf_counter()
        for number in range(creates):
            _create(app, number)
        seconds = time.perf_counter() - began
        signal.setitimer(signal.ITIMER_PROF, 0)
    print(json.dumps({"microseconds": seconds / creates * 1e6, "met": met}))


def _create(app: MockApp, number: int) -> None:
    body = b'{"email": "account-%d@example.com", "password": "correct horse battery staple", "retailer": "amazon"}'
    body %= number
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "POST",
        "SCRIPT_NAME": "",
        "PATH_INFO": "/users/managed-accounts",
        "QUERY_STRING": "",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8080",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_HOST": "127.0.0.1:8080",
        "HTTP_AUTHORIZATION": "Bearer zn_test_benchmark",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.input_terminated": True,
    }
    app.wsgi_app(environ, _started)


def _started(status: str, _: list[tuple[str, str]]) -> None:
    assert status == "201 Created", status


def _work_of(frame: FrameType | None) -> str | None:
    while frame is not None:
        for place, work in _WORK.items():
            if place in frame.f_code.co_filename:
                return work
        frame = frame.f_back
    return None


if __name__ == "__main__":
    main(int(sys.argv[1]))
