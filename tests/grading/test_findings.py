"""What a client should not do, and is told; and what looks like it and is fine."""

import threading
import time

import pytest
from graded_client import Client

from mock_server import create_app
from mock_server.server import Server

# Repeating a create


def test_repeating_an_order_blindly_after_a_lost_answer_is_a_warning(client: Client) -> None:
    client.fault(operation="createOrder", drop=True, phase="after", times=1)

    client.order()
    repeated = client.order()

    finding = client.findings()["blind-repeat"]
    assert finding["level"] == "warning"
    assert finding["requests"] == [repeated.headers["X-Request-Id"]]
    assert "idempotency_key" in finding["message"]


@pytest.mark.parametrize("trouble", [{"status": 500}, {"status": 503}, {"drop": True}])
@pytest.mark.parametrize("phase", ["before", "after"])
def test_whatever_lost_the_answer(client: Client, trouble: dict[str, object], phase: str) -> None:
    client.fault(operation="createManagedAccount", phase=phase, times=1, **trouble)

    client.create(password="a")
    client.create(password="b")

    assert client.findings()["blind-repeat"]["subject"] == "createManagedAccount"


def test_another_idempotency_key_is_as_blind_as_none(client: Client) -> None:
    client.fault(operation="createOrder", drop=True, phase="after", times=1)

    client.order(idempotency_key="first")
    client.order(idempotency_key="second")

    assert "blind-repeat" in client.findings()


def test_the_same_idempotency_key_is_the_way(client: Client) -> None:
    client.fault(operation="createOrder", drop=True, phase="after", times=1)

    client.order(idempotency_key="mine")
    assert client.order(idempotency_key="mine").status_code == 409
    client.order()  # meant as another order, well after

    assert client.findings() == {}


@pytest.mark.parametrize(("create", "look"), [("create", "/users/managed-accounts"), ("order", "/orders")])
def test_looking_first_is_the_other_way(client: Client, create: str, look: str) -> None:
    client.fault(drop=True, phase="after", times=1)

    getattr(client, create)()
    client.call("GET", look)
    getattr(client, create)()

    assert client.findings() == {}


def test_looking_at_something_else_is_not(client: Client) -> None:
    client.fault(drop=True, phase="after", times=1)

    client.order()
    client.call("GET", "/users/managed-accounts")
    client.order()

    assert "blind-repeat" in client.findings()


def test_another_order_is_no_repeat(client: Client) -> None:
    client.fault(drop=True, phase="after", times=1)

    client.order()
    client.order(max_price=1)

    assert client.findings() == {}


def test_two_orders_alike_are_no_repeat_when_no_answer_was_lost(client: Client) -> None:
    client.order()
    client.order()

    assert client.findings() == {}


def test_a_reset_between_two_tests_ends_the_comparison(client: Client) -> None:
    client.fault(drop=True, phase="after", times=1)

    client.order()
    client.call("POST", "/_mock/reset")
    client.order()

    assert client.findings() == {}


def test_repeating_while_the_first_is_still_unanswered_is_blind_too() -> None:
    app = create_app(processing_time=60)
    client = Client(app)
    client.fault(operation="createOrder", delay_ms=400, times=1)
    began = threading.Event()

    def slow() -> None:
        began.set()
        client.order()

    with Server(app):  # not asked, but its app may answer two requests at a time
        first = threading.Thread(target=slow)
        first.start()
        began.wait()
        while not next(iter(app.store.tenant("zn_test_grading").faults)).fired:
            time.sleep(0.001)
        client.order()
        first.join()

    assert "still unanswered" in client.findings()["blind-repeat"]["message"]


def test_waiting_for_a_slow_answer_is_fine(real_time: Client) -> None:
    real_time.fault(operation="createOrder", delay_ms=50)

    real_time.order()
    real_time.order()

    assert real_time.findings() == {}


# What the specification does not have


def test_fields_that_the_operation_does_not_know_are_a_warning_each(client: Client) -> None:
    client.create(colour="blue")
    client.create(colour="red")
    client.order(
        products=[
            {"url": "https://amazon.com/dp/1"},
            {"url": "https://amazon.com/dp/2", "qty": 2},
        ]
    )

    found = client.coverage()["findings"]

    assert [(one["rule"], one["subject"], one["count"]) for one in found] == [
        ("unknown-field", "createManagedAccount colour", 2),
        ("unknown-field", "createOrder products[].qty", 1),
    ]


def test_a_client_that_invents_fields_without_end_fills_no_memory(client: Client) -> None:
    for number in range(130):
        client.create(**{f"field-{number}": 1})

    found = client.coverage()["findings"]

    assert len(found) == 101
    assert {one["subject"]: one["count"] for one in found}["others"] == 30


def test_a_path_that_is_not_in_the_specification_is_a_warning(client: Client) -> None:
    client.call("GET", "/managed-accounts")
    client.call("PATCH", "/orders")

    found = [(one["rule"], one["subject"]) for one in client.coverage()["findings"]]

    assert found == [("unknown-path", "GET /managed-accounts"), ("unknown-path", "PATCH /orders")]


# Keys


@pytest.mark.parametrize("key", ["undefined", "None", "${ZINC_API_KEY}", '"zn_test_1"', "<your_api_key>"])
def test_a_key_that_looks_like_an_unset_variable_is_a_warning(key: str) -> None:
    client = Client(create_app(), key)

    client.create()

    finding = client.findings()["unset-key"]
    assert finding["level"] == "warning"
    assert "zn_test_1" not in str(finding)


def test_a_usual_key_is_fine(client: Client) -> None:
    client.create()

    assert client.findings() == {}
