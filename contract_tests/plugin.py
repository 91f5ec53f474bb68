"""The pytest plugin: what a check can ask for, and how checks become judgements, a report and an exit status.

It is loaded by `zinc-contract`, and by `entry` when pytest is told to run `contract_tests`.
"""

import json
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from contract_tests.accounts import Accounts
from contract_tests.catalogue import load_requirements
from contract_tests.census import Census
from contract_tests.client import Observer
from contract_tests.errors import BadArguments, BudgetSpent, NotEstablished, RunError
from contract_tests.exchange import Key
from contract_tests.findings import Expect
from contract_tests.interruption import interruption
from contract_tests.orders import Orders
from contract_tests.questions import Questionnaire
from contract_tests.report.evidence import Redaction
from contract_tests.report.html import to_html
from contract_tests.report.json_report import to_json
from contract_tests.report.junit import to_junit
from contract_tests.report.terminal import print_report
from contract_tests.run import Run, new_findings, now, open_run
from contract_tests.scope import check_name, not_asked, requirements_of, select
from contract_tests.settings import OPTIONS, Settings, settings_from
from contract_tests.verdict import EXIT_STATUSES, INCOMPLETE, Report, make_rows

CHECKS = Path(__file__).parent / "checks"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of `zinc-contract check`."""
    group = parser.getgroup("zinc-contract", "contract tests of Zinc's Managed Accounts API")
    group.addoption("--base-url", metavar="URL", help="the server to check [the embedded mock]")
    for flag, about in OPTIONS:
        group.addoption(flag, **about)


def pytest_configure(config: pytest.Config) -> None:
    """Register the plugin proper with the settings that the options make."""
    try:
        settings = settings_from(vars(config.option))
    except BadArguments as error:
        raise pytest.UsageError(str(error)) from error
    config.pluginmanager.register(ContractTests(settings), "zinc-contract")


class ContractTests:
    """One session of checks against one server.

    Args:
        settings: what the user asked for.
        second_key: whether to test what needs a second key; None when the run has one.
        observers: see every exchange, after it was judged.
    """

    def __init__(
        self, settings: Settings, *, second_key: bool | None = None, observers: Iterable[Observer] = ()
    ) -> None:
        self.settings = settings
        self._second_key = (
            bool(settings.second_api_key) or not settings.base_url if second_key is None else second_key
        )
        self._observers = observers
        self.findings = new_findings()
        self.questionnaire = Questionnaire()
        self.report: Report | None = None
        self.redaction: Redaction | None = None
        self.trouble: str | None = None  # why there was no run
        self._not_asked: dict[str, str] = {}
        self._run: Run | None = None
        self._begun = False
        self._stack = ExitStack()
        self._started_at = now()

    def pytest_configure(self, config: pytest.Config) -> None:
        """Say what the marks on checks mean."""
        for mark in (
            "requirement(*ids): the requirements that a check is bound to",
            "reads_only: the check sends nothing but reads",
            "places_orders: the check sends orders",
            "first: the check goes before all others, whose judgement leans on what it shows",
        ):
            config.addinivalue_line("markers", mark)

    # Which checks, and when

    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Keep the checks that the options ask for, in the order of the areas."""
        ours = [item for item in items if is_check(item)]
        selected, left_out = select(ours, self.settings, second_key=self._second_key)
        self._not_asked = not_asked(load_requirements(), selected, left_out, self.settings)
        if left_out:
            config.hook.pytest_deselected(items=list(left_out))
        items[:] = [item for item in items if not is_check(item)] + selected

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        """Open the run; without one no check is begun."""
        if session.config.option.collectonly:
            return None
        if session.testsfailed:
            self.trouble = "the checks could not be loaded"
            return None
        try:
            self._check_that_something_counts(session)
            self._stack.enter_context(interruption.listening())
            self._run = self._stack.enter_context(open_run(self.settings, self.findings))
            self._run.client.observers.extend(self._observers)
            self._check_that_reports_can_be_written()
            self._run.begin()
            self._begun = True
        except RunError as error:
            self.trouble = self._redacted(str(error))
            return True
        return None

    def _check_that_something_counts(self, session: pytest.Session) -> None:
        """Raise BadArguments when the options leave nothing that a verdict could be about."""
        level, only = self.settings.level, self.settings.only
        bound = {name for item in session.items if is_check(item) for name in requirements_of(item)}
        asked = [
            found for found in load_requirements() if found.id in bound and self.settings.asks_for(found.id)
        ]
        if only is not None and not asked:
            raise BadArguments(f"--only: no requirement that can be tested fits {only!r}")
        if only and not any(found.level.at_or_firmer(level) for found in asked):
            firmest = min(found.level for found in asked)
            raise BadArguments(f"--only: what fits {only!r} is {firmest} or less; add --level {firmest}")

    def _check_that_reports_can_be_written(self) -> None:
        """Raise BadArguments when a report would be lost at the end."""
        for path in (self.settings.report_json, self.settings.report_html, self.settings.junit):
            if path is not None:
                try:
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.open("ab").close()
                except OSError as error:
                    raise BadArguments(f"cannot write {path}: {error.strerror}") from error

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Lay what happens during a check to it."""
        if self._run is None or not is_check(item):
            return (yield)
        run, name = self._run, check_name(item)
        run.client.check = name
        try:
            result = yield
            run.tidy()
            return result
        except RunError as error:
            self._interrupted_by(error, item)
            return True
        finally:
            run.client.check = ""

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Generator[None, None, None]:
        """A check whose fixtures cannot be had is not tested, and one after the time budget neither."""
        try:
            if self._run is not None and is_check(item):
                self._run.client.check_budget()
            return (yield)
        except (NotEstablished, BudgetSpent) as missing:
            self.findings.not_run(check_name(item), requirements_of(item), str(missing))
            raise pytest.skip.Exception(str(missing)) from None

    @pytest.hookimpl(wrapper=True)
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> Generator[None, object, object]:
        """Run a check; what it finds broken fails it, what it cannot establish skips it."""
        if not is_check(pyfuncitem):
            return (yield)
        name = check_name(pyfuncitem)
        try:
            with self.findings.check(name, requirements_of(pyfuncitem)):
                result = yield
        except (NotEstablished, BudgetSpent) as missing:
            raise pytest.skip.Exception(str(missing)) from None
        violations = self.findings.violations_in(name)
        if violations:
            messages = [
                f"{found.requirement}: expected {found.expected}; seen {found.seen}" for found in violations
            ]
            text = self._redacted("\n".join(dict.fromkeys(messages)))
            if any(self._counts(found.requirement) for found in violations):
                pytest.fail(text, pytrace=False)
            pytest.xfail(f"difference below the asked level: {text}")
        return result

    def pytest_exception_interact(
        self, node: pytest.Item | pytest.Collector, call: pytest.CallInfo[object], report: pytest.TestReport
    ) -> None:
        """Take what went wrong in the kit itself for an error of the run, never for a verdict on the server."""
        error = call.excinfo.value if call.excinfo else None
        if error is None or isinstance(error, pytest.fail.Exception):
            return
        report.longrepr = self._redacted(str(report.longrepr))
        if isinstance(error, RunError):
            self._interrupted_by(error, node)
        else:
            self.findings.run_errors.append(f"{check_name(node)}: {type(error).__name__}: {error}")

    def _interrupted_by(self, error: RunError, node: pytest.Item | pytest.Collector) -> None:
        """Note an error of the run, and end it if the server is not there any more."""
        self.findings.run_errors.append(f"{check_name(node)}: {error}")
        if self._run is None:
            return
        try:
            self._run.accounts[Key.FIRST].list()
        except RunError as lost:
            node.session.shouldstop = self._redacted(str(lost))

    def pytest_internalerror(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Say in one line what went wrong in the kit; pytest shows the rest."""
        self.trouble = f"a fault of the kit: {excinfo.typename}: {self._redacted(str(excinfo.value))}"

    def pytest_keyboard_interrupt(self) -> None:
        """An interrupted run is not whole."""
        self.findings.run_errors.append("interrupted")

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Clean up, and make the report and the exit status."""
        if session.config.option.collectonly:
            return
        with self._stack:
            if self._run is not None and self._begun:
                self._finish(self._run)
        if self.trouble:
            if self._run is not None and not self._run.clean:
                self.trouble += "; zinc-contract cleanup deletes what it left behind"
            self.findings.run_errors.append(self.trouble)
        self._make_report()
        session.exitstatus = EXIT_STATUSES[INCOMPLETE] if self.report is None else self.report.exit_status

    def _finish(self, run: Run) -> None:
        try:
            run.observations.answer(self.questionnaire)
            for judgement in run.observations.conclude():
                self.findings.record(judgement)
        finally:  # whatever happens, what was made is deleted
            run.finish()

    def _make_report(self) -> None:
        run = self._run
        settings = run.settings if run else self.settings
        self.report = Report(
            base_url=settings.base_url or "",
            embedded=self.settings.base_url is None,
            spec_version=run.specification.version if run else "",
            level=settings.level,
            seed=settings.seed,
            started_at=self._started_at,
            finished_at=now(),
            requests=run.client.sent if run else 0,
            rows=make_rows(load_requirements(), self.findings, self._left_out(), settings.level),
            questions=self.questionnaire,
            census=run.census if run else Census(trouble="the run did not begin"),
            timelines=run.timeline.to_json() if run else {},
            run_errors=tuple(dict.fromkeys(self.findings.run_errors)),
        )
        if run is not None:
            self.redaction = _redaction_of(run)
            lost = tuple(self._write(self.report, self.redaction))
            self.report = replace(self.report, run_errors=self.report.run_errors + lost)

    def _left_out(self) -> dict[str, str]:
        """The requirements that do not count, each with the reason; a smoke check tells of all that it meets."""
        met = set(self.findings.exercised()) if self.settings.smoke else set()
        return {name: reason for name, reason in self._not_asked.items() if name not in met}

    def _write(self, report: Report, redaction: Redaction) -> Iterator[str]:
        """Write the reports that were asked for; yields what kept one from being written."""
        contents: dict[Path | None, Callable[[], bytes]] = {
            self.settings.report_json: lambda: json.dumps(to_json(report, redaction), indent=1).encode(),
            self.settings.report_html: lambda: to_html(to_json(report, redaction)).encode(),
            self.settings.junit: lambda: to_junit(report, redaction),
        }
        for path, content in contents.items():
            if path is not None:
                try:
                    path.write_bytes(content())
                except OSError as error:
                    yield f"cannot write {path}: {error.strerror}"

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print the report below pytest's own."""
        if self.trouble:
            terminalreporter.write_line(f"zinc-contract: {self.trouble}", red=True)
        elif self.report and self.redaction:
            print_report(self.report, self.redaction)

    def _counts(self, requirement: str) -> bool:
        found = next(entry for entry in load_requirements() if entry.id == requirement)
        return found.level.at_or_firmer(self.settings.level)

    def _redacted(self, text: str) -> str:
        return _redaction_of(self._run).text(text) if self._run else text  # before it, nothing was sent

    # What a check can ask for

    @pytest.fixture
    def run(self) -> Run:
        """Everything of the run."""
        if self._run is None:
            raise NotEstablished("there is no run")
        return self._run

    @pytest.fixture
    def accounts(self, run: Run) -> Accounts:
        """The account operations under the first key."""
        return run.accounts[Key.FIRST]

    @pytest.fixture
    def others(self, run: Run) -> Accounts:
        """The account operations under the second key."""
        if Key.SECOND not in run.accounts:
            raise NotEstablished("needs a second API key: give --second-api-key")
        return run.accounts[Key.SECOND]

    @pytest.fixture
    def orders(self, run: Run) -> Orders:
        """The order operations under the first key, once it is known what this server wants of an order."""
        run.orders[Key.FIRST].learn_address()
        return run.orders[Key.FIRST]

    @pytest.fixture
    def others_orders(self, run: Run, others: Accounts) -> Orders:
        """The order operations under the second key."""
        return run.orders[others.key]

    @pytest.fixture
    def expect(self, request: pytest.FixtureRequest) -> Expect:
        """Enters what the check says of the server."""
        return Expect(self.findings, requirements_of(request.node))

    @pytest.fixture
    def ask(self) -> Questionnaire:
        """Takes the answers to open questions."""
        return self.questionnaire


def _redaction_of(run: Run) -> Redaction:
    return Redaction(run.base_url, run.keys, run.canaries, run.journal.run)


def is_check(node: object) -> bool:
    """Whether a collected item is one of the kit's checks."""
    return isinstance(node, pytest.Function) and node.path.parent == CHECKS
