"""What `zinc-mock exec` does with a mock that runs: a command beside it, and the report on what the command did."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from mock_server.grading import report
from mock_server.grading.coverage import Client, coverage
from mock_server.grading.findings import Level
from mock_server.server import Server

_NOT_RUN = 127

# What --fail-on takes: the levels that count as failures.
FAILING = {"warning": (Level.WARNING,), "note": (Level.WARNING, Level.NOTE)}


def run_beside(
    server: Server, command: Sequence[str], key: str, report_file: Path | None, fail_on: str | None
) -> int:
    """Run a command with `ZINC_BASE_URL` and `ZINC_API_KEY` set, and report what it did to the mock.

    `ZINC_MOCK_URL` is set too: it tells the pytest fixtures that a mock runs already.

    Args:
        server: the running mock; it is not stopped here.
        command: the command and its arguments.
        key: the API key that the command is given.
        report_file: where the report goes, if anywhere.
        fail_on: the level of findings from which on a successful command counts as failed, if any.

    Returns:
        The command's status; 1 if it was 0 and there are findings to fail on.
    """
    environment = {
        **os.environ,
        "ZINC_BASE_URL": server.url,
        "ZINC_API_KEY": key,
        "ZINC_MOCK_URL": server.url,
    }
    status = _run(command, environment)
    if report_file is None and fail_on is None:
        return status
    failed = _report(server, report_file, fail_on)
    return status or int(failed)


def _run(command: Sequence[str], environment: dict[str, str]) -> int:
    """Run a command to its end and return its status as a shell reports it."""
    try:
        process = subprocess.Popen(command, env=environment)  # noqa: S603 (running it is what was asked)
    except OSError as problem:
        _say(f"cannot run {command[0]}: {problem.strerror}")
        return _NOT_RUN
    with _signals_passed_on_to(process):
        status = process.wait()
    return status if status >= 0 else 128 - status


@contextmanager
def _signals_passed_on_to(process: "subprocess.Popen[bytes]") -> Iterator[None]:
    """Let SIGTERM end the command, and leave SIGINT to it: a terminal sends that to both."""

    def pass_on(number: int, _: FrameType | None) -> None:
        process.send_signal(number)

    before = {
        signal.SIGTERM: signal.signal(signal.SIGTERM, pass_on),
        signal.SIGINT: signal.signal(signal.SIGINT, lambda *_: None),
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _report(server: Server, file: Path | None, fail_on: str | None) -> bool:
    """Write the report on all keys that were used; tell whether there is a finding to fail on."""
    app = server.app
    clients = [Client.of(tenant) for tenant in (app.anonymous, *app.store.everyone())]
    document = coverage(app.specification, clients)
    if file is not None:
        report.write(document, file)
    _say(report.summary(document) + (f"; see {file}" if file else ""))
    failing = list(report.findings(document, *FAILING[fail_on])) if fail_on else []
    for finding in failing:
        _say(f"{finding['level']}: {finding['message']}")
    return bool(failing)


def _say(line: str) -> None:
    print(f"zinc-mock: {line}", file=sys.stderr)  # noqa: T201
