"""The document that the reference page is drawn from: the published one, with its provenance in words."""

import copy
import json
import shlex
from collections.abc import Iterator
from typing import Any

import pytest

from mock_server.console.reference import curl, link, readable
from mock_server.control.plane import DOCUMENT
from mock_server.settings import default_specification
from mock_server.specification import Specification

HERE = "http://127.0.0.1:8080"
PUBLISHED = Specification.read(default_specification())
SHOWN = readable(PUBLISHED, HERE)


def with_provenance(
    node: Any, path: tuple[Any, ...] = ()
) -> Iterator[tuple[tuple[Any, ...], dict[str, Any]]]:
    if isinstance(node, dict):
        if "x-provenance" in node:
            yield path, node["x-provenance"]
        for name, inner in node.items():
            yield from with_provenance(inner, (*path, name))
    elif isinstance(node, list):
        for index, inner in enumerate(node):
            yield from with_provenance(inner, (*path, index))


STATEMENTS = list(with_provenance(PUBLISHED.document))


def at(document: Any, path: tuple[Any, ...]) -> Any:
    for index, step in enumerate(path):
        # This mock stands before the other servers.
        document = document[step + 1 if path[index - 1] == "servers" and isinstance(step, int) else step]
    return document


def told(path: tuple[Any, ...]) -> str:
    """All that a reader sees told of one statement."""
    node = at(SHOWN, path)
    if len(path) == 2 and path[0] == "paths":  # told with each operation of the path
        return "\n".join(
            inner["description"]
            for inner in node.values()
            if isinstance(inner, dict) and "operationId" in inner
        )
    return f"{node.get('summary', '')}\n{node.get('description', '')}"


@pytest.mark.parametrize(
    ("path", "provenance"), STATEMENTS, ids=lambda value: "/".join(map(str, value))[:120]
)
def test_each_statement_tells_its_level_and_source(path: tuple[Any, ...], provenance: dict[str, Any]) -> None:
    text = told(path)
    assert provenance["level"] in text
    if "examples" not in path:
        assert provenance["source"] in text
    for remark in {"note", "disagreement", "choice"} & provenance.keys():
        assert provenance[remark] in text
    for keyword, level in provenance.get("keywords", {}).items():
        assert f"`{keyword}` is *{level}*" in text


def test_there_is_something_to_tell() -> None:
    assert len(STATEMENTS) > 150


def test_operations_and_fields_wear_their_level() -> None:
    create = SHOWN["paths"]["/users/managed-accounts"]["post"]
    assert [badge["name"] for badge in create["x-badges"]] == ["documented"]
    properties = SHOWN["components"]["schemas"]["ManagedAccount"]["properties"]
    assert all(len(schema["x-badges"]) == 1 for schema in properties.values())


def test_original_stays_as_it_is() -> None:
    before = copy.deepcopy(PUBLISHED.document)
    readable(PUBLISHED, HERE)
    assert PUBLISHED.document == before


def test_nothing_but_texts_badges_samples_and_servers_is_changed() -> None:
    def bare(node: Any) -> Any:
        if isinstance(node, list):
            return [bare(inner) for inner in node]
        if not isinstance(node, dict):
            return node
        added = {"x-badges", "x-codeSamples", "servers"}
        texts = {"description", "summary"} if {"x-provenance", "operationId"} & node.keys() else set()
        return {name: bare(inner) for name, inner in node.items() if name not in added | texts}

    assert bare(SHOWN) == bare(PUBLISHED.document)


def test_this_mock_is_the_first_server_and_stands_once() -> None:
    control = Specification.read(DOCUMENT)
    for specification in (PUBLISHED, control):
        addresses = [server["url"] for server in readable(specification, HERE)["servers"]]
        assert addresses[0] == HERE
        assert addresses.count(HERE) == 1
    assert "https://api.zinc.com" in [server["url"] for server in SHOWN["servers"]]


@pytest.mark.parametrize("operation", PUBLISHED.operations.values(), ids=lambda operation: operation.id)
def test_curl_line_sends_the_documented_example(operation: Any) -> None:
    words = shlex.split(curl(operation, HERE).replace("\\\n", ""))
    assert words[0] == "curl"
    assert HERE + operation.path in words
    assert ("-X" in words and words[words.index("-X") + 1]) or operation.method == "GET"
    assert "Authorization: Bearer $ZINC_API_KEY" in words
    if operation.body is not None:
        assert json.loads(words[words.index("-d") + 1]) == operation.body_example


def test_link_names_section_and_operation() -> None:
    operation = PUBLISHED.operations["createManagedAccount"]
    assert link(PUBLISHED, operation) == "/docs#/managed-accounts/createmanagedaccount"


def document_with(provenance: Any) -> Specification:
    answer = {"description": "Good.", "x-provenance": provenance}
    operation = {"operationId": "look", "responses": {"200": answer}}
    info = {"title": "Another", "version": "1"}
    return Specification.of({"openapi": "3.1.0", "info": info, "paths": {"/things": {"get": operation}}})


@pytest.mark.parametrize("odd", [None, "documented", ["documented"], {}, {"level": "documented"}])
def test_provenance_of_another_form_is_left_alone(odd: Any) -> None:
    shown = readable(document_with(odd), HERE)
    assert shown["paths"]["/things"]["get"]["responses"]["200"]["description"] == "Good."


def test_operation_without_tags_has_a_link() -> None:
    specification = document_with(None)
    assert link(specification, specification.operations["look"]).endswith("/look")
