"""An OpenAPI 3.1 document, read once: operations, their validators, their examples.

The document is the configuration of the server: nothing outside this module knows its keywords, and nothing in
Python repeats what it says. What the server could not serve faithfully is refused here, with the place named.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError
from jsonschema.protocols import Validator

from mock_server.document import DocumentError, parse_document
from mock_server.validators import prepared_validator

_PACKAGE = Path(__file__).parent
_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_JSON = "application/json"
_PATH = re.compile(r"/([^{}<>]|{[A-Za-z_][A-Za-z0-9_]*})*")
_ANNOTATIONS = frozenset({"title", "description", "default", "examples", "deprecated", "x-provenance"})
_CONTAINERS = (dict, list)
_COMPOSED = frozenset({"allOf", "anyOf", "oneOf"})
# Where one of these stands, validation alone tells which fields are refused.
_OPEN = frozenset(
    {"additionalProperties", "unevaluatedProperties", "patternProperties", "dependentSchemas", "if"}
)


class SpecificationError(Exception):
    """The document cannot be served.

    Args:
        where: a JSON pointer into the document, or the file's path.
        problem: what is wrong there, in one line.
    """

    def __init__(self, where: str, problem: str) -> None:
        super().__init__(f"{where}: {problem}")


@dataclass(frozen=True)
class Schema:
    """A schema of the document, with references resolved.

    Args:
        pointer: where it stands, as a JSON pointer.
        schema: the schema itself, free of `$ref`.
    """

    pointer: str
    schema: Mapping[str, Any]

    @cached_property
    def validator(self) -> Validator:
        """The jsonschema validator, format checks on."""
        return prepared_validator(self.schema)

    @cached_property
    def secrets(self) -> frozenset[str]:
        """The names of the top-level properties that hold secrets (`writeOnly`, `format: password`)."""
        properties = self.schema.get("properties", {})
        return frozenset(
            name
            for name, schema in properties.items()
            if isinstance(schema, dict) and schema.get("writeOnly") and schema.get("format") == "password"
        )

    def unknown_fields(self, value: Any) -> list[tuple[str, ...]]:
        """Return the paths of a value's fields that no schema knows, such as `("products", "0", "color")`."""
        return list(_unknown(self.schema, value, ()))


def _unknown(schema: Any, value: Any, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    if not isinstance(schema, dict):
        return  # true or false
    properties = schema.get("properties") if _COMPOSED.isdisjoint(schema) else _properties(schema)
    if isinstance(value, dict) and properties:
        for name, inner in value.items():
            if name in properties:
                if isinstance(inner, _CONTAINERS):
                    yield from _unknown(properties[name], inner, (*path, name))
            elif _OPEN.isdisjoint(schema):
                yield (*path, name)
    elif isinstance(value, list) and "items" in schema:
        for index, inner in enumerate(value):
            yield from _unknown(schema["items"], inner, (*path, str(index)))


def _properties(schema: Any) -> dict[str, Any]:
    """Return the properties of a schema and of the parts that it is composed of."""
    if not isinstance(schema, dict):
        return {}
    known = dict(schema.get("properties", {}))
    for keyword in _COMPOSED & schema.keys():
        for part in schema[keyword]:
            known = _properties(part) | known
    return known


class Response(NamedTuple):
    """One documented answer of an operation. No `schema` means no body."""

    status: int
    pointer: str
    schema: Schema | None = None
    examples: Mapping[str, Any] = MappingProxyType({})

    @property
    def example(self) -> Any:
        """The first example; None where there is none."""
        return next(iter(self.examples.values()), None)


class Operation(NamedTuple):
    """One operation of the document.

    `rule` is the path as the router wants it, `query` the schemas of the query parameters by name, `required_query`
    the names of those that must be given, `parameters` the names of those in the path, `body` the schema of a JSON
    request body.
    """

    id: str
    method: str
    path: str
    rule: str
    pointer: str
    secured: bool
    success: Response
    responses: Mapping[int, Response]
    parameters: tuple[str, ...]
    query: Mapping[str, Schema]
    required_query: frozenset[str]
    body: Schema | None
    media_type: str | None
    body_example: Any
    summary: str


class Specification(NamedTuple):
    """A whole document: its operations by id, its version, and its source as it was published."""

    title: str
    version: str
    operations: Mapping[str, Operation]
    document: Mapping[str, Any]
    source: bytes = b""

    @classmethod
    def read(cls, path: Path) -> "Specification":
        """Read a document from a YAML (or JSON) file.

        The schemas of the documents that come with the mock are not checked: the tests have done it, once and for
        all, and it would take a tenth of the time until the first answer.

        Raises:
            SpecificationError: the file cannot be read, is no YAML, or cannot be served.
        """
        try:
            return _read(path.read_bytes(), sound=path.is_relative_to(_PACKAGE))
        except OSError as error:
            raise SpecificationError(str(path), error.strerror or str(error)) from error
        except (DocumentError, SpecificationError) as error:
            raise SpecificationError(str(path), str(error)) from error

    @classmethod
    def of(cls, document: Any, source: bytes = b"", *, sound: bool = False) -> "Specification":
        """Make a specification of a document that is loaded already.

        Args:
            document: the document.
            source: the bytes that it was read from.
            sound: its schemas are known to be JSON Schemas, and need no check.

        Raises:
            SpecificationError: it is no OpenAPI 3.1 document, or has something that cannot be served.
        """
        try:
            return _Reader(document, sound).specification(source)
        except RecursionError as error:
            raise SpecificationError("#", "it is nested too deep, or contains itself") from error


@lru_cache(maxsize=8)  # a test suite makes one mock after the other of the same document
def _read(source: bytes, *, sound: bool) -> Specification:
    return Specification.of(parse_document(source), source, sound=sound)


class _Reader:
    """Walks a document and keeps track of where it is, so that each complaint can name the place."""

    def __init__(self, document: Any, sound: bool) -> None:
        version = document.get("openapi") if isinstance(document, dict) else None
        if not isinstance(version, str) or not version.startswith("3.1."):
            raise SpecificationError("#/openapi", "this is no OpenAPI 3.1 document")
        self.document = document
        self._sound = sound
        self._checked: set[str] = set()
        self._whole: dict[
            str, Any
        ] = {}  # schemas that references name, inlined: one object wherever they are used

    def specification(self, source: bytes) -> Specification:
        info = self._mapping(self.document.get("info", {}), "#/info")
        operations: dict[str, Operation] = {}
        for operation in self._operations():
            if operation.id in operations:
                raise SpecificationError(operation.pointer, f"operationId {operation.id} stands twice")
            operations[operation.id] = operation
        if not operations:
            raise SpecificationError("#/paths", "there is no operation to serve")
        return Specification(
            title=str(info.get("title", "")),
            version=str(info.get("version", "")),
            operations=operations,
            document=self.document,
            source=source,
        )

    def _operations(self) -> Iterator[Operation]:
        for path, item in self._mapping(self.document.get("paths"), "#/paths").items():
            pointer = f"#/paths/{_escaped(path)}"
            item = self._mapping(item, pointer)
            for method in _METHODS:
                if method in item:
                    yield self._operation(path, method, item, f"{pointer}/{method}")

    def _operation(self, path: str, method: str, item: dict[str, Any], pointer: str) -> Operation:
        operation = self._mapping(item[method], pointer)
        if not isinstance(operation.get("operationId"), str) or not operation["operationId"]:
            raise SpecificationError(pointer, "an operation needs an operationId, which is a text")
        responses = {
            response.status: response
            for response in self._responses(operation.get("responses"), f"{pointer}/responses")
        }
        successes = [response for status, response in responses.items() if 200 <= status < 300]
        if len(successes) != 1:
            raise SpecificationError(f"{pointer}/responses", "an operation needs exactly one 2xx response")
        parameters = list(self._parameters(item, operation, pointer))
        media_type, body, example = self._body(operation, pointer)
        return Operation(
            id=operation["operationId"],
            method=method.upper(),
            path=path,
            rule=_rule(path, pointer),
            pointer=pointer,
            secured=self._secured(operation, pointer),
            success=successes[0],
            responses=responses,
            parameters=self._path_parameters(path, parameters, pointer),
            query={name: schema for place, name, schema, _ in parameters if place == "query"},
            required_query=frozenset(
                name for place, name, _, needed in parameters if place == "query" and needed
            ),
            body=body,
            media_type=media_type,
            body_example=example,
            summary=str(operation.get("summary", "")),
        )

    def _responses(self, responses: Any, pointer: str) -> Iterator[Response]:
        for status, response in self._mapping(responses, pointer).items():
            where = f"{pointer}/{status}"
            if not re.fullmatch(r"[1-5]\d\d", str(status)):
                raise SpecificationError(where, "only exact statuses such as 200 can be served")
            response, where = self._resolved(response, where)
            if self._mapping(response.get("content", {}), f"{where}/content"):
                schema, examples = self._content(response["content"], f"{where}/content")
                yield Response(int(status), where, schema, examples)
            else:
                yield Response(int(status), where)

    def _content(self, content: Any, pointer: str) -> tuple[Schema, dict[str, Any]]:
        """Return the schema and the examples of a body."""
        if list(self._mapping(content, pointer)) != [_JSON]:
            raise SpecificationError(pointer, f"only {_JSON} can be served")
        pointer = f"{pointer}/{_escaped(_JSON)}"
        media = self._mapping(content[_JSON], pointer)
        schema = self._schema(media.get("schema", {}), f"{pointer}/schema")
        if "example" in media:
            return schema, {"example": media["example"]}
        examples = self._mapping(media.get("examples", {}), f"{pointer}/examples")
        return schema, {
            name: self._resolved(example, f"{pointer}/examples/{_escaped(name)}")[0].get("value")
            for name, example in examples.items()
        }

    def _parameters(
        self, item: dict[str, Any], operation: dict[str, Any], pointer: str
    ) -> Iterator[tuple[str, str, Schema, bool]]:
        where = f"{pointer}/parameters"
        for given in [
            *self._list(item.get("parameters", []), where),
            *self._list(operation.get("parameters", []), where),
        ]:
            parameter, where = self._resolved(given, f"{pointer}/parameters")
            place, name = parameter.get("in"), parameter.get("name")
            if place not in ("path", "query"):
                raise SpecificationError(where, f"a parameter in {place!r} cannot be served")
            if not isinstance(name, str):
                raise SpecificationError(where, "a parameter needs a name")
            schema = self._schema(parameter.get("schema", {}), f"{where}/schema")
            yield place, name, schema, parameter.get("required") is True

    @staticmethod
    def _path_parameters(
        path: str, parameters: list[tuple[str, str, Schema, bool]], pointer: str
    ) -> tuple[str, ...]:
        in_path = tuple(re.findall(r"{([^}]+)}", path))
        declared = {name for place, name, *_ in parameters if place == "path"}
        if set(in_path) != declared:
            raise SpecificationError(
                pointer, f"the path has {sorted(in_path)} but declares {sorted(declared)}"
            )
        return in_path

    def _body(self, operation: dict[str, Any], pointer: str) -> tuple[str | None, Schema | None, Any]:
        if "requestBody" not in operation:
            return None, None, None
        body, where = self._resolved(operation["requestBody"], f"{pointer}/requestBody")
        schema, examples = self._content(body.get("content"), f"{where}/content")
        return _JSON, schema, next(iter(examples.values()), None)

    def _secured(self, operation: dict[str, Any], pointer: str) -> bool:
        where = f"{pointer}/security"
        components = self._mapping(self.document.get("components", {}), "#/components")
        schemes = self._mapping(components.get("securitySchemes", {}), "#/components/securitySchemes")
        required = self._list(operation.get("security", self.document.get("security", [])), where)
        for requirement in required:
            for name in self._mapping(requirement, where):
                scheme, _ = self._resolved(schemes.get(name, {}), where)
                if (scheme.get("type"), str(scheme.get("scheme")).lower()) != ("http", "bearer"):
                    raise SpecificationError(where, f"{name!r} is no HTTP bearer scheme")
        return bool(required) and not any(requirement == {} for requirement in required)

    def _schema(self, schema: Any, pointer: str) -> Schema:
        place = pointer
        if isinstance(schema, dict) and list(schema) == ["$ref"]:
            _, place = self._resolved(schema, pointer)
        self._check(schema, pointer)
        inlined = self._inlined(schema, pointer, ())
        if isinstance(inlined, bool):
            inlined = {} if inlined else {"not": {}}
        return Schema(place, inlined)

    def _check(self, schema: Any, pointer: str) -> None:
        """Refuse what is no JSON Schema. Each place is checked once: checking is the larger part of reading."""
        if self._sound or pointer in self._checked:
            return
        self._checked.add(pointer)
        try:
            Draft202012Validator.check_schema(schema)
        except SchemaError as error:
            place = "/".join(map(str, error.absolute_path))
            raise SpecificationError(f"{pointer}/{place}", error.message) from error

    def _inlined(self, node: Any, pointer: str, seen: tuple[str, ...]) -> Any:
        """Return a copy of a schema in which each `$ref` is replaced by what it points to."""
        if isinstance(node, list):
            return [self._inlined(inner, f"{pointer}/{i}", seen) for i, inner in enumerate(node)]
        if not isinstance(node, dict):
            return node
        reference = node.get("$ref")
        if isinstance(reference, str):
            if reference in seen:
                raise SpecificationError(pointer, f"{reference} refers to itself")
            target = self._target(reference, pointer)
            self._check(target, reference)
            beside = {key: value for key, value in node.items() if key != "$ref"}
            if not beside:
                return self._whole_schema(target, reference, seen)
            if clash := {key for key in target.keys() & beside.keys() if key not in _ANNOTATIONS}:
                raise SpecificationError(pointer, f"{sorted(clash)} stand both here and at {reference}")
            return self._inlined({**target, **beside}, reference, (*seen, reference))
        return {key: self._inlined(inner, f"{pointer}/{_escaped(key)}", seen) for key, inner in node.items()}

    def _whole_schema(self, target: dict[str, Any], reference: str, seen: tuple[str, ...]) -> Any:
        if reference not in self._whole:
            self._whole[reference] = self._inlined(target, reference, (*seen, reference))
        return self._whole[reference]

    def _resolved(self, node: Any, pointer: str) -> tuple[dict[str, Any], str]:
        """Follow a reference to a component; return it with the place where it stands."""
        seen = set()
        while isinstance(node, dict) and isinstance(node.get("$ref"), str):
            reference = node["$ref"]
            if reference in seen:
                raise SpecificationError(pointer, f"{reference} refers to itself")
            seen.add(reference)
            node, pointer = self._target(reference, pointer), reference
        return self._mapping(node, pointer), pointer

    def _target(self, reference: str, pointer: str) -> dict[str, Any]:
        if not reference.startswith("#/"):
            raise SpecificationError(pointer, f"{reference} is outside this document")
        node: Any = self.document
        for step in reference[2:].split("/"):
            step = step.replace("~1", "/").replace("~0", "~")
            if not isinstance(node, dict) or step not in node:
                raise SpecificationError(pointer, f"{reference} points to nothing")
            node = node[step]
        return self._mapping(node, reference)

    @staticmethod
    def _mapping(node: Any, pointer: str) -> dict[str, Any]:
        if not isinstance(node, dict):
            raise SpecificationError(pointer, "an object is needed here")
        return node

    @staticmethod
    def _list(node: Any, pointer: str) -> list[Any]:
        if not isinstance(node, list):
            raise SpecificationError(pointer, "an array is needed here")
        return node


def _rule(path: str, pointer: str) -> str:
    """Return a path of the document as the router writes it."""
    if not _PATH.fullmatch(path):
        raise SpecificationError(pointer, "a path is like /things/{name}; names are of letters, digits and _")
    return path.replace("{", "<").replace("}", ">")


def _escaped(key: object) -> str:
    """Return a key as a step of a JSON pointer (RFC 6901)."""
    return str(key).replace("~", "~0").replace("/", "~1")


def without(value: Any, paths: list[tuple[str, ...]]) -> Any:
    """Return a JSON value without the fields at the paths that `Schema.unknown_fields` named."""
    leaving: dict[str, Any] = {}  # the paths as a tree, so that thousands of them take one walk
    for path in paths:
        branch = leaving
        for step in path[:-1]:
            branch = branch.setdefault(step, {})
        branch[path[-1]] = None
    return _without(value, leaving)


def _without(value: Any, leaving: dict[str, Any]) -> Any:
    if not leaving:
        return value
    if isinstance(value, list):
        return [_without(inner, leaving.get(str(i), {})) for i, inner in enumerate(value)]
    return {
        name: _without(inner, leaving.get(name, {}))
        for name, inner in value.items()
        if leaving.get(name, {}) is not None
    }
