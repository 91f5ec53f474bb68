"""What a request breaks, said per field: jsonschema judges, this module puts its verdict into words.

A reason never repeats the value that was sent: the value may be a secret.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, cast

import orjson
from jsonschema.exceptions import ValidationError

from mock_server.specification import Operation, Schema
from mock_server.validators import errors_of

_MOST = 50  # nobody reads more, and a body may be wrong in a million places

_NAMES_OF_TYPES = {
    "array": "an array",
    "boolean": "true or false",
    "integer": "an integer",
    "null": "null",
    "number": "a number",
    "object": "an object",
    "string": "a string",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One way in which a value does not fit a schema.

    `field` is the name of the top-level field (`body` for the whole value), `reason` says what is wrong in it,
    `keyword` and `pointer` name the keyword that failed and its place in the document.
    """

    field: str
    reason: str
    keyword: str
    pointer: str


def problems(schema: Schema, value: Any) -> list[Problem]:
    """Return the ways in which a value does not fit a schema, the first of them if they are many; none when it does."""
    errors = islice(errors_of(schema.validator, value), _MOST)
    return [_problem(schema, error) for error in errors]


def query_values(operation: Operation, given: Mapping[str, str]) -> tuple[dict[str, Any], list[Problem]]:
    """Return the values of an operation's query parameters, and the ways in which they do not fit."""
    values: dict[str, Any] = {}
    found: list[Problem] = []
    for name, schema in operation.query.items():
        if name in given:
            values[name] = _value(schema, given[name])
            found += [replace(problem, field=name) for problem in problems(schema, values[name])]
        elif name in operation.required_query:
            found.append(Problem(name, "is required", "required", schema.pointer))
    return values, found


def _value(schema: Schema, text: str) -> Any:
    """Read a text as the number, true or false that a schema may want."""
    wanted = schema.schema.get("type", "string")
    if "string" in wanted:
        return text
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return text


def reasons(found: list[Problem]) -> dict[str, str]:
    """Return the reasons by field, as the `details` of a validation error show them."""
    by_field: dict[str, list[str]] = {}
    for problem in found:
        by_field.setdefault(problem.field, []).append(problem.reason)
    return {field: "; ".join(texts) for field, texts in by_field.items()}


def _problem(schema: Schema, error: ValidationError) -> Problem:
    path = [str(step) for step in error.absolute_path]
    keyword, expected = str(error.validator), cast("Any", error.validator_value)
    if keyword == "required":
        # One error for each missing field; only the message tells which one this is about.
        path.append(next(name for name in expected if error.message.startswith(repr(name))))
    elif keyword == "additionalProperties":
        path.append(_first_unknown(error))
    field, inner = (path[0], ".".join(path[1:])) if path else ("body", "")
    reason = _reason(keyword, expected)
    place = "/".join(str(step) for step in error.absolute_schema_path)
    return Problem(field, f"{inner}: {reason}" if inner else reason, keyword, f"{schema.pointer}/{place}")


def _first_unknown(error: ValidationError) -> str:
    """Return the first field of an object that its schema does not allow."""
    schema, value = cast("dict[str, Any]", error.schema), cast("dict[str, Any]", error.instance)
    known, patterns = schema.get("properties", {}), schema.get("patternProperties", {})
    return next(
        name for name in value if name not in known and not any(re.search(one, name) for one in patterns)
    )


def _type_reason(expected: Any) -> str:
    names = [expected] if isinstance(expected, str) else expected
    return "must be " + " or ".join(_NAMES_OF_TYPES[name] for name in names)


def _any_of_reason(schemas: list[Any]) -> str:
    if not all(isinstance(schema, dict) and "required" in schema for schema in schemas):
        return "does not fit the specification (anyOf)"
    return "must have one of " + ", ".join(" with ".join(schema["required"]) for schema in schemas)


_REASONS: dict[str, Callable[[Any], str]] = {
    "required": lambda _: "is required",
    "type": _type_reason,
    "format": lambda name: f"must be a valid {name}",
    "minLength": lambda n: f"must have at least {n} character{'s' * (n != 1)}",
    "maxLength": lambda n: f"must have at most {n} characters",
    "minItems": lambda n: f"must have at least {n} item{'s' * (n != 1)}",
    "maxItems": lambda n: f"must have at most {n} items",
    "minimum": lambda n: f"must be at least {n}",
    "exclusiveMinimum": lambda n: f"must be more than {n}",
    "maximum": lambda n: f"must be at most {n}",
    "exclusiveMaximum": lambda n: f"must be less than {n}",
    "pattern": lambda pattern: f"must match {pattern}",
    "enum": lambda values: "must be one of " + ", ".join(str(value) for value in values),
    "const": lambda value: f"must be {value}",
    "anyOf": _any_of_reason,
    "additionalProperties": lambda _: "is not a field of this request",
}


def _reason(keyword: str, expected: Any) -> str:
    words = _REASONS.get(keyword)
    return words(expected) if words else f"does not fit the specification ({keyword})"
