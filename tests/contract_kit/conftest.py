import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from kit_servers import FIRST_KEY, SECOND_KEY, mock

from contract_tests import session
from contract_tests.report.evidence import Redaction
from contract_tests.settings import Settings
from contract_tests.verdict import Report, Row


@dataclass
class Checked:
    """A `zinc-contract` command that has ended."""

    status: int
    out: str
    err: str
    report: dict[str, Any] | None

    @property
    def failed(self) -> dict[str, str]:
        """The ids of failed requirements, each with its level."""
        rows = self.report["requirements"] if self.report else []
        return {row["id"]: row["level"] for row in rows if row["outcome"] == "failed"}

    def row(self, requirement: str) -> dict[str, Any]:
        assert self.report
        return next(row for row in self.report["requirements"] if row["id"] == requirement)


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """Where the journals of a test lie."""
    return tmp_path / "state"


@pytest.fixture
def environment(state: Path) -> dict[str, str]:
    """An environment without the user's own keys, with journals in a place of the test."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(("ZINC_", "PYTEST_"))}
    return own | {"ZINC_CONTRACT_STATE": str(state)}


@pytest.fixture
def command(environment: dict[str, str], tmp_path: Path) -> Callable[..., Checked]:
    """Runs `zinc-contract` with any arguments."""

    def run(*arguments: str, **more: str) -> Checked:
        done = subprocess.run(
            [sys.executable, "-m", "contract_tests", *arguments],
            capture_output=True,
            text=True,
            env=environment | more,
            cwd=tmp_path,
            check=False,
        )
        return Checked(done.returncode, done.stdout, done.stderr, None)

    return run


@pytest.fixture
def check(command: Callable[..., Checked], tmp_path: Path) -> Callable[..., Checked]:
    """Runs `zinc-contract check` with a report, against an address, with both keys of the tests."""

    def run(url: str, *arguments: str) -> Checked:
        path = tmp_path / "report.json"
        keys = ("--api-key", FIRST_KEY, "--second-api-key", SECOND_KEY)
        done = command("check", url, *keys, "--report-json", str(path), *arguments)
        done.report = json.loads(path.read_text()) if path.exists() else None
        return done

    return run


@dataclass
class Judged:
    """A check that was made in this process: the report, and which requirements it found broken, by level."""

    report: Report
    redaction: Redaction

    @property
    def failed(self) -> dict[str, str]:
        rows = self.report.rows
        return {row.requirement.id: str(row.requirement.level) for row in rows if row.outcome == "failed"}

    @property
    def documented_failures(self) -> list[str]:
        return [name for name, level in self.failed.items() if level == "documented"]

    def row(self, requirement: str) -> Row:
        return next(row for row in self.report.rows if row.requirement.id == requirement)


@pytest.fixture
def judge(monkeypatch: pytest.MonkeyPatch, state: Path) -> Callable[..., Judged]:
    """Checks a server in this process, with both keys of the tests."""
    monkeypatch.setenv("ZINC_CONTRACT_STATE", str(state))

    def run(url: str, only: str | None = None, **more: Any) -> Judged:
        options: dict[str, Any] = {
            "api_key": FIRST_KEY,
            "second_api_key": SECOND_KEY,
            "max_examples": 1,
        } | more
        done = session.check(Settings(base_url=url, only=only, **options))
        assert done.report, done.trouble
        assert done.redaction, done.trouble
        return Judged(done.report, done.redaction)

    return run


@pytest.fixture
def mock_url() -> Iterator[str]:
    """A mock that is as it should be."""
    with mock() as url:
        yield url
