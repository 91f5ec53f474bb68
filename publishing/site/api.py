"""The specification as what a reference page shows."""

import json
import shlex
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from publishing.site.markdown import highlighted, slug
from publishing.site.reference_model import Answer, Body, Example, Field, Group, Operation, Provenance, Schema

_METHODS = ("get", "put", "post", "delete")
_JSON = "application/json"
_LIMITS = {
    "minLength": "at least {} characters",
    "maxLength": "at most {} characters",
    "minItems": "at least {}",
    "maxItems": "at most {}",
    "minimum": "{} or more",
    "maximum": "{} or less",
    "pattern": "matches {}",
    "default": "{} when left out",
}

Node = Mapping[str, Any]


class Reference:
    """What the reference page shows of a document.

    Args:
        document: an OpenAPI document.
    """

    def __init__(self, document: Node) -> None:
        self._document = document
        self.title = str(document["info"]["title"])
        self.version = str(document["info"]["version"])
        # The description's headings are those of a part; here they stand right under the page's.
        self.about = str(document["info"]["description"]).replace("### ", "## ")
        self.server = str(document["servers"][0]["url"])
        self.security = str(document["components"]["securitySchemes"]["bearerAuth"]["description"])

    @property
    def groups(self) -> list[Group]:
        """The operations, by tag."""
        return [
            Group(tag["name"], tag["description"], tuple(self._operations(tag["name"])))
            for tag in self._document["tags"]
        ]

    @property
    def schemas(self) -> list[Schema]:
        """The named schemas."""
        return [
            Schema(name, schema.get("description", ""), _provenance(schema), tuple(self._fields(schema)))
            for name, schema in self._document["components"]["schemas"].items()
        ]

    def _operations(self, tag: str) -> Iterator[Operation]:
        for path, item in self._document["paths"].items():
            for method in _METHODS:
                if method in item and tag in item[method]["tags"]:
                    yield self._operation(path, method, item)

    def _operation(self, path: str, method: str, item: Node) -> Operation:
        described = item[method]
        parameters = [
            self._found(one) for one in [*item.get("parameters", ()), *described.get("parameters", ())]
        ]
        request = described.get("requestBody")
        return Operation(
            id=described["operationId"],
            anchor=slug(described["operationId"]),
            method=method.upper(),
            path=path,
            summary=described["summary"],
            about=described["description"],
            provenance=_provenance(described),
            place=_provenance(item),
            parameters=tuple(self._parameter(one) for one in parameters),
            body=request and self._body(request),
            answers=tuple(self._answer(int(status), one) for status, one in described["responses"].items()),
            curl=highlighted(self._curl(path, method, parameters, request), "console"),
        )

    def _parameter(self, parameter: Node) -> Field:
        made = self._field(parameter["name"], parameter["schema"], bool(parameter.get("required")))
        return Field(
            made.name,
            made.kind,
            made.required,
            parameter["description"],
            made.limits,
            _provenance(parameter),
            place=f"in the {parameter['in']}",
        )

    def _answer(self, status: int, described: Node) -> Answer:
        answer = self._found(described)
        return Answer(
            status,
            HTTPStatus(status).phrase,
            answer["description"],
            _provenance(answer),
            self._body(answer) if answer.get("content") else None,
        )

    def _body(self, holder: Node) -> Body:
        media = holder["content"][_JSON]
        schema = media["schema"]
        examples = tuple(
            Example(one["summary"], _json(one["value"]), _provenance(one))
            for one in media["examples"].values()
        )
        return Body(_name_of(schema), tuple(self._fields(self._found(schema))), examples)

    def _fields(self, schema: Node) -> Iterator[Field]:
        for name, inner in schema.get("properties", {}).items():
            yield self._field(name, inner, name in schema.get("required", ()))

    def _field(self, name: str, given: Node, required: bool) -> Field:
        schema = self._found(given)
        inner = self._found(schema["items"]) if "items" in schema else schema
        named = _name_of(given) or _name_of(schema.get("items", {}))
        return Field(
            name,
            _kind(schema, inner),
            required,
            schema.get("description", ""),
            tuple(_limits(schema)),
            _provenance(schema),
            named,
            tuple(self._fields(inner)),
        )

    def _found(self, node: Node) -> Node:
        reference = node.get("$ref")
        if reference is None:
            return node
        found: Any = self._document
        for step in reference.removeprefix("#/").split("/"):
            found = found[step]
        return self._found({**found, **{name: inner for name, inner in node.items() if name != "$ref"}})

    def _curl(self, path: str, method: str, parameters: list[Node], request: Node | None) -> str:
        """Return the curl line of an operation, with the examples of its parameters and its body."""
        for parameter in parameters:
            path = path.replace(f"{{{parameter['name']}}}", str(parameter["example"]))
        word = "" if method == "get" else f"-X {method.upper()} "
        lines = [f"$ curl {word}{self.server}{path}", '-H "Authorization: Bearer $ZINC_API_KEY"']
        if request is not None:
            value = next(iter(request["content"][_JSON]["examples"].values()))["value"]
            lines += ['-H "Content-Type: application/json"', f"-d {shlex.quote(json.dumps(value, indent=2))}"]
        return " \\\n    ".join(lines)


def _name_of(schema: Node) -> str | None:
    reference = schema.get("$ref")
    return str(reference).rpartition("/")[2] if reference else None


def _kind(schema: Node, inner: Node) -> str:
    """Say of what type a value is: `string (email) or null`."""
    given = schema.get("type", "any")
    types = [given] if isinstance(given, str) else list(given)
    said = [f"array of {inner.get('type', 'any')}s" if name == "array" else name for name in types]
    form = schema.get("format")
    if form:
        said[0] += f" ({form})"
    return " or ".join(said)


def _limits(schema: Node) -> Iterator[str]:
    if "enum" in schema:
        yield "one of " + ", ".join(f"`{value}`" for value in schema["enum"])
    for keyword, words in _LIMITS.items():
        if keyword in schema:
            value = schema[keyword]
            yield words.format(f"`{value if isinstance(value, str) else json.dumps(value)}`")
    if schema.get("writeOnly"):
        yield "never returned"


def _provenance(node: Node) -> Provenance | None:
    given = node.get("x-provenance")
    if given is None:
        return None
    return Provenance(
        given["level"],
        given["source"],
        given.get("note", ""),
        given.get("disagreement", ""),
        given.get("choice", ""),
        tuple(given.get("keywords", {}).items()),
    )


def _json(value: Any) -> str:
    return highlighted(json.dumps(value, indent=2, ensure_ascii=False) + "\n", "json")
