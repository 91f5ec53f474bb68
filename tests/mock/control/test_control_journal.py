"""What one key asked and what it was answered, and why: the journal and its explanations."""

import json
import shlex
from urllib.parse import urlsplit

import pytest
from caller import ACCOUNTS, AMAZON, TEST_PRODUCT, Caller, order, refusal

from mock_server import create_app

CREATE = {"email": "a@example.com", "password": "hunter2", "retailer": "amazon"}


def test_the_journal_tells_each_request_with_its_operation_and_answer_oldest_first(call):
    created = call.post(ACCOUNTS, CREATE)
    call.get("/orders?order_id=abc&page=2")
    first, second = call.journal()
    assert first["id"] == created.headers["X-Request-Id"]
    assert first["at"] == "2026-01-15T10:30:00Z"
    assert first["operation"] == "createManagedAccount"
    assert first["request"] == {
        "method": "POST",
        "path": ACCOUNTS,
        "query": {},
        "body": {**CREATE, "password": "[redacted]"},
    }
    assert first["response"]["status"] == 201
    assert first["response"]["body"] == created.get_json()
    assert first["validation"] == first["ignored"] == []
    assert first["duration_ms"] >= 0
    assert second["operation"] == "listOrders"
    assert second["request"]["query"] == {"order_id": "abc"}, (
        "what the specification does not know is left out"
    )
    assert second["ignored"] == ["?page"]


def test_each_answer_carries_an_id_of_its_own(call):
    ids = [
        call.get(path).headers["X-Request-Id"] for path in (ACCOUNTS, "/orders", "/nowhere", "/_mock/clock")
    ]
    assert len(set(ids)) == 4


def test_the_journal_says_what_validation_found_and_what_was_ignored(call):
    call.post(ACCOUNTS, {"password": 7, "colour": "red"})
    entry = call.journal()[0]
    assert {(found["field"], found["keyword"]) for found in entry["validation"]} == {
        ("email", "required"),
        ("password", "type"),
    }
    assert entry["ignored"] == ["colour"]
    assert entry["request"]["body"] == {"password": "[redacted]"}


def test_unknown_fields_of_products_are_noted_with_their_place(call):
    body = order(colour="red")
    body["products"][0]["size"] = 5
    call.post("/orders", body)
    assert sorted(call.journal()[0]["ignored"]) == ["colour", "products.0.size"]


def test_the_journal_has_refused_requests_too(call):
    call.get("/nowhere")
    call("PATCH", "/orders")
    call.post(ACCOUNTS, raw=b"{")
    assert [entry["response"]["status"] for entry in call.journal()] == [404, 405, 400]


def test_the_journal_names_the_fault_that_fired(call):
    fault = call.fault(status=503, times=1)
    call.get("/orders")
    call.get("/orders")
    assert [entry["fault"] and entry["fault"]["id"] for entry in call.journal()] == [fault["id"], None]


def test_the_journal_says_of_a_dropped_connection_that_it_was_dropped(call):
    call.fault(drop=True)
    call.get("/orders")
    assert call.journal()[0]["response"]["dropped"] is True


def test_the_control_plane_leaves_no_trace_in_the_journal(call):
    call.get("/_mock/clock")
    call.get("/_mock/nowhere")
    assert call.journal() == []


def test_a_path_that_only_begins_like_the_control_plane_is_in_the_journal(call):
    call.get("/_mockery")
    assert [entry["request"]["path"] for entry in call.journal()] == ["/_mockery"]


def test_each_key_has_a_journal_of_its_own(call):
    other = call.another()
    call.get("/orders")
    assert other.journal() == []
    other.delete("/_mock/requests")
    assert len(call.journal()) == 1


def test_clearing_the_journal_forgets_everything(call):
    call.get("/orders")
    answer = call.delete("/_mock/requests")
    assert (answer.status_code, answer.data) == (204, b"")
    assert call.journal() == []


def test_the_journal_keeps_the_last_thousand(call):
    for number in range(1_005):
        call.get(f"/orders/{number}")
    paths = [entry["request"]["path"] for entry in call.journal()]
    assert (len(paths), paths[0], paths[-1]) == (1_000, "/orders/5", "/orders/1004")


def test_large_bodies_are_not_kept(call):
    call.order(metadata={"large": "x" * 100_000})
    call.get("/orders")
    journal = call.get("/_mock/requests")
    assert len(journal.data) < 10_000
    assert [entry["operation"] for entry in journal.get_json()["requests"]] == ["createOrder", "listOrders"]


# explain


def executed(call: Caller, curl: str):
    """Sends what a curl line says."""
    words = shlex.split(curl)
    assert words[0] == "curl"
    method = words[words.index("-X") + 1]
    url = next(word for word in words if word.startswith("http://"))
    raw = words[words.index("-d") + 1].encode() if "-d" in words else None
    headers = [words[place + 1] for place, word in enumerate(words) if word == "-H"]
    assert headers[0] == "Authorization: Bearer $ZINC_API_KEY"
    assert ("Content-Type: application/json" in headers) == (raw is not None)
    split = urlsplit(url)
    return call(method, split.path + (f"?{split.query}" if split.query else ""), raw=raw)


def test_a_success_is_explained_by_its_place_in_the_specification(call):
    told = call.explained(call.post(ACCOUNTS, CREATE))
    assert told["operation"] == "createManagedAccount"
    assert told["status"] == 201
    assert told["specification"] == "#/paths/~1users~1managed-accounts/post/responses/201"
    assert told["summary"]
    assert told["state"] is told["fault"] is None
    assert told["validation"] == told["ignored"] == told["deviations"] == []


def test_a_refused_field_is_explained_by_the_keyword_that_failed(call):
    told = call.explained(call.post(ACCOUNTS, {**CREATE, "email": "nobody"}))
    assert told["status"] == 422
    assert told["specification"] == "#/components/schemas/ManagedAccountCreate/properties/email/format"
    assert told["validation"][0]["field"] == "email"
    assert "email" in told["summary"]


def test_a_state_that_refuses_is_told(call):
    call.order(idempotency_key="k")
    assert "sandbox" in call.explained(call.get("/orders/unknown"))["state"]
    assert "idempotency" in call.explained(call.post("/orders", order(idempotency_key="k")))["state"]


def test_what_was_ignored_and_the_fault_that_fired_are_told(call):
    assert call.explained(call.post(ACCOUNTS, {**CREATE, "colour": "red"}))["ignored"] == ["colour"]
    fault = call.fault(status=503)
    told = call.explained(call.get("/orders"))
    assert told["fault"]["id"] == fault["id"]
    assert fault["id"] in told["summary"]


def test_a_request_without_a_key_can_be_explained_with_any_key(call):
    refused = call.get(ACCOUNTS, headers={"Authorization": None})
    assert refusal(refused) == (401, "unauthorized")
    told = call.explained(refused)
    assert (told["operation"], told["status"]) == ("listManagedAccounts", 401)
    assert "Authorization" in told["summary"]


def test_a_key_that_is_not_listed_can_be_explained_with_one_that_is():
    call = Caller(key="listed", api_keys=("listed",))
    refused = call.get(ACCOUNTS, headers={"Authorization": "Bearer other"})
    assert refusal(refused) == (401, "invalid_token")
    assert call.explained(refused)["status"] == 401


def test_a_path_that_leads_nowhere_is_explained(call):
    told = call.explained(call.get("/nowhere"))
    assert (told["operation"], told["specification"], told["status"]) == (None, None, 404)
    assert told["nearest_valid_request"] is told["state"] is None
    assert told["summary"] == "There is nothing at this path."


def test_a_method_that_a_path_does_not_take_is_explained_by_those_that_it_does(call):
    told = call.explained(call("PATCH", ACCOUNTS))
    assert told["summary"] == "This path takes GET, POST."


def test_a_fault_is_not_explained_by_the_state_of_the_sandbox(call):
    told = call.explained(call.post("/orders", order(), headers={"Prefer": "code=409"}))
    assert (told["status"], told["state"]) == (409, None)


def test_a_fault_that_only_delays_leaves_the_reason_of_the_answer(call):
    call.order(idempotency_key="used")
    call.fault(delay_ms=1)
    told = call.explained(call.post("/orders", order(idempotency_key="used")))
    assert told["summary"].startswith("A fault fired: fault_1. An order with this idempotency_key exists")
    assert executed(call, told["nearest_valid_request"]).status_code == 201


def test_a_request_of_another_key_is_not_explained(call):
    request_id = call.get("/orders").headers["X-Request-Id"]
    assert refusal(call.another().get(f"/_mock/requests/{request_id}/explain")) == (404, "not_found")
    assert refusal(call.get("/_mock/requests/unknown/explain")) == (404, "not_found")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (ACCOUNTS, {}),
        (ACCOUNTS, {"email": 7}),
        (ACCOUNTS, {"email": "nobody", "retailer": ["amazon"]}),
        (ACCOUNTS, {"email": "a@example.com", "password": 7}),
        (ACCOUNTS, []),
        (ACCOUNTS, None),
        ("/orders", {}),
        ("/orders", order(max_price=-1)),
        ("/orders", {**order(), "products": []}),
        ("/orders", {**order(), "products": [{"url": "no"}]}),
        ("/orders", order(AMAZON, "https://walmart.com/1")),
        ("/orders", order(retailer_credentials_id="zn_acct_unknown0")),
        ("/orders", order(retailer_credentials_id="zn_acct_unknown0", metadata={"it's": "$HOME `x`"})),
        ("/orders", order(TEST_PRODUCT + "invalid-address")),
        ("/orders", order(TEST_PRODUCT + "insufficient-funds")),
        ("/orders", order(idempotency_key="used")),
        ("/orders", order(idempotency_key="x" * 37)),
    ],
)
def test_the_nearest_valid_request_is_valid(call, path, body):
    call.order(idempotency_key="used")
    refused = call.post(path, body) if body is not None else call.post(path, raw=b"{")
    assert refused.status_code >= 400
    told = call.explained(refused)
    answer = executed(call, told["nearest_valid_request"])
    assert answer.status_code == 201, (told["nearest_valid_request"], answer.text)


def test_the_nearest_valid_request_is_near(call):
    refused = call.post("/orders", {**order(max_price=-1, metadata={"cart": 17}), "colour": "red"})
    words = shlex.split(call.explained(refused)["nearest_valid_request"])
    body = json.loads(words[words.index("-d") + 1])
    assert body["metadata"] == {"cart": 17}
    assert body["products"] == [{"url": AMAZON}]
    assert "colour" not in body


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("PUT", f"{ACCOUNTS}/zn_acct_unknown0", {"email": "b@example.com"}, 200),
        ("PUT", f"{ACCOUNTS}/zn_acct_unknown0", {"email": "nobody"}, 200),
        ("DELETE", f"{ACCOUNTS}/zn_acct_unknown0", None, 204),
        ("GET", "/orders/unknown", None, 200),
    ],
)
def test_the_nearest_valid_request_names_something_that_is_there(call, method, path, body, status):
    call.account()
    call.order()
    told = call.explained(call(method, path, body))
    assert executed(call, told["nearest_valid_request"]).status_code == status


@pytest.mark.parametrize(
    ("method", "path"),
    [("PUT", f"{ACCOUNTS}/zn_acct_unknown0"), ("DELETE", f"{ACCOUNTS}/x"), ("GET", "/orders/unknown")],
)
def test_where_nothing_is_there_the_nearest_valid_request_makes_it(call, method, path):
    told = call.explained(call(method, path, {} if method == "PUT" else None))
    assert executed(call, told["nearest_valid_request"]).status_code == 201


def test_the_nearest_valid_request_of_an_unsupported_media_type_says_the_right_one(call):
    refused = call.post(ACCOUNTS, raw=b"email=a", media_type="application/x-www-form-urlencoded")
    assert executed(call, call.explained(refused)["nearest_valid_request"]).status_code == 201


def test_the_nearest_valid_request_keeps_the_query_and_an_odd_path_in_one_piece(call):
    refused = call.get("/orders?order_id=a b", headers={"Prefer": "code=500"})
    answer = executed(call, call.explained(refused)["nearest_valid_request"])
    assert answer.status_code == 200
    assert call.journal()[-1]["request"]["query"] == {"order_id": "a b"}


def test_under_strict_the_nearest_valid_request_has_no_unknown_field():
    call = Caller(create_app(strict=True))
    refused = call.post(ACCOUNTS, {**CREATE, "colour": "red"})
    assert refused.status_code == 422
    assert executed(call, call.explained(refused)["nearest_valid_request"]).status_code == 201


def test_a_long_body_is_not_kept_even_if_its_length_was_not_said(call):
    body = json.dumps(order(metadata={"long": "x" * 100_000})).encode()
    answer = call.post(
        "/orders", raw=body, environ_overrides={"CONTENT_LENGTH": "", "wsgi.input_terminated": True}
    )
    assert answer.status_code == 201
    entry = call.get("/_mock/requests").get_json()["requests"][-1]
    assert "xxx" not in json.dumps(entry["request"])


def test_an_error_whose_details_a_deviation_has_turned_into_a_list_is_explained(call):
    call.put("/_mock/deviations", ["details-as-a-list"])
    refused = call.post(ACCOUNTS, {"email": "x"})
    assert refused.status_code == 422
    explained = call.get(f"/_mock/requests/{refused.headers['X-Request-Id']}/explain")
    assert explained.get_json()["deviations"] == ["details-as-a-list"]
