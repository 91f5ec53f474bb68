"""A run that is broken off, by a signal, by its server or by a fault of the kit: what it says, and what it leaves."""

import signal
import subprocess
import sys
import threading
from copy import deepcopy

import pytest
import requests
import yaml
from kit_servers import ACCOUNTS, FIRST_KEY, SECOND_KEY, listed, serve

from contract_tests import session
from contract_tests.exchange import Key
from contract_tests.interruption import interruption
from contract_tests.run import new_findings, open_run
from contract_tests.settings import Settings
from contract_tests.specification import Specification
from mock_server import create_app

BOTH = pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
GENERATED = "MA-FIELDS-EMAIL"  # what the check with generated requests is bound to, among few others


def conforming():
    return create_app(api_keys=(FIRST_KEY, SECOND_KEY)).wsgi_app


def busy(start_response):
    start_response("503 Service Unavailable", [("Content-Length", "0")])
    return []


def is_generated(environ):
    return "schemathesis" in environ.get("HTTP_USER_AGENT", "")


class Process:
    """A process that checks a server, for that server to interrupt.

    Args:
        environment: of the process.
        how: the signal.
    """

    def __init__(self, environment, how):
        self.environment, self.how = environment, how
        self.output = ""
        self._begun = threading.Event()

    def run(self, *arguments):
        """Run `python -m` with these arguments; its exit status."""
        command = [sys.executable, "-m", *arguments]
        pipe = subprocess.PIPE
        with subprocess.Popen(
            command, stdout=pipe, stderr=pipe, text=True, env=self.environment
        ) as self._process:
            self._begun.set()
            self.output = self._process.stdout.read()
            return self._process.wait(60)

    def interrupt(self):
        assert self._begun.wait(30)
        self._process.send_signal(self.how)

    def say_that_it_waits(self):
        """Read on until it does, or until it has ended."""
        assert any("waits for the answer that is under way" in line for line in self._process.stderr)

    def end(self):
        self._process.wait(30)


def interrupting(process):
    """A mock that has its client interrupted, and answers a create with 503 once the client waits for the answer."""
    app = conforming()

    def answer(environ, start_response):
        if environ["REQUEST_METHOD"] != "POST":
            return app(environ, start_response)
        process.interrupt()
        process.say_that_it_waits()
        return busy(start_response)

    return answer


@BOTH
@pytest.mark.parametrize(
    "command",
    [
        ["contract_tests", "check"],
        ["pytest", "-p", "no:cacheprovider", "--capture=no", "--pyargs", "contract_tests", "--base-url"],
    ],
    ids=["zinc-contract", "pytest"],
)
def test_an_interrupted_run_hears_what_became_of_the_request_that_is_under_way(
    environment, state, how, command
):
    process = Process(environment, how)
    with serve(interrupting(process)) as url:
        status = process.run(*command, url, "--api-key", FIRST_KEY, "--only", "MA-DELETE-204")
    assert (status, list(state.iterdir())) == (2, [])
    assert "The run was not whole: interrupted" in process.output


@BOTH
def test_generated_requests_are_interrupted_like_all_others(environment, state, how):
    process, app, arrived = Process(environment, how), conforming(), []

    def interrupting_the_third(environ, start_response):
        if is_generated(environ):
            arrived.append(environ)
            if len(arrived) == 3:
                process.interrupt()
        return app(environ, start_response)

    with serve(interrupting_the_third) as url:
        only = ("--only", GENERATED, "--max-examples", "20")
        status = process.run("contract_tests", "check", url, "--api-key", FIRST_KEY, *only)
        assert (status, listed(url), list(state.iterdir())) == (2, [], [])
    assert "The run was not whole: interrupted" in process.output


def test_what_a_clean_up_leaves_that_is_cut_off_is_still_known(environment, state, command):
    process, app, deleted = Process(environment, signal.SIGINT), conforming(), []

    def cutting_off(environ, start_response):
        method = environ["REQUEST_METHOD"]
        if method == "DELETE" and not deleted:
            deleted.append(environ)
            process.interrupt()
            process.say_that_it_waits()
            process.interrupt()
            process.end()
            return busy(start_response)
        answer = app(environ, start_response)
        if method == "POST":
            process.interrupt()
            process.say_that_it_waits()
        return answer

    with serve(cutting_off) as url:
        status = process.run(
            "contract_tests", "check", url, "--api-key", FIRST_KEY, "--only", "MA-DELETE-204"
        )
        assert (status, len(listed(url)), len(list(state.iterdir()))) == (2, 1, 1)
        done = command("cleanup", url, "--api-key", FIRST_KEY)
        assert (done.status, listed(url), list(state.iterdir())) == (0, [], [])


def test_a_run_hears_signals_while_it_is_open_and_no_longer(judge, mock_url):
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    judge(mock_url, "MA-DELETE-204")
    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before


def test_a_run_may_be_made_in_any_thread(judge, mock_url):
    done = []
    thread = threading.Thread(target=lambda: done.append(judge(mock_url, "MA-DELETE-204")))
    thread.start()
    thread.join()
    assert done[0].report.verdict == "conforms"


@pytest.mark.parametrize("line", range(10))
def test_an_interruption_is_over_whenever_its_second_signal_comes(line):
    """Before each of the lines that follow the answer, in turn; there are fewer than ten."""
    passed = []

    def signal_again(frame, event, _):
        if event == "line" and frame.f_code.co_filename.endswith("interruption.py"):
            passed.append(frame.f_lineno)
            if len(passed) == line + 1:
                signal.raise_signal(signal.SIGINT)
        return signal_again

    tracing = sys.gettrace()
    with interruption.listening():
        try:
            with pytest.raises(KeyboardInterrupt):
                interrupted_while_traced(signal_again)
        finally:
            sys.settrace(tracing)
        assert not is_interrupted_by_a_block_without_a_signal()
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)


def is_interrupted_by_a_block_without_a_signal():
    try:
        with interruption.put_off():
            return False
    except KeyboardInterrupt:
        return True


def interrupted_while_traced(trace):
    with interruption.put_off():
        signal.raise_signal(signal.SIGINT)
        sys.settrace(trace)


def test_what_a_run_made_that_broke_off_is_still_known(monkeypatch, state, command, mock_url):
    monkeypatch.setenv("ZINC_CONTRACT_STATE", str(state))
    settings = Settings(base_url=mock_url, api_key=FIRST_KEY)
    with pytest.raises(ZeroDivisionError):
        break_off(settings)
    assert (len(listed(mock_url)), len(list(state.iterdir()))) == (1, 1)
    assert command("cleanup", mock_url, "--api-key", FIRST_KEY).status == 0
    assert (listed(mock_url), list(state.iterdir())) == ([], [])


def break_off(settings):
    with open_run(settings, new_findings()) as run:
        run.begin()
        run.accounts[Key.FIRST].create()
        raise ZeroDivisionError


class Faulty:
    """A part of the kit that fails after the first check, before it is tidied up after."""

    def pytest_runtest_logfinish(self):
        raise ZeroDivisionError(f"while {FIRST_KEY} was used")


def test_a_fault_of_the_kit_leaves_nothing_behind_and_repeats_no_key(monkeypatch, state, mock_url):
    monkeypatch.setenv("ZINC_CONTRACT_STATE", str(state))
    settings = Settings(base_url=mock_url, api_key=FIRST_KEY, only="MA-LIST-COMPLETE")
    done = session.check(settings, Faulty())
    assert done.trouble == "a fault of the kit: ZeroDivisionError: while $ZINC_API_KEY was used"
    assert done.report.exit_status == 2
    assert done.report.requests > 1
    assert (listed(mock_url), list(state.iterdir())) == ([], [])


def test_a_generator_that_fails_leaves_the_run_incomplete(judge, mock_url, tmp_path):
    document = deepcopy(Specification().document)
    fields = document["components"]["schemas"]["ManagedAccountCreate"]["properties"]
    fields["email"] = {"type": "string", "minLength": 2, "maxLength": 1}
    path = tmp_path / "openapi.yaml"
    path.write_text(yaml.safe_dump(document))
    done = judge(mock_url, GENERATED, spec=path)
    assert (done.report.verdict, len(done.report.run_errors)) == ("incomplete", 1)
    assert "the generator of requests had an error" in done.report.run_errors[0]


def test_a_server_that_goes_away_from_generated_requests_is_what_is_told(judge, state):
    app, gone = conforming(), threading.Event()

    def going_away(environ, start_response):
        if is_generated(environ) and environ["REQUEST_METHOD"] == "GET":
            gone.wait(30)
        return app(environ, start_response)

    with serve(going_away) as url:
        done = judge(url, GENERATED, timeout=0.5)
        gone.set()
    assert len(done.report.run_errors) == 1
    assert done.report.run_errors[0].endswith("no answer in time")
    assert list(state.iterdir()) == []


def test_a_time_budget_that_generated_requests_spend_is_what_is_told(judge):
    app = conforming()

    def asking_to_wait(environ, start_response):
        if is_generated(environ):
            start_response("429 Too Many Requests", [("Retry-After", "100"), ("Content-Length", "0")])
            return []
        return app(environ, start_response)

    with serve(asking_to_wait) as url:
        done = judge(url, GENERATED, time_budget=60.0)
    reasons = [finding.reason for finding in done.row(GENERATED).findings]
    assert "the server asks to wait for longer than the time budget lasts" in reasons
    assert done.report.run_errors == ()


def test_accounts_that_were_not_counted_at_first_are_not_called_new(judge):
    app, counts = conforming(), []

    def failing_once(environ, start_response):
        if environ["REQUEST_METHOD"] == "GET":
            counts.append(environ)
            if len(counts) == 1:
                return busy(start_response)
        return app(environ, start_response)

    with serve(app) as url:
        for key in (FIRST_KEY, SECOND_KEY):
            headers = {"Authorization": f"Bearer {key}"}
            requests.post(url + ACCOUNTS, json={"email": "other@shop.example"}, headers=headers, timeout=5)
    with serve(failing_once) as url:
        census = judge(url, "MA-DELETE-204").report.census
    assert census.trouble == "listing the accounts answered 503 Service Unavailable without a list"
    assert (census.before, census.after, census.appeared, census.left_behind) == (1, 1, (), ())
