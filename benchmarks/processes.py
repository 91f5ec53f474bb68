"""Servers as processes: started on a free port, waited for, weighed, stopped."""

import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from benchmarks.client import Answer, Connection
from benchmarks.part import BenchmarkError
from benchmarks.peers import Server
from benchmarks.plan import BENCH, HOST

_POLL_SECONDS = 0.002
_START_SECONDS = 60
_STOP_SECONDS = 5


class Running:
    """A server's process. Use it as a context manager: it is stopped at the end, whatever happens.

    Args:
        server: what to start.
        more: further words of the command line.

    Raises:
        BenchmarkError: it ended, or gave no right answer within a minute.
    """

    def __init__(self, server: Server, more: Sequence[str] = ()) -> None:
        self.server = server
        self.port = free_port()
        began = time.perf_counter()
        self._process = subprocess.Popen(
            [*server.command_on(self.port), *more],
            cwd=server.folder,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            self._wait()
        except BenchmarkError:
            self.stop()
            raise
        self.seconds_to_answer = time.perf_counter() - began

    def _wait(self) -> None:
        deadline = time.perf_counter() + _START_SECONDS
        while not self._answers():
            if self._process.poll() is not None:
                raise BenchmarkError(f"{self.server.name} ended with status {self._process.returncode}")
            if time.perf_counter() > deadline:
                raise BenchmarkError(f"{self.server.name} gave no answer in {_START_SECONDS} s")
            time.sleep(_POLL_SECONDS)

    def _answers(self) -> bool:
        try:
            answer = self.ask(self.server.create.encoded())
        except (OSError, BenchmarkError):
            return False  # not yet: the port is closed, or opened without anybody behind it
        return answer.status == self.server.create.status

    def ask(self, request: bytes) -> Answer:
        """Send one request over a connection of its own and return the answer."""
        connection = Connection(self.port)
        try:
            return connection.ask(request)
        finally:
            connection.close()

    @property
    def memory_mb(self) -> float:
        """The resident memory of the process and all of its descendants, in MB (10^6 bytes)."""
        return sum(_resident_bytes(pid) for pid in descendants(self._process.pid)) / 1e6

    @property
    def cpu_seconds(self) -> float:
        """The processor time that the process and its living descendants have used."""
        return sum(_cpu_seconds(pid) for pid in descendants(self._process.pid))

    def stop(self) -> None:
        """End it, and whatever it started."""
        self._signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_STOP_SECONDS)
        self._signal(signal.SIGKILL)  # what did not go, and children that were left
        self._process.wait()

    def _signal(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, number)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def descendants(pid: int) -> Iterator[int]:
    """Yield a process's id and those of its children, their children and so on."""
    yield pid
    try:
        children = [path.read_text() for path in Path(f"/proc/{pid}/task").glob("*/children")]
    except OSError:
        return  # it has just ended
    for child in " ".join(children).split():
        yield from descendants(int(child))


def _resident_bytes(pid: int) -> int:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def _cpu_seconds(pid: int) -> float:
    after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    user, system = int(after_name[11]), int(after_name[12])
    return (user + system) / os.sysconf("SC_CLK_TCK")


def _environment() -> dict[str, str]:
    """Return an environment without settings of the person who measures; peers write their logs to .bench/home."""
    home = BENCH / "home"
    home.mkdir(parents=True, exist_ok=True)
    return {"PATH": os.environ["PATH"], "HOME": str(home), "LANG": "C.UTF-8"}
