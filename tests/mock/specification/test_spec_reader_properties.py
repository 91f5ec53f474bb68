"""Whatever is changed in a document, the mock either serves it or refuses it with one line."""

import copy
import re
from collections.abc import Iterable
from typing import Any

import pytest
from bounds import BOUNDED
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from published import DOCUMENT

from mock_server.document import DocumentError, parse_document
from mock_server.specification import Operation, Schema, Specification, SpecificationError, without
from mock_server.validators import Unchanging


def places(node: Any, path: tuple = ()) -> list[tuple]:
    """Returns the places in a document, those that only describe left out."""
    found = [path] if path else []
    steps = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for step, inner in steps:
        if step not in ("description", "summary", "x-provenance", "examples", "example"):
            found += places(inner, (*path, step))
    return found


PLACES = places(DOCUMENT)
COMPONENT = {"$ref": "#/components/schemas/Order"}
JUNK = st.sampled_from(
    [
        None,
        True,
        False,
        0,
        -1,
        7.5,
        "",
        "x",
        "{",
        [],
        [None],
        ["x"],
        {},
        {"x": None},
        {"$ref": "#/x"},
        COMPONENT,
    ]
)


def served_or_refused(document: Any) -> None:
    try:
        specification = Specification.of(document)
    except SpecificationError as problem:
        refused = str(problem)
    else:
        refused = None
        can_be_used(specification)
    assert refused is None or re.fullmatch(r"#(/\S+)*: .+", refused), refused


def can_be_used(specification: Specification) -> None:
    for operation in specification.operations.values():
        assert operation.success.status in operation.responses
        for made in (operation.body, operation.success.schema):
            if made is not None:
                list(made.validator.iter_errors({"email": [1], "products": [{}]}))
                made.unknown_fields({"email": [1], "products": [{"x": 1}], "y": 2})
                assert made.secrets is not None


@pytest.mark.parametrize(
    "place", PLACES[:: max(1, len(PLACES) // 30)], ids=lambda place: "/".join(map(str, place))
)
def test_a_document_without_one_of_its_parts_is_served_or_refused(place):
    document = copy.deepcopy(DOCUMENT)
    holder = document
    for step in place[:-1]:
        holder = holder[step]
    del holder[place[-1]]
    served_or_refused(document)


@given(st.lists(st.tuples(st.sampled_from(PLACES), JUNK), min_size=1, max_size=3))
@settings(BOUNDED, max_examples=60)
def test_a_document_with_junk_in_some_places_is_served_or_refused(changes):
    document = copy.deepcopy(DOCUMENT)
    for place, junk in changes:
        holder: Any = document
        try:
            for step in place[:-1]:
                holder = holder[step]
            holder[place[-1]] = copy.deepcopy(junk)
        except (KeyError, IndexError, TypeError):
            continue  # an earlier change took the place away
    served_or_refused(document)


@given(st.binary(max_size=40) | st.text(max_size=40).map(lambda text: text.encode("utf-8", "surrogatepass")))
@settings(BOUNDED, max_examples=200)
def test_any_bytes_are_a_document_or_refused_with_one_line(source):
    try:
        parse_document(source)
    except DocumentError as problem:
        refused = str(problem)
    else:
        refused = ""
    assert len(refused.splitlines()) <= 1


VALUES = st.recursive(
    st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abcde"), inner, max_size=4),
    max_leaves=10,
)
_LEAF = st.just({})
SCHEMAS = st.recursive(
    _LEAF,
    lambda inner: (
        st.dictionaries(st.sampled_from("abc"), inner, max_size=3).map(lambda known: {"properties": known})
        | inner.map(lambda items: {"items": items})
    ),
    max_leaves=6,
)


@given(SCHEMAS, VALUES)
@settings(BOUNDED, max_examples=200)
def test_without_its_unknown_fields_a_value_has_none_and_has_kept_all_others(schema, value):
    known = Schema("#", schema)
    before = copy.deepcopy(value)
    unknown = known.unknown_fields(value)
    left = without(value, unknown)
    assert known.unknown_fields(left) == []
    assert value == before, "the value itself is left alone"
    assert leaves(left) == {
        path for path in leaves(value) if not any(path[: len(gone)] == gone for gone in unknown)
    }


_TYPES = st.sampled_from(["array", "boolean", "integer", "null", "number", "object", "string"])
_TYPED = st.recursive(
    st.fixed_dictionaries({"type": _TYPES | st.lists(_TYPES, min_size=1, max_size=3, unique=True)}),
    lambda inner: st.fixed_dictionaries(
        {},
        optional={
            "properties": st.dictionaries(st.sampled_from("ab"), inner, max_size=2),
            "items": inner,
            "prefixItems": st.lists(inner, min_size=1, max_size=2),
            "required": st.just(["a"]),
            "maxLength": st.just(1),
            "minimum": st.just(1),
        },
    ),
    max_leaves=5,
)
_SCALARS = st.sampled_from([None, True, False, 0, 1, 2, 1.0, 1.5, -1e300, 2**70, "", "ab"])
_JSON = st.recursive(
    _SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from("abc"), inner, max_size=3)
        | st.dictionaries(st.sampled_from("abc"), inner, max_size=3).map(Unchanging)
    ),
    max_leaves=6,
)


@given(_TYPED, _JSON)
@settings(BOUNDED, max_examples=300)
def test_the_verdict_is_that_of_jsonschema_to_the_last_word(schema, value):
    prepared = Schema("#", schema).validator
    for _ in range(2):  # what is remembered of the first verdict must not change the second
        assert said(prepared.iter_errors(value)) == said(Draft202012Validator(schema).iter_errors(value))


def said(errors: Iterable[ValidationError]) -> list[tuple[str, list[Any], list[Any]]]:
    return [(error.message, [*error.absolute_path], [*error.absolute_schema_path]) for error in errors]


def leaves(value: Any, path: tuple[str, ...] = ()) -> set[tuple[str, ...]]:
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return {path}.union(*(leaves(inner, (*path, str(step))) for step, inner in steps))


def test_an_operation_knows_all_that_is_needed_to_serve_it():
    operation = Specification.of(DOCUMENT).operations["updateManagedAccount"]
    assert isinstance(operation, Operation)
    assert (operation.method, operation.path) == ("PUT", "/users/managed-accounts/{short_id}")
    assert operation.parameters == ("short_id",)
    assert operation.secured
    assert operation.success.status == 200
    assert operation.body is not None
    assert operation.body.secrets == {"password"}
    assert operation.media_type == "application/json"
