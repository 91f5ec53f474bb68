"""What may stand between a server and its client: other headers, slowness, limits, another HTTP server."""

import gzip
import random
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from email.utils import formatdate
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from threading import Lock, Thread
from typing import Any

from calibration.variants.variant import Wsgi

Headers = list[tuple[str, str]]


def _with_headers(change: Callable[[Headers], Headers]) -> Callable[[Wsgi], Wsgi]:
    """Change the headers of every answer."""

    def wrap(app: Wsgi) -> Wsgi:
        def changed(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
            def start(status: str, headers: Headers, *more: Any) -> Any:
                return start_response(status, change(headers), *more)

            return app(environ, start)

        return changed

    return wrap


def _charset(headers: Headers) -> Headers:
    return [
        (name, f"{value}; charset=utf-8" if (name, value) == ("Content-Type", "application/json") else value)
        for name, value in headers
    ]


with_charset = _with_headers(_charset)
with_other_media_type = _with_headers(
    lambda headers: [
        (
            name,
            "application/vnd.zinc.v1+json"
            if (name, value) == ("Content-Type", "application/json")
            else value,
        )
        for name, value in headers
    ]
)
with_many_headers = _with_headers(
    lambda headers: [
        *((name.upper(), value) for name, value in headers),
        ("SET-COOKIE", "session=3f2a; Path=/; HttpOnly"),
        ("set-cookie", "lb=eu-1"),
        ("CACHE-CONTROL", "no-store"),
        ("Strict-Transport-Security", "max-age=63072000"),
        ("ETag", '"0815"'),
        ("Server", "nginx"),
    ]
)


def slow(app: Wsgi) -> Wsgi:
    """Take a few milliseconds for each answer, and now and then much longer."""
    die = random.Random(0)

    def delayed(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        time.sleep(0.6 if die.random() < 0.01 else die.uniform(0, 0.012))
        return app(environ, start_response)

    return delayed


def limited(app: Wsgi) -> Wsgi:
    """Answer some requests with 429 first: with seconds to wait, with an instant, as JSON and as a page."""
    die = random.Random(0)

    def limiting(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if die.random() >= 0.06:
            return app(environ, start_response)
        wait = 1 if die.random() < 0.06 else 0
        as_instant = formatdate(time.time() + wait, usegmt=True)
        body = die.choice(
            [b'{"code": "rate_limited", "message": "Slow down."}', b"<h1>Too Many Requests</h1>"]
        )
        headers = [
            ("Content-Type", "application/json" if body[:1] == b"{" else "text/html"),
            ("Content-Length", str(len(body))),
            ("Retry-After", die.choice([str(wait), as_instant])),
        ]
        start_response("429 Too Many Requests", headers)
        return [body]

    return limiting


class _Handler(BaseHTTPRequestHandler):
    """Passes requests to a WSGI application, and sends answers in pieces, compressed where the client takes it."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # or each answer in pieces waits 40 ms for the client's acknowledgement
    app: Wsgi

    def answer(self) -> None:
        """Answer any method."""
        status, headers, body = self._ask()
        self.send_response_only(int(status[:3]), HTTPStatus(int(status[:3])).phrase)
        self.send_header("date", self.date_time_string())
        kept = [(name, value) for name, value in headers if name.lower() != "content-length"]
        if "gzip" in self.headers.get("Accept-Encoding", "") and len(body) > 200:
            body = gzip.compress(body)
            kept.append(("content-encoding", "gzip"))
        for name, value in kept:
            self.send_header(name.lower(), value)
        if int(status[:3]) == HTTPStatus.NO_CONTENT:
            self.end_headers()
            return
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        for piece in _pieces(body):
            self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
        self.wfile.write(b"0\r\n\r\n")

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = do_HEAD = do_OPTIONS = do_TRACE = answer  # noqa: N815

    def _ask(self) -> tuple[str, Headers, bytes]:
        path, _, query = self.path.partition("?")
        length = int(self.headers.get("Content-Length") or 0)
        environ: dict[str, Any] = {
            "REQUEST_METHOD": self.command,
            "SCRIPT_NAME": "",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": self.headers.get("Host", "").rpartition(":")[2],
            "SERVER_PROTOCOL": self.request_version,
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(self.rfile.read(length)),
            "CONTENT_LENGTH": str(length),
        }
        for name, value in self.headers.items():
            key = name.upper().replace("-", "_")
            environ[key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"] = value
        started: list[tuple[str, Headers]] = []
        body = b"".join(self.app(environ, lambda status, headers: started.append((status, headers))))
        return *started[0], body

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class names it
        """Stay silent."""


def _pieces(body: bytes) -> Iterator[bytes]:
    for start in range(0, len(body), 100):
        yield body[start : start + 100]


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of clients that went away."""


@contextmanager
def served_by_threads(app: Wsgi) -> Iterator[str]:
    """Serve an application with the standard library's server: threads, chunks, compression, small letters."""
    lock = Lock()

    def one_at_a_time(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        with lock:
            return list(app(environ, start_response))

    handler = type("Handler", (_Handler,), {"app": staticmethod(one_at_a_time)})
    with _Server(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
