"""Tests of the client. `zinc_sandbox` comes with the mock's package: nothing to start, nothing to wait for."""

from typing import Any

import pytest
from zinc_client import ZincClient, ZincError

from mock_server.testing import Sandbox

PRODUCT = "https://www.amazon.com/dp/B0EXAMPLE1"
ADDRESS = {"first_name": "Ada", "last_name": "Example", "address_line1": "1 Example Street", "country": "US"}


@pytest.fixture
def client(zinc_sandbox: Sandbox) -> ZincClient:
    zinc_sandbox.clock.freeze()
    # When the client sleeps, the mock's clock moves: half an hour of polling takes milliseconds.
    return ZincClient(zinc_sandbox.base_url, zinc_sandbox.api_key, sleep=zinc_sandbox.clock.advance)


@pytest.fixture
def account(client: ZincClient) -> str:
    return client.create_account("ada@example.com", "correct horse", "amazon")["short_id"]


def submit(client: ZincClient, account: str) -> dict[str, Any]:
    return client.submit_order(PRODUCT, ADDRESS, max_price=5000, account=account)


def test_an_account_lives_until_it_is_deleted(client: ZincClient, account: str) -> None:
    client.update_account(account, email="lovelace@example.com")
    assert [one["email"] for one in client.accounts()] == ["lovelace@example.com"]

    client.delete_account(account)

    assert client.accounts() == []
    with pytest.raises(ZincError, match="404 not_found"):
        client.delete_account(account)


def test_an_order_is_placed(client: ZincClient, account: str) -> None:
    order = client.wait_for(submit(client, account)["id"])

    assert order["status"] == "order_placed"
    assert order["price_components"]["total"] <= 5000


def test_orders_of_one_account_wait_for_each_other(
    client: ZincClient, account: str, zinc_sandbox: Sandbox
) -> None:
    first, second = submit(client, account), submit(client, account)
    assert [first["status"], second["status"]] == ["in_progress", "pending"]

    zinc_sandbox.clock.advance(2)  # the mock takes two seconds for an order

    assert client.order(first["id"])["status"] == "order_placed"
    assert client.order(second["id"])["status"] == "in_progress"
    zinc_sandbox.settle()
    assert client.order(second["id"])["status"] == "order_placed"


def test_a_locked_account_fails_its_orders(client: ZincClient, account: str, zinc_sandbox: Sandbox) -> None:
    zinc_sandbox.set_health(account, "account_locked")

    order = client.wait_for(submit(client, account)["id"])

    assert order["status"] == "order_failed"
    assert order["job_result"]["error_type"] == "account_locked"


def test_a_lost_answer_makes_no_second_order(client: ZincClient, account: str, zinc_sandbox: Sandbox) -> None:
    zinc_sandbox.faults.add("createOrder", drop=True, phase="after", times=1)

    order = submit(client, account)

    assert [one["id"] for one in zinc_sandbox.snapshot()["orders"]] == [order["id"]]
    assert (
        zinc_sandbox.coverage["findings"] == []
    )  # the mock has nothing against how the client went about it
