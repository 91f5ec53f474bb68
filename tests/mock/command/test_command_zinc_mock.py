"""The command: one ready line, a clean end, options and the environment, and one line for what is wrong."""

import json
import logging
import os
import re
import signal
import socket
import subprocess
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from caller import ACCOUNTS, START, order
from running import COMMAND, Running, clean_environment, run
from wire import Connection, exchanged, parts, request

from mock_server.cli import main
from mock_server.server import Server

STATES = Path(__file__).parents[3] / "fixtures" / "states"
DEFAULT_URL = "http://127.0.0.1:8080"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_prints_the_ready_line_alone_and_ends_cleanly(number):
    with Running() as mock:
        assert re.fullmatch(r"zinc-mock ready on http://127\.0\.0\.1:[1-9]\d*\n", mock.ready_line)
        with Connection(mock.url, "zn_test_command") as call:
            assert call("POST", ACCOUNTS, {"email": "a@example.com"})[0] == 201
            assert call("GET", "/nowhere")[0] == 404
        assert mock.end(number) == 0
    assert mock.stdout == "", "standard output carries the ready line alone"
    lines = mock.stderr.splitlines()
    assert len(lines) == 2
    assert re.fullmatch(r"\d\d:\d\d:\d\d 201 POST /users/managed-accounts \d+\.\d ms req_\w+", lines[0])
    assert " 404 GET /nowhere " in lines[1]


def test_further_signals_do_not_change_its_status():
    with Running() as mock:
        deadline = time.monotonic() + 10
        while mock.process.poll() is None and time.monotonic() < deadline:
            mock.process.send_signal(signal.SIGTERM)
            time.sleep(0.001)
        assert mock.process.poll() == 0


def test_a_signal_lets_requests_under_way_be_answered_and_takes_no_new_ones():
    with Running() as mock:
        answers = []
        with Connection(mock.url, "zn_test_under_way") as call:
            call("GET", "/orders")
        sent = request("GET", "/orders", more="Prefer: delay=2\r\n")
        slow = threading.Thread(target=lambda: answers.append(exchanged(mock.url, sent)))
        slow.start()
        with Connection(mock.url, "zn_test_wire") as call:  # goes on only after the delayed one was taken
            for _ in range(20):
                call("GET", ACCOUNTS)
        assert mock.end() == 0
        slow.join()
        assert [parts(answer)[0] for answer in answers] == [200]
        with pytest.raises(ConnectionRefusedError):
            exchanged(mock.url, request("GET", "/orders"))


def test_log_lines_can_be_json():
    with Running("--log-format", "json") as mock:
        exchanged(mock.url, request("GET", "/orders/%0Aforged"))
        mock.end()
    (line,) = mock.stderr.splitlines()
    logged = json.loads(line)
    assert logged.keys() == {"at", "level", "request_id", "method", "path", "status", "duration_ms"}
    assert (logged["method"], logged["path"], logged["status"]) == ("GET", "/orders/\nforged", 404)


@pytest.mark.parametrize(("form", "told"), [("json", '"status": null'), ("text", " dropped GET /orders ")])
def test_the_log_line_of_a_dropped_connection_names_no_status(form, told):
    with Running("--log-format", form) as mock:
        exchanged(mock.url, request("POST", "/_mock/faults", b'{"drop": true}'))
        assert exchanged(mock.url, request("GET", "/orders")) == b""
        mock.end()
    assert told in mock.stderr


def test_every_option_has_an_environment_variable_and_the_command_line_wins(tmp_path):
    environment = {
        "ZINC_MOCK_PORT": "0",
        "ZINC_MOCK_HOST": "127.0.0.1",
        "ZINC_MOCK_API_KEY": "one two",
        "ZINC_MOCK_FIXTURES": str(STATES / "one-amazon-one-default.json"),
        "ZINC_MOCK_PROCESSING_TIME": "0",
        "ZINC_MOCK_CLOCK": "2030-01-01T00:00:00Z",
        "ZINC_MOCK_SEED": "7",
        "ZINC_MOCK_STORE": "memory",
        "ZINC_MOCK_STRICT": "1",
        "ZINC_MOCK_LOG_FORMAT": "json",
        "ZINC_MOCK_READY_FILE": str(tmp_path / "ready"),
    }
    with Running("--processing-time", "7", port=(), environment=environment) as mock:
        assert (tmp_path / "ready").read_text() == f"{mock.url}\n"
        with Connection(mock.url, "three") as call:
            assert call("GET", ACCOUNTS)[1]["code"] == "invalid_token"
        for key in ("one", "two"):
            with Connection(mock.url, key) as call:
                assert call("GET", ACCOUNTS)[1]["total"] == 2
                assert call("POST", ACCOUNTS, {"email": "a@example.com", "colour": "red"})[0] == 422
                assert call("GET", "/_mock/clock")[1] == {"mode": "manual", "now": "2030-01-01T00:00:00Z"}
                assert call("POST", "/orders", order())[1]["status"] == "in_progress"
                assert call("POST", "/_mock/settle")[1]["now"] == "2030-01-01T00:00:07Z"
        mock.end()
    assert json.loads(mock.stderr.splitlines()[0])["status"] == 401


def session(url: str) -> list[bytes]:
    """Returns the bytes of all answers to one session of requests of every kind."""
    create = b'{"email": "a@example.com", "password": "x", "retailer": "amazon"}'
    submit = json.dumps(order(idempotency_key="k")).encode()
    told = [
        exchanged(url, request(*line))
        for line in [
            ("GET", ACCOUNTS),
            ("POST", ACCOUNTS, create),
            ("POST", ACCOUNTS, create),
            ("POST", ACCOUNTS, b"{}"),
            ("POST", "/orders", submit),
            ("POST", "/orders", submit),
            ("POST", "/orders", submit.replace(b'"k"', b'"l"')),
            ("GET", "/orders"),
            ("POST", "/_mock/faults", b'{"status": 503, "rate": 0.5, "seed": 1}'),
            *[("GET", "/orders")] * 8,
            ("DELETE", "/_mock/faults"),
            ("POST", "/_mock/clock/advance", b'{"seconds": 3.25}'),
            ("GET", "/orders"),
            ("GET", "/_mock/queues"),
            ("GET", "/_mock/snapshot"),
            ("GET", "/nowhere"),
            ("DELETE", ACCOUNTS),
        ]
    ]
    told.append(exchanged(url, request("GET", ACCOUNTS, more="Authorization: Basic x\r\n")))
    listed = json.loads(parts(exchanged(url, request("GET", ACCOUNTS)))[2])["credentials"]
    return [*told, exchanged(url, request("DELETE", f"{ACCOUNTS}/{listed[0]['short_id']}"))]


def test_with_a_clock_and_a_seed_two_runs_give_identical_bytes():
    runs = []
    for _ in range(2):
        with Running("--clock", START, "--seed", "7") as mock:
            runs.append(session(mock.url))
    assert runs[0] == runs[1]
    assert len(set(runs[0])) > 15


def test_without_a_seed_two_runs_draw_other_ids():
    ids = set()
    for _ in range(2):
        with Running("--clock", START) as mock, Connection(mock.url, "zn_test_key") as call:
            ids.add(call("POST", ACCOUNTS, {"email": "a@example.com"})[1]["id"])
    assert len(ids) == 2


# What is wrong: status 2 and one line. In this process, for speed; three of them as a process.


@pytest.fixture
def refused(capsys, monkeypatch):
    """Runs the command with arguments and environment that make no sense; returns the one line that it prints."""
    logger = logging.getLogger("mock_server")
    monkeypatch.setattr(logger, "handlers", [])
    monkeypatch.setattr(logger, "propagate", logger.propagate)
    monkeypatch.setattr(Server, "wait", Server.stop)  # a mock that starts all the same must not keep the test

    def run_refused(*arguments: str, **environment: str) -> str:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        printed = capsys.readouterr()
        assert ended.value.code == 2
        assert printed.out == ""
        assert len(printed.err.splitlines()) == 1
        assert printed.err.startswith("zinc-mock: ")
        assert "Traceback" not in printed.err
        return printed.err

    return run_refused


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--prot", "0"], "--prot"),
        (["extra"], "extra"),
        (["--port"], "--port"),
        (["--port", "many"], "--port"),
        (["--port", "99999"], "99999"),
        (["--port", "-1"], "-1"),
        (["--port", "0", "--host", "no.such.host.invalid"], "no.such.host.invalid"),
        (["--processing-time", "fast"], "--processing-time"),
        (["--processing-time", "-1"], "processing time"),
        (["--processing-time", "nan"], "processing time"),
        (["--processing-time", "86401"], "processing time"),
        (["--clock", "noon"], "clock"),
        (["--clock", "2026-02-30T00:00:00Z"], "clock"),
        (["--seed", "x"], "--seed"),
        (["--store", "redis://x"], "store"),
        (["--store", "sqlite:///x.db"], "store"),
        (["--deviate", "no-such-deviation"], "no-such-deviation"),
        (["--log-format", "xml"], "--log-format"),
        (["--spec", "/no/such/file.yaml"], "/no/such/file.yaml"),
        (["--spec", "/"], "/"),
        (["--fixtures", "/no/such/file.json"], "/no/such/file.json"),
        (["exec"], "exec needs a command"),
        (["exec", "--"], "exec needs a command"),
        (["exec", "true"], "true"),
        (["exec", "--clock", "noon", "--", "true"], "clock"),
    ],
)  # fmt: skip
def test_wrong_arguments_end_it_with_status_2_and_one_line(refused, arguments, told):
    if "--port" not in arguments and "exec" not in arguments:
        arguments = ["--port", "0", *arguments]
    assert told in refused(*arguments)


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("ZINC_MOCK_PORT", "many", "port"),
        ("ZINC_MOCK_CLOCK", "noon", "clock"),
        ("ZINC_MOCK_SEED", "x", "seed"),
        ("ZINC_MOCK_STORE", "redis://x", "store"),
        ("ZINC_MOCK_DEVIATE", "no-such-deviation", "no-such-deviation"),
        ("ZINC_MOCK_LOG_FORMAT", "xml", "log-format"),
        ("ZINC_MOCK_SPEC", "/no/such/file.yaml", "/no/such/file.yaml"),
        ("ZINC_MOCK_STRICT", "maybe", "ZINC_MOCK_STRICT"),
    ],
)
def test_a_wrong_environment_ends_it_with_status_2_and_one_line(refused, name, value, told):
    assert told in refused(*([] if name == "ZINC_MOCK_PORT" else ["--port", "0"]), **{name: value})


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("not: [yaml", "line 2"),
        ("openapi: 3.0.3", "#/openapi"),
        ("{openapi: 3.1.0, paths: {/a: {get: {responses: {}}}}}", "#/paths/~1a/get"),
    ],
)
def test_a_broken_specification_ends_it_with_status_2_and_one_line(refused, tmp_path, text, told):
    path = tmp_path / "broken.yaml"
    path.write_text(text)
    assert told in refused("--port", "0", "--spec", str(path))


def test_a_fixture_that_does_not_fit_ends_it_with_status_2_and_one_line(refused, tmp_path):
    path = tmp_path / "bad.json"
    path.write_text('{"accounts": [{"email": 7, "password": "hunter2"}]}')
    line = refused("--port", "0", "--fixtures", str(path))
    assert "accounts 0.email" in line
    assert "hunter2" not in line


def test_a_port_in_use_ends_it_with_status_2_and_one_line(refused):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert f"cannot listen on 127.0.0.1:{port}: Address already in use" in refused("--port", str(port))


@pytest.mark.parametrize(
    "arguments",
    [
        ["--prot"],
        ["--port", "0", "--ready-file", "/no/such/directory/ready"],
        ["--port", "0", "--spec", "/no/such/file.yaml"],
        ["exec", "--port", "x", "--", "true"],
    ],
)
def test_so_it_does_as_a_process(arguments):
    ended = run(*arguments)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert len(ended.stderr.splitlines()) == 1
    assert ended.stderr.startswith("zinc-mock: ")


@pytest.mark.parametrize("option", ["--help", "--version", "--list-deviations"])
def test_what_only_tells_something_ends_with_status_0(capsys, option):
    try:
        status = main([option])
    except SystemExit as ended:
        status = ended.code
    printed = capsys.readouterr()
    assert (status, printed.err) == (0, "")
    if option == "--help":
        for name in ("host", "port", "spec", "fixtures", "api-key", "processing-time", "clock", "seed", "store",
                     "deviate", "strict", "log-format"):  # fmt: skip
            assert f"--{name}" in printed.out


def test_a_client_that_keeps_its_body_to_itself_does_not_keep_it_from_ending():
    with (
        Running() as mock,
        socket.create_connection(urlsplit(mock.url).netloc.split(":"), timeout=30) as stalled,
    ):
        stalled.sendall(request("POST", ACCOUNTS, b'{"email": "a@example.com"}')[:-20])
        with Connection(mock.url, "zn_test_other") as call:
            call("GET", ACCOUNTS)
        assert mock.end() == 0


def test_a_signal_before_it_is_ready_ends_it_cleanly(tmp_path):
    fixture = tmp_path / "fixture.json"
    os.mkfifo(fixture)  # read while the mock starts: it waits until it is written
    process = subprocess.Popen(
        [*COMMAND, "--port", "0", "--fixtures", str(fixture)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=clean_environment(),
    )
    with fixture.open("w") as writer:  # opens once the mock has opened it, too
        process.send_signal(signal.SIGINT)
        writer.write("{}")
    assert (process.communicate(timeout=30)[1], process.returncode) == (b"", 0)


def test_it_answers_on_when_nobody_reads_its_log_any_more():
    with Running() as mock:
        mock.process.stderr.close()
        with Connection(mock.url, "zn_test_unread") as call:
            assert [call("POST", ACCOUNTS, {"email": "a@example.com"})[0] for _ in range(3)] == [201] * 3


@pytest.mark.parametrize(
    ("arguments", "environment", "told"),
    [
        (["--api-key", ""], {}, "api key 1: a key has visible ASCII characters alone, and no space"),
        (["--api-key", "zn_test_a", "--api-key", "a b"], {}, "api key 2: "),
        (["--api-key", "ké"], {}, "api key 1: "),
        (["--host", ""], {}, "cannot listen without an address"),
        ([], {"ZINC_MOCK_SEED": "x"}, "in a variable ZINC_MOCK_…: argument --seed: invalid int value"),
    ],
)
def test_what_could_not_be_used_is_refused_with_a_line(arguments, environment, told):
    ended = run("--port", "0", *arguments, **environment)
    assert (ended.returncode, ended.stdout, len(ended.stderr.splitlines())) == (2, "", 1)
    assert told in ended.stderr


def test_a_specification_that_is_none_is_named(tmp_path):
    spec = tmp_path / "spec.yaml"
    spec.write_text("{}")
    ended = run("--port", "0", "--spec", str(spec))
    assert (ended.returncode, ended.stderr) == (
        2,
        f"zinc-mock: {spec}: #/openapi: this is no OpenAPI 3.1 document\n",
    )


def test_a_fixture_that_is_nested_too_deep_is_refused(tmp_path):
    fixture = tmp_path / "fixture.json"
    deep = "[" * 400 + "]" * 400
    fixture.write_text(json.dumps({"orders": [order(metadata={"deep": 0})]}).replace("0}", deep + "}"))
    ended = run("--port", "0", "--fixtures", str(fixture))
    assert (ended.returncode, ended.stderr) == (
        2,
        f"zinc-mock: fixtures: {fixture}: nested deeper than 102 levels\n",
    )


def test_the_list_of_deviations_may_be_cut_off_by_its_reader():
    process = subprocess.Popen(
        [*COMMAND, "--list-deviations"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=clean_environment(),
    )
    process.stdout.close()
    assert (process.communicate(timeout=30)[1], process.returncode) == (b"", 0)
