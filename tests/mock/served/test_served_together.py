"""Many clients at once on a served mock with the real clock: locks hold, nothing is lost, keys never see each other."""

import socket
import subprocess
import sys
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
from caller import ACCOUNTS, TEST_PRODUCT, order
from wire import Connection, request

from mock_server import create_app
from mock_server.server import Server

FINAL = {"order_placed", "order_failed"}
PRODUCTS = ["success", "out-of-stock", "success", "price-exceeded"]


@pytest.fixture(scope="module")
def url():
    with Server(create_app(processing_time=0.01)) as server:
        yield server.url


# Delays


def answered_first(
    url: str, slow_key: str, quick_key: str, path: str = "/orders", *, method: str = "GET"
) -> str:
    """Sends a delayed request and then one of another key; returns which of them was answered first."""
    order_of_answers, sent = [], threading.Event()

    def slow() -> None:
        with Connection(url, slow_key) as call:
            call("GET", "/_mock/clock")  # the connection is open when the other one starts
            sent.set()
            call(method, path)
            order_of_answers.append("slow")

    def quick() -> None:
        sent.wait()
        with Connection(url, quick_key) as call:
            for _ in range(3):
                assert call("GET", "/orders")[0] == 200
            order_of_answers.append("quick")

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(slow), pool.submit(quick)]:
            done.result()
    return order_of_answers[0]


def test_a_delay_on_one_key_does_not_hold_up_another(url):
    with Connection(url, "zn_test_slow") as call:
        call("POST", "/_mock/faults", {"delay_ms": 2000, "operation": "listOrders"})
    assert answered_first(url, "zn_test_slow", "zn_test_quick") == "quick"


def test_a_delay_on_one_operation_does_not_hold_up_the_same_keys_others(url):
    with Connection(url, "zn_test_both") as call:
        call("POST", "/_mock/faults", {"delay_ms": 2000, "operation": "listTestProducts"})
    assert answered_first(url, "zn_test_both", "zn_test_both", "/orders/test-products") == "quick"


def test_settling_on_a_real_clock_holds_up_nobody():
    with Server(create_app(processing_time=60)) as server:
        with Connection(server.url, "zn_test_settling") as call:
            call("POST", "/orders", order())
        first = answered_first(
            server.url, "zn_test_settling", "zn_test_settling", "/_mock/settle?timeout=2", method="POST"
        )
    assert first == "quick"


# Clients that keep a body to themselves


BEGUN = request("POST", ACCOUNTS, b'{"email": "a@example.com"}')[:-20]


@pytest.mark.parametrize("busy_before", [False, True])
def test_a_body_that_does_not_come_holds_up_nobody(busy_before):
    with Server(create_app()) as server, ExitStack() as stack:
        if busy_before:
            with ThreadPoolExecutor(8) as pool:
                for done in [pool.submit(listed, server.url, 50) for _ in range(8)]:
                    done.result()
        for more in (b"", b"Prefer: wait=1\r\n", b""):
            stalled = stack.enter_context(socket.create_connection(("127.0.0.1", server.port), timeout=30))
            stalled.sendall(BEGUN.replace(b"\r\n\r\n", b"\r\n" + more + b"\r\n"))
        listed(server.url, 20)
        stalled.sendall(request("POST", ACCOUNTS, b'{"email": "a@example.com"}')[-20:])
        assert stalled.recv(100).startswith(b"HTTP/1.1 201 ")


def listed(url: str, times: int) -> None:
    with Connection(url, "zn_test_listed") as call:
        for _ in range(times):
            assert call("GET", ACCOUNTS)[0] == 200


BRIEF = """
from concurrent.futures import ThreadPoolExecutor
from urllib.request import urlopen

from mock_server import create_app
from mock_server.server import Server

with Server(create_app()) as server, ThreadPoolExecutor(8) as pool:
    for done in [pool.submit(urlopen, server.url + "/_mock/health") for _ in range(200)]:
        done.result().close()
"""


def test_a_process_that_ends_with_its_server_ends_cleanly():
    """Its threads have ended by then: one that comes back into Python later would abort it."""
    processes = [subprocess.Popen([sys.executable, "-c", BRIEF]) for _ in range(6)]
    assert [process.wait(60) for process in processes] == [0] * 6


# Locks under load


def test_under_load_locks_hold_and_no_order_is_lost(url):
    """Submitters, pollers, an updater and a deleter on one key: what each sees is consistent at every moment."""
    key, finished = "zn_test_load", threading.Event()
    submitted: list[str] = []
    with Connection(url, key) as call:
        accounts = [call("POST", ACCOUNTS, {"email": "a@example.com"})[1]["short_id"] for _ in range(3)]

    def submit(number: int) -> None:
        with Connection(url, key) as call:
            for turn in range(25):
                product = TEST_PRODUCT + PRODUCTS[(number + turn) % len(PRODUCTS)]
                body = order(product, retailer_credentials_id=accounts[(number + turn) % 3])
                status, shown = call("POST", "/orders", body)
                assert status == 201
                submitted.append(shown["id"])

    def poll() -> int:
        answers = 0
        with Connection(url, key) as call:
            while not finished.is_set():
                status, body = call("GET", "/orders")
                assert status == 200
                running = Counter(
                    shown["retailer_credentials_id"]
                    for shown in body["orders"]
                    if shown["status"] == "in_progress"
                )
                assert not running or max(running.values()) == 1, running
                ids = [shown["id"] for shown in body["orders"]]
                assert len(ids) == len(set(ids))
                assert all(shown["attempts"] <= 1 for shown in body["orders"])
                answers += 1
        return answers

    def update() -> None:
        with Connection(url, key) as call:
            for turn in range(30):
                status, shown = call(
                    "PUT", f"{ACCOUNTS}/{accounts[turn % 3]}", {"email": f"{turn}@example.com"}
                )
                assert (status, shown["email"]) == (200, f"{turn}@example.com")

    def delete() -> None:
        with Connection(url, key) as call:
            for _ in range(10):
                own = call("POST", ACCOUNTS, {"email": "gone@example.com", "retailer": "nobody"})[1][
                    "short_id"
                ]
                ids = [call("POST", "/orders", order(retailer_credentials_id=own))[1]["id"] for _ in range(3)]
                assert call("DELETE", f"{ACCOUNTS}/{own}")[0] == 204
                submitted.extend(ids)
                assert {call("GET", f"/orders/{one}")[1]["status"] for one in ids} <= FINAL

    with ThreadPoolExecutor(8) as pool:
        pollers = [pool.submit(poll) for _ in range(2)]
        workers = [pool.submit(submit, number) for number in range(4)] + [
            pool.submit(update),
            pool.submit(delete),
        ]
        try:
            for worker in workers:
                worker.result()
        finally:
            finished.set()
        assert min(poller.result() for poller in pollers) > 0
    with Connection(url, key) as call:
        assert call("POST", "/_mock/settle?timeout=60")[0] == 200
        listed = call("GET", "/orders")[1]["orders"]
    assert sorted(shown["id"] for shown in listed) == sorted(submitted)
    assert {shown["status"] for shown in listed} == FINAL


def test_under_load_each_queue_is_first_in_first_out(url):
    key = "zn_test_fifo"
    with Connection(url, key) as call:
        account = call("POST", ACCOUNTS, {"email": "a@example.com"})[1]["short_id"]

    def submit(_: int) -> None:
        with Connection(url, key) as call:
            for _ in range(10):
                assert call("POST", "/orders", order(retailer_credentials_id=account))[0] == 201

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(submit, range(4)))
    with Connection(url, key) as call:
        assert call("POST", "/_mock/settle?timeout=60")[0] == 200
        ended = [shown["updated_at"] for shown in call("GET", "/orders")[1]["orders"]]
    assert len(ended) == 40
    assert ended == sorted(ended, reverse=True)
    assert len(set(ended)) == 40, "no two ended at one instant"


# Many keys


def test_two_hundred_keys_at_once_never_see_each_other(url):
    keys = [f"zn_test_parallel_{number}" for number in range(200)]

    def live(own: list[str]) -> None:
        with_calls = [(key, Connection(url, key)) for key in own]
        made = {}
        for key, call in with_calls:
            made[key] = call("POST", ACCOUNTS, {"email": f"{key}@example.com"})[1]
        for key, call in with_calls:
            assert call("POST", "/orders", order(metadata={"key": key}))[0] == 201
        for key, call in with_calls:
            assert call("GET", ACCOUNTS)[1] == {"credentials": [made[key]], "total": 1}
            assert [shown["metadata"] for shown in call("GET", "/orders")[1]["orders"]] == [{"key": key}]
            foreign = made[own[own.index(key) - 1]]["short_id"]
            assert call("DELETE", f"{ACCOUNTS}/{foreign}")[0] == (204 if len(own) == 1 else 404)
            call.__exit__()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(live, [keys[start::8] for start in range(8)]))


def test_resets_and_snapshots_amid_traffic_do_no_harm(url):
    key, finished = "zn_test_resets", threading.Event()

    def traffic() -> None:
        with Connection(url, key) as call:
            while not finished.is_set():
                status, account = call("POST", ACCOUNTS, {"email": "a@example.com"})
                assert status == 201
                own = account["short_id"]
                assert call("POST", "/orders", order(retailer_credentials_id=own))[0] in (201, 404)
                assert call("PUT", f"{ACCOUNTS}/{own}", {"password": "x"})[0] in (200, 404)
                assert call("GET", "/orders")[0] == 200
                assert call("DELETE", f"{ACCOUNTS}/{own}")[0] in (204, 404)

    def upset() -> None:
        with Connection(url, key) as call:
            for _ in range(15):
                assert call("POST", "/_mock/reset")[0] == 204
                status, document = call("GET", "/_mock/snapshot")
                assert status == 200
                assert call("PUT", "/_mock/snapshot", document)[0] == 200
                assert call("GET", "/_mock/queues")[0] == 200
                assert call("GET", "/_mock/requests")[0] == 200

    with ThreadPoolExecutor(4) as pool:
        running = [pool.submit(traffic) for _ in range(3)]
        try:
            pool.submit(upset).result()
        finally:
            finished.set()
        for one in running:
            one.result()
