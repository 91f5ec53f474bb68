"""What the served mock puts on the wire, byte for byte."""

import json
import socket
import time
from urllib.parse import urlsplit

import pytest
from caller import ACCOUNTS, START
from wire import Connection, exchanged, parts, request

from mock_server import create_app
from mock_server.server import Server, ServerError

CREATE = b'{"email": "a@example.com", "password": "x"}'


@pytest.fixture(scope="module")
def url():
    with Server(create_app(clock=START, seed=7)) as server:
        yield server.url


def created(url: str, key: str = "zn_test_wire") -> dict:
    return json.loads(parts(exchanged(url, request("POST", ACCOUNTS, CREATE, key=key)))[2])


def test_a_created_account_on_the_wire(url):
    answer = exchanged(url, request("POST", ACCOUNTS, CREATE))
    _, headers, body = parts(answer)
    assert answer.startswith(b"HTTP/1.1 201 Created\r\n")
    assert headers["content-type"] == "application/json"
    assert int(headers["content-length"]) == len(body)
    assert "transfer-encoding" not in headers
    assert headers["date"] == "Thu, 15 Jan 2026 10:30:00 GMT"
    assert json.loads(body)["email"] == "a@example.com"


def test_a_deletion_has_no_body_no_content_type_and_no_content_length(url):
    short_id = created(url)["short_id"]
    answer = exchanged(url, request("DELETE", f"{ACCOUNTS}/{short_id}"))
    status, headers, body = parts(answer)
    assert (status, body) == (204, b"")
    assert answer.endswith(b"\r\n\r\n")
    assert headers.keys().isdisjoint({"content-type", "content-length", "transfer-encoding"})


def test_head_answers_the_headers_of_get_and_no_byte_more(url):
    get, head = (exchanged(url, request(method, ACCOUNTS, key="zn_test_head")) for method in ("GET", "HEAD"))
    assert head.endswith(b"\r\n\r\n")
    assert parts(head)[1]["content-length"] == parts(get)[1]["content-length"]
    assert parts(head)[1]["content-type"] == "application/json"


def test_a_connection_is_kept_open_also_after_errors_and_deletions(url):
    with Connection(url, "zn_test_kept") as call:
        status, account = call("POST", ACCOUNTS, {"email": "a@example.com"})
        own = f"{ACCOUNTS}/{account['short_id']}"
        answers = [
            call("PUT", own, {"email": 7})[0],
            call("PATCH", own)[0],
            call("DELETE", own)[0],
            call("DELETE", own)[0],
            call("GET", "/nowhere")[0],
            call("GET", ACCOUNTS)[0],
        ]
    assert (status, answers) == (201, [422, 405, 204, 404, 404, 200])


def test_requests_may_come_in_one_go(url):
    one = request("GET", ACCOUNTS, key="zn_test_go").replace(b"Connection: close\r\n", b"")
    answer = exchanged(url, one * 4 + request("GET", ACCOUNTS, key="zn_test_go"))
    assert answer.count(b"HTTP/1.1 200 OK") == 5


def test_a_body_may_come_in_chunks(url):
    head = request("POST", ACCOUNTS, more="Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n")
    chunks = b"".join(b"1\r\n%c\r\n" % byte for byte in CREATE) + b"0\r\n\r\n"
    assert parts(exchanged(url, head + chunks))[0] == 201


@pytest.mark.parametrize("chunked", [True, False])
def test_a_body_past_the_limit_is_refused_and_the_server_goes_on(url, chunked):
    body = CREATE.ljust(1024 * 1024 + 1)
    if chunked:
        more = "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n"
        sent = request("POST", ACCOUNTS, more=more) + b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
    else:
        sent = request("POST", ACCOUNTS, body)
    status, _, content = parts(exchanged(url, sent))
    assert (status, json.loads(content)["code"]) == (413, "bad_request")
    assert parts(exchanged(url, request("GET", ACCOUNTS)))[0] == 200


def test_header_names_are_read_without_regard_to_case(url):
    sent = request("POST", ACCOUNTS, CREATE).replace(b"Authorization", b"AUTHORIZATION")
    assert parts(exchanged(url, sent.replace(b"Content-Type", b"content-TYPE")))[0] == 201


@pytest.mark.parametrize(
    "path",
    ["//orders", "///", "//_mock/clock", "/orders//", "/orders/", "/orders/%2e%2e", "/orders/%00",
     "/orders/%ff", "/orders/%zz", "/orders/%",
     "/orders/a%2Fb", "/orders/" + "x" * 8000, "/orders/%E2%98%83", "/orders/a;b=c"],
)  # fmt: skip
def test_odd_paths_are_not_found(url, path):
    status, _, content = parts(exchanged(url, request("GET", path)))
    assert status == 404
    assert json.loads(content)["code"] == "not_found"


@pytest.mark.parametrize(
    "query", ["order_id=%ff", "order_id=%", "order_id", "=", "&&", "order_id=a&order_id=b", "?" * 99]
)
def test_odd_queries_are_answered(url, query):
    assert parts(exchanged(url, request("GET", f"/orders?{query}")))[0] == 200


def test_a_key_may_have_any_visible_character(url):
    odd = "zn_test_" + "".join(map(chr, range(0x21, 0x7F)))
    assert created(url, key=odd)["email"] == "a@example.com"
    assert json.loads(parts(exchanged(url, request("GET", ACCOUNTS, key=odd)))[2])["total"] == 1


@pytest.mark.parametrize(
    "junk", [b"\r\n\r\n", b"HELLO\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"\x16\x03\x01\x00", b"GET /\r\n"]
)
def test_what_is_no_http_ends_its_own_connection_and_nothing_else(url, junk):
    parts_of = urlsplit(url)
    with socket.create_connection((parts_of.hostname, parts_of.port), timeout=30) as connection:
        connection.sendall(junk)
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(4096):
            pass
    assert parts(exchanged(url, request("GET", ACCOUNTS)))[0] == 200


def test_a_client_that_goes_away_in_the_midst_of_its_request_does_no_harm(url):
    parts_of = urlsplit(url)
    for cut in (10, 60, 150):
        with socket.create_connection((parts_of.hostname, parts_of.port), timeout=30) as connection:
            connection.sendall(request("POST", ACCOUNTS, CREATE, key="zn_test_gone")[:cut])
    assert json.loads(parts(exchanged(url, request("GET", ACCOUNTS, key="zn_test_gone")))[2])["total"] == 0


# Faults on the wire


def test_a_dropped_connection_has_not_one_byte_of_an_answer(url):
    fault = b'{"drop": true, "times": 1, "operation": "createManagedAccount", "phase": "after"}'
    exchanged(url, request("POST", "/_mock/faults", fault, key="zn_test_drop"))
    assert exchanged(url, request("POST", ACCOUNTS, CREATE, key="zn_test_drop")) == b""
    listed = json.loads(parts(exchanged(url, request("GET", ACCOUNTS, key="zn_test_drop")))[2])
    assert listed["total"] == 1, "the change was made, and the answer lost"


def test_a_preferred_fault_is_answered_like_any_other(url):
    status, headers, _ = parts(exchanged(url, request("GET", ACCOUNTS, more="Prefer: code=503\r\n")))
    assert (status, headers["preference-applied"]) == (503, "code=503")


def test_a_port_in_use_cannot_be_had(url):
    with pytest.raises(ServerError, match=r"cannot listen on 127\.0\.0\.1:\d+: Address already in use"):
        Server(create_app(), port=urlsplit(url).port)


@pytest.mark.parametrize(
    ("host", "port"), [("127.0.0.1", 99_999), ("no.such.host.invalid", 0), ("203.0.113.1", 0)]
)
def test_an_address_that_is_none_of_ours_cannot_be_had(host, port):
    with pytest.raises(ServerError, match="cannot listen on"):
        Server(create_app(), host, port)


def test_two_served_mocks_share_nothing(url):
    with Server(create_app(clock=START)) as other:
        created(url, key="zn_test_shared")
        listed = exchanged(other.url, request("GET", ACCOUNTS, key="zn_test_shared"))
        assert json.loads(parts(listed)[2])["total"] == 0


def test_a_stopped_mock_takes_no_more_requests():
    with Server(create_app()) as server:
        pass
    while not refuses(server.url):  # the worker sees the signal in its own time
        time.sleep(0.01)


def refuses(url: str) -> bool:
    try:
        exchanged(url, request("GET", ACCOUNTS))
    except OSError:
        return True
    return False


@pytest.mark.parametrize("more", ["", "Prefer: wait=1\r\n"])
def test_a_body_that_is_cut_off_is_refused_and_makes_nothing(url, more):
    whole = request("POST", ACCOUNTS, b'{"email": "a@example.com"}' + b" " * 50, key="zn_test_cut", more=more)
    address = urlsplit(url)
    with socket.create_connection((address.hostname, address.port), timeout=30) as connection:
        connection.sendall(whole[:-50])
        connection.shutdown(socket.SHUT_WR)
        answer = b"".join(iter(lambda: connection.recv(65_536), b""))
    status, _, body = parts(answer)
    assert (status, json.loads(body)["message"]) == (
        400,
        "The body was cut off: fewer bytes came than Content-Length says.",
    )
    _, _, body = parts(exchanged(url, request("GET", ACCOUNTS, key="zn_test_cut")))
    assert json.loads(body)["total"] == 0
