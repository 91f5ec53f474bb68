"""Every statement of the specification says how sure it is and where it comes from."""

import copy
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

Node = dict[str, Any]
DOCUMENT: Node = yaml.safe_load((Path(__file__).parent.parent / "openapi.yaml").read_text("utf-8"))

MEMBERS = {"level", "source", "keywords", "disagreement", "choice", "note"}
FIRMNESS = ["inferred", "related", "documented"]
PAGE_SECTIONS = [
    "Introduction",
    "Overview",
    "Order Locking",
    "Endpoints",
    "Create Credentials",
    "Create Credentials, Request Fields",
    "List Credentials",
    "Update Credentials",
    "Update Credentials, Request Fields",
    "Delete Credentials",
    "Response Fields",
    "Best Practices",
]
RELATED_PAGES = [
    "API reference",
    "Agent guide",
    "Authentication",
    "Error handling",
    "Managed accounts (later revision)",
    "Orders",
    "Test products",
]
SOURCES = {
    "documented": "Managed accounts, (" + "|".join(map(re.escape, PAGE_SECTIONS)) + ")",
    "related": "(" + "|".join(map(re.escape, RELATED_PAGES)) + ")(, section .+)?",
    "inferred": r"Kit|{0}(; {0})?".format(r"(HTTP semantics \(RFC 9110\)|RFC 6750)(, section [0-9.]+)?"),
}

# What each kind of object holds: member -> (kind of what is there, whether it is one, a list or a map).
# What a parameter or a header says about its value is one statement with it, so its own schema is not listed.
OPERATION = ("operation", "one")
GRAMMAR: dict[str, dict[str, tuple[str, str]]] = {
    "document": {
        "info": ("info", "one"),
        "servers": ("server", "list"),
        "tags": ("tag", "list"),
        "paths": ("path", "map"),
        "components": ("components", "one"),
    },
    "components": {
        "schemas": ("schema", "map"),
        "responses": ("response", "map"),
        "parameters": ("parameter", "map"),
        "examples": ("example", "map"),
        "requestBodies": ("request body", "map"),
        "headers": ("header", "map"),
        "securitySchemes": ("security scheme", "map"),
        "links": ("link", "map"),
    },
    "path": {
        "parameters": ("parameter", "list"),
        **dict.fromkeys(["get", "put", "post", "delete", "options", "head", "patch", "trace"], OPERATION),
    },
    "operation": {
        "parameters": ("parameter", "list"),
        "requestBody": ("request body", "one"),
        "responses": ("response", "map"),
    },
    "request body": {"content": ("media type", "map")},
    "response": {
        "headers": ("header", "map"),
        "content": ("media type", "map"),
        "links": ("link", "map"),
    },
    "media type": {"schema": ("schema", "one"), "examples": ("example", "map")},
    "schema": {
        "properties": ("schema", "map"),
        "patternProperties": ("schema", "map"),
        "additionalProperties": ("schema", "one"),
        "items": ("schema", "one"),
        "prefixItems": ("schema", "list"),
        "allOf": ("schema", "list"),
        "anyOf": ("schema", "list"),
        "oneOf": ("schema", "list"),
        "not": ("schema", "one"),
        "$defs": ("schema", "map"),
    },
}
CONTAINERS = {"document", "components", "media type"}


def escaped(name: object) -> str:
    """Writes a name as a step of a JSON Pointer."""
    return str(name).replace("~", "~0").replace("/", "~1")


def statements(node: Any, kind: str = "document", place: str = "#") -> Iterator[tuple[str, str, Node]]:
    """Yields the place, the kind and the object of each statement; a reference stands for its component."""
    if not isinstance(node, dict) or node.keys() == {"$ref"}:
        return
    if kind not in CONTAINERS:
        yield place, kind, node
    for member, (inner, shape) in GRAMMAR.get(kind, {}).items():
        if shape == "one" and member in node:
            yield from statements(node[member], inner, f"{place}/{member}")
        elif member in node:
            several = node[member].items() if shape == "map" else enumerate(node[member])
            for name, child in several:
                yield from statements(child, inner, f"{place}/{member}/{escaped(name)}")


def described(node: Any, place: str = "#") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yields every object that has a description, found with no knowledge of OpenAPI's grammar."""
    if isinstance(node, dict):
        if isinstance(node.get("description"), str):
            yield place, node
        for name, child in node.items():
            if name not in {"value", "example", "x-provenance"}:
                yield from described(child, f"{place}/{escaped(name)}")
    elif isinstance(node, list):
        for index, child in enumerate(node):
            yield from described(child, f"{place}/{index}")


def faults(provenance: Any, statement: dict[str, Any]) -> list[str]:
    """Says what is wrong with the provenance of a statement; nothing, when it is valid."""
    if not isinstance(provenance, dict):
        return ["none is given"]
    level, source = provenance.get("level"), provenance.get("source")
    found = [f"unknown member {name}" for name in provenance.keys() - MEMBERS]
    if level not in FIRMNESS:
        return [*found, f"unknown level {level}"]
    if not isinstance(source, str) or not re.fullmatch(SOURCES[level], source):
        found.append(f"{source} is no source of a {level} statement")
    if ("disagreement" in provenance) != ("choice" in provenance):
        found.append("a disagreement without a choice, or the reverse")
    for keyword, its_level in provenance.get("keywords", {}).items():
        if keyword not in statement:
            found.append(f"the keyword {keyword} is not there")
        if its_level not in FIRMNESS[: FIRMNESS.index(level)]:
            found.append(f"the keyword {keyword} is not less sure")
    return found


def complaints(document: dict[str, Any]) -> dict[str, list[str]]:
    """Maps the place of each statement without valid provenance to what is wrong with it."""
    found = {place: faults(node.get("x-provenance"), node) for place, _, node in statements(document)}
    return {place: wrong for place, wrong in found.items() if wrong}


def test_every_statement_carries_valid_provenance():
    assert complaints(DOCUMENT) == {}


def test_whatever_is_described_carries_provenance():
    assert [place for place, node in described(DOCUMENT) if "x-provenance" not in node] == []


def test_the_walk_meets_every_kind_of_statement():
    kinds = {kind for _, kind, _ in statements(DOCUMENT)}
    assert kinds == {
        *{"info", "server", "tag", "path", "operation", "parameter", "request body", "response", "header"},
        *{"link", "example", "schema", "security scheme"},
    }
    places = {place for place, _, _ in statements(DOCUMENT)}
    assert "#/paths/~1users~1managed-accounts/post/responses/201" in places
    assert "#/components/schemas/ManagedAccountUpdate/properties/password" in places
    assert "#/components/schemas/Order/properties/job_result/properties/error_type" in places


def test_a_statement_without_provenance_is_found_wherever_it_stands():
    document = copy.deepcopy(DOCUMENT)
    for place, _, node in list(statements(document)):
        provenance = node.pop("x-provenance")
        assert list(complaints(document)) == [place]
        node["x-provenance"] = provenance


@pytest.mark.parametrize(
    "added",
    [
        ("paths", "/users/managed-accounts", "get", "responses", "429"),
        ("paths", "/users/managed-accounts", "get", "responses", "200", "headers", "X-Total"),
        ("components", "schemas", "ManagedAccount", "properties", "has_totp"),
        ("components", "schemas", "OrderItem", "properties", "variant", "items"),
        ("paths", "/orders", "patch"),
    ],
)
def test_an_added_statement_without_provenance_is_found(added):
    document = copy.deepcopy(DOCUMENT)
    node = document
    for name in added[:-1]:
        node = node.setdefault(name, {})
    node[added[-1]] = {"type": "object", "description": "New."}
    assert list(complaints(document).values()) == [["none is given"]]


@pytest.mark.parametrize(
    "provenance",
    [
        {"level": "certain", "source": "Kit"},
        {"level": "documented", "source": "Orders"},
        {"level": "documented", "source": "Managed accounts, Pricing"},
        {"level": "related", "source": "Managed accounts, Overview"},
        {"level": "inferred", "source": "Error handling"},
        {"level": "inferred"},
        {"level": "inferred", "source": "Kit", "disagreement": "Two pages differ."},
        {"level": "related", "source": "Orders", "keywords": {"type": "documented"}},
        {"level": "related", "source": "Orders", "keywords": {"format": "inferred"}},
        {"level": "inferred", "source": "Kit", "because": "Why not."},
    ],
)
def test_provenance_that_says_too_little_or_too_much_is_found(provenance):
    assert faults(provenance, {"type": "string"}) != []


def test_the_disagreements_of_the_vendor_s_pages_are_named_where_they_matter():
    where = {place for place, _, node in statements(DOCUMENT) if "disagreement" in node["x-provenance"]}
    assert where == {
        "#/paths/~1users~1managed-accounts",
        "#/paths/~1users~1managed-accounts~1{short_id}",
        "#/components/responses/InvalidAccount",
        "#/components/responses/InvalidOrder",
        "#/components/schemas/Error",
        "#/components/schemas/Order/properties/status",
        "#/components/schemas/ShippingAddress",
    }


def test_what_the_page_says_is_documented():
    levels = {place: node["x-provenance"]["level"] for place, _, node in statements(DOCUMENT)}
    accounts = "#/paths/~1users~1managed-accounts"
    for method in (f"{accounts}/get", f"{accounts}/post", f"{accounts}~1{{short_id}}/put"):
        assert levels[method] == "documented"
    assert levels[f"{accounts}~1{{short_id}}/delete/responses/204"] == "documented"
    assert levels[f"{accounts}/post/responses/201"] == "related"
    fields = [place for place in levels if place.startswith("#/components/schemas/ManagedAccount")]
    assert {levels[place] for place in fields} == {"documented"}
    orders = [
        place for place in levels if place.startswith(("#/paths/~1orders", "#/components/schemas/Order"))
    ]
    assert "documented" not in {levels[place] for place in orders}
