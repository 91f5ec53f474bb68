"""What a body may be: its media type, its JSON, its depth, its size, and fields that nobody asked for."""

import json

import pytest
from caller import ACCOUNTS, Caller, order, reasons, refusal

from mock_server import create_app

LIMIT = 1024 * 1024
EMAIL = {"email": "a@example.com"}


def bodies(call: Caller) -> list[tuple[str, str, dict]]:
    """Returns the operations that take a body, each with one that it takes."""
    short_id = call.account()["short_id"]
    return [("POST", ACCOUNTS, EMAIL), ("PUT", f"{ACCOUNTS}/{short_id}", EMAIL), ("POST", "/orders", order())]


@pytest.mark.parametrize(
    "media_type",
    [
        None,
        "",
        "text/plain",
        "text/json",
        "application/jsonx",
        "application/x-www-form-urlencoded",
        "json",
        ";",
    ],
)
def test_another_media_type_is_unsupported_and_so_is_none(call, media_type):
    for method, path, body in bodies(call):
        answer = call(method, path, body, media_type=media_type)
        assert refusal(answer) == (415, "bad_request")


@pytest.mark.parametrize(
    "media_type",
    ["application/json", "Application/JSON", "application/json; charset=utf-8", "application/json;"],
)
def test_json_is_taken_however_its_name_is_written(call, media_type):
    for method, path, body in bodies(call):
        assert call(method, path, body, media_type=media_type).status_code < 300


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b" ",
        b"{",
        b"{'email': 'a@example.com'}",
        b'{"email":}',
        b"nothing",
        b"\xff",
        b'{"email": "a"} x',
        b"\xef\xbb\xbf{}",
    ],
)
def test_what_is_no_json_is_a_bad_request_and_so_is_nothing(call, raw):
    for method, path, _ in bodies(call):
        assert refusal(call(method, path, raw=raw)) == (400, "bad_request")


@pytest.mark.parametrize("raw", [b"[]", b"null", b"7", b'"email"', b"true", b'[{"email": "a@example.com"}]'])
def test_json_that_is_no_object_does_not_fit(call, raw):
    for method, path, _ in bodies(call):
        assert "must be an object" in reasons(call(method, path, raw=raw))["body"]


@pytest.mark.parametrize(("levels", "status"), [(98, 201), (99, 400), (1_000, 400), (100_000, 400)])
def test_a_body_may_be_nested_a_hundred_levels_deep(call, levels, status):
    raw = json.dumps({**order(), "metadata": "HERE"}).replace(
        '"HERE"', '{"a":' * levels + "{}" + "}" * levels
    )
    answer = call.post("/orders", raw=raw.encode())
    assert answer.status_code == status
    if status == 400:
        assert refusal(answer) == (400, "bad_request")
    else:
        assert call.get("/orders").status_code == 200


def test_a_body_may_have_many_brackets_that_are_not_deep(call):
    assert (
        call.post("/orders", order(metadata={"flat": [[]] * 1_000, "text": "[" * 1_000})).status_code == 201
    )


@pytest.mark.parametrize(("size", "status"), [(LIMIT, 201), (LIMIT + 1, 413), (2 * LIMIT, 413)])
def test_a_body_may_have_one_mebibyte(call, size, status):
    for path, body in ((ACCOUNTS, EMAIL), ("/orders", order())):
        answer = call.post(path, raw=json.dumps(body).encode().ljust(size))
        assert answer.status_code == status
        if status == 413:
            assert refusal(answer) == (413, "bad_request")


def test_a_body_past_the_limit_is_refused_without_being_announced(call):
    raw = json.dumps(EMAIL).encode().ljust(LIMIT + 1)
    answer = call.post(
        ACCOUNTS, raw=raw, headers={"Content-Length": ""}, environ_overrides={"wsgi.input_terminated": True}
    )
    assert refusal(answer) == (413, "bad_request")


def test_a_body_where_none_is_expected_is_not_read(call):
    for path in (ACCOUNTS, "/orders", "/orders/test-products"):
        assert call.get(path, raw=b"{", media_type="text/plain").status_code == 200
    account = call.account()
    assert call.delete(f"{ACCOUNTS}/{account['short_id']}", raw=b"{").status_code == 204


def test_unknown_fields_are_ignored_and_do_nothing(call):
    unknown = {"id": "x", "short_id": "x", "created_at": "x", "total": 7, "colour": {"deep": [1]}}
    for method, path, body in bodies(call):
        answer = call(method, path, {**body, **unknown})
        assert answer.status_code < 300
        assert "colour" not in answer.text
        assert answer.get_json()["id"] != "x"


def test_under_strict_unknown_fields_are_refused_wherever_they_stand():
    call = Caller(create_app(strict=True))
    for method, path, body in bodies(call):
        assert call(method, path, body).status_code < 300
        assert reasons(call(method, path, {**body, "colour": "red"})).keys() == {"colour"}
    deep = order()
    deep["products"][0]["size"] = 5
    assert reasons(call.post("/orders", deep)).keys() == {"products.0.size"}
    free = order(metadata={"anything": {"goes": 1}}, shipping_address={"planet": "Earth"})
    assert call.post("/orders", free).status_code == 201


def test_of_a_field_that_stands_twice_the_last_one_counts(call):
    answer = call.post(ACCOUNTS, raw=b'{"email": "a@example.com", "email": "b@example.com"}')
    assert answer.get_json()["email"] == "b@example.com"
