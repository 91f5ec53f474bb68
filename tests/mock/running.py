"""The command zinc-mock as a process of its own."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Sequence
from types import TracebackType

COMMAND = [sys.executable, "-m", "mock_server.cli"]
PATIENCE = 60


def clean_environment(**more: str) -> dict[str, str]:
    """Returns this process's environment without what would steer the command, and with `more`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ZINC_", "PYTEST_"))}
    return kept | more


def run(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Runs the command to its end."""
    return subprocess.run(
        [*COMMAND, *arguments],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
        env=clean_environment(**environment),
    )


class Running:
    """A running mock on a free port, unless the arguments say otherwise; it is ended on leaving."""

    def __init__(
        self,
        *arguments: str,
        environment: dict[str, str] | None = None,
        port: Sequence[str] = ("--port", "0"),
    ) -> None:
        self.process = subprocess.Popen(
            [*COMMAND, *port, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=clean_environment(**(environment or {})),
        )
        self.ready_line = self.process.stdout.readline()
        self.url = self.ready_line.split()[-1] if self.ready_line else ""
        self.stdout = self.stderr = ""

    def end(self, number: int = signal.SIGTERM) -> int:
        """Sends a signal and returns the exit status; what was printed is in `stdout` and `stderr` then."""
        self.process.send_signal(number)
        self.stdout, self.stderr = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode

    def __enter__(self) -> "Running":
        assert re.fullmatch(r"zinc-mock ready on http://\S+\n", self.ready_line), self.process.communicate()[
            1
        ]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.communicate()
        for stream in (self.process.stdout, self.process.stderr):
            stream.close()
