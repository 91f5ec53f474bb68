"""One check of one server, and what became of it."""

import os
import tempfile
import time
from collections.abc import Generator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

import pytest

from contract_tests.catalogue import Level
from contract_tests.plugin import ContractTests, is_check
from contract_tests.scope import check_name
from contract_tests.session import run_pytest
from contract_tests.settings import Settings

KEY, OTHER_KEY = "zn_test_calibration", "zn_live_calibration"
PROCESSING_TIME = 0.25  # seconds that an order takes
MAX_EXAMPLES = 1  # walks, and generated requests an operation: fewer than a check makes that nobody waits for


@dataclass(frozen=True, kw_only=True)
class Check:
    """How a server is checked.

    Args:
        level: the verdict counts requirements of this level and firmer ones.
        orders: whether orders are sent.
        seed: of the run.
        only: pattern of the requirements that are asked for.
    """

    level: Level
    orders: bool = False
    seed: int = 0
    only: str | None = None


@dataclass
class Trial:
    """What a check found.

    Args:
        status: the exit status.
        failed: the requirements that were broken.
        tested: the requirements that were exercised.
        broken_by: the requirements that broke while a check ran, by its name.
        sent: how many requests each check sent, by its name.
        overhead: how many requests the run sent outside of its checks.
        errors: of the run.
        left_behind: accounts that the run did not delete.
        fired: how often deviating code changed something.
        seconds: how long it took.
        messages: what was expected and seen where a requirement broke, by its id.
        answers: to the open questions, by their ids.
    """

    status: int
    failed: frozenset[str]
    tested: frozenset[str]
    broken_by: dict[str, frozenset[str]]
    sent: dict[str, int]
    overhead: int
    errors: tuple[str, ...]
    left_behind: tuple[str, ...]
    messages: dict[str, str]
    answers: dict[str, str]
    fired: int = 0
    seconds: float = 0.0


@dataclass
class _Watcher:
    """Notes what each check costs and what breaks while it runs."""

    tests: ContractTests
    broken_by: dict[str, frozenset[str]] = field(default_factory=dict)
    sent: dict[str, int] = field(default_factory=dict)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Look at the counters before and after a check."""
        before, sent = self.tests.findings.broken.copy(), self._sent()
        result = yield
        if is_check(item):
            name = check_name(item)  # which checks of two areas may share
            broken = frozenset(self.tests.findings.broken - before)
            self.broken_by[name] = self.broken_by.get(name, frozenset()) | broken
            self.sent[name] = self.sent.get(name, 0) + self._sent() - sent
        return result

    def _sent(self) -> int:
        return self.tests._run.client.sent if self.tests._run else 0


def try_server(server: AbstractContextManager[str], check: Check) -> Trial:
    """Check a server.

    Args:
        server: yields its address while it runs.
        check: how.
    """
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="calibration-") as state, server as url:
        os.environ["ZINC_CONTRACT_STATE"] = state
        settings = Settings(
            base_url=url,
            api_key=KEY,
            second_api_key=OTHER_KEY,
            level=check.level,
            orders=check.orders,
            max_examples=MAX_EXAMPLES,
            seed=check.seed,
            only=check.only,
        )
        tests = ContractTests(settings)
        watcher = _Watcher(tests)
        run_pytest([], [tests, watcher])
        return _trial(tests, watcher, time.monotonic() - began)


def _trial(tests: ContractTests, watcher: _Watcher, seconds: float) -> Trial:
    report = tests.report
    if report is None:
        raise RuntimeError(f"the check made no report: {tests.trouble}")
    violations = {
        row.requirement.id: f"{found.expected}; seen {found.seen}"
        for row in report.rows
        for finding in row.findings
        for found in finding.violations[:1]
    }
    return Trial(
        status=report.exit_status,
        failed=frozenset(row.requirement.id for row in report.rows if row.outcome == "failed"),
        tested=frozenset(row.requirement.id for row in report.rows if row.outcome != "not_tested"),
        broken_by={name: broken for name, broken in watcher.broken_by.items() if broken},
        sent=watcher.sent,
        overhead=report.requests - sum(watcher.sent.values()),
        errors=report.run_errors,
        left_behind=report.census.left_behind,
        messages=violations,
        answers={name: given.name for name, given in report.questions.answers.items()},
        seconds=seconds,
    )
