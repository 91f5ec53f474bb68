"""The small client against a server of the standard library: every request is sent and every answer awaited."""

import select
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from benchmarks.client import Connection, send_all
from benchmarks.part import BenchmarkError
from benchmarks.request import Request

CREATE = Request("POST", "/", {"Content-Type": "text/plain"}, "number <n>", status=201)


class Recorder(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    bodies: list[str]
    closing = False

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.bodies.append(body.decode())
        self.send_response(201)
        self.send_header("Content-Length", str(len(body)))
        if self.closing:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(params=[False, True], ids=["kept alive", "closing"])
def recorder(request: pytest.FixtureRequest) -> Iterator[tuple[int, list[str]]]:
    bodies: list[str] = []
    handler = type("Handler", (Recorder,), {"bodies": bodies, "closing": request.param})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server.server_port, bodies
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("rate", [0, 2_000], ids=["closed", "open"])
def test_all_requests_are_sent_once_and_timed(recorder: tuple[int, list[str]], rate: float) -> None:
    port, bodies = recorder

    times = send_all(port, (CREATE.encoded(n) for n in range(40)), 201, connections=3, rate=rate)

    assert sorted(bodies) == sorted(f"number {n}" for n in range(40))
    assert len(times) == 40
    assert min(times) > 0


def test_another_status_than_the_expected_one_ends_the_load(recorder: tuple[int, list[str]]) -> None:
    with pytest.raises(BenchmarkError, match="201 instead of 200"):
        send_all(recorder[0], [CREATE.encoded()], 200, connections=1)


def test_one_question_gets_its_answer(recorder: tuple[int, list[str]]) -> None:
    connection = Connection(recorder[0])

    first, second = connection.ask(CREATE.encoded(1)), connection.ask(CREATE.encoded(2))
    connection.close()

    assert (first.body, second.body) == (b"number 1", b"number 2")


def test_a_connection_that_was_closed_while_idle_is_opened_again() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        connection = Connection(listener.getsockname()[1])
        accepted, _ = listener.accept()
        first = connection.socket
        connection.refresh()
        assert connection.socket is first

        accepted.close()
        select.select([connection.socket], [], [], 5)
        connection.refresh()

        assert connection.socket is not first
        listener.accept()[0].close()
        connection.close()
