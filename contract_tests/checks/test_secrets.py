"""No password comes back. What is searched, and how, is said in `rules.secrets`; here is what is sent."""

import json
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from contract_tests.accounts import RETAILER, Accounts
from contract_tests.errors import NotEstablished
from contract_tests.exchange import Exchange, Intent, Key, Operation
from contract_tests.run import Run

requirement = pytest.mark.requirement

LONG = 300  # characters of a long password


@requirement("MA-SECRETS-CREATE", "MA-SECRETS-LIST", "MA-SECRETS-UPDATE", "MA-SECRETS-DELETE")
@requirement("MA-SECRETS-HEADERS", "MA-SECRETS-DERIVED", "MA-SECRETS-NO-FIELD", "MA-SECRETS-API-KEY")
@pytest.mark.parametrize("kind", ["ordinary", "awkward", "long"])
def test_no_answer_about_an_account_holds_its_password(accounts: Accounts, kind: str) -> None:
    """Create, list, update with another password, list, delete, list."""
    canaries = accounts.mint.canaries
    makers: dict[str, Callable[[], str]] = {
        "ordinary": canaries.password,
        "awkward": canaries.awkward_password,
        "long": partial(canaries.long_password, LONG),
    }
    make = makers[kind]
    fields = {"email": accounts.mint.email(), "password": make(), "retailer": RETAILER}
    account = accounts.established(accounts.send(Operation.CREATE, fields=fields))
    accounts.list()
    accounts.send(Operation.UPDATE, target=account, fields={"password": make()})
    accounts.send(Operation.UPDATE, target=account, fields={"email": accounts.mint.email()})
    accounts.list()
    accounts.gone(account)
    accounts.list()


@requirement("MA-SECRETS-VALIDATION-ERRORS", "MA-SECRETS-HEADERS", "MA-SECRETS-DERIVED")
@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"email": None}, id="email null"),
        pytest.param({}, id="email missing"),
        pytest.param({"email": 42}, id="email a number"),
        pytest.param({"email": "no-address"}, id="email no address"),
        pytest.param({"email": "marked", "retailer": 42}, id="retailer a number"),
        pytest.param({"email": "marked", "password": "in an array"}, id="password in an array"),
        pytest.param({"email": "marked", "password": "in an object"}, id="password in an object"),
    ],
)
def test_no_validation_error_holds_the_password(accounts: Accounts, wrong: dict[str, Any]) -> None:
    """A create that is refused for another field, or for the password's own type; and updates likewise."""
    password: Any = accounts.mint.password()
    fields = {"password": password, "retailer": RETAILER} | wrong
    shapes = {"in an array": [password], "in an object": {"value": password}}
    fields["password"] = shapes.get(str(wrong.get("password")), password)
    if "email" in wrong and isinstance(wrong["email"], str):
        marker = accounts.mint.marker()
        fields["email"] = marker.email if wrong["email"] == "marked" else str(marker)
    refused = accounts.send(Operation.CREATE, fields=fields)
    account = accounts.make()
    also = accounts.send(Operation.UPDATE, target=account, fields=fields)
    if not (refused.response.refused or also.response.refused):
        raise NotEstablished("neither the create nor the update was refused")


@requirement("MA-SECRETS-OTHER-ERRORS", "MA-SECRETS-HEADERS", "MA-SECRETS-DERIVED")
def test_no_other_error_holds_the_password(run: Run, accounts: Accounts) -> None:
    """Unauthorized, unknown account, malformed JSON, other media types, wrong method, unknown path."""
    password = accounts.mint.password()
    fields = {"email": accounts.mint.email(), "password": password, "retailer": RETAILER}
    account = accounts.make()
    bad = json.dumps(fields)[:-1].encode()
    plain = accounts.headers(Content_Type="text/plain")
    answers = [
        accounts.send(Operation.CREATE, fields=fields, key=Key.NONE),
        accounts.send(Operation.UPDATE, target=account, fields={"password": password}, key=Key.NONE),
        accounts.send(Operation.UPDATE, target=accounts.mint.unknown_id(), fields={"password": password}),
        accounts.send(Operation.CREATE, body=bad),
        accounts.send(Operation.UPDATE, target=account, body=bad),
        accounts.send(Operation.CREATE, body=json.dumps([fields]).encode()),
        accounts.send(Operation.CREATE, body=json.dumps(fields).encode(), headers=plain),
        _read_with_body(run, f"{run.specification.accounts_path}/{account.short_id}", fields),
        _read_with_body(run, f"{run.specification.accounts_path}-unknown", fields),
    ]
    accounts.gone(account)
    answers.append(accounts.send(Operation.UPDATE, target=account, fields={"password": password}))
    if not any(answer.response.refused for answer in answers):
        raise NotEstablished("nothing was refused")


def _read_with_body(run: Run, path: str, fields: dict[str, str]) -> Exchange:
    return run.client.send("GET", path, intent=Intent(), body=json.dumps(fields).encode())


@requirement("MA-SECRETS-TOTP")
def test_a_totp_secret_does_not_come_back(accounts: Accounts) -> None:
    """A field of the page's later revision; a server of this one may pass it over or refuse it."""
    fields = {"email": accounts.mint.email(), "totp_secret": accounts.mint.canaries.totp_secret()}
    created = accounts.send(Operation.CREATE, fields=fields | {"retailer": RETAILER})
    accounts.list()
    if created.response.succeeded:
        account = accounts.established(created)
        fields = {"totp_secret": accounts.mint.canaries.totp_secret()}
        accounts.send(Operation.UPDATE, target=account, fields=fields)
        accounts.list()


@requirement("MA-SECRETS-API-KEY")
@pytest.mark.reads_only
def test_no_answer_holds_the_api_key(run: Run, accounts: Accounts) -> None:
    """A list, and refusals of requests that carry it."""
    accounts.list()
    run.client.send("GET", f"{run.specification.accounts_path}-unknown", intent=Intent())
    headers = {"Authorization": f"Basic {run.keys[Key.FIRST]}"}
    accounts.send(Operation.LIST, headers=headers, key=Key.NONE)
