"""Requests as bytes and as wrk's scripts, answers out of bytes, and what wrk prints."""

import pytest

from benchmarks.client import answer_in
from benchmarks.part import BenchmarkError
from benchmarks.request import Request, as_lua
from benchmarks.wrk import Load, parsed

OUTPUT = """Running 5s test @ http://127.0.0.1:3001
  1 threads and 8 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     7.34ms    1.61ms  31.05ms   92.31%
    Req/Sec     1.10k   105.22     1.21k    90.00%
  Latency Distribution
     50%  812.00us
     75%    7.45ms
     90%    8.02ms
     99%    1.20s
  5470 requests in 5.00s, 2.61MB read
Requests/sec:   1093.32
Transfer/sec:    534.21KB
"""


def test_wrk_s_rate_and_latencies_are_read_in_one_unit() -> None:
    assert parsed(OUTPUT) == Load(rate=1093.32, p50_ms=0.812, p99_ms=1200.0, wrong=0, broken=0)


def test_wrong_answers_and_broken_connections_are_counted() -> None:
    bad = "  Socket errors: connect 0, read 3, write 0, timeout 2\n  Non-2xx or 3xx responses: 41\n"

    load = parsed(OUTPUT.replace("Requests/sec", bad + "Requests/sec"))

    assert (load.wrong, load.broken) == (41, 5)


@pytest.mark.parametrize("missing", ["Requests/sec", "99%"])
def test_output_without_figures_is_an_error(missing: str) -> None:
    with pytest.raises(BenchmarkError, match="wrk printed no"):
        parsed(OUTPUT.replace(missing, "?"))


def test_a_request_carries_its_number_and_the_length_of_its_body() -> None:
    request = Request("POST", "/accounts", {"Authorization": "Bearer k"}, '{"email": "a<n>@example.com"}')

    head, _, body = request.encoded(12).partition(b"\r\n\r\n")

    assert body == b'{"email": "a12@example.com"}'
    assert head.split(b"\r\n") == [
        b"POST /accounts HTTP/1.1",
        b"Host: 127.0.0.1",
        b"Authorization: Bearer k",
        b"Content-Length: 28",
    ]


def test_a_request_without_a_body_says_nothing_of_one() -> None:
    assert Request("GET", "/accounts").encoded() == b"GET /accounts HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


def test_the_wrk_script_numbers_its_requests_from_the_first() -> None:
    script = as_lua(Request("POST", "/a", {"X": 'say "hi"'}, '{"n": <n>}'), first=500)

    assert "local n = 499" in script
    assert 'wrk.headers["X"] = "say \\"hi\\""' in script
    assert 'wrk.format(nil, "/a", nil, "{\\"n\\": " .. n .. "}")' in script


@pytest.mark.parametrize("cut", range(1, 60, 7))
def test_an_answer_is_taken_only_when_it_is_whole(cut: int) -> None:
    whole = b"HTTP/1.1 201 Created\r\nContent-Type: x\r\nContent-Length: 7\r\n\r\n1234567"

    assert answer_in(whole[:-cut]) is None
    answer = answer_in(whole)
    assert answer is not None
    assert (answer.status, answer.body, answer.closes) == (201, b"1234567", False)


def test_chunks_are_joined() -> None:
    answer = answer_in(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
    )

    assert answer is not None
    assert answer.body == b"abcde"


def test_chunks_without_the_last_one_are_not_whole() -> None:
    assert answer_in(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n") is None


def test_an_answer_without_length_ends_with_its_connection() -> None:
    received = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nabc"

    assert answer_in(received) is None
    answer = answer_in(received, ended=True)
    assert answer is not None
    assert (answer.body, answer.closes) == (b"abc", True)


def test_no_content_is_whole_with_its_head() -> None:
    answer = answer_in(b"HTTP/1.1 204 No Content\r\nX-Request-Id: 1\r\n\r\n")

    assert answer is not None
    assert answer.status == 204


def test_a_server_that_closes_is_noticed() -> None:
    answer = answer_in(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")

    assert answer is not None
    assert answer.closes
