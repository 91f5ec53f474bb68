"""What lies in fixtures/ is what the specification allows."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

ROOT = Path(__file__).parent.parent
DOCUMENT: dict[str, Any] = yaml.safe_load((ROOT / "openapi.yaml").read_text("utf-8"))
SCHEMAS = DOCUMENT["components"]["schemas"]
METHODS = {"get", "put", "post", "delete"}
OPERATIONS = {
    operation["operationId"]: (method, path, operation)
    for path, item in DOCUMENT["paths"].items()
    for method, operation in item.items()
    if method in METHODS
}
EXAMPLES = sorted((ROOT / "fixtures" / "examples").glob("*.json"))
STATES = {path.stem: path for path in (ROOT / "fixtures" / "states").glob("*.json")}


def load(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text("utf-8"))


def errors(value: Any, schema: dict[str, Any]) -> list[str]:
    rooted = {**schema, "components": DOCUMENT["components"]}
    checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
    return [
        e.message for e in jsonschema.Draft202012Validator(rooted, format_checker=checker).iter_errors(value)
    ]


def account_errors(account: dict[str, Any]) -> list[str]:
    """Judges an account of a state: a valid create request, and, of the rest, valid fields of an account."""
    fields = SCHEMAS["ManagedAccount"]["properties"]
    given = [
        error for name in account.keys() & fields.keys() for error in errors(account[name], fields[name])
    ]
    unknown = account.keys() - fields.keys() - SCHEMAS["ManagedAccountCreate"]["properties"].keys()
    return errors(account, SCHEMAS["ManagedAccountCreate"]) + given + sorted(unknown)


def media_type(holder: dict[str, Any]) -> dict[str, Any]:
    return holder["content"]["application/json"]


def test_every_operation_has_an_example():
    assert {path.stem for path in EXAMPLES} == OPERATIONS.keys()


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_asks_what_its_operation_takes(path):
    example = load(path)
    method, template, operation = OPERATIONS[example["operation"]]
    assert example["operation"] == path.stem
    assert example["request"]["method"] == method.upper()
    assert re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), example["request"]["path"])
    assert ("body" in example["request"]) == ("requestBody" in operation)
    if "requestBody" in operation:
        taken = media_type(operation["requestBody"])
        assert errors(example["request"]["body"], taken["schema"]) == []
        assert example["request"]["body"] in [shown["value"] for shown in taken["examples"].values()]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_answers_what_its_operation_may_answer(path):
    example = load(path)
    response = OPERATIONS[example["operation"]][2]["responses"][str(example["response"]["status"])]
    assert ("body" in example["response"]) == ("content" in response)
    if "content" in response:
        given = media_type(response)
        assert errors(example["response"]["body"], given["schema"]) == []
        # json.dumps keeps the order of the fields, which the fixtures promise too.
        shown = [json.dumps(one["value"]) for one in given["examples"].values()]
        assert json.dumps(example["response"]["body"]) in shown


def test_the_states_are_the_three_promised_ones():
    accounts = {name: load(path)["accounts"] for name, path in STATES.items()}
    assert {name: len(held) for name, held in accounts.items()} == {
        "empty": 0,
        "one-amazon-one-default": 2,
        "twenty-five-accounts": 25,
    }
    assert [account["retailer"] for account in accounts["one-amazon-one-default"]] == ["amazon", None]
    assert len({account["email"] for account in accounts["twenty-five-accounts"]}) == 25


@pytest.mark.parametrize("path", STATES.values(), ids=STATES.keys())
def test_a_state_is_a_snapshot_of_valid_accounts(path):
    state = load(path)
    assert state.keys() == {"accounts", "orders"}
    assert [account_errors(account) for account in state["accounts"]] == [[]] * len(state["accounts"])
    assert [errors(order, SCHEMAS["Order"]) for order in state["orders"]] == [[]] * len(state["orders"])


@pytest.mark.parametrize(
    "account",
    [
        {"retailer": "amazon"},
        {"email": "nobody"},
        {"email": "a@example.com", "password": 7},
        {"email": "a@example.com", "short_id": "acct-1"},
        {"email": "a@example.com", "retailr": "amazon"},
    ],
)
def test_a_state_with_a_wrong_account_would_be_found(account):
    assert account_errors(account) != []


def test_the_first_state_holds_the_account_of_the_page():
    page = load(ROOT / "fixtures" / "examples" / "createManagedAccount.json")
    account = load(STATES["one-amazon-one-default"])["accounts"][0]
    assert account.pop("password") == page["request"]["body"]["password"]
    assert account == page["response"]["body"]
