"""What breaks clients is told, what does not is told apart, and a document does not differ from itself."""

import copy
import subprocess
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from publishing.spec_diff.__main__ import main
from publishing.spec_diff.changes import Change, Side
from publishing.spec_diff.document import Document, DocumentError
from publishing.spec_diff.operations import compare
from publishing.spec_diff.schemas import compare_schemas

ROOT = Path(__file__).parents[2]
SOURCE = (ROOT / "openapi.yaml").read_text("utf-8")
PUBLISHED = yaml.safe_load(SOURCE)
BREAKS, HARMLESS = True, False
ORDER = "POST /orders"
ACCOUNT = "/users/managed-accounts/{short_id}"

UNNAMED_ARE_TEXT = {"additionalProperties": {"type": "string"}}

REMOVED = object()


def changed(*edits: tuple[str, Any]) -> dict[str, Any]:
    """The published document with values at some places changed: each place is steps with blanks between."""
    document = copy.deepcopy(PUBLISHED)
    for place, value in edits:
        *steps, last = place.split()
        node = document
        for step in steps:
            node = node[step]
        if value is REMOVED:
            del node[last]
        else:
            node[last] = value
    return document


def differences(new: dict[str, Any], old: dict[str, Any] = PUBLISHED) -> list[Change]:
    return compare(Document.of(old), Document.of(new))


def test_the_published_document_does_not_differ_from_itself():
    assert differences(copy.deepcopy(PUBLISHED)) == []


def test_the_control_planes_document_does_not_differ_from_itself():
    control = yaml.safe_load((ROOT / "mock_server" / "control" / "openapi.yaml").read_text("utf-8"))
    assert differences(control, control) == []


SCHEMA = "components schemas"
CREATE = f"{SCHEMA} ManagedAccountCreate"
RULES = [
    ("paths /orders", REMOVED, "GET /orders", "removed", BREAKS),
    (f"paths {ACCOUNT} delete responses 204", REMOVED, f"DELETE {ACCOUNT} · answer 204", "removed", BREAKS),
    (f"paths {ACCOUNT} delete responses 404", REMOVED, f"DELETE {ACCOUNT} · answer 404", "removed", BREAKS),
    ("paths /orders post responses 200", {"description": "."}, f"{ORDER} · answer 200", "added", BREAKS),
    ("paths /orders post responses 429", {"description": "."}, f"{ORDER} · answer 429", "added", HARMLESS),
    ("paths /orders post operationId", "submit", ORDER, "operationId: createOrder became submit", BREAKS),
    ("paths /orders post security", [], ORDER, "needs no API key any more", HARMLESS),
    ("paths /new", {"get": {"operationId": "n", "responses": {}}}, "GET /new", "added", HARMLESS),
    ("paths /orders post requestBody required", False, f"{ORDER} · request", "optional now", HARMLESS),
    ("paths /orders get parameters", [], "GET /orders · query · order_id", "removed", BREAKS),
    ("servers", [{"url": "https://api.example.com"}], "servers", "https://api.zinc.com removed", BREAKS),
    (
        "components headers WWW-Authenticate required",
        False,
        "GET /orders · answer 401 · WWW-Authenticate",
        "optional now",
        BREAKS,
    ),
    (
        f"{SCHEMA} ManagedAccount properties retailer",
        REMOVED,
        f"PUT {ACCOUNT} · answer 200 · retailer",
        "removed",
        BREAKS,
    ),
    (
        f"{SCHEMA} ManagedAccount properties has_totp",
        {"type": "boolean"},
        f"PUT {ACCOUNT} · answer 200 · has_totp",
        "added",
        HARMLESS,
    ),
    (
        f"{SCHEMA} ManagedAccount required",
        ["id", "short_id", "email", "created_at", "updated_at"],
        f"PUT {ACCOUNT} · answer 200",
        'required: "retailer" removed',
        BREAKS,
    ),
    (
        f"{SCHEMA} ManagedAccount properties email type",
        ["string", "null"],
        f"PUT {ACCOUNT} · answer 200 · email",
        'type: "string" became ["string", "null"]',
        BREAKS,
    ),
    (
        f"{SCHEMA} ManagedAccount properties retailer type",
        "string",
        f"PUT {ACCOUNT} · answer 200 · retailer",
        'type: ["string", "null"] became "string"',
        HARMLESS,
    ),
    (
        f"{SCHEMA} Order properties status enum",
        ["pending", "in_progress", "order_placed", "order_failed", "cancelled", "on_hold"],
        "GET /orders/{order_id} · answer 200 · status",
        'enum: "on_hold" added',
        BREAKS,
    ),
    (
        f"{SCHEMA} Order properties status enum",
        ["pending", "in_progress", "order_placed", "order_failed"],
        "GET /orders/{order_id} · answer 200 · status",
        'enum: "cancelled" removed',
        HARMLESS,
    ),
    (f"{CREATE} required", ["email", "password"], "request", 'required: "password" added', BREAKS),
    (f"{CREATE} required", [], "request", 'required: "email" removed', HARMLESS),
    (f"{CREATE} properties retailer", REMOVED, "request · retailer", "removed", BREAKS),
    (f"{CREATE} properties totp_secret", {"type": "string"}, "request · totp_secret", "added", HARMLESS),
    (
        f"{CREATE} properties password type",
        "string",
        "request · password",
        'type: ["string", "null"] became "string"',
        BREAKS,
    ),
    (f"{CREATE} properties email maxLength", 254, "email", "maxLength: nothing became 254", BREAKS),
    (f"{CREATE} properties email format", REMOVED, "email", 'format: "email" became nothing', HARMLESS),
    (f"{CREATE} properties retailer enum", ["amazon"], "retailer", 'enum: "amazon" added', BREAKS),
    (f"{CREATE} properties retailer default", "amazon", "retailer", 'nothing became "amazon"', BREAKS),
    (f"{CREATE} anyOf", [{}], "request", "anyOf: {} added", BREAKS),
    (
        f"{SCHEMA} OrderCreate properties idempotency_key maxLength",
        64,
        f"{ORDER} · request · idempotency_key",
        "maxLength: 36 became 64",
        HARMLESS,
    ),
    (
        f"{SCHEMA} Product properties quantity maximum",
        50,
        f"{ORDER} · request · products[].quantity",
        "maximum: 100 became 50",
        BREAKS,
    ),
]


@pytest.mark.parametrize(("place", "value", "where", "what", "breaking"), RULES)
def test_a_rule(place, value, where, what, breaking):
    found = [
        change
        for change in differences(changed((place, value)))
        if change.place.endswith(where) and what in change.what
    ]
    assert found
    assert {change.breaking for change in found} == {breaking}


def test_a_moved_operation_is_told_as_moved_and_compared_all_the_same():
    moved = changed(("paths /users/managed-accounts get responses 200", REMOVED))
    moved["paths"]["/managed-accounts"] = moved["paths"].pop("/users/managed-accounts")
    found = differences(moved)
    place = "GET /users/managed-accounts"
    assert Change(place, "moved to GET /managed-accounts", True) in found
    assert Change("GET /managed-accounts · answer 200", "removed", True) in found


def test_the_name_of_a_parameter_in_a_path_does_not_count():
    renamed = copy.deepcopy(PUBLISHED)
    renamed["paths"]["/orders/{id}"] = renamed["paths"].pop("/orders/{order_id}")
    assert differences(renamed) == []


def test_words_for_people_do_not_count():
    said_otherwise = changed(
        ("info title", "Another title"),
        ("paths /orders get summary", "Otherwise"),
        (f"{SCHEMA} Order description", "Otherwise"),
        (f"{SCHEMA} Order properties id x-provenance", {"level": "documented", "source": "Orders"}),
    )
    assert differences(said_otherwise) == []


def test_a_new_property_that_must_be_given_is_told_once():
    document = changed(
        (f"{CREATE} required", ["email", "plan"]), (f"{CREATE} properties plan", {"type": "string"})
    )
    assert [(change.what, change.breaking) for change in differences(document)] == [
        ("added, and required", True)
    ]


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ([], "no OpenAPI document"),
        ({"paths": {"/a": {"$ref": "#/components/nowhere"}}}, "leads nowhere"),
        (changed((f"{SCHEMA} Error properties inner", {"$ref": "#/components/schemas/Error"})), "to itself"),
    ],
)
def test_a_document_that_cannot_be_compared_is_refused_with_the_reason(document, reason):
    with pytest.raises(DocumentError, match=reason):
        Document.of(document)


@pytest.mark.parametrize(
    ("old", "new", "request_breaks", "answer_breaks"),
    [
        ({"type": "integer"}, {"type": "number"}, False, True),
        ({"type": ["integer", "number"]}, {"type": "number"}, False, False),
        ({"minLength": 0}, {}, False, False),
        ({"enum": ["a", "b"]}, {"enum": ["b", "a"]}, False, False),
        (
            {"additionalProperties": False},
            {"properties": {"a": {}}, "additionalProperties": False},
            False,
            True,
        ),
        ({}, {"properties": {"a": {}}}, False, False),
        ({}, {"additionalProperties": False}, True, False),
        (UNNAMED_ARE_TEXT, {**UNNAMED_ARE_TEXT, "properties": {"a": {"type": "string"}}}, False, False),
        (UNNAMED_ARE_TEXT, {**UNNAMED_ARE_TEXT, "properties": {"a": {}}}, False, True),
    ],
)
def test_the_side_that_writes_the_values_decides_what_breaks(old, new, request_breaks, answer_breaks):
    assert breaks(old, new, Side.REQUEST) is request_breaks
    assert breaks(old, new, Side.ANSWER) is answer_breaks


# A sound comparison: where it says that clients notice nothing, they notice nothing.

NAMES = ("a", "b")
PLAIN = ["", "x", "xy", "zzz", 0, 1, 2, 3, 1.5, None, True]
LISTS = [[], *([one] for one in PLAIN), ["x", "x"], [1, 2], [0, 1, 2], [1, 1.5, 1]]
OBJECTS = [{}, *({"a": one} for one in [*PLAIN, ["x"], [1, 1], {"b": 1}]), {"b": "x"}, {"a": 1, "b": "x"}]
VALUES = [*PLAIN, *LISTS, *OBJECTS, [{"a": 1}], [{"a": "x", "b": 2}]]


def keywords(inner: st.SearchStrategy[Any]) -> dict[str, st.SearchStrategy[Any]]:
    """The keywords that the rules judge, each with its values."""
    small = st.integers(0, 3)
    types = st.sampled_from(["string", "integer", "number", "null", "array", "object", "boolean"])
    return {
        "type": types | st.lists(types, min_size=1, max_size=3, unique=True),
        "enum": st.lists(st.sampled_from(["x", "xy", 1, 2, None, True]), min_size=1, max_size=3),
        "const": st.sampled_from(["x", 1, None, True]),
        "minimum": small,
        "maximum": small,
        "exclusiveMinimum": small,
        "exclusiveMaximum": small,
        "minLength": small,
        "maxLength": small,
        "minItems": small,
        "maxItems": small,
        "uniqueItems": st.booleans(),
        "pattern": st.sampled_from(["^x", "y$"]),
        "multipleOf": st.sampled_from([1, 2]),
        "required": st.lists(st.sampled_from(NAMES), unique=True),
        "items": inner,
        "properties": st.dictionaries(st.sampled_from(NAMES), inner),
        "additionalProperties": st.booleans() | inner,
    }


LEAVES = st.fixed_dictionaries({}, optional=keywords(st.just({})))
KEYWORDS = keywords(LEAVES)


@st.composite
def schemas(draw: st.DrawFn) -> dict[str, Any]:
    names = draw(st.lists(st.sampled_from(sorted(KEYWORDS)), max_size=3, unique=True))
    return {name: draw(KEYWORDS[name]) for name in names}


@st.composite
def pairs(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any]]:
    """A schema, and the same with one keyword changed, added or removed."""
    old = draw(schemas())
    keyword = draw(st.sampled_from(sorted(KEYWORDS)))
    new = {name: value for name, value in old.items() if name != keyword}
    if draw(st.booleans()):
        new[keyword] = draw(KEYWORDS[keyword])
    return old, new


def allowed(schema: dict[str, Any]) -> list[Any]:
    validator = jsonschema.Draft202012Validator(schema)
    return [value for value in VALUES if validator.is_valid(value)]


def is_known(schema: Any, value: Any) -> bool:
    """Whether a schema names each field of a value: what a client adds on its own is at its own risk."""
    if not isinstance(schema, dict):
        return True
    if isinstance(value, dict):
        properties = schema.get("properties", {})
        return all(name in properties and is_known(properties[name], inner) for name, inner in value.items())
    if isinstance(value, list):
        return all(is_known(schema.get("items"), inner) for inner in value)
    return True


def breaks(old: dict[str, Any], new: dict[str, Any], side: Side) -> bool:
    return any(change.breaking for change in compare_schemas(old, new, "", side))


@given(schemas(), st.sampled_from(list(Side)))
def test_a_schema_does_not_differ_from_itself(schema, side):
    assert list(compare_schemas(schema, copy.deepcopy(schema), "", side)) == []


@settings(max_examples=500, deadline=None)
@given(pairs())
def test_what_clients_could_send_they_still_can_unless_the_change_breaks(pair):
    old, new = pair
    assume(not breaks(old, new, Side.REQUEST))
    still = allowed(new)
    assert [value for value in allowed(old) if is_known(old, value) and value not in still] == []


@settings(max_examples=500, deadline=None)
@given(pairs())
def test_what_clients_get_they_could_get_before_unless_the_change_breaks(pair):
    old, new = pair
    assume(not breaks(old, new, Side.ANSWER))
    before = allowed(old)
    assert [value for value in allowed(new) if value not in before] == []


# The command


@pytest.fixture
def repository(tmp_path):
    def git(*words: str) -> None:
        who = ["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", *who, *words], cwd=tmp_path, check=True, capture_output=True)

    (tmp_path / "openapi.yaml").write_text(SOURCE, "utf-8")
    git("init", "--quiet")
    git("add", "openapi.yaml")
    git("commit", "--quiet", "-m", "first")
    return tmp_path / "openapi.yaml"


@pytest.mark.parametrize(
    ("edit", "status", "said"),
    [
        (("quantity", "quantity"), 0, "nothing changed for clients"),
        (("maxLength: 36", "maxLength: 40"), 0, "does not break clients: 1\n  POST /orders · request · idem"),
        (
            ("maxLength: 36", "maxLength: 20"),
            1,
            "breaks clients: 1\n  POST /orders · request · idempotency_key",
        ),
    ],
)
def test_the_command_says_what_changed_and_its_status_whether_it_breaks(
    repository, capsys, edit, status, said
):
    repository.write_text(SOURCE.replace(*edit), "utf-8")
    assert main(["HEAD", "--spec", str(repository)]) == status
    assert said in capsys.readouterr().out


@pytest.mark.parametrize(
    ("revision", "source", "said"),
    [("nowhere", SOURCE, "nowhere"), ("HEAD", "{", "openapi.yaml"), ("HEAD", "[]", "no OpenAPI document")],
)
def test_what_cannot_be_compared_ends_with_status_2_and_one_line(repository, capsys, revision, source, said):
    repository.write_text(source, "utf-8")
    assert main([revision, "--spec", str(repository)]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert said in shown.err
    assert shown.err.count("\n") == 1
