"""Runs functions in processes of their own, some at a time: all that was imported before is there at once."""

import gc
import os
import pickle
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


class Lost(Exception):
    """A process ended without a result, or took too long."""


@dataclass
class _Process:
    name: str
    pid: int
    result: Path
    output: Path
    deadline: float


@dataclass
class Forks:
    """Runs tasks in forked processes.

    Args:
        workers: how many at a time.
        seconds: how long a task may take.
    """

    workers: int
    seconds: float
    _running: list[_Process] = field(default_factory=list)

    def run(self, tasks: Iterable[tuple[str, Callable[[], Any]]]) -> Iterator[tuple[str, Any]]:
        """Run named tasks and yield each name with what the task returned, as they end.

        A task that was lost yields `Lost` in place of its result.
        """
        with tempfile.TemporaryDirectory(prefix="calibration-") as directory:
            for number, (name, task) in enumerate(tasks):
                while len(self._running) >= self.workers:
                    yield from self._ended()
                place = Path(directory) / str(number)
                self._running.append(self._start(name, task, place))
            while self._running:
                yield from self._ended()

    def _start(self, name: str, task: Callable[[], Any], place: Path) -> _Process:
        result, output = place.with_suffix(".result"), place.with_suffix(".output")
        sys.stdout.flush()
        sys.stderr.flush()
        pid = os.fork()
        if pid == 0:
            _work(task, result, output)
        return _Process(name, pid, result, output, time.monotonic() + self.seconds)

    def _ended(self) -> Iterator[tuple[str, Any]]:
        time.sleep(0.02)
        for process in tuple(self._running):
            pid, _ = os.waitpid(process.pid, os.WNOHANG)
            if pid == 0 and time.monotonic() < process.deadline:
                continue
            if pid == 0:
                os.kill(process.pid, signal.SIGKILL)
                os.waitpid(process.pid, 0)
            self._running.remove(process)
            yield process.name, _result(process)


def _work(task: Callable[[], Any], result: Path, output: Path) -> None:
    """Be the process: run the task, leave its result behind and go."""
    status = 1
    try:
        descriptor = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(descriptor, 1)
        os.dup2(descriptor, 2)
        gc.disable()  # the process ends with its task
        result.write_bytes(pickle.dumps(task()))
        status = 0
    except BaseException:  # noqa: BLE001 - whatever it was, the process must end here, and say why
        with output.open("a") as file:
            traceback.print_exc(file=file)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def _result(process: _Process) -> Any:
    if process.result.exists():
        return pickle.loads(process.result.read_bytes())  # noqa: S301 - our own process wrote it
    written = process.output.read_text(errors="replace") if process.output.exists() else ""
    return Lost(f"{process.name}: no result; it wrote: {written[-2000:]}")
