"""Runs pytest underneath the command, shielded from whatever pytest settings the user has."""

import os
import sys
from pathlib import Path
from typing import Any

import pytest

from contract_tests.plugin import CHECKS, ContractTests, is_check
from contract_tests.report.terminal import Pen, Progress, print_report
from contract_tests.scope import check_name, requirements_of
from contract_tests.settings import Settings

_ARGUMENTS = [
    *("-c", str(Path(__file__).parent / "pytest.ini")),
    *("--rootdir", str(Path(__file__).parent)),
    *("-p", "no:cacheprovider"),
    *("-p", "no:terminal"),
    *("-p", "no:unraisableexception"),  # it collects garbage five times over, to find nothing of ours
    "--assert=plain",
    "--capture=no",
    str(CHECKS),
]
_SETTINGS = ("PYTEST_ADDOPTS", "PYTEST_PLUGINS", "PYTEST_DISABLE_PLUGIN_AUTOLOAD")


class Narrator:
    """Shows how far the run is."""

    def __init__(self, progress: Progress, base_url: str) -> None:
        self._progress = progress
        self._base_url = base_url
        self._areas: dict[str, str] = {}

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Learn the areas of the checks."""
        self._areas = {item.nodeid: item.path.stem.removeprefix("test_") for item in session.items}

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """Say what is about to be checked, once the server was reached."""
        self._progress.start(self._areas[nodeid], len(self._areas), self._base_url)

    def pytest_runtest_logfinish(self) -> None:
        """Show that one more check is done."""
        self._progress.step()

    def pytest_sessionfinish(self) -> None:
        """Make room for the report."""
        self._progress.end()


class _Collector:
    """Keeps the ids that each check is bound to, while nothing is run."""

    def __init__(self) -> None:
        self.checks: dict[str, list[str]] = {}

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Take up what was collected."""
        for item in filter(is_check, session.items):
            for requirement in requirements_of(item):
                self.checks.setdefault(requirement, []).append(check_name(item))


def check(settings: Settings, *plugins: object, **more: Any) -> ContractTests:
    """Check a server, and print nothing.

    Args:
        settings: what to check, and how.
        plugins: pytest plugins that look on.
        more: more arguments of `ContractTests`.

    Returns:
        The checks with their `report`, or with the `trouble` that kept them from being made.
    """
    checks = ContractTests(settings, **more)
    run_pytest([], [checks, *plugins])
    if checks.report is None and checks.trouble is None:
        checks.trouble = "the checks could not be run"
    return checks


def check_and_print(settings: Settings) -> int:
    """Check a server and print the report.

    Returns:
        The exit status.
    """
    pen = Pen(sys.stdout)
    checks = check(settings, Narrator(Progress(pen), settings.base_url or "the embedded mock"))
    if checks.trouble or checks.report is None or checks.redaction is None:
        Pen(sys.stderr).line(f"zinc-contract: {checks.trouble}")
        return 2
    print_report(checks.report, checks.redaction, pen.stream)
    return checks.report.exit_status


def bindings() -> dict[str, list[str]]:
    """The names of the checks of each requirement."""
    collector = _Collector()
    run_pytest(["--collect-only"], [ContractTests(Settings(orders=True)), collector])
    return collector.checks


def run_pytest(arguments: list[str], plugins: list[object]) -> int | pytest.ExitCode:
    """Run the checks with these plugins and no settings of the user's."""
    users = {name: os.environ.pop(name) for name in _SETTINGS if name in os.environ}
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    try:
        return pytest.main([*arguments, *_ARGUMENTS], plugins=plugins)
    finally:
        del os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"]
        os.environ.update(users)
