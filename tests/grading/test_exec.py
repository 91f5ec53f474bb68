"""`zinc-mock exec`: a command beside a mock, its status, and the report on what it did."""

import json
import signal
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

CLIENT = """
import json, os, sys, urllib.request
def call(method, path, body=None, key=os.environ["ZINC_API_KEY"]):
    data = None if body is None else json.dumps(body).encode()
    headers = {"Authorization": "Bearer " + key, "Content-Type": "application/json"}
    request = urllib.request.Request(os.environ["ZINC_BASE_URL"] + path, data, headers, method=method)
    return urllib.request.urlopen(request).status
"""
FINE = CLIENT + "call('POST', '/users/managed-accounts', {'email': 'ada@example.com'})"
UNKNOWN_FIELD = CLIENT + "call('POST', '/users/managed-accounts', {'email': 'ada@example.com', 'colour': 1})"


def run_exec(*words: str, script: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "mock_server.cli", "exec", *words, "--", sys.executable, "-c", script]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize("status", [0, 3])
def test_it_exits_with_the_status_of_the_command(status: int) -> None:
    assert run_exec(script=f"raise SystemExit({status})").returncode == status


def test_the_command_finds_the_mock_in_its_environment() -> None:
    done = run_exec(script=CLIENT + "print(call('GET', '/orders'), os.environ['ZINC_MOCK_URL'])")

    status, url = done.stdout.split()
    assert status == "200"
    assert url.startswith("http://127.0.0.1:")


def test_the_command_s_output_is_all_there_is(tmp_path: Path) -> None:
    done = run_exec(script=FINE + "\nprint('mine')")

    assert (done.stdout, done.stderr) == ("mine\n", "")


def test_requests_are_logged_when_a_form_is_asked_for() -> None:
    done = run_exec("--log-format", "json", script=FINE)

    assert json.loads(done.stderr)["path"] == "/users/managed-accounts"


def test_the_command_gets_the_listed_key() -> None:
    done = run_exec("--api-key", "zn_test_a", script="import os; print(os.environ['ZINC_API_KEY'])")

    assert done.stdout == "zn_test_a\n"


def test_a_command_that_a_signal_ends_gives_the_status_of_a_shell() -> None:
    done = run_exec(script=f"import os; os.kill(os.getpid(), {signal.SIGKILL.value})")

    assert done.returncode == 128 + signal.SIGKILL


def test_a_command_that_is_not_there_gives_the_status_of_a_shell() -> None:
    command = [sys.executable, "-m", "mock_server.cli", "exec", "--", "no-such-command"]

    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    assert done.returncode == 127
    assert done.stderr == "zinc-mock: cannot run no-such-command: No such file or directory\n"


def test_sigterm_ends_the_command_and_the_report_is_still_written(tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    script = FINE + "\nprint('ready', flush=True)\nimport time\ntime.sleep(60)"
    command = [sys.executable, "-m", "mock_server.cli", "exec", "--report", str(report), "--"]
    process = subprocess.Popen([*command, sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    with process.stdout:
        assert process.stdout.readline() == "ready\n"
        process.send_signal(signal.SIGTERM)
        status = process.wait(timeout=60)

    assert status == 128 + signal.SIGTERM
    assert json.loads(report.read_text())["requests"] == 1


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["exec"], "exec needs a command"),
        (["exec", "--"], "exec needs a command"),
        (["exec", "--fail-on", "anything", "--", "true"], "invalid choice"),
        (["exec", "--report", "/dev/null/report.xml", "--", "true"], "report: /dev/null/report.xml"),
    ],
)
def test_wrong_arguments_end_it_with_status_2_and_one_line(words: list[str], problem: str) -> None:
    command = [sys.executable, "-m", "mock_server.cli", *words]

    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
    assert problem in done.stderr


def test_the_json_report_covers_all_keys_that_were_used(tmp_path: Path) -> None:
    report = tmp_path / "made" / "report.json"
    script = FINE + "\ncall('GET', '/orders', key='zn_test_other')"

    done = run_exec("--report", str(report), script=script)

    document = json.loads(report.read_text())
    assert (document["requests"], document["keys"]) == (2, 2)
    assert document["summary"]["operations"] == {"exercised": 2, "documented": 8}
    assert document["findings"] == []
    assert done.stderr.startswith("zinc-mock: exercised operations 2 of 8, ")
    assert done.stderr.endswith(f"; no warnings; see {report}\n")


def test_the_junit_report_has_a_case_a_rule_an_answer_and_a_move(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"

    run_exec("--report", str(report), script=UNKNOWN_FIELD)

    suites = {suite.attrib["name"]: suite for suite in ElementTree.parse(report).getroot()}
    assert list(suites) == ["findings", "operations", "transitions"]
    assert suites["findings"].attrib == {"name": "findings", "tests": "7", "failures": "1", "skipped": "0"}
    failure = suites["findings"].find("testcase[@name='unknown-field']/failure")
    assert failure is not None
    assert "createManagedAccount colour" in str(failure.text)
    cases = {(case.attrib["classname"], case.attrib["name"]): case for case in suites["operations"]}
    assert cases["createManagedAccount", "201"].find("skipped") is None
    assert cases["createManagedAccount", "422 validation_error"].find("skipped") is not None
    assert len(suites["transitions"]) == 4


def test_the_text_report_is_for_people(tmp_path: Path) -> None:
    report = tmp_path / "report.txt"

    run_exec("--report", str(report), script=UNKNOWN_FIELD)

    text = report.read_text()
    assert text.startswith("1 request with 1 API key\nexercised operations 1 of 8, ")
    assert "createManagedAccount\n  exercised:     201 (1)\n  not exercised: 400 bad_request, " in text
    assert "pending -> in_progress: not exercised" in text
    assert "warning unknown-field (1): createManagedAccount colour" in text


def test_requests_without_a_key_are_a_note(tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    script = CLIENT + (
        "import urllib.error\n"
        "try: call('GET', '/orders', key='two words')\n"
        "except urllib.error.HTTPError as problem: assert problem.code == 401"
    )

    done = run_exec("--report", str(report), "--fail-on", "warning", script=script)

    (finding,) = json.loads(report.read_text())["findings"]
    assert (finding["level"], finding["rule"], finding["count"]) == ("note", "no-key", 1)
    assert done.returncode == 0


@pytest.mark.parametrize(
    ("words", "script", "status"),
    [
        (["--fail-on", "warning"], UNKNOWN_FIELD, 1),
        (["--fail-on", "note"], UNKNOWN_FIELD, 1),
        (["--fail-on", "warning"], FINE, 0),
        (["--fail-on", "warning"], UNKNOWN_FIELD + "\nsys.exit(7)", 7),
        ([], UNKNOWN_FIELD, 0),
    ],
)
def test_warnings_fail_a_successful_command_when_asked(words: list[str], script: str, status: int) -> None:
    assert run_exec(*words, script=script).returncode == status


def test_what_failed_it_is_said_without_a_report() -> None:
    done = run_exec("--fail-on", "warning", script=UNKNOWN_FIELD)

    assert done.stderr.splitlines()[-1] == (
        "zinc-mock: warning: createManagedAccount colour: the specification has no such field."
    )


def test_the_options_have_environment_variables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZINC_MOCK_REPORT", str(tmp_path / "report.json"))
    monkeypatch.setenv("ZINC_MOCK_FAIL_ON", "warning")

    assert run_exec(script=UNKNOWN_FIELD).returncode == 1
    assert (tmp_path / "report.json").exists()


def test_what_a_client_made_up_cannot_break_a_report(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    script = CLIENT + "call('POST', '/users/managed-accounts', {'email': 'a@b.c', '\\x00<\\n' * 60: 1})"

    run_exec("--report", str(report), script=script)

    failure = ElementTree.parse(report).getroot().find(".//testcase[@name='unknown-field']/failure")
    assert failure is not None
    assert "createManagedAccount \\x00<\\n" in str(failure.text)
    assert len(str(failure.text)) < 600
