"""The specification is valid, complete and true to itself: examples, links, references, secrets."""

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from openapi_spec_validator import OpenAPIV31SpecValidator

DOCUMENT: dict[str, Any] = yaml.safe_load((Path(__file__).parent.parent / "openapi.yaml").read_text("utf-8"))
SCHEMAS = DOCUMENT["components"]["schemas"]

# operationId -> method, path, success status. The test repeats them on purpose: they are fixed for our users.
SURFACE = {
    "listManagedAccounts": ("get", "/users/managed-accounts", "200"),
    "createManagedAccount": ("post", "/users/managed-accounts", "201"),
    "updateManagedAccount": ("put", "/users/managed-accounts/{short_id}", "200"),
    "deleteManagedAccount": ("delete", "/users/managed-accounts/{short_id}", "204"),
    "createOrder": ("post", "/orders", "201"),
    "listOrders": ("get", "/orders", "200"),
    "getOrder": ("get", "/orders/{order_id}", "200"),
    "listTestProducts": ("get", "/orders/test-products", "200"),
}
METHODS = {"get", "put", "post", "delete", "options", "head", "patch", "trace"}
BODY_ERRORS = {"400", "413", "415", "422"}
ACCOUNT_FIELDS = ["id", "short_id", "email", "retailer", "created_at", "updated_at"]


def resolve(node: dict[str, Any], document: dict[str, Any] = DOCUMENT) -> dict[str, Any]:
    """Follows a reference inside the document."""
    while "$ref" in node:
        place = node["$ref"]
        node = document
        for step in place.removeprefix("#/").split("/"):
            node = node[step.replace("~1", "/")]
    return node


def operations(document: dict[str, Any] = DOCUMENT) -> dict[str, dict[str, Any]]:
    """Maps operationId to the operation, with its method, its path and the path's parameters added."""
    found = {}
    for path, item in document["paths"].items():
        for method in item.keys() & METHODS:
            operation = dict(item[method], method=method, path=path)
            shared, own = item.get("parameters", []), item[method].get("parameters", [])
            operation["parameters"] = [resolve(parameter, document) for parameter in shared + own]
            found[operation["operationId"]] = operation
    return found


def media_types(document: dict[str, Any] = DOCUMENT) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yields each media type object of a request or an answer, with a name for messages."""
    for name, operation in operations(document).items():
        if "requestBody" in operation:
            yield f"{name} request", operation["requestBody"]["content"]["application/json"]
        for status, response in operation["responses"].items():
            for media_type in resolve(response, document).get("content", {}).values():
                yield f"{name} {status}", media_type


def errors(value: Any, schema: dict[str, Any], document: dict[str, Any] = DOCUMENT) -> list[str]:
    """Validates a value as the mock does: Draft 2020-12, formats checked."""
    rooted = {**schema, "components": document["components"]}
    checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
    found = jsonschema.Draft202012Validator(rooted, format_checker=checker).iter_errors(value)
    return [f"{error.json_path}: {error.message}" for error in found]


def example_errors(document: dict[str, Any] = DOCUMENT) -> list[str]:
    """Names every example that its own schema refuses."""
    found = []
    for place, media_type in media_types(document):
        for name, example in media_type.get("examples", {}).items():
            wrong = errors(example["value"], media_type["schema"], document)
            found += [f"{place} {name} {message}" for message in wrong]
    return found


def properties(node: Any, place: str = "#") -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yields the place, the name and the schema of each property, references not followed."""
    if isinstance(node, dict):
        for name, schema in node.get("properties", {}).items():
            yield f"{place}/{name}", name, schema
            yield from properties(schema, f"{place}/{name}")
        if "items" in node:
            yield from properties(node["items"], f"{place}/items")


def reachable(node: Any, seen: set[str] | None = None) -> Iterator[str]:
    """Yields the names of all properties that a schema can show, references followed."""
    seen = set() if seen is None else seen
    if isinstance(node, dict):
        target = node.get("$ref")
        if target is not None and target not in seen:
            seen.add(target)
            yield from reachable(resolve(node), seen)
        yield from node.get("properties", {})
        for child in node.values():
            yield from reachable(child, seen)
    elif isinstance(node, list):
        for child in node:
            yield from reachable(child, seen)


def references(node: Any) -> Iterator[str]:
    """Yields every reference in the document."""
    if isinstance(node, dict):
        if "$ref" in node:
            yield node["$ref"]
        for child in node.values():
            yield from references(child)
    elif isinstance(node, list):
        for child in node:
            yield from references(child)


def test_it_is_a_valid_openapi_document():
    assert DOCUMENT["openapi"] == "3.1.0"
    assert [error.message for error in OpenAPIV31SpecValidator(DOCUMENT).iter_errors()] == []


def test_an_invalid_document_would_be_found():
    document = copy.deepcopy(DOCUMENT)
    document["paths"]["/orders"]["get"]["operationId"] = "getOrder"
    assert list(OpenAPIV31SpecValidator(document).iter_errors())


def test_it_has_exactly_the_eight_operations_each_with_one_success_status():
    found = {
        name: (operation["method"], operation["path"], *(s for s in operation["responses"] if s < "300"))
        for name, operation in operations().items()
    }
    assert found == SURFACE


@pytest.mark.parametrize("name", SURFACE)
def test_an_operation_is_described_tagged_and_secured(name):
    operation = operations()[name]
    assert operation["summary"]
    assert operation["description"]
    assert set(operation["tags"]) <= {tag["name"] for tag in DOCUMENT["tags"]}
    assert operation["security"] == [{"bearerAuth": []}]


@pytest.mark.parametrize("name", SURFACE)
def test_an_operation_lists_every_status_that_it_can_answer(name):
    operation = operations()[name]
    statuses = set(operation["responses"])
    assert {"401", "500", SURFACE[name][2]} <= statuses
    assert (statuses >= BODY_ERRORS) if "requestBody" in operation else statuses.isdisjoint(BODY_ERRORS)
    assert ("404" in statuses) == ("{" in operation["path"] or name == "createOrder")
    assert (statuses >= {"402", "409"}) == (name == "createOrder")


def test_every_answer_but_204_is_json_and_has_examples():
    for operation in operations().values():
        for status, response in operation["responses"].items():
            content = resolve(response).get("content", {})
            assert list(content) == ([] if status == "204" else ["application/json"])
    for place, media_type in media_types():
        assert media_type["examples"], place


def test_every_401_declares_the_header_that_names_the_scheme():
    for operation in operations().values():
        headers = resolve(operation["responses"]["401"])["headers"]
        assert resolve(headers["WWW-Authenticate"])["required"] is True


def test_every_reference_leads_to_a_component():
    for reference in references(DOCUMENT):
        assert reference.startswith("#/components/")
        assert resolve({"$ref": reference})


def test_every_component_schema_is_a_valid_schema():
    for schema in SCHEMAS.values():
        jsonschema.Draft202012Validator.check_schema(schema)


def test_every_example_fits_its_schema():
    assert example_errors() == []
    for operation in operations().values():
        for parameter in operation["parameters"]:
            assert errors(parameter["example"], parameter["schema"]) == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", "550e8400"),
        ("email", "nobody"),
        ("created_at", "yesterday"),
        ("retailer", 7),
        ("short_id", "a1b2"),
    ],
)
def test_an_example_that_does_not_fit_would_be_found(field, value):
    document = copy.deepcopy(DOCUMENT)
    created = document["paths"]["/users/managed-accounts"]["post"]["responses"]["201"]
    created["content"]["application/json"]["examples"]["amazon"]["value"][field] = value
    assert len(example_errors(document)) == 1


def test_an_account_has_the_six_fields_of_the_page_in_its_order():
    account = SCHEMAS["ManagedAccount"]
    assert list(account["properties"]) == ACCOUNT_FIELDS
    assert account["required"] == ACCOUNT_FIELDS
    for _, media_type in media_types():
        for example in media_type["examples"].values():
            for shown in example["value"].get("credentials", [example["value"]]):
                assert "short_id" not in shown or list(shown) == ACCOUNT_FIELDS


def test_error_examples_carry_the_codes_of_their_status():
    codes: dict[str, set[str]] = {}
    for operation in operations().values():
        for status in (status for status in operation["responses"] if status >= "400"):
            examples = resolve(operation["responses"][status])["content"]["application/json"]["examples"]
            codes.setdefault(status, set()).update(example["value"]["code"] for example in examples.values())
            assert all(name == example["value"]["code"] for name, example in examples.items())
    assert codes == {
        "400": {"bad_request", "invalid_shipping_address", "url_unreachable"},
        "401": {"unauthorized", "invalid_token"},
        "402": {"insufficient_funds"},
        "404": {"not_found"},
        "409": {"already_exists"},
        "413": {"bad_request"},
        "415": {"bad_request"},
        "422": {"validation_error"},
        "500": {"internal_error"},
    }


def test_passwords_are_write_only_and_appear_in_no_answer():
    found = {
        place: schema for place, name, schema in properties({"properties": SCHEMAS}) if name == "password"
    }
    assert list(found) == ["#/ManagedAccountCreate/password", "#/ManagedAccountUpdate/password"]
    for schema in found.values():
        assert schema["writeOnly"] is True
        assert schema["format"] == "password"
    for place, media_type in media_types():
        shows = set(reachable(media_type["schema"]))
        assert ("password" in shows) == (place.endswith("request") and "Account" in place)


def test_links_lead_from_what_was_created_to_its_operations():
    found = set()
    for name, operation in operations().items():
        response = operation["responses"][SURFACE[name][2]]
        for link in map(resolve, response.get("links", {}).values()):
            target = operations()[link["operationId"]]
            assert link["parameters"].keys() == {p["name"] for p in target["parameters"] if p["in"] == "path"}
            for expression in link["parameters"].values():
                body = resolve(response["content"]["application/json"]["schema"])
                assert expression.removeprefix("$response.body#/") in body["required"]
            found.add((name, link["operationId"]))
    assert found == {
        ("createManagedAccount", "updateManagedAccount"),
        ("createManagedAccount", "deleteManagedAccount"),
        ("createOrder", "getOrder"),
    }
