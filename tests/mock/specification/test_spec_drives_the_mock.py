"""The document is the configuration: change it, and the mock follows; break it, and the mock says where."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from caller import ACCOUNTS, START, Caller, order, reasons, refusal
from published import CONTROL_PATH, DOCUMENT, PATH

from mock_server import create_app
from mock_server.specification import Specification, SpecificationError

EMAIL = {"email": "a@example.com"}

Change = Callable[[dict[str, Any]], None]


@pytest.fixture
def changed(tmp_path):
    """Makes a caller of a mock that follows a changed copy of the document."""

    def make(change: Change, **options: Any) -> Caller:
        document = copy.deepcopy(DOCUMENT)
        change(document)
        path = tmp_path / "changed.yaml"
        path.write_text(json.dumps(document), "utf-8")
        return Caller(create_app(spec=path, clock=START, **options))

    return make


def operation(document: dict[str, Any], operation_id: str) -> dict[str, Any]:
    return next(
        found
        for item in document["paths"].values()
        for found in item.values()
        if isinstance(found, dict) and found.get("operationId") == operation_id
    )


def schema(document: dict[str, Any], name: str) -> dict[str, Any]:
    return document["components"]["schemas"][name]


# The mock follows


def test_another_path(changed):
    def change(document):
        document["paths"]["/managed-accounts"] = document["paths"].pop(ACCOUNTS)
        document["paths"]["/managed-accounts/{id}"] = document["paths"].pop(f"{ACCOUNTS}/{{short_id}}")
        document["components"]["parameters"]["ShortId"]["name"] = "id"

    call = changed(change)
    made = call.post("/managed-accounts", EMAIL).get_json()
    assert call.put(f"/managed-accounts/{made['short_id']}", {"retailer": "x"}).status_code == 200
    assert call.delete(f"/managed-accounts/{made['short_id']}").status_code == 204
    assert refusal(call.post(ACCOUNTS, EMAIL)) == (404, "not_found")


def test_another_path_with_a_parameter_before_the_id(changed):
    def change(document):
        item = document["paths"].pop(f"{ACCOUNTS}/{{short_id}}")
        team = {"name": "a_team", "in": "path", "required": True, "schema": {"type": "string"}}
        document["paths"]["/teams/{a_team}/accounts/{short_id}"] = item | {
            "parameters": [*item["parameters"], team]
        }

    call = changed(change)
    short_id = call.post(ACCOUNTS, EMAIL).get_json()["short_id"]
    assert call.delete(f"/teams/red/accounts/{short_id}").status_code == 204


def test_another_method(changed):
    def change(document):
        item = document["paths"][f"{ACCOUNTS}/{{short_id}}"]
        item["patch"] = item.pop("put")

    call = changed(change)
    path = f"{ACCOUNTS}/{call.account()['short_id']}"
    assert call("PATCH", path, {"retailer": "x"}).status_code == 200
    answer = call.put(path, {"retailer": "x"})
    assert refusal(answer) == (405, "method_not_allowed")
    assert answer.headers["Allow"] == "DELETE, PATCH"


def test_a_maximum_length(changed):
    call = changed(
        lambda document: schema(document, "ManagedAccountCreate")["properties"]["email"].update(maxLength=13)
    )
    assert call.post(ACCOUNTS, EMAIL).status_code == 201
    assert "at most 13 characters" in reasons(call.post(ACCOUNTS, {"email": "ab@example.com"}))["email"]


def test_a_required_field(changed):
    call = changed(lambda document: schema(document, "ManagedAccountCreate")["required"].append("password"))
    assert reasons(call.post(ACCOUNTS, EMAIL)) == {"password": "is required"}
    assert call.post(ACCOUNTS, {**EMAIL, "password": "x"}).status_code == 201


def test_the_schema_of_a_query_parameter(changed):
    call = changed(
        lambda document: document["components"]["parameters"]["OrderIdPart"]["schema"].update(maxLength=4)
    )
    assert call.get("/orders?order_id=abcd").status_code == 200
    refused = call.get("/orders?order_id=abcde")
    assert reasons(refused) == {"order_id": "must have at most 4 characters"}
    assert call.explained(refused)["specification"] == "#/components/parameters/OrderIdPart/schema/maxLength"


@pytest.mark.parametrize(("kind", "right", "wrong"), [("integer", "7", "x"), ("boolean", "true", "1")])
def test_a_required_query_parameter_of_another_type(changed, kind, right, wrong):
    given = {"name": "page", "in": "query", "required": True, "schema": {"type": kind}}
    call = changed(lambda document: operation(document, "listOrders")["parameters"].append(given))
    assert call.get(f"/orders?page={right}").status_code == 200
    assert reasons(call.get("/orders")) == {"page": "is required"}
    assert reasons(call.get(f"/orders?page={wrong}")).keys() == {"page"}


def test_another_success_status(changed):
    def change(document):
        for operation_id, status in (("createManagedAccount", "200"), ("createOrder", "202")):
            responses = operation(document, operation_id)["responses"]
            responses[status] = responses.pop("201")

    call = changed(change)
    assert call.post(ACCOUNTS, EMAIL).status_code == 200
    assert call.post("/orders", order()).status_code == 202


def test_a_delete_with_a_documented_body_answers_its_example(changed):
    def change(document):
        responses = operation(document, "deleteManagedAccount")["responses"]
        media = {"schema": {"type": "object"}, "example": {"deleted": True}}
        responses["200"] = {"description": "Gone.", "content": {"application/json": media}}
        del responses["204"]

    call = changed(change)
    answer = call.delete(f"{ACCOUNTS}/{call.post(ACCOUNTS, EMAIL).get_json()['short_id']}")
    assert (answer.status_code, answer.get_json()) == (200, {"deleted": True})
    assert call.get(ACCOUNTS).get_json()["total"] == 0


def test_an_operation_without_a_handler_answers_its_documented_example(changed):
    def change(document):
        media = {"schema": {"type": "object", "required": ["ok"]}, "examples": {"one": {"value": {"ok": 1}}}}
        document["paths"]["/extra/{name}"] = {
            "parameters": [{"name": "name", "in": "path", "required": True, "schema": {"type": "string"}}],
            "post": {
                "operationId": "somethingElse",
                "requestBody": {"content": {"application/json": {"schema": {"required": ["why"]}}}},
                "responses": {"203": {"description": "x", "content": {"application/json": media}}},
                "security": [{"bearerAuth": []}],
            },
            "delete": {"operationId": "nothing", "responses": {"204": {"description": "x"}}},
        }

    call = changed(change)
    answer = call.post("/extra/one", {"why": "not"})
    assert (answer.status_code, answer.get_json()) == (203, {"ok": 1})
    assert reasons(call.post("/extra/one", {})) == {"why": "is required"}
    assert call.post("/extra/one", {}, headers={"Authorization": None}).status_code == 401
    without_security = call.delete("/extra/one", headers={"Authorization": None})
    assert (without_security.status_code, without_security.data) == (204, b"")


def test_an_operation_without_security_needs_no_key(changed):
    def change(document):
        operation(document, "listTestProducts")["security"] = []

    call = changed(change)
    assert call.get("/orders/test-products", headers={"Authorization": None}).status_code == 200
    assert call.get("/orders", headers={"Authorization": None}).status_code == 401


def test_optional_security_lets_in_without_a_key(changed):
    def change(document):
        operation(document, "listTestProducts")["security"] = [{"bearerAuth": []}, {}]

    assert changed(change).get("/orders/test-products", headers={"Authorization": None}).status_code == 200


def test_the_documents_own_security_counts_where_an_operation_has_none(changed):
    def change(document):
        document["security"] = []
        for item in document["paths"].values():
            for method, one in item.items():
                if method != "parameters":
                    one.pop("security", None)

    assert changed(change).get("/orders/test-products", headers={"Authorization": None}).status_code == 200


def test_a_new_field_is_known_and_a_removed_one_is_not(changed):
    def change(document):
        properties = schema(document, "ManagedAccountCreate")["properties"]
        properties["nickname"] = {"type": "string"}
        del properties["retailer"]

    call = changed(change, strict=True)
    assert call.post(ACCOUNTS, {**EMAIL, "nickname": "x"}).status_code == 201
    assert reasons(call.post(ACCOUNTS, {**EMAIL, "retailer": "amazon"})).keys() == {"retailer"}


def test_a_new_secret_is_kept_as_one(changed):
    def change(document):
        properties = schema(document, "ManagedAccountCreate")["properties"]
        properties["totp_secret"] = {"type": "string", "format": "password", "writeOnly": True}

    call = changed(change)
    call.post(ACCOUNTS, {**EMAIL, "totp_secret": "canary"})
    assert call.journal()[0]["request"]["body"]["totp_secret"] == "[redacted]"
    assert "canary" not in call.get("/_mock/requests").text


def test_an_answer_that_breaks_the_document_is_never_sent(changed, caplog, monkeypatch):
    call = changed(lambda document: schema(document, "ManagedAccount")["required"].append("has_totp"))
    assert refusal(call.post(ACCOUNTS, EMAIL)) == (500, "internal_error")


def test_the_served_document_is_the_one_that_drives(changed):
    call = changed(lambda document: document["info"].update(version="9.9.9"))
    assert call.get("/openapi.json").get_json()["info"]["version"] == "9.9.9"
    assert yaml.safe_load(call.get("/openapi.yaml").data)["info"]["version"] == "9.9.9"
    assert call.get("/_mock/health").get_json()["spec_version"] == "9.9.9"


def test_a_document_that_was_changed_meanwhile_is_read_anew(tmp_path):
    path = tmp_path / "openapi.yaml"
    path.write_bytes(PATH.read_bytes())
    before = Specification.read(path)
    path.write_bytes(PATH.read_bytes().replace(before.version.encode(), b"0.0.7"))
    assert Specification.read(path).version == "0.0.7" != before.version


def test_the_published_document_is_served_byte_for_byte(call):
    assert call.get("/openapi.yaml").data == PATH.read_bytes()
    assert call.get("/openapi.json").get_json() == json.loads(json.dumps(DOCUMENT))


def test_yaml_is_read_as_json_would_be(tmp_path):
    path = tmp_path / "odd.yaml"
    path.write_text(
        "{openapi: 3.1.0, info: {version: 2026-01-15}, paths: {/on: {get: {operationId: NO, responses: {200: {"
        "content: {application/json: {example: {200: 2026-01-15T10:30:00Z, no: yes, true: true}}}}}}}}}"
    )
    call = Caller(create_app(spec=path, clock=START))
    example = {"200": "2026-01-15T10:30:00Z", "no": "yes", "true": True}
    assert call.get("/on").get_json() == example
    assert call.get("/openapi.json").get_json()["info"]["version"] == "2026-01-15"


@pytest.mark.parametrize(
    "whole", [True, {"properties": {"email": True}}, {"properties": {"email": True, "password": True}}]
)
def test_a_schema_may_be_true_or_false(changed, whole):
    def change(document):
        schema(document, "ManagedAccountCreate").clear()
        operation(document, "createManagedAccount")["requestBody"]["content"]["application/json"][
            "schema"
        ] = whole

    assert changed(change).post(ACCOUNTS, EMAIL).status_code == 201
    nothing = changed(
        lambda document: schema(document, "ManagedAccountCreate")["properties"].update(email=False)
    )
    assert reasons(nothing.post(ACCOUNTS, EMAIL)).keys() == {"email"}


def test_fields_of_a_schema_of_several_parts_are_known(changed):
    def change(document):
        given = schema(document, "ManagedAccountCreate")
        retailer = given["properties"].pop("retailer")
        given["allOf"] = [{"properties": {"retailer": retailer}}]

    call = changed(change, strict=True)
    assert call.account("amazon")["retailer"] == "amazon"
    assert reasons(call.post(ACCOUNTS, {**EMAIL, "colour": "red"})).keys() == {"colour"}


@pytest.mark.parametrize("keyword", ["additionalProperties", "unevaluatedProperties", "patternProperties"])
def test_where_the_document_speaks_of_further_fields_its_word_counts(changed, keyword):
    further = {"^colour$": {"type": "string"}} if keyword == "patternProperties" else {"type": "string"}
    call = changed(
        lambda document: schema(document, "ManagedAccountCreate").update({keyword: further}), strict=True
    )
    assert call.post(ACCOUNTS, {**EMAIL, "colour": "red"}).status_code == 201
    assert reasons(call.post(ACCOUNTS, {**EMAIL, "colour": 7}))


@pytest.mark.parametrize(
    ("name", "lax", "path", "body", "field"),
    [
        ("ManagedAccountCreate", {}, ACCOUNTS, {}, "email"),
        ("ManagedAccountCreate", {}, ACCOUNTS, [], "body"),
        ("OrderCreate", {}, "/orders", {}, "products"),
        ("OrderCreate", {}, "/orders", order() | {"max_price": None}, "max_price"),
        ("OrderCreate", {}, "/orders", order() | {"products": []}, "products"),
        ("Product", {"type": "object"}, "/orders", order() | {"products": [{}]}, "products"),
    ],
)
def test_what_an_operation_cannot_do_without_is_asked_for_even_where_the_document_does_not(
    changed, name, lax, path, body, field
):
    call = changed(lambda document: document["components"]["schemas"].update({name: lax}))
    assert field in reasons(call.post(path, body))


# The mock refuses


def put(place: str, value: Any) -> Change:
    """Returns the change that puts a value at a JSON pointer."""
    *steps, last = [step.replace("~1", "/").replace("~0", "~") for step in place.strip("#/").split("/")]

    def change(document: dict[str, Any]) -> None:
        for step in steps:
            document = document[step]
        if value is ...:
            del document[last]
        else:
            document[last] = value

    return change


LIST = "#/paths/~1users~1managed-accounts/get"
CREATE = "#/paths/~1users~1managed-accounts/post"
SCHEMAS = "#/components/schemas"
EMAIL_SCHEMA = f"{SCHEMAS}/ManagedAccountCreate/properties/email"
NOTHING = {"operationId": "nothing", "responses": {"204": {"description": "x"}}}
RESPONSE = f"{LIST}/responses/200/content"
BODY = f"{CREATE}/requestBody/content"
LOOP = {"$ref": f"{SCHEMAS}/Loop"}


@pytest.mark.parametrize(
    ("place", "value", "where"),
    [
        ("#/openapi", "3.0.3", "#/openapi"),
        ("#/openapi", ..., "#/openapi"),
        ("#/openapi", 3.1, "#/openapi"),
        ("#/info", [], "#/info"),
        ("#/paths", {}, "#/paths"),
        ("#/paths", [], "#/paths"),
        ("#/paths", ..., "#/paths"),
        ("#/paths/~1orders", None, "#/paths/~1orders"),
        (LIST, None, LIST),
        (f"{LIST}/operationId", ..., LIST),
        (f"{LIST}/operationId", "", LIST),
        (f"{LIST}/operationId", 7, LIST),
        (f"{LIST}/operationId", ["x"], LIST),
        (f"{LIST}/operationId", "createOrder", "createOrder"),
        (f"{LIST}/responses", ..., f"{LIST}/responses"),
        (f"{LIST}/responses", [], f"{LIST}/responses"),
        (f"{LIST}/responses/200", ..., f"{LIST}/responses"),
        (f"{LIST}/responses/202", {"description": "x"}, f"{LIST}/responses"),
        (f"{LIST}/responses/default", {"description": "x"}, f"{LIST}/responses/default"),
        (f"{LIST}/responses/4XX", {"description": "x"}, f"{LIST}/responses/4XX"),
        (f"{LIST}/responses/200", "fine", f"{LIST}/responses/200"),
        (f"{RESPONSE}", [], f"{RESPONSE}"),
        (f"{RESPONSE}/text~1html", {}, f"{RESPONSE}"),
        (f"{RESPONSE}/application~1json", [], f"{RESPONSE}/application~1json"),
        (f"{RESPONSE}/application~1json/examples", [], f"{RESPONSE}/application~1json/examples"),
        (f"{LIST}/parameters", {}, f"{LIST}/parameters"),
        (f"{LIST}/parameters", [7], f"{LIST}/parameters"),
        (f"{LIST}/parameters", [{"name": "X-Trace", "in": "header"}], f"{LIST}/parameters"),
        (f"{LIST}/parameters", [{"name": "c", "in": "cookie"}], f"{LIST}/parameters"),
        (f"{LIST}/parameters", [{"name": "x", "in": "path", "required": True}], LIST),
        (f"{LIST}/parameters", [{"in": "query"}], f"{LIST}/parameters"),
        (f"{LIST}/security", "bearer", f"{LIST}/security"),
        (f"{LIST}/security", [{"unknown": []}], f"{LIST}/security"),
        (f"{LIST}/security", ["bearerAuth"], f"{LIST}/security"),
        ("#/components/securitySchemes/bearerAuth", {"type": "apiKey"}, "security"),
        ("#/components/securitySchemes", [], "#/components/securitySchemes"),
        (f"{CREATE}/requestBody", [], f"{CREATE}/requestBody"),
        (f"{BODY}", {"application/xml": {}}, f"{BODY}"),
        (f"{BODY}", ..., f"{BODY}"),
        (f"{BODY}/application~1json/schema", 7, f"{BODY}/application~1json/schema"),
        (f"{BODY}/application~1json/schema", {"$ref": "#/nowhere"}, "#/nowhere"),
        (f"{BODY}/application~1json/schema", {"$ref": "other.yaml#/x"}, "other.yaml"),
        (f"{BODY}/application~1json/schema", {"$ref": 7}, f"{CREATE}/requestBody"),
        (f"{SCHEMAS}/ManagedAccountCreate", LOOP | {"description": "x"}, f"{SCHEMAS}/Loop"),
        (f"{SCHEMAS}/ManagedAccountCreate/properties/email", LOOP, f"{SCHEMAS}/Loop"),
        (f"{EMAIL_SCHEMA}/type", "text", EMAIL_SCHEMA),
        (f"{EMAIL_SCHEMA}/maxLength", -1, EMAIL_SCHEMA),
        (f"{EMAIL_SCHEMA}/pattern", "(", EMAIL_SCHEMA),
        (f"{SCHEMAS}/ManagedAccountCreate/required", "email", f"{SCHEMAS}/ManagedAccountCreate"),
        (f"{SCHEMAS}/ManagedAccountCreate/properties", [], f"{SCHEMAS}/ManagedAccountCreate"),
        ("#/paths/~1_mock~1clock", {"get": {"operationId": "x", "responses": {"204": {}}}}, "/_mock"),
        ("#/paths/orders", {"get": NOTHING}, "#/paths/orders"),
        ("#/paths/~1a~1{b c}", {"get": NOTHING}, "#/paths/~1a~1{b c}"),
        ("#/paths/~1a~1{b", {"get": NOTHING}, "#/paths/~1a~1{b"),
        ("#/paths/~1a<b>", {"get": NOTHING}, "#/paths/~1a<b>"),
    ],
)  # fmt: skip
def test_a_document_that_cannot_be_served_is_refused_with_one_line_that_names_the_place(
    changed, place, value, where
):
    def change(document):
        document["components"]["schemas"]["Loop"] = {"properties": {"again": LOOP}}
        put(place, value)(document)

    with pytest.raises(SpecificationError) as refused:
        changed(change)
    assert where in str(refused.value)
    assert len(str(refused.value).splitlines()) == 1


def test_an_operation_with_neither_a_handler_nor_an_example_is_refused(changed):
    def change(document):
        listing = operation(document, "listManagedAccounts")
        listing["operationId"] = "unheardOf"
        del listing["responses"]["200"]["content"]["application/json"]["examples"]

    with pytest.raises(SpecificationError, match="no answer to unheardOf, and the document no example"):
        changed(change)


@pytest.mark.parametrize("operation_id", ["listTestProducts", "deleteManagedAccount"])
@pytest.mark.parametrize(
    "media", [{}, {"example": {"gone": 1}}, {"examples": {"one": {"externalValue": "x"}}}]
)
def test_an_operation_whose_example_would_break_its_schema_is_refused(changed, operation_id, media):
    def change(document):
        content = {"application/json": {"schema": {"type": "object", "required": ["products"]}, **media}}
        responses = operation(document, operation_id)["responses"]
        responses.pop("204", None)
        responses["200"] = {"description": "x", "content": content}

    with pytest.raises(SpecificationError, match=f"responses/200: .*{operation_id}"):
        changed(change)


def test_a_path_that_declares_another_parameter_than_it_has_is_refused(changed):
    def change(document):
        document["paths"][f"{ACCOUNTS}/{{other}}"] = document["paths"].pop(f"{ACCOUNTS}/{{short_id}}")

    with pytest.raises(SpecificationError, match=r"the path has \['other'\] but declares \['short_id'\]"):
        changed(change)


def test_an_operation_that_needs_an_id_is_refused_where_its_path_has_none(changed):
    def change(document):
        item = document["paths"].pop(f"{ACCOUNTS}/{{short_id}}")
        del item["parameters"]
        document["paths"]["/account"] = item

    with pytest.raises(SpecificationError, match="updateManagedAccount needs an id in its path"):
        changed(change)


@pytest.mark.parametrize(
    ("source", "told"),
    [
        (b"", "#/openapi"),
        (b"openapi: [3.1.0", "line 2"),
        (b"a: 1\nb: {\n", "line 3"),
        (b"? [a]\n: 1", "line 1"),
        (b"a: &a [*a]", "#/openapi"),
        (b"openapi: 3.1.0\npaths: &a {/x: *a}", "#/paths"),
        (b"\xff\xfe\x00", ""),
        (b"\x00", ""),
        (b"- 1\n- 2\n", "#/openapi"),
        (b"--- 1\n--- 2\n", "line 2"),
        (b"openapi: !!python/object:os.system x", "line 1"),
        (b"openapi: 3.1.0\nx: !!int seven", "line 2"),
        (b"openapi: 3.1.0\nx: 0b_", "line 2"),
        (b"openapi: 3.1.0\nx: !!float seven", "line 2"),
        (b"openapi: 3.1.0\nx: !!bool perhaps", "line 2"),
        (b"openapi: 3.1.0\nx: !!timestamp 2026-02-30", "line 2"),
        (b"openapi: 3.1.0\nopenapi: 3.1.0\npaths: {}\n", "line 2"),
    ],
)
def test_what_is_no_document_is_refused_with_one_line(tmp_path, source, told):
    path = tmp_path / "broken.yaml"
    path.write_bytes(source)
    with pytest.raises(SpecificationError) as refused:
        Specification.read(path)
    assert told in str(refused.value)
    assert len(str(refused.value).splitlines()) == 1


def test_the_documents_that_come_with_the_mock_stand_the_check_that_their_place_spares_them(tmp_path):
    for path in (PATH, CONTROL_PATH):
        elsewhere = tmp_path / "openapi.yaml"
        elsewhere.write_bytes(path.read_bytes())
        assert Specification.read(elsewhere).operations.keys() == Specification.read(path).operations.keys()


def test_a_file_that_is_not_there_is_refused(tmp_path):
    for path in (tmp_path / "nothing.yaml", tmp_path):
        with pytest.raises(SpecificationError, match=str(path)):
            Specification.read(path)
