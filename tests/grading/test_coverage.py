"""What `GET /_mock/coverage` says of the operations, statuses, codes and transitions that a client exercised."""

from typing import Any

from graded_client import Client, order

from mock_server import create_app


def _statuses(coverage: dict[str, Any], operation: str) -> dict[int, int]:
    found = next(one for one in coverage["operations"] if one["operation"] == operation)
    return {status["status"]: status["count"] for status in found["statuses"] if status["count"]}


def _transitions(coverage: dict[str, Any]) -> dict[tuple[str, str], int]:
    return {(one["from"], one["to"]): one["count"] for one in coverage["transitions"]}


def test_at_first_nothing_is_exercised_and_everything_documented_is_listed(client: Client) -> None:
    coverage = client.coverage()

    assert coverage["requests"] == 0
    assert coverage["summary"]["operations"] == {"exercised": 0, "documented": 8}
    assert coverage["summary"]["transitions"] == {"exercised": 0, "documented": 4}
    assert coverage["summary"]["statuses"]["documented"] > 30
    create = next(one for one in coverage["operations"] if one["operation"] == "createOrder")
    assert [status["status"] for status in create["statuses"]] == [
        201, 400, 401, 402, 404, 409, 413, 415, 422, 500,
    ]  # fmt: skip
    refusals = next(status for status in create["statuses"] if status["status"] == 400)
    assert [code["code"] for code in refusals["codes"]] == [
        "bad_request",
        "invalid_shipping_address",
        "url_unreachable",
    ]


def test_answers_are_counted_by_operation_status_and_error_code(client: Client) -> None:
    client.create()
    client.create()
    client.create(email="no address")
    client.order(products=[{"url": "https://zinc.com/shop/products/test-url-unreachable"}])

    coverage = client.coverage()

    assert _statuses(coverage, "createManagedAccount") == {201: 2, 422: 1}
    assert _statuses(coverage, "createOrder") == {400: 1}
    create = next(one for one in coverage["operations"] if one["operation"] == "createOrder")
    refusals = next(status for status in create["statuses"] if status["status"] == 400)
    assert {code["code"]: code["count"] for code in refusals["codes"]}["url_unreachable"] == 1
    assert coverage["requests"] == 4
    assert coverage["summary"]["operations"]["exercised"] == 2
    assert coverage["summary"]["error_codes"]["exercised"] == 2


def test_each_move_of_an_order_is_counted_however_it_came_about(client: Client) -> None:
    account = client.create().get_json()["short_id"]
    for _ in range(3):
        client.order()
    client.call("POST", "/_mock/clock/advance", {"seconds": 60})  # one placed, the next in progress

    client.call("DELETE", f"/users/managed-accounts/{account}")  # one fails in progress, one waiting

    assert _transitions(client.coverage()) == {
        ("pending", "in_progress"): 2,
        ("in_progress", "order_placed"): 1,
        ("in_progress", "order_failed"): 1,
        ("pending", "order_failed"): 1,
    }


def test_nothing_is_lost_when_the_journal_has_forgotten(client: Client) -> None:
    for _ in range(1_200):
        client.call("GET", "/users/managed-accounts")
    client.coverage()
    for _ in range(1_200):
        client.call("GET", "/orders/test-products")

    coverage = client.coverage()

    assert len(client.call("GET", "/_mock/requests").get_json()["requests"]) == 1_000
    assert _statuses(coverage, "listManagedAccounts") == {200: 1_200}
    assert _statuses(coverage, "listTestProducts") == {200: 1_200}


def test_a_cleared_journal_and_a_reset_lose_nothing(client: Client) -> None:
    client.create()
    client.order()
    client.call("DELETE", "/_mock/requests")
    client.create()
    client.call("POST", "/_mock/reset")
    client.create()
    client.order()

    coverage = client.coverage()

    assert _statuses(coverage, "createManagedAccount") == {201: 3}
    assert _transitions(coverage)["pending", "in_progress"] == 2


def test_it_can_be_counted_from_here_on(client: Client) -> None:
    client.create()
    client.order()
    client.call("POST", "/_mock/settle")

    assert client.call("DELETE", "/_mock/coverage").status_code == 204
    client.create()
    client.call("POST", "/_mock/settle")

    coverage = client.coverage()
    assert _statuses(coverage, "createManagedAccount") == {201: 1}
    assert coverage["requests"] == 1
    assert set(_transitions(coverage).values()) == {0}


def test_what_orders_of_a_snapshot_went_through_before_does_not_count(client: Client) -> None:
    client.create()
    client.order()
    client.order()
    client.call("POST", "/_mock/clock/advance", {"seconds": 60})  # one placed, one in progress
    snapshot = client.call("GET", "/_mock/snapshot").get_json()
    client.call("DELETE", "/_mock/coverage")

    client.call("PUT", "/_mock/snapshot", snapshot)
    client.call("POST", "/_mock/settle")

    counts = _transitions(client.coverage())
    assert counts["pending", "in_progress"] == 0
    assert counts["in_progress", "order_placed"] == 1


def test_what_orders_of_the_fixture_went_through_before_does_not_count(tmp_path: Any) -> None:
    fixture = tmp_path / "fixture.json"
    fixture.write_text(
        '{"accounts": [{"email": "a@example.com", "short_id": "zn_acct_aaaaaaaa"}], "orders": ['
        '{"products": [{"url": "https://amazon.com/dp/1"}], "max_price": 1, "shipping_address": {},'
        ' "status": "order_placed"}]}'
    )
    client = Client(create_app(fixtures=fixture))

    client.call("GET", "/orders")

    assert set(_transitions(client.coverage()).values()) == {0}


def test_answers_that_the_specification_does_not_have_stand_apart(client: Client) -> None:
    client.fault(operation="listOrders", status=503, times=1)
    client.fault(operation="listManagedAccounts", drop=True, times=1)

    client.call("GET", "/orders")
    client.call("GET", "/users/managed-accounts")
    client.call("PATCH", "/orders")

    coverage = client.coverage()
    assert coverage["undocumented"] == [
        {"operation": None, "status": 405, "code": "method_not_allowed", "count": 1},
        {"operation": "listOrders", "status": 503, "code": "internal_error", "count": 1},
    ]
    accounts = next(one for one in coverage["operations"] if one["operation"] == "listManagedAccounts")
    assert (accounts["requests"], accounts["dropped"]) == (1, 1)
    assert _statuses(coverage, "listManagedAccounts") == {}


def test_one_key_does_not_see_what_another_exercised(client: Client, app: Any) -> None:
    Client(app, "zn_test_other").create()

    assert client.coverage()["requests"] == 0


def test_no_secret_is_in_it(client: Client) -> None:
    client.create(password="hunter2-canary", nonsense="hunter2-canary")
    client.call("PUT", "/users/managed-accounts/zn_acct_aaaaaaaa", {"password": "hunter2-canary"})
    client.fault(drop=True, phase="after", times=1)
    client.create(password="hunter2-canary")
    client.create(password="hunter2-canary")
    client.call("POST", "/orders", order(password="hunter2-canary"))

    assert "hunter2" not in client.call("GET", "/_mock/coverage").text
