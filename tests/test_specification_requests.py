"""Requests are judged by the specification as the vendor's pages say."""

from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

DOCUMENT: dict[str, Any] = yaml.safe_load((Path(__file__).parent.parent / "openapi.yaml").read_text("utf-8"))


def fits_schema(body: Any, name: str) -> bool:
    """Validates a body as the mock does: Draft 2020-12, formats checked."""
    schema = {"$ref": f"#/components/schemas/{name}", "components": DOCUMENT["components"]}
    checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
    return jsonschema.Draft202012Validator(schema, format_checker=checker).is_valid(body)


@pytest.mark.parametrize(
    ("schema", "body", "fits"),
    [
        ("ManagedAccountCreate", {"email": "a@example.com"}, True),
        ("ManagedAccountCreate", {"email": "a@example.com", "password": None, "retailer": None}, True),
        ("ManagedAccountCreate", {"password": "x"}, False),
        ("ManagedAccountCreate", {"email": None}, False),
        ("ManagedAccountCreate", {"email": ""}, False),
        ("ManagedAccountCreate", {"email": "a@example.com", "password": 7}, False),
        ("ManagedAccountCreate", ["a@example.com"], False),
        ("ManagedAccountUpdate", {}, True),
        ("ManagedAccountUpdate", {"email": None, "password": None, "retailer": None}, True),
        ("ManagedAccountUpdate", {"retailer": ["amazon"]}, False),
    ],
)
def test_account_requests_are_judged_as_the_page_says(schema, body, fits):
    assert fits_schema(body, schema) is fits


@pytest.mark.parametrize(
    ("change", "fits"),
    [
        ({}, True),
        ({"products": []}, False),
        ({"products": [{"url": "https://www.amazon.com/dp/1", "quantity": 100}]}, True),
        ({"products": [{"url": "https://www.amazon.com/dp/1", "quantity": 0}]}, False),
        ({"products": [{"url": "https://www.amazon.com/dp/1", "quantity": 101}]}, False),
        ({"products": [{"url": "amazon"}]}, False),
        ({"products": [{"url": "https://a.example/", "variant": [{"label": "", "value": "x"}]}]}, False),
        ({"products": [{"url": "https://a.example/", "variant": [{"label": "Size"}]}]}, False),
        ({"max_price": 12.5}, False),
        ({"shipping_address": "here"}, False),
        ({"idempotency_key": "k" * 36}, True),
        ({"idempotency_key": "k" * 37}, False),
        ({"metadata": []}, False),
        ({"retailer_credentials_id": None, "po_number": None}, True),
    ],
)
def test_order_requests_are_judged_as_the_orders_page_says(change, fits):
    order = {"products": [{"url": "https://www.amazon.com/dp/1"}], "shipping_address": {}, "max_price": 1}
    assert fits_schema({**order, **change}, "OrderCreate") is fits
