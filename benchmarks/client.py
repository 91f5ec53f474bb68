"""A small HTTP client that costs little beside what it measures: plain sockets, bytes made beforehand."""

import selectors
import socket
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from benchmarks.part import BenchmarkError
from benchmarks.plan import HOST

_CHUNK = 1 << 18


@dataclass(frozen=True)
class Answer:
    """A whole answer; `closes` when the server ends the connection after it."""

    status: int
    body: bytes
    closes: bool


def answer_in(received: bytes, *, ended: bool = False) -> Answer | None:
    """Return the answer that received bytes hold, or None while it is not whole.

    Args:
        received: everything since the request was sent.
        ended: whether the server has closed the connection.
    """
    head, separator, rest = received.partition(b"\r\n\r\n")
    if not separator:
        return None
    lines = head.decode("latin-1").lower().split("\r\n")
    status = int(lines[0].split(" ")[1])
    headers = dict(line.split(": ", 1) for line in lines[1:] if ": " in line)
    closes = headers.get("connection") == "close"
    if headers.get("transfer-encoding") == "chunked":
        return Answer(status, _joined(rest), closes) if rest.endswith(b"0\r\n\r\n") else None
    if "content-length" not in headers and status not in (204, 304):
        return Answer(status, rest, closes=True) if ended else None
    length = int(headers.get("content-length", "0"))
    return Answer(status, rest, closes) if len(rest) >= length else None


def _joined(chunks: bytes) -> bytes:
    body = b""
    while chunks:
        size, _, chunks = chunks.partition(b"\r\n")
        length = int(size, 16)
        body, chunks = body + chunks[:length], chunks[length + 2 :]
    return body


class Connection:
    """One connection that sends a request at a time and opens itself anew where the server closed it."""

    def __init__(self, port: int, timeout: float = 30) -> None:
        self._port = port
        self._timeout = timeout
        self.socket = self._opened()
        self._received = b""

    def _opened(self) -> socket.socket:
        opened = socket.create_connection((HOST, self._port), timeout=self._timeout)
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return opened

    def close(self) -> None:
        """Close it."""
        self.socket.close()

    def send(self, request: bytes) -> None:
        """Send a request."""
        self._received = b""
        self.socket.sendall(request)

    def take(self) -> Answer | None:
        """Read what is there; return the answer once it is whole.

        Raises:
            BenchmarkError: the server closed the connection in the middle of an answer.
        """
        received = self.socket.recv(_CHUNK)
        self._received += received
        answer = answer_in(self._received, ended=not received)
        if answer is None and not received:
            raise BenchmarkError("the server closed the connection without an answer")
        return answer

    def reopen(self) -> None:
        """Open a new connection in place of one that the server closes."""
        self.socket.close()
        self.socket = self._opened()

    def refresh(self) -> None:
        """Open it anew if the server closed it while it was idle."""
        self.socket.setblocking(False)
        try:
            ended = not self.socket.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            ended = False
        self.socket.settimeout(self._timeout)
        if ended:
            self.reopen()

    def ask(self, request: bytes) -> Answer:
        """Send a request and return its answer.

        Raises:
            BenchmarkError: there was none.
        """
        self.send(request)
        while (answer := self.take()) is None:
            pass
        if answer.closes:
            self.reopen()
        return answer


def send_all(
    port: int, requests: Iterable[bytes], status: int, *, connections: int, rate: float = 0
) -> list[float]:
    """Send requests over a few connections and return how many seconds each took, in order of completion.

    With a rate the load is open: each request has an instant at which it is due, whether or not the ones before it
    have been answered, and its time counts from that instant, so that a slow answer cannot hide the wait behind it.
    Without one, a request is due when a connection is free.

    Raises:
        BenchmarkError: an answer has another status.
    """
    sender = _Sender(port, connections, rate, status)
    try:
        return list(sender.times(iter(requests)))
    finally:
        sender.close()


class _Sender:
    """The loop of `send_all`: it spins while it waits for the next due instant, since sleeping is not exact."""

    def __init__(self, port: int, connections: int, rate: float, status: int) -> None:
        self._status = status
        self._rate = rate
        self._selector = selectors.DefaultSelector()
        self._free = [Connection(port) for _ in range(connections)]
        self._due: dict[Connection, float] = {}  # of the requests under way

    def times(self, requests: Iterator[bytes]) -> Iterator[float]:
        began, sent = time.perf_counter(), 0
        request = next(requests, None)
        while request is not None or self._due:
            while (
                request is not None and self._free and (due := self._when(began, sent)) <= time.perf_counter()
            ):
                self._start(self._free.pop(), request, due)
                request, sent = next(requests, None), sent + 1
            yield from self._answered(wait=not self._rate)

    def close(self) -> None:
        """Close all connections, those whose answer is still awaited too."""
        for connection in (*self._free, *self._due):
            connection.close()
        self._selector.close()

    def _when(self, began: float, sent: int) -> float:
        return began + sent / self._rate if self._rate else time.perf_counter()

    def _start(self, connection: Connection, request: bytes, due: float) -> None:
        self._due[connection] = due
        connection.send(request)
        self._selector.register(connection.socket, selectors.EVENT_READ, connection)

    def _answered(self, *, wait: bool) -> Iterator[float]:
        for key, _ in self._selector.select(None if wait else 0):
            connection: Connection = key.data
            answer = connection.take()
            if answer is None:
                continue
            taken = time.perf_counter() - self._due[connection]
            if answer.status != self._status:
                raise BenchmarkError(f"{answer.status} instead of {self._status}: {answer.body[:200]!r}")
            del self._due[connection]
            self._selector.unregister(connection.socket)
            if answer.closes:
                connection.reopen()
            self._free.append(connection)
            yield taken
