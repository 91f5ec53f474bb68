"""Serves the mock: granian's WSGI worker in this process, on a port of its own.

One thread answers requests, one after the other: that is what makes it fast (docs/explanation/design.md). A request
that may take long on purpose, such as one that a fault delays, is moved to a thread of its own, so that it never
holds up the others. Granian's own runner starts processes and always answers in the order of its threads, so this
module drives its worker directly; `pyproject.toml` therefore pins the versions of granian that it knows.
"""

import asyncio
import io
import os
import socket
import sys
import threading
from types import TracebackType
from typing import Any, Self

from granian._futures import _new_cbscheduler
from granian._granian import SocketHolder, WorkerSignal, WSGIWorker
from granian.wsgi import Response

from mock_server.app import MockApp
from mock_server.wire import DROP

_BACKLOG = 1024
_ENVIRONMENT: dict[str, Any] = {
    "SCRIPT_NAME": "",
    "SERVER_SOFTWARE": "zinc-mock",
    "wsgi.errors": sys.stderr,
    "wsgi.input_terminated": True,
    "wsgi.multiprocess": False,
    "wsgi.multithread": True,
    "wsgi.run_once": False,
    "wsgi.version": (1, 0),
}

# Two lengths for one body: the HTTP library refuses to send that, and closes the connection without a word.
_UNSENDABLE = [("content-length", "1"), ("transfer-encoding", "chunked")]


class ServerError(Exception):
    """The server cannot listen where it was told to."""


class Server:
    """A running mock. Use it as a context manager, or call `start` and `stop`.

    Args:
        app: the mock.
        host: the address to listen on.
        port: the port; 0 takes a free one.

    Raises:
        ServerError: the address is in use, or cannot be had.
    """

    def __init__(self, app: MockApp, host: str = "127.0.0.1", port: int = 0) -> None:
        self.app = app
        self.host = host
        self._listener = _listen(host, port)
        self.port: int = self._listener.getsockname()[1]
        self._signal = WorkerSignal()
        self._stopped = threading.Event()
        self._signal.add_cb(self._stopped.set)

    @property
    def url(self) -> str:
        """Where the mock is, without a slash at the end."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    def start(self) -> Self:
        """Accept requests; returns as soon as it does."""
        loop = asyncio.new_event_loop()  # never run: granian's schedulers want one, its WSGI worker does not
        self._worker = _worker(self._listener)
        self._worker.serve_str(_new_cbscheduler(loop, self._take, impl_asyncio=True), loop, self._signal)
        loop.close()
        return self

    def stop(self) -> None:
        """Stop accepting requests; those under way are still answered."""
        # The listener is closed, never shut down: a worker that finds its socket shut spins instead of stopping.
        self._signal.set()
        self._listener.close()

    def wait(self) -> None:
        """Return when the server has been stopped."""
        self._stopped.wait()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _take(self, protocol: Any, scope: dict[str, Any]) -> int:
        """Answer a request here, or in a thread of its own if it may take long on purpose."""
        environ: dict[str, Any] = _ENVIRONMENT | scope
        if not self.app.may_wait(environ):
            return self._answer(protocol, environ)
        # The body is read here: it is gone once this function has returned.
        environ["wsgi.input"] = io.BytesIO(environ["wsgi.input"].read())
        threading.Thread(target=self._answer, args=(protocol, environ), daemon=True).start()
        return 0  # nobody reads it: the answer goes through the protocol

    def _answer(self, protocol: Any, environ: dict[str, Any]) -> int:
        response = Response()
        content = b"".join(self.app.wsgi_app(environ, response))
        if DROP in environ:
            protocol.response_bytes(200, _UNSENDABLE, b"x")
        else:
            protocol.response_bytes(response.status, response.headers, content)
        return int(response.status)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        if os.name == "posix":  # elsewhere this would let two servers share a port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(_BACKLOG)
        listener.setblocking(False)
    except (OSError, OverflowError) as error:
        listener.close()
        reason = getattr(error, "strerror", None) or str(error)
        raise ServerError(f"cannot listen on {host}:{port}: {reason}") from error
    return listener


def _worker(listener: socket.socket) -> WSGIWorker:
    holder = SocketHolder(os.dup(listener.fileno()), False, _BACKLOG)
    threads, pool, workers, idle_seconds = 1, 512, 1, 30
    no_tls: tuple[Any, ...] = (False, None, None, None, "tls1.3", None, [], False)
    return WSGIWorker(
        1, (None, holder), None, threads, pool, workers, idle_seconds, _BACKLOG, "1", None, None, None,
        *no_tls, (None, None),
    )  # fmt: skip
