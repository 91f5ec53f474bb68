"""Who is let in, what is checked first, and how each refusal looks."""

import itertools

import pytest
from caller import ACCOUNTS, Caller, order, refusal

OPERATIONS = [
    ("GET", ACCOUNTS),
    ("POST", ACCOUNTS),
    ("PUT", f"{ACCOUNTS}/zn_acct_a1b2c3d4"),
    ("DELETE", f"{ACCOUNTS}/zn_acct_a1b2c3d4"),
    ("POST", "/orders"),
    ("GET", "/orders"),
    ("GET", "/orders/7c9e6679-7425-40de-944b-e07fc1f90ae7"),
    ("GET", "/orders/test-products"),
]
NO_BEARER_TOKEN = [
    None,
    "",
    "Bearer",
    "Bearer ",
    "Bearer   ",
    "Basic dXNlcjpwYXNz",
    "zn_test_key",
    "Bearer: zn_test_key",
    "Bearer\tzn_test_key",
    "Bearer one two",
    "Bearer one, Bearer two",
    "Token zn_test_key",
]


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
@pytest.mark.parametrize("header", [None, "Bearer"])
def test_every_operation_asks_for_a_bearer_token(call, method, path, header):
    answer = call(method, path, {}, headers={"Authorization": header})
    assert refusal(answer) == (401, "unauthorized")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("header", NO_BEARER_TOKEN)
def test_a_missing_or_malformed_token_is_unauthorized(call, header):
    answer = call.get(ACCOUNTS, headers={"Authorization": header})
    assert refusal(answer) == (401, "unauthorized")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER", "bEaReR"])
def test_the_scheme_is_read_without_regard_to_case(call, scheme):
    call.account()
    answer = call.get(ACCOUNTS, headers={"Authorization": f"{scheme} {call.key}"})
    assert answer.get_json()["total"] == 1


def test_keys_are_told_apart_by_case(call):
    call.account()
    answer = call.get(ACCOUNTS, headers={"Authorization": f"Bearer {call.key.upper()}"})
    assert answer.get_json()["total"] == 0


def test_any_key_is_let_in_unless_keys_are_restricted(call):
    for key in ("zn_live_x", "zn_test_x", "x", "\xe9", "a" * 4000):
        assert call.get(ACCOUNTS, headers={"Authorization": f"Bearer {key}"}).status_code == 200


def test_where_keys_are_restricted_another_is_an_invalid_token():
    call = Caller(key="one", api_keys=("one", "two"))
    for key in ("one", "two"):
        assert call.get(ACCOUNTS, headers={"Authorization": f"Bearer {key}"}).status_code == 200
    answer = call.get(ACCOUNTS, headers={"Authorization": "Bearer three"})
    assert refusal(answer) == (401, "invalid_token")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert "three" not in answer.text
    assert refusal(call.get(ACCOUNTS, headers={"Authorization": None})) == (401, "unauthorized")
    assert refusal(call.get("/_mock/clock", headers={"Authorization": "Bearer three"})) == (
        401,
        "invalid_token",
    )


def test_the_control_plane_asks_for_a_key_too_but_for_its_health(call):
    control = [
        ("POST", "/_mock/reset"),
        ("GET", "/_mock/snapshot"),
        ("PUT", "/_mock/snapshot"),
        ("GET", "/_mock/clock"),
        ("PUT", "/_mock/clock"),
        ("POST", "/_mock/clock/advance"),
        ("POST", "/_mock/settle"),
        ("GET", "/_mock/queues"),
        ("PUT", "/_mock/accounts/x/health"),
        ("GET", "/_mock/faults"),
        ("POST", "/_mock/faults"),
        ("DELETE", "/_mock/faults"),
        ("GET", "/_mock/requests"),
        ("DELETE", "/_mock/requests"),
        ("GET", "/_mock/requests/x/explain"),
        ("GET", "/_mock/deviations"),
        ("PUT", "/_mock/deviations"),
        ("GET", "/_mock/nowhere"),
    ]
    for method, path in control:
        assert refusal(call(method, path, headers={"Authorization": None})) == (401, "unauthorized"), path
    health = call.get("/_mock/health", headers={"Authorization": None})
    assert health.status_code == 200
    assert health.get_json().keys() == {"status", "version", "spec_version", "uptime_seconds"}
    assert health.get_json()["status"] == "ok"


@pytest.mark.parametrize("path", ["/openapi.json", "/openapi.yaml", "/docs", "/"])
def test_the_pages_need_no_key(call, path):
    assert call.get(path, headers={"Authorization": None}).status_code == 200


# The order of checks: each request is wrong in all the ways from one check on, and the first of them answers.

UNKNOWN = f"{ACCOUNTS}/zn_acct_unknown0"


@pytest.mark.parametrize(
    ("request_line", "headers", "raw", "expected"),
    [
        (
            ("PUT", UNKNOWN),
            {"Authorization": None, "Content-Type": "text/plain"},
            b"{",
            (401, "unauthorized"),
        ),
        (("GET", "/nowhere"), {"Authorization": None}, None, (401, "unauthorized")),
        (("PATCH", UNKNOWN), {"Authorization": None}, None, (401, "unauthorized")),
        (("PUT", "/nowhere"), {"Content-Type": "text/plain"}, b"{", (404, "not_found")),
        (("PATCH", UNKNOWN), {"Content-Type": "text/plain"}, b"{", (405, "method_not_allowed")),
        (("PUT", UNKNOWN), {"Content-Type": "text/plain"}, b"{", (415, "bad_request")),
        (("PUT", UNKNOWN), {"Content-Type": "application/json"}, b"{", (400, "bad_request")),
        (("PUT", UNKNOWN), {"Content-Type": "application/json"}, b'{"email": 7}', (422, "validation_error")),
        (("PUT", UNKNOWN), {"Content-Type": "application/json"}, b"{}", (404, "not_found")),
    ],
)
def test_what_is_wrong_first_is_answered(call, request_line, headers, raw, expected):
    assert refusal(call(*request_line, raw=raw, media_type=None, headers=headers)) == expected


def test_an_order_is_checked_against_its_schema_before_any_resource(call):
    unknown = {"retailer_credentials_id": "zn_acct_unknown0"}
    assert refusal(call.post("/orders", {**order(), **unknown, "max_price": "x"}))[0] == 422
    two_retailers = order("https://amazon.com/1", "https://walmart.com/1", **unknown)
    assert refusal(call.post("/orders", two_retailers))[0] == 422
    assert refusal(call.post("/orders", order(**unknown))) == (404, "not_found")


# Methods

ALLOWED = {
    ACCOUNTS: {"GET", "POST"},
    f"{ACCOUNTS}/x": {"PUT", "DELETE"},
    "/orders": {"GET", "POST"},
    "/orders/x": {"GET"},
    "/orders/test-products": {"GET"},
    "/_mock/clock": {"GET", "PUT"},
    "/_mock/reset": {"POST"},
    "/_mock/faults": {"GET", "POST", "DELETE"},
}


@pytest.mark.parametrize(
    ("path", "method"),
    [
        (path, method)
        for (path, allowed), method in itertools.product(
            ALLOWED.items(), ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "FROB"]
        )
        if method not in allowed
    ],
)
def test_another_method_is_refused_and_the_right_ones_are_named(call, path, method):
    answer = call(method, path)
    assert refusal(answer) == (405, "method_not_allowed")
    assert {name.strip() for name in answer.headers["Allow"].split(",")} == ALLOWED[path]


@pytest.mark.parametrize("path", [ACCOUNTS, "/orders", "/orders/test-products"])
def test_head_is_answered_like_get_without_the_body(call, path):
    head, get = call("HEAD", path), call.get(path)
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["Content-Type"] == get.headers["Content-Type"]
    assert head.headers["Content-Length"] == get.headers["Content-Length"]
