"""Servers for the tests of the contract kit: WSGI applications on a free port, and mocks with something laid around."""

import json
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import requests

from mock_server import create_app
from mock_server.server import Server

FIRST_KEY, SECOND_KEY = "zn_test_first-key-of-the-tests", "zn_live_second-key-of-the-tests"
ACCOUNTS = "/users/managed-accounts"

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Any]


class _ThreadedServer(socketserver.ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _QuietHandler(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@contextmanager
def serve(app: Wsgi) -> Iterator[str]:
    """Serve a WSGI application on a free port; its address."""
    server = make_server("127.0.0.1", 0, app, _ThreadedServer, _QuietHandler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def mock(wrap: Callable[[Wsgi], Wsgi] | None = None, **options: Any) -> Iterator[str]:
    """Serve the mock, with something laid around it; its address."""
    app = create_app(api_keys=(FIRST_KEY, SECOND_KEY), processing_time=0.2, **options)
    if wrap:
        app.wsgi_app = wrap(app.wsgi_app)
    with Server(app) as server:
        yield server.url


def listed(url: str, key: str = FIRST_KEY) -> Any:
    """The accounts that a server lists under a key."""
    response = requests.get(url + ACCOUNTS, headers={"Authorization": f"Bearer {key}"}, timeout=5)
    return response.json()["credentials"]


class Altered:
    """A WSGI application whose answers are changed on their way out.

    Args:
        app: the application.
        alter: is given method, path, status line, headers and body, and gives back the last three.
    """

    def __init__(
        self, app: Wsgi, alter: Callable[[str, str, str, list[tuple[str, str]], bytes], Any]
    ) -> None:
        self._app = app
        self._alter = alter

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        started: list[Any] = []
        body = b"".join(self._app(environ, lambda status, headers, *_: started.extend((status, headers))))
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        status, headers, body = self._alter(method, path, started[0], started[1], body)
        headers = [(name, value) for name, value in headers if name.lower() != "content-length"]
        if not status.startswith("204"):
            headers.append(("Content-Length", str(len(body))))
        start_response(status, headers)
        return [body]


def json_of(body: bytes) -> Any:
    """A body as JSON; None when it is empty."""
    return json.loads(body) if body else None
