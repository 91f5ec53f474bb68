"""Fixtures for your tests, there as soon as the package is installed beside pytest.

`zinc_mock` is a running mock, one a session; `zinc_sandbox` a sandbox of its own for each test, with its clock,
faults, deviations and journal (`mock_server.testing.Sandbox`). When a test that used a sandbox fails, its journal is
shown with the failure.

Pytest loads this module in every session, whether it needs the mock or not: it imports nothing of weight until a
fixture is used.
"""

import os
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import pytest

if TYPE_CHECKING:
    from mock_server.testing import Sandbox

_SANDBOX: "pytest.StashKey[Sandbox]" = pytest.StashKey()


class RunningMock(Protocol):
    """What `zinc_mock` hands out."""

    @property
    def url(self) -> str:
        """Where the mock is, without a slash at the end."""


@dataclass(frozen=True)
class _MockOfExec:
    """The mock that `zinc-mock exec` runs beside this very session."""

    url: str


@pytest.fixture(scope="session")
def zinc_mock_options() -> dict[str, Any]:
    """Options of the session's mock (`mock_server.settings.Settings`): override it in your conftest.py."""
    return {}


@pytest.fixture(scope="session")
def zinc_mock(zinc_mock_options: dict[str, Any]) -> Iterator[RunningMock]:
    """A running mock on a free port, one a session and process.

    Under `zinc-mock exec -- pytest …` it is the one that runs already, so that its report covers these tests.
    """
    running = os.environ.get("ZINC_MOCK_URL")
    if running:
        yield _MockOfExec(running)
        return
    from mock_server import create_app
    from mock_server.server import Server

    with Server(create_app(**zinc_mock_options)) as server:
        yield server


@pytest.fixture
def zinc_sandbox(zinc_mock: RunningMock, request: pytest.FixtureRequest) -> Iterator["Sandbox"]:
    """A sandbox of its own, with a fresh key: tests never see each other, however many run at a time."""
    from mock_server.testing import Sandbox

    sandbox = Sandbox.fresh(zinc_mock.url)
    request.node.stash[_SANDBOX] = sandbox
    yield sandbox
    sandbox.reset()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show with a failure what the test's client asked of the mock, and what it was answered."""
    report = yield
    sandbox = item.stash.get(_SANDBOX, None)
    if sandbox is not None and report.failed and report.when != "teardown":
        report.sections.append(("zinc-mock journal", _journal_of(sandbox)))
    return report


def _journal_of(sandbox: "Sandbox") -> str:
    from mock_server.testing import ControlError

    try:
        lines = [line for entry in sandbox.journal for line in _lines_of(entry)]
    except (OSError, ControlError) as problem:
        return f"The journal could not be read: {problem}"
    return "\n".join(lines) if lines else "The client sent no request."


def _lines_of(entry: dict[str, Any]) -> Iterator[str]:
    """Write one request: a line, and further ones only where there is something to know."""
    asked, answered = entry["request"], entry["response"]
    status = "no answer" if answered["dropped"] else answered["status"]
    yield f"{entry['at']}  {asked['method']} {asked['path']} -> {status}  {entry['id']}"
    body = answered["body"]
    if isinstance(body, dict) and "code" in body:
        details = f" {body['details']}" if body.get("details") else ""
        yield f"    {body['code']}: {body['message']}{details}"
    if entry["ignored"]:
        yield f"    ignored unknown fields: {', '.join(entry['ignored'])}"
    if entry["fault"]:
        yield f"    fault: {entry['fault']['id']}"
    if entry["deviations"]:
        yield f"    deviations: {', '.join(entry['deviations'])}"
