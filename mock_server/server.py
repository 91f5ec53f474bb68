"""Serves the mock: granian's WSGI worker in this process, on a port of its own.

One thread answers requests, one after the other: that is what makes it fast (docs/explanation/design.md). Another one
takes over while that waits for a client to send its body. A request that may take long on purpose, such as one that a
fault delays, is moved to a thread of its own, so that it never holds up the others. Granian's own runner starts
processes and always answers in the order of its threads, so this module drives its worker directly; `pyproject.toml`
therefore pins the versions of granian that it knows.
"""

import asyncio
import io
import os
import socket
import sys
import threading
import time
from types import TracebackType
from typing import Any, Self

from granian._futures import _new_cbscheduler
from granian._granian import SocketHolder, WorkerSignal, WSGIWorker
from granian.wsgi import Response

from mock_server.app import MockApp
from mock_server.wire import DROP

_BACKLOG = 1024
_THREADS = 8  # one less is how many clients may keep a body to themselves before others have to wait
_REST = 5.0  # seconds for which a thread that is not needed keeps out of the way
_PATIENCE = 5.0  # seconds for which a server that was stopped waits for clients
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
        self._lead = _Lead()
        self._moved: set[threading.Thread] = set()
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
        self._lead.end()
        self._listener.close()

    def wait(self) -> bool:
        """Return when the server has been stopped and no answer is under way any more.

        Returns:
            Whether its threads have ended; False when one still waits for a body that its client does not send.
        """
        self._lead.ended.wait()
        while not self._stopped.wait(_PATIENCE):
            if not self._moved:
                return False
        return True

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        self.wait()  # its threads must have ended before Python does

    def _take(self, protocol: Any, scope: dict[str, Any]) -> int:
        """Answer a request here, or in a thread of its own if it may take long on purpose."""
        environ: dict[str, Any] = _ENVIRONMENT | scope
        body = environ["wsgi.input"] = _Body(environ["wsgi.input"], self._lead)
        if self.app.may_wait(environ):
            # The body is read here: it is gone once this function has returned.
            environ["wsgi.input"] = io.BytesIO(body.read())
            thread = threading.Thread(target=self._answer_apart, args=(protocol, environ), daemon=True)
            self._moved.add(thread)
            thread.start()
        else:
            self._answer(protocol, environ)
        self._lead.take_or_rest()
        return 0  # nobody reads it: the answer goes through the protocol

    def _answer_apart(self, protocol: Any, environ: dict[str, Any]) -> None:
        try:
            self._answer(protocol, environ)
        finally:
            self._moved.discard(threading.current_thread())

    def _answer(self, protocol: Any, environ: dict[str, Any]) -> None:
        response = Response()
        content = b"".join(self.app.wsgi_app(environ, response))
        if DROP in environ:
            protocol.response_bytes(200, _UNSENDABLE, b"x")
        else:
            protocol.response_bytes(response.status, response.headers, content)


class _Lead:
    """Says which of granian's threads goes on answering.

    Granian takes up threads whenever requests queue. Python runs one at a time, so they would only take turns, at a
    third of the speed. One of them leads, therefore, and any other rests after its request. A leader that waits for a
    body gives the lead up: whoever answers meanwhile takes it.
    """

    def __init__(self) -> None:
        self.ended = threading.Event()
        self._leader: int | None = None
        self._resting: set[int] = set()

    def give_up(self) -> None:
        """Say that this thread is about to wait for a client."""
        if self._leader == threading.get_ident():
            self._leader = None

    def take_or_rest(self) -> None:
        """Lead, if nobody does; if another thread does, return only after a while."""
        me = threading.get_ident()
        if self._leader is None:
            self._leader = me
        elif self._leader != me:
            self._resting.add(me)
            self.ended.wait(_REST)
            self._resting.discard(me)

    def end(self) -> None:
        """Let all threads go, and return when they have gone: Python must not end itself while one is in it."""
        self.ended.set()
        while self._resting:
            time.sleep(0.001)


class _Body:
    """The body of a request, for which a thread may have to wait."""

    __slots__ = ("_body", "_lead")

    def __init__(self, body: Any, lead: _Lead) -> None:
        self._body = body
        self._lead = lead

    def read(self, size: int | None = None) -> bytes:
        """Return as many bytes, or all; fewer where the client has ended the connection."""
        self._lead.give_up()
        content: bytes = self._body.read(size)
        return content


def _listen(host: str, port: int) -> socket.socket:
    if not host:
        raise ServerError("cannot listen without an address; 0.0.0.0 stands for all of this machine")
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
    threads, pool, workers, idle_seconds = 1, 512, _THREADS, 30
    no_tls: tuple[Any, ...] = (False, None, None, None, "tls1.3", None, [], False)
    return WSGIWorker(
        1, (None, holder), None, threads, pool, workers, idle_seconds, _BACKLOG, "1", None, None, None,
        *no_tls, (None, None),
    )  # fmt: skip
