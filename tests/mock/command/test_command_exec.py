"""`zinc-mock exec`: a mock for as long as a command runs, and the command's own status."""

import json
import signal
import subprocess
import sys

import pytest
from caller import ACCOUNTS
from running import COMMAND, PATIENCE, clean_environment, run

ASK = (
    "import json, os, urllib.request\n"
    "call = urllib.request.Request(os.environ['ZINC_BASE_URL'] + '" + ACCOUNTS + "',\n"
    "    headers={'Authorization': 'Bearer ' + os.environ['ZINC_API_KEY']})\n"
    "print(json.dumps([os.environ['ZINC_BASE_URL'], os.environ['ZINC_API_KEY'],\n"
    "    urllib.request.urlopen(call).status]))\n"
)


def test_the_command_finds_a_mock_that_is_ready_and_its_key():
    ended = run("exec", "--", sys.executable, "-c", ASK)
    assert ended.returncode == 0, ended.stderr
    base_url, key, status = json.loads(ended.stdout)
    assert base_url.startswith("http://127.0.0.1:")
    assert key.startswith("zn_test_")
    assert status == 200


def test_the_command_is_given_a_key_that_is_let_in():
    ended = run(
        "exec", "--api-key", "zn_test_one", "--api-key", "zn_test_two", "--", sys.executable, "-c", ASK
    )
    assert json.loads(ended.stdout)[1:] == ["zn_test_one", 200]


@pytest.mark.parametrize("status", [0, 1, 3, 255])
def test_it_exits_with_the_commands_status_and_adds_no_output(status):
    program = f"import sys; print('out'); print('err', file=sys.stderr); sys.exit({status})"
    ended = run("exec", "--", sys.executable, "-c", program)
    assert (ended.returncode, ended.stdout, ended.stderr) == (status, "out\n", "err\n")


def test_the_commands_own_arguments_are_left_alone():
    program = "import sys; print(sys.argv[1:])"
    ended = run("exec", "--seed", "7", "--", sys.executable, "-c", program, "--port", "x", "--", "--strict")
    assert ended.stdout == "['--port', 'x', '--', '--strict']\n"


def test_a_command_that_a_signal_ends_has_the_status_that_a_shell_gives_it():
    program = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
    assert run("exec", "--", sys.executable, "-c", program).returncode == 128 + signal.SIGKILL


def test_a_command_that_is_not_there_has_status_127_and_one_line():
    ended = run("exec", "--", "no-such-command-anywhere")
    assert (ended.returncode, ended.stdout) == (127, "")
    assert "no-such-command-anywhere" in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


def test_sigterm_ends_the_command_too_and_the_mock_with_it():
    program = "import os, time; print(os.getpid(), flush=True); time.sleep(60)"
    process = subprocess.Popen(
        [*COMMAND, "exec", "--", sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        text=True,
        env=clean_environment(),
    )
    with process:
        assert process.stdout.readline().strip().isdigit()
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 128 + signal.SIGTERM


def test_the_command_finds_the_address_in_the_ready_file(tmp_path):
    file = tmp_path / "ready"
    program = f"import os; print(open({str(file)!r}).read() == os.environ['ZINC_BASE_URL'] + chr(10))"
    ended = run("exec", "--ready-file", str(file), "--", sys.executable, "-c", program)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "True\n", "")


def test_the_deviations_are_listed_and_nothing_is_run():
    ended = run("exec", "--list-deviations", "--", sys.executable, "-c", "print('run')")
    assert (ended.returncode, ended.stdout) == (0, run("--list-deviations").stdout)
