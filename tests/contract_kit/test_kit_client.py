import threading
import time

import pytest
from kit_servers import serve

from contract_tests.client import Client, retry_after
from contract_tests.errors import BudgetSpent, GuardRefused, RunError, Unreachable
from contract_tests.exchange import Intent, Key, Operation, Response
from contract_tests.guard import Guard

KEY = "zn_test_key"


class Scripted:
    """A server that gives the answers of a script, and keeps the requests."""

    def __init__(self, *answers):
        self.answers, self.seen = list(answers), []

    def __call__(self, environ, start_response):
        self.seen.append(environ)
        status, headers, body = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        start_response(status, headers)
        return [body]


OK = (
    "200 OK",
    [("Content-Type", "application/json"), ("Set-Cookie", "session=1"), ("Set-Cookie", "b=2")],
    b"{}",
)


def client_for(url, **options):
    guard = Guard(url, accounts_path="/a", orders_path="/o", api_keys=(KEY,), journal=None, orders=False)
    return Client(url, {Key.FIRST: KEY}, guard, **({"timeout": 5.0} | options))


def read(client, path="/a"):
    return client.send("GET", path, intent=Intent(operation=Operation.LIST))


def test_an_exchange_holds_what_went_out_and_what_came_back():
    server = Scripted(OK)
    with serve(server) as url:
        exchange = read(client_for(url), "/a?x=1")
    assert exchange.request.headers == {"Authorization": f"Bearer {KEY}"}
    assert server.seen[0]["QUERY_STRING"] == "x=1"
    assert (exchange.response.status, exchange.response.json, exchange.number) == (200, {}, 1)
    assert exchange.response.header("set-cookie") == "session=1, b=2"
    assert exchange.elapsed > 0


@pytest.mark.parametrize(
    ("piece", "pause", "reason"), [(b"x", 0.05, "no answer in time"), (b"x" * 2**20, 0, "has no end")]
)
def test_an_answer_without_an_end_is_given_up(piece, pause, reason):
    def app(_, start_response):
        start_response("200 OK", [("Content-Type", "application/json")])
        while True:
            yield piece
            time.sleep(pause)

    with serve(app) as url, pytest.raises(Unreachable, match=reason):
        read(client_for(url, timeout=0.5))


def test_cookies_are_not_sent_back():
    server = Scripted(OK)
    with serve(server) as url:
        client = client_for(url)
        read(client)
        read(client)
    assert "HTTP_COOKIE" not in server.seen[1]


def test_redirects_are_answers():
    server = Scripted(("302 Found", [("Location", "http://127.0.0.1:1/")], b""))
    with serve(server) as url:
        assert read(client_for(url)).response.status == 302
    assert len(server.seen) == 1


def test_a_netrc_does_not_replace_the_key(tmp_path, monkeypatch):
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login someone password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    server = Scripted(OK)
    with serve(server) as url:
        read(client_for(url))
    assert server.seen[0]["HTTP_AUTHORIZATION"] == f"Bearer {KEY}"


def test_a_429_is_waited_for_and_sent_again():
    server = Scripted(("429 Too Many Requests", [("Retry-After", "0")], b""), OK)
    seen = []
    with serve(server) as url:
        client = client_for(url)
        client.observers.append(seen.append)
        assert read(client).response.status == 200
    assert [exchange.response.status for exchange in seen] == [429, 200]


def test_a_wait_past_the_time_budget_is_not_begun():
    server = Scripted(("429 Too Many Requests", [("Retry-After", "60")], b""))
    with serve(server) as url, pytest.raises(BudgetSpent):
        read(client_for(url, time_budget=10.0))


def test_a_server_that_only_asks_to_wait_ends_the_run():
    server = Scripted(("429 Too Many Requests", [("Retry-After", "86400")], b""))
    with serve(server) as url, pytest.raises(RunError, match="asks for 86400 s more"):
        read(client_for(url))


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "7"}, 7),
        ({"Retry-After": "Thu, 15 Jan 2026 10:30:30 GMT", "Date": "Thu, 15 Jan 2026 10:30:00 GMT"}, 30),
        ({"Retry-After": "Thu, 15 Jan 2026 10:29:00 GMT", "Date": "Thu, 15 Jan 2026 10:30:00 GMT"}, 0),
        ({"Retry-After": "soon"}, 3),
        ({"Retry-After": "\u00b2"}, 3),
        ({"Retry-After": "Thu, 15 Jan 2026 10:30:30 GMT"}, 3),
        ({}, 3),
    ],
)
def test_retry_after_is_read_in_both_forms(headers, seconds):
    assert retry_after(Response(429, "", tuple(headers.items()), b""), default=3) == seconds


def test_nothing_is_sent_once_the_budget_is_spent_but_to_clean_up():
    server = Scripted(OK)
    with serve(server) as url:
        client = client_for(url, time_budget=0.0)
        with pytest.raises(BudgetSpent):
            read(client)
        assert server.seen == []
        with client.past_the_deadline():
            read(client)
    assert len(server.seen) == 1


def test_requests_leave_no_faster_than_the_rate_limit_allows(monkeypatch):
    slept = []
    monkeypatch.setattr(time, "sleep", slept.append)
    monkeypatch.setattr(time, "monotonic", lambda: 100.0)
    client = client_for("http://127.0.0.1:1", rate_limit=4.0)
    for _ in range(3):
        client._await_departure()
    assert slept == [0.25, 0.5]


def test_an_answer_that_does_not_come_is_no_answer():
    waiting = threading.Event()

    def silent(environ, start_response):
        waiting.wait(5)
        start_response("200 OK", [])
        return []

    lost = []
    with serve(silent) as url:
        client = client_for(url, timeout=0.1)
        client.lost.append(lost.append)
        with pytest.raises(Unreachable, match="no answer in time"):
            read(client)
        waiting.set()
    assert [intent.operation for intent in lost] == [Operation.LIST]


def test_what_the_guard_refuses_is_not_sent_and_not_lost():
    server, lost = Scripted(OK), []
    with serve(server) as url:
        client = client_for(url)
        client.lost.append(lost.append)
        with pytest.raises(GuardRefused):
            client.send("DELETE", "/a/zn_acct_whoknows", intent=Intent())
    assert (server.seen, lost) == ([], [])
