import json
import os
import socket
import subprocess
import sys
import threading

import pytest
import requests
from kit_servers import ACCOUNTS, FIRST_KEY, SECOND_KEY, serve


def test_a_closed_port_gives_status_2_and_one_line(command):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        done = command("check", url, "--api-key", "any")
    assert (done.status, done.out) == (2, "")
    assert done.err == f"zinc-contract: cannot reach {url}: Connection refused\n"


def test_a_refused_key_gives_status_2_and_one_line(command, mock_url):
    done = command("check", mock_url, "--api-key", "unknown")
    assert (done.status, done.out) == (2, "")
    assert done.err == f"zinc-contract: {mock_url} refuses the first API key: 401 Unauthorized\n"


def test_a_key_that_a_refusal_repeats_is_not_printed(command):
    def app(environ, start_response):
        start_response(f"401 {environ['HTTP_AUTHORIZATION']} is unknown", [("Content-Length", "0")])
        return []

    with serve(app) as url:
        done = command("check", url, "--api-key", FIRST_KEY)
    assert (done.status, done.out) == (2, "")
    assert "401 Bearer $ZINC_API_KEY is unknown" in done.err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["check", "http://127.0.0.1:1"], "no API key: give --api-key or set ZINC_API_KEY"),
        (["check", "localhost:8080", "--api-key", "k"], "is no http or https address"),
        (["check", "http://[::1", "--api-key", "k"], "is no http or https address"),
        (["check", "http://x:99999", "--api-key", "k"], "is no http or https address"),
        (["check", "http://x..y", "--api-key", "k"], "is no http or https address"),
        (["check", "http://x/?q=1", "--api-key", "k"], "give scheme, host, port and path alone"),
        (["check", "http://x", "--api-key", "schl\u00fcssel"], "--api-key: a key is ASCII characters"),
        (
            ["check", "http://x", "--api-key", "k", "--second-api-key", "a b"],
            "--second-api-key: a key is ASCII",
        ),
        (["check", "http://x", "--api-key", "k", "--second-api-key", "k"], "--second-api-key"),
        (["check", "--orders", "--read-only"], "exclude each other"),
        (["check", "https://api.zinc.com", "--api-key", "zn_live_x", "--orders"], "must begin with zn_test_"),
        (["check", "--only", "MA-NOTHING*"], "no requirement that can be tested fits 'MA-NOTHING*'"),
        (["check", "--only", ""], "no requirement that can be tested fits ''"),
        (["check", "--only", "MA-ERRORS*"], "what fits 'MA-ERRORS*' is related or less; add --level related"),
        (["check", "--spec", "missing.yaml"], "missing.yaml"),
        (["check", "--level", "sure"], "invalid"),
        (["check", "--max-examples", "0"], "--max-examples"),
        (["cleanup", "http://127.0.0.1:1"], "no API key"),
    ],
)
def test_wrong_arguments_give_status_2(command, arguments, says):
    done = command(*arguments)
    assert done.status == 2
    assert says in done.err


@pytest.mark.parametrize("document", ["a: [", "{}", "a word", "{info: {version: 1}, paths: []}"])
def test_a_document_that_cannot_be_followed_gives_status_2_and_one_line(
    command, mock_url, tmp_path, document
):
    (tmp_path / "spec.yaml").write_text(document)
    done = command("check", mock_url, "--api-key", FIRST_KEY, "--spec", "spec.yaml")
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith("zinc-contract: --spec: spec.yaml")
    assert done.err.count("\n") == 1


@pytest.mark.parametrize("document", ["{info: {version: 1}, paths: {/x: null}}"])
def test_a_document_without_the_operations_gives_status_2_and_names_them(
    command, mock_url, tmp_path, document
):
    (tmp_path / "spec.yaml").write_text(document)
    done = command("check", mock_url, "--api-key", FIRST_KEY, "--spec", "spec.yaml")
    assert done.status == 2
    assert "spec.yaml has no operation listManagedAccounts" in done.err


@pytest.mark.parametrize("option", ["--report-json", "--report-html", "--junit"])
def test_a_report_that_cannot_be_written_gives_status_2_before_anything_is_sent(command, tmp_path, option):
    (tmp_path / "file").touch()
    done = command("check", "http://127.0.0.1:1", "--api-key", "k", option, "file/report")
    assert (done.status, done.out) == (2, "")
    assert done.err == "zinc-contract: cannot write file/report: File exists\n"


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no full device on this machine")
def test_a_report_that_is_lost_at_the_end_leaves_the_run_incomplete(command, mock_url):
    only = ("--only", "MA-DELETE-204")
    done = command("check", mock_url, "--api-key", FIRST_KEY, *only, "--report-json", "/dev/full")
    assert (done.status, done.err) == (2, "")
    assert "The run was not whole: cannot write /dev/full: No space left on device" in done.out
    assert "1 of 1 requirements held" in done.out


def test_a_server_of_another_protocol_gives_status_2_and_one_line(command):
    def greet(listening):
        connection, _ = listening.accept()
        connection.recv(1000)
        connection.sendall(b"SSH-2.0-OpenSSH\r\n")
        connection.close()

    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=greet, args=(listening,), daemon=True).start()
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        done = command("check", url, "--api-key", "any")
    assert done.status == 2
    assert done.err == f"zinc-contract: cannot reach {url}: what answers does not speak HTTP\n"


def test_a_key_that_cannot_be_sent_is_not_printed(command):
    done = command("check", "http://127.0.0.1:1", "--api-key", "zn_live_secret\nkey")
    assert done.status == 2
    assert "zn_live_secret" not in done.out + done.err


def test_an_address_may_be_spelled_in_any_way(command, mock_url):
    odd = mock_url.replace("http://127.0.0.1", "HTTP://LocalHost") + "/./"
    done = command("check", odd, "--api-key", FIRST_KEY, "--only", "MA-DELETE-204")
    assert (done.status, done.err) == (0, "")


def test_the_embedded_mock_conforms_at_every_level(command, tmp_path):
    path = tmp_path / "report.json"
    done = command("check", "--level", "inferred", "--max-examples", "3", "--report-json", str(path))
    report = json.loads(path.read_text())
    assert (done.status, report["verdict"], report["run_errors"]) == (0, "conforms", [])
    untested = [row["id"] for row in report["requirements"] if row["counts"] and row["outcome"] != "passed"]
    assert untested == []
    assert "CONFORMS at level inferred" in done.out


def test_keys_come_from_the_environment(command, mock_url):
    keys = {"ZINC_API_KEY": FIRST_KEY, "ZINC_SECOND_API_KEY": SECOND_KEY}
    done = command("check", mock_url, "--level", "inferred", "--only", "MA-ISOLATION-*", **keys)
    assert done.status == 0
    assert "isolation          8       0           0" in done.out


def test_only_asks_for_what_fits(check, mock_url):
    done = check(mock_url, "--only", "MA-DELETE-2*")
    asked = [row["id"] for row in done.report["requirements"] if row["asked_for"]]
    assert (done.status, asked) == (0, ["MA-DELETE-204"])


def test_orders_are_not_asked_for_by_default(check, mock_url):
    done = check(mock_url, "--only", "MA-L*-T*")
    locking = [row for row in done.report["requirements"] if row["area"] == "locking"]
    assert all(not row["asked_for"] for row in locking)


def test_reading_alone_sends_nothing_but_reads(check, mock_url):
    headers = {"Authorization": f"Bearer {FIRST_KEY}"}
    requests.post(mock_url + ACCOUNTS, json={"email": "someone@example.com"}, headers=headers, timeout=5)
    done = check(mock_url, "--read-only")
    assert done.status == 0
    create = done.row("MA-CREATE-SUCCEEDS")
    assert (create["outcome"], create["reason"]) == (
        "not_tested",
        "needs changes, and this run only reads (--read-only)",
    )


def test_without_a_second_key_isolation_is_not_asked_for(command, mock_url, tmp_path):
    path = tmp_path / "report.json"
    only = ("--only", "MA-*-L*", "--level", "inferred")
    command("check", mock_url, "--api-key", FIRST_KEY, *only, "--report-json", str(path))
    rows = {row["id"]: row["reason"] for row in json.loads(path.read_text())["requirements"]}
    assert rows["MA-ISOLATION-LIST"] == "needs a second API key (--second-api-key)"


def test_a_spent_time_budget_leaves_the_verdict_open_and_nothing_behind(check, mock_url):
    done = check(mock_url, "--time-budget", "0.5")
    assert (done.status, done.report["verdict"]) == (2, "incomplete")
    assert "the time budget is spent" in {row["reason"] for row in done.report["requirements"]}
    assert done.report["census"]["left_behind"] == []


def test_a_time_budget_that_ends_while_a_check_is_tidied_is_told_as_such(check, mock_url):
    fault = {"operation": "deleteManagedAccount", "delay_ms": 400, "phase": "after"}
    headers = {"Authorization": f"Bearer {FIRST_KEY}"}
    requests.post(f"{mock_url}/_mock/faults", json=fault, headers=headers, timeout=5).raise_for_status()
    done = check(mock_url, "--time-budget", "0.3", "--only", "MA-LIST-ORDER", "--level", "inferred")
    assert done.report["run_errors"] == []
    assert done.report["census"]["left_behind"] == []


def test_a_kit_without_its_libraries_says_how_to_get_them():
    program = "import sys; sys.modules['pytest'] = None; from contract_tests.cli import main; sys.exit(main(['check']))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert done.stderr.startswith("zinc-contract: pytest is not installed; install the extra [contract]")


def test_the_plan_sends_nothing_and_says_what_would_be_sent(command):
    done = command("plan", "http://127.0.0.1:1", "--api-key", "any", "--only", "MA-DELETE-204")
    assert done.status == 0
    assert "accounts created, each deleted again" in done.out
    assert "At most 3 accounts of its own exist at once." in done.out


def test_the_catalogue_is_printed_with_the_checks_of_each_requirement(command):
    done = command("requirements", "--json")
    entries = {entry["id"]: entry for entry in json.loads(done.out)}
    assert entries["MA-DELETE-204"]["level"] == "documented"
    assert "a deleted account is listed no more" in entries["MA-DELETE-204"]["checks"]
    assert "MA-DELETE-204" in command("requirements").out


@pytest.mark.parametrize("plugin", ["contract_tests.entry", "contract_tests.plugin"])
def test_pytest_runs_the_same_checks_from_anywhere(environment, mock_url, tmp_path, plugin):
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --strict-markers\n")
    done = subprocess.run(
        [
            *(
                sys.executable,
                "-m",
                "pytest",
                "-p",
                plugin,
                "-p",
                "no:cacheprovider",
                "--pyargs",
                "contract_tests",
            ),
            *("--base-url", mock_url, "--api-key", FIRST_KEY, "--only", "MA-DELETE-2*"),
        ],
        capture_output=True,
        text=True,
        env=environment | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        cwd=tmp_path,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "CONFORMS at level documented: 1 of 1 requirements held" in done.stdout


def test_pytest_needs_nothing_but_the_name_of_the_package(environment, mock_url, tmp_path):
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--pyargs", "contract_tests"),
            *("--base-url", mock_url, "--api-key", FIRST_KEY, "--only", "MA-DELETE-2*"),
        ],
        capture_output=True,
        text=True,
        env=environment,
        cwd=tmp_path,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "CONFORMS at level documented: 1 of 1 requirements held" in done.stdout


def test_the_plugin_stays_out_of_other_runs(environment, tmp_path):
    (tmp_path / "test_other.py").write_text(
        "def test_passes(request):\n    assert not hasattr(request.config.option, 'base_url')\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "contract_tests.entry", "-q", "-p", "no:cacheprovider"],
        capture_output=True,
        text=True,
        env=environment | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        cwd=tmp_path,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_settings_of_the_user_do_not_matter(command, mock_url, tmp_path):
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --no-such-option\n")
    done = command(
        "check", mock_url, "--api-key", FIRST_KEY, "--only", "MA-DELETE-2*", PYTEST_ADDOPTS="--also-unknown"
    )
    assert done.status == 0, done.err
    assert os.listdir(tmp_path) == ["pytest.ini", "state"] or set(os.listdir(tmp_path)) == {
        "pytest.ini",
        "state",
    }
