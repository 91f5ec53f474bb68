"""Calls to the API with nothing but Python's own library, as any client would make them."""

import json
import urllib.error
import urllib.request
from typing import Any

from mock_server.testing import Sandbox

ADDRESS = {"first_name": "Ada", "country": "US"}


def call(sandbox: Sandbox, method: str, path: str, body: Any = None) -> tuple[int, Any, str]:
    """Return the status, the JSON body and the request's id of one call."""
    headers = {**sandbox.headers, "Content-Type": "application/json"}
    content = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(sandbox.base_url + path, content, headers, method=method)
    try:
        answer = urllib.request.urlopen(request)
    except urllib.error.HTTPError as refusal:
        answer = refusal
    with answer:
        given = answer.read()
        return answer.status, json.loads(given) if given else None, answer.headers["X-Request-Id"]


def create_account(sandbox: Sandbox, **fields: Any) -> str:
    status, account, _ = call(
        sandbox, "POST", "/users/managed-accounts", {"email": "ada@example.com", **fields}
    )
    assert status == 201
    return str(account["short_id"])


def submit_order(sandbox: Sandbox, **fields: Any) -> dict[str, Any]:
    body = {
        "products": [{"url": "https://www.amazon.com/dp/1"}],
        "shipping_address": ADDRESS,
        "max_price": 500,
    }
    status, order, _ = call(sandbox, "POST", "/orders", body | fields)
    assert status == 201
    return dict(order)


def status_of(sandbox: Sandbox, order: dict[str, Any]) -> str:
    return str(call(sandbox, "GET", f"/orders/{order['id']}")[1]["status"])
