"""A run that was killed at any moment is cleaned up, and nothing else is."""

import random
import signal
import subprocess
import sys
import threading
import time
from io import BytesIO

import pytest
import requests
from kit_servers import ACCOUNTS, FIRST_KEY, SECOND_KEY, listed, mock, serve

from mock_server import create_app

ALIKE = ["zinc-contract@example.com", "zinc-contract-0123456789ab-1@example.com", "someone@shop.example"]


@pytest.fixture
def url():
    """A mock with accounts of others in it, some of which look like those of a run."""
    with mock() as url:
        for key in (FIRST_KEY, SECOND_KEY):
            for email in ALIKE:
                headers = {"Authorization": f"Bearer {key}"}
                requests.post(url + ACCOUNTS, json={"email": email}, headers=headers, timeout=5)
        yield url


def interrupted(url, environment, seconds, how):
    """Begin a check, and end it before it has ended itself."""
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "contract_tests", "check", url, "--max-examples", "1"),
            *("--api-key", FIRST_KEY, "--second-api-key", SECOND_KEY),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=environment,
    )
    started = process.stdout.readline()  # "Checking …": the first check is about to begin
    assert started.startswith("Checking")
    time.sleep(seconds)
    process.send_signal(how)
    process.communicate()
    return process.returncode


@pytest.mark.parametrize("seed", range(3))
def test_a_killed_run_is_cleaned_up(url, environment, state, command, seed):
    before = listed(url), listed(url, SECOND_KEY)
    assert (
        interrupted(url, environment, random.Random(seed).uniform(0.02, 1.5), signal.SIGKILL)
        == -signal.SIGKILL
    )
    for key in (FIRST_KEY, SECOND_KEY):
        done = command("cleanup", url, "--api-key", key)
        assert done.status == 0, done.err
    assert (listed(url), listed(url, SECOND_KEY)) == before
    assert list(state.iterdir()) == []
    again = command("cleanup", url, "--api-key", FIRST_KEY)
    assert (again.status, again.out) == (
        0,
        f"Nothing to clean up on {url}: no interrupted run is known here.\n",
    )


class Holding:
    """A mock that holds back the answers to requests of one method until it is told to go on.

    Args:
        method: which one.
    """

    def __init__(self, method):
        self.app = create_app(api_keys=(FIRST_KEY, SECOND_KEY)).wsgi_app
        self.method, self.reached, self.go_on = method, threading.Event(), threading.Event()

    def __call__(self, environ, start_response):
        answer = self.app(environ, start_response)
        if environ["REQUEST_METHOD"] == self.method:
            self.reached.set()
            self.go_on.wait(30)
        return answer


def begin(url, environment, *options):
    """Begin a check with the first key."""
    command = [sys.executable, "-m", "contract_tests", "check", url, "--api-key", FIRST_KEY, *options]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environment)


def test_an_account_that_was_just_given_another_address_is_cleaned_up(environment, state, command):
    server = Holding("PUT")
    with serve(server) as url:
        process = begin(url, environment, "--only", "MA-UPDATE-EMAIL")
        assert server.reached.wait(30)
        process.kill()
        process.wait()
        server.go_on.set()
        assert len(listed(url)) == 1
        done = command("cleanup", url, "--api-key", FIRST_KEY)
        assert (done.status, listed(url), list(state.iterdir())) == (0, [], [])


class Slow:
    """A mock that carries out a create only after the list was answered that was asked for meanwhile."""

    def __init__(self):
        self.app = create_app(api_keys=(FIRST_KEY, SECOND_KEY)).wsgi_app
        self.reached, self.listed = threading.Event(), threading.Event()

    def __call__(self, environ, start_response):
        if environ["REQUEST_METHOD"] == "POST":
            # The body is there before the client is killed: what has not arrived cannot be carried out.
            environ["wsgi.input"] = BytesIO(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
            self.listed.clear()
            self.reached.set()
            self.listed.wait(30)
        answer = self.app(environ, start_response)
        if environ["REQUEST_METHOD"] == "GET":
            self.listed.set()
        return answer


def test_an_account_that_comes_after_its_run_was_killed_is_cleaned_up(environment, state, command):
    server = Slow()
    with serve(server) as url:
        process = begin(url, environment, "--only", "MA-DELETE-204")
        assert server.reached.wait(30)
        process.kill()
        process.wait()
        done = command("cleanup", url, "--api-key", FIRST_KEY)
        assert (done.status, listed(url), list(state.iterdir())) == (0, [], [])
    assert "1 accounts of 1 interrupted runs deleted, 0 left" in done.out


def test_an_account_that_comes_after_its_create_timed_out_is_deleted_at_the_end(environment, state):
    server = Slow()
    with serve(server) as url:
        process = begin(url, environment, "--only", "MA-DELETE-204", "--timeout", "0.5")
        assert process.wait(60) == 2
        assert (listed(url), list(state.iterdir())) == ([], [])


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_an_interrupted_run_cleans_up_after_itself(url, environment, state, how):
    before = listed(url), listed(url, SECOND_KEY)
    assert interrupted(url, environment, 0.5, how) == 2
    assert (listed(url), listed(url, SECOND_KEY)) == before
    assert list(state.iterdir()) == []


def test_what_was_deleted_is_said(url, environment, command):
    interrupted(url, environment, 0.02, signal.SIGKILL)
    ours = [account for account in listed(url) if account["email"] not in ALIKE]
    done = command("cleanup", url, "--api-key", FIRST_KEY)
    for account in ours:
        assert f"deleted {account['short_id']}  {account['email']}  (204 No Content)" in done.out


def test_both_keys_of_a_run_are_cleaned_up_after_with_both_in_the_environment(environment, state, command):
    server = Holding("DELETE")
    keys = {"ZINC_API_KEY": FIRST_KEY, "ZINC_SECOND_API_KEY": SECOND_KEY}
    with serve(server) as url:
        only = ("--second-api-key", SECOND_KEY, "--only", "MA-ISOLATION-SAME-EMAIL", "--level", "inferred")
        process = begin(url, environment, *only)
        assert server.reached.wait(30)
        process.kill()
        process.wait()
        server.go_on.set()
        first = command("cleanup", url, **keys)
        assert (first.status, listed(url)) == (0, [])
        assert "clean up with that one as well" in first.out
        second = command("cleanup", url, "--api-key", SECOND_KEY, **keys)
        assert (second.status, listed(url, SECOND_KEY), list(state.iterdir())) == (0, [], [])
        assert "as well" not in second.out


def test_another_key_cleans_up_nothing(url, environment, state, command):
    interrupted(url, environment, 0.3, signal.SIGKILL)
    journals = list(state.iterdir())
    before = listed(url)
    done = command("cleanup", url, "--api-key", "zn_test_of-someone-else")
    assert done.out.startswith("Nothing to clean up")
    assert (listed(url), list(state.iterdir())) == (before, journals)


def test_a_run_under_way_is_left_alone(url, environment, command):
    options = ("--only", "MA-LIST-COMPLETE", "--rate-limit", "40")
    process = subprocess.Popen(
        [sys.executable, "-m", "contract_tests", "check", url, "--api-key", FIRST_KEY, *options],
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    )
    assert process.stdout.readline().startswith("Checking")
    done = command("cleanup", url, "--api-key", FIRST_KEY)
    assert done.out.startswith("Nothing to clean up")
    process.communicate()
    assert process.returncode == 0


def test_a_server_that_is_gone_gives_status_2(environment, command):
    with mock() as url:
        interrupted(url, environment, 0.1, signal.SIGKILL)
    done = command("cleanup", url, "--api-key", FIRST_KEY)
    assert done.status == 2
    assert "Connection refused" in done.err
