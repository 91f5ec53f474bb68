"""Trouble on request: countable, seeded, for one key, before a change or after it."""

import pytest
from caller import ACCOUNTS, Caller, order, reasons, refusal
from published import DOCUMENT

OPERATIONS = {
    "listManagedAccounts",
    "createManagedAccount",
    "updateManagedAccount",
    "deleteManagedAccount",
    "createOrder",
    "listOrders",
    "getOrder",
    "listTestProducts",
}
EMAIL = {"email": "a@example.com"}


def statuses(call: Caller, times: int, path: str = "/orders") -> list[int]:
    return [call.get(path).status_code for _ in range(times)]


def test_a_fault_is_answered_with_all_that_it_does_and_listed(call):
    answer = call.post("/_mock/faults", {"operation": "listOrders", "status": 503, "times": 2})
    assert answer.status_code == 201
    fault = answer.get_json()
    assert fault.pop("id")
    assert fault == {
        "operation": "listOrders",
        "status": 503,
        "delay_ms": 0,
        "drop": False,
        "phase": "before",
        "times": 2,
        "rate": 1.0,
        "fired": 0,
    }
    assert call.get("/_mock/faults").get_json() == {"faults": [answer.get_json()]}


def test_a_fault_answers_its_status_with_the_documented_code(call):
    call.fault(operation="createOrder", status=402)
    answer = call.post("/orders", order())
    assert refusal(answer) == (402, "insufficient_funds")
    assert call.orders() == []


def test_a_fault_with_a_code_alone_answers_the_status_that_documents_it(call):
    call.fault(operation="createOrder", code="already_exists")
    assert refusal(call.post("/orders", order())) == (409, "already_exists")


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        ({"status": 500}, 500, "internal_error"),
        ({"status": 503}, 503, "internal_error"),
        ({"status": 429}, 429, "bad_request"),
        ({"status": 403}, 403, "forbidden"),
        ({"status": 404}, 404, "not_found"),
        ({"status": 409}, 409, "already_exists"),
        ({"status": 418, "code": "teapot"}, 418, "teapot"),
        ({"code": "of_my_own"}, 500, "of_my_own"),
        ({"status": 599}, 599, "internal_error"),
    ],
)
def test_any_error_status_and_any_code_can_be_asked_for(call, fault, status, code):
    call.fault(**fault)
    assert refusal(call.get(ACCOUNTS)) == (status, code)


def test_a_fault_of_401_says_how_to_authenticate_and_one_of_429_when_to_come_back(call):
    call.fault(status=401, times=1)
    call.fault(status=429, times=1)
    assert call.get(ACCOUNTS).headers["WWW-Authenticate"] == "Bearer"
    assert call.get(ACCOUNTS).headers["Retry-After"] == "1"


def test_a_fault_of_one_operation_leaves_the_others_alone(call):
    call.fault(operation="listOrders", status=500)
    assert refusal(call.get("/orders")) == (500, "internal_error")
    for path in (ACCOUNTS, "/orders/test-products"):
        assert call.get(path).status_code == 200


def test_a_fault_without_an_operation_strikes_them_all(call):
    call.fault(status=500)
    answers = [
        call.get(ACCOUNTS),
        call.post(ACCOUNTS, EMAIL),
        call.put(f"{ACCOUNTS}/x", {}),
        call.delete(f"{ACCOUNTS}/x"),
        call.post("/orders", order()),
        call.get("/orders"),
        call.get("/orders/x"),
        call.get("/orders/test-products"),
    ]
    assert {refusal(answer) for answer in answers} == {(500, "internal_error")}
    assert {entry["operation"] for entry in call.journal()} == OPERATIONS


def test_a_fault_with_times_fires_so_often_and_heals(call):
    call.fault(status=500, times=2)
    assert statuses(call, 4) == [500, 500, 200, 200]
    assert call.get("/_mock/faults").get_json()["faults"][0]["fired"] == 2


def test_the_oldest_fault_that_strikes_is_the_one_that_fires(call):
    call.fault(status=500, times=1)
    call.fault(status=503, times=1)
    assert statuses(call, 3) == [500, 503, 200]


def test_a_rate_with_a_seed_fires_at_the_same_requests_in_each_run(call):
    runs = []
    for caller in (call, call.another()):
        caller.fault(status=500, rate=0.3, seed=7)
        runs.append(statuses(caller, 100))
    assert runs[0] == runs[1]
    assert 10 < runs[0].count(500) < 60


@pytest.mark.parametrize(("rate", "status"), [(0, 200), (1, 500)])
def test_a_rate_of_0_never_fires_and_one_of_1_always_does(call, rate, status):
    call.fault(status=500, rate=rate)
    assert statuses(call, 20) == [status] * 20


@pytest.mark.parametrize("trouble", [{"status": 500}, {"drop": True}, {"code": "internal_error"}])
def test_before_prevents_the_change_and_after_loses_the_answer_of_one_that_is_made(call, trouble):
    call.fault(operation="createManagedAccount", phase="before", times=1, **trouble)
    assert call.post(ACCOUNTS, EMAIL).status_code == 500
    assert call.get(ACCOUNTS).get_json()["total"] == 0
    call.fault(operation="createManagedAccount", phase="after", times=1, **trouble)
    assert call.post(ACCOUNTS, EMAIL).status_code == 500
    assert call.get(ACCOUNTS).get_json()["total"] == 1


def test_after_finds_a_client_that_orders_twice(call):
    call.fault(operation="createOrder", drop=True, phase="after", times=1)
    careful = order(idempotency_key="k")
    call.post("/orders", careful)
    assert refusal(call.post("/orders", careful)) == (409, "already_exists")
    assert len(call.orders()) == 1


def test_after_loses_the_answer_whatever_it_was(call):
    call.fault(operation="createOrder", status=503, phase="after", times=1)
    assert refusal(call.post("/orders", {})) == (503, "internal_error")
    assert refusal(call.post("/orders", {})) == (422, "validation_error")


@pytest.mark.parametrize("phase", ["before", "after"])
def test_a_delay_alone_changes_no_answer(call, phase):
    call.fault(delay_ms=1, phase=phase)
    assert call.post(ACCOUNTS, EMAIL).status_code == 201
    assert call.get(ACCOUNTS).get_json()["total"] == 1


def test_faults_are_of_one_key_alone(call):
    other = call.another()
    call.fault(status=500)
    assert statuses(other, 1) == [200]
    assert other.get("/_mock/faults").get_json() == {"faults": []}
    other.delete("/_mock/faults")
    assert statuses(call, 1) == [500]


def test_faults_never_touch_the_control_plane(call):
    call.fault(status=500)
    call.fault(drop=True)
    assert call.get("/_mock/faults").status_code == 200
    assert call.get("/_mock/health").status_code == 200


def test_clearing_faults_ends_them(call):
    call.fault(status=500)
    answer = call.delete("/_mock/faults")
    assert (answer.status_code, answer.data) == (204, b"")
    assert statuses(call, 1) == [200]
    assert call.get("/_mock/faults").get_json() == {"faults": []}


def test_a_request_that_is_not_let_in_or_leads_nowhere_spends_no_fault(call):
    call.fault(status=500, times=1)
    assert call.get("/orders", headers={"Authorization": None}).status_code == 401
    assert call.get("/nowhere").status_code == 404
    assert call("PATCH", "/orders").status_code == 405
    assert statuses(call, 2) == [500, 200]


@pytest.mark.parametrize(
    ("fault", "field"),
    [
        ({}, "body"),
        ({"times": 1}, "body"),
        ([], "body"),
        ({"status": 200}, "status"),
        ({"status": 600}, "status"),
        ({"status": "500"}, "status"),
        ({"status": 500, "operation": "teleport"}, "operation"),
        ({"status": 500, "operation": None}, "operation"),
        ({"delay_ms": -1}, "delay_ms"),
        ({"delay_ms": 60_001}, "delay_ms"),
        ({"drop": "yes"}, "drop"),
        ({"drop": False}, "body"),
        ({"drop": True, "status": 500}, "drop"),
        ({"drop": True, "code": "x"}, "drop"),
        ({"status": 500, "phase": "during"}, "phase"),
        ({"status": 500, "times": 0}, "times"),
        ({"status": 500, "rate": 1.1}, "rate"),
        ({"status": 500, "seed": "x"}, "seed"),
        ({"status": 500, "seed": 1e300}, "seed"),
        ({"status": 500, "times": 1e300}, "times"),
        ({"code": ""}, "code"),
    ],
)
def test_a_fault_that_makes_no_sense_is_refused(call, fault, field):
    assert field in reasons(call.post("/_mock/faults", fault))
    assert call.get("/_mock/faults").get_json() == {"faults": []}


def test_whole_numbers_may_be_written_with_a_fraction_of_zero(call):
    raw = b'{"status": 499.0, "times": 1.0, "delay_ms": 1.0, "seed": 7.0}'
    fault = call.post("/_mock/faults", raw=raw)
    assert b'"status":499,' in fault.data
    answer = call.get("/orders")
    assert (answer.status_code, answer.status.split()[0]) == (499, "499")


# Prefer


@pytest.mark.parametrize(
    ("header", "status", "applied"),
    [
        ("code=503", 503, "code=503"),
        ("code=404", 404, "code=404"),
        ('code="500"', 500, "code=500"),
        ("CODE=500", 500, "code=500"),
        ("respond-async, code=500; x=y", 500, "code=500"),
        ("delay=0.001", 200, "delay=0.001"),
        ("code=500, delay=0", 500, "code=500, delay=0"),
        ("code=500;delay=0.001", 500, "code=500, delay=0.001"),
    ],
)
def test_a_request_can_prefer_its_own_fault(call, header, status, applied):
    answer = call.get("/orders", headers={"Prefer": header})
    assert (answer.status_code, answer.headers.get("Preference-Applied")) == (status, applied)
    assert call.get("/orders").status_code == 200


@pytest.mark.parametrize(
    "header",
    ["", "code", "code=", "code=200", "code=99", "code=abc", "delay=-1", "delay=soon", "delay=1e9", "x=1"],
)
def test_a_preference_that_makes_no_sense_is_ignored(call, header):
    answer = call.get("/orders", headers={"Prefer": header})
    assert answer.status_code == 200
    assert "Preference-Applied" not in answer.headers


def test_a_preferred_fault_comes_before_the_change(call):
    assert call.post(ACCOUNTS, EMAIL, headers={"Prefer": "code=500"}).status_code == 500
    assert call.get(ACCOUNTS).get_json()["total"] == 0


def test_a_preference_is_not_said_to_be_applied_where_a_fault_fired_instead(call):
    call.fault(status=503, times=1)
    answer = call.get("/orders", headers={"Prefer": "code=500"})
    assert answer.status_code == 503
    assert "Preference-Applied" not in answer.headers


def test_a_preference_never_touches_the_control_plane(call):
    assert call.get("/_mock/clock", headers={"Prefer": "code=500"}).status_code == 200


@pytest.mark.parametrize(
    ("fault", "status", "message"),
    [
        ({"code": "unauthorized"}, 401, None),
        ({"code": "invalid_token"}, 401, None),
        ({"code": "invalid_shipping_address"}, 400, None),
        ({"code": "bad_request"}, 400, None),
        ({"status": 413, "code": "bad_request"}, 413, None),
        ({"status": 400, "code": "made_up"}, 400, "A fault was asked for."),
        ({"code": "made_up"}, 500, "A fault was asked for."),
    ],
)
def test_a_code_is_answered_with_the_status_and_the_words_that_are_documented_for_it(
    call, fault, status, message
):
    assert call.post("/_mock/faults", {"operation": "createOrder", **fault}).status_code == 201
    answer = call.post("/orders", order())
    assert (answer.status_code, answer.get_json()["code"]) == (status, fault["code"])
    documented = {
        example["value"]["message"]
        for response in DOCUMENT["paths"]["/orders"]["post"]["responses"].values()
        for example in examples_of(response)
        if example["value"].get("code") == fault["code"]
    }
    assert answer.get_json()["message"] in ({message} if message else documented)


def test_a_fault_that_asks_for_nothing_is_told_what_it_could_ask_for(call):
    answer = call.post("/_mock/faults", {"operation": "createOrder", "times": 1})
    assert reasons(answer) == {"body": "must have one of status, code, delay_ms, drop"}


def examples_of(response):
    if "$ref" in response:
        response = DOCUMENT["components"]["responses"][response["$ref"].rpartition("/")[2]]
    content = response.get("content", {}).get("application/json", {})
    for example in content.get("examples", {}).values():
        yield (
            DOCUMENT["components"]["examples"][example["$ref"].rpartition("/")[2]]
            if "$ref" in example
            else example
        )
