"""Compares two schemas, keyword by keyword: does the new one allow more values, or fewer?

References are resolved before schemas come here. Annotations do not count, except `default` in a request: leaving the
field out then means something else.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from publishing.spec_diff.changes import Change, Changes, Effect, Side

Schema = Mapping[str, Any]

_TYPES = frozenset({"null", "boolean", "integer", "number", "string", "array", "object"})
_LOWER = {"minimum": None, "exclusiveMinimum": None, "minLength": 0, "minItems": 0, "minProperties": 0}
_UPPER = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
_ALL_OR_NOTHING = ("pattern", "format", "multipleOf")
_ANNOTATIONS = frozenset(
    {"title", "description", "default", "example", "examples", "deprecated", "externalDocs", "$comment"}
)
_DESCENDED = {"items": "[]", "additionalProperties": ".*"}


def compare_schemas(old: Any, new: Any, place: str, side: Side) -> Changes:
    """Yield what changed from an old schema to a new one.

    Args:
        old: a schema without references; True stands for one that allows everything.
        new: the same place of the new document.
        place: what to call it.
        side: who writes the values.
    """
    old, new = _mapping(old), _mapping(new)
    for keyword in sorted(old.keys() | new.keys()):
        if not _is_judged_elsewhere(keyword, old, new) and not _same(old, new, keyword):
            for effect in _RULES.get(keyword, _unknown)(old, new, keyword):
                yield Change(place, _words(old, new, keyword), effect.breaks(side))
    if side is Side.REQUEST and not _same(old, new, "default"):
        yield Change(place, _words(old, new, "default"), True)
    yield from _compare_properties(old, new, place, side)
    for keyword, ending in _DESCENDED.items():
        if keyword in old or keyword in new:
            yield from _compare_inner(old.get(keyword, True), new.get(keyword, True), place + ending, side)


def _compare_inner(old: Any, new: Any, place: str, side: Side) -> Changes:
    if old is not False and new is not False:
        yield from compare_schemas(old, new, place, side)
    elif old != new:
        effect = Effect.NARROWER if new is False else Effect.WIDER
        yield Change(place, "no longer allowed" if new is False else "allowed now", effect.breaks(side))


def _compare_properties(old: Schema, new: Schema, place: str, side: Side) -> Changes:
    before, after = old.get("properties", {}), new.get("properties", {})
    for name in sorted(before.keys() | after.keys()):
        inner = f"{place}.{name}" if place else name
        if name not in after:
            yield Change(inner, "removed", True)
        elif name in before:
            yield from compare_schemas(before[name], after[name], inner, side)
        elif side is Side.REQUEST:
            required = name in new.get("required", ())
            yield Change(inner, "added, and required" if required else "added", required)
        else:
            yield Change(inner, "added", _allows_what_was_not(old, after[name], inner, side))


def _allows_what_was_not(old: Schema, added: Any, place: str, side: Side) -> bool:
    """Tell whether an added property has values that the old schema, which did not name it, had no place for."""
    unnamed = old.get("additionalProperties", True)
    if unnamed is True:
        return False
    return any(change.breaking for change in compare_schemas(unnamed, added, place, side))


def _mapping(schema: Any) -> Schema:
    if isinstance(schema, bool):
        return {} if schema else {"not": {}}
    return dict(schema)


def _is_judged_elsewhere(keyword: str, old: Schema, new: Schema) -> bool:
    """Whether a keyword does not count, or counts as part of something else."""
    if keyword == "required":  # of a property that came or went, its own line says so
        both = old.get("properties", {}).keys() & new.get("properties", {}).keys()
        changed = set(old.get(keyword, ())) ^ set(new.get(keyword, ()))
        named = old.get("properties", {}).keys() | new.get("properties", {}).keys()
        return bool(changed) and not changed & both and changed <= named
    return (
        keyword in _ANNOTATIONS
        or keyword in _DESCENDED
        or keyword == "properties"
        or keyword.startswith("x-")
    )


def _set_rule(values_of: Callable[[Schema], frozenset[str] | None]) -> "_Rule":
    def rule(old: Schema, new: Schema, keyword: str) -> Iterator[Effect]:  # noqa: ARG001
        before, after = values_of(old), values_of(new)
        if before is None or (after is not None and before - after):
            yield Effect.NARROWER
        if after is None or (before is not None and after - before):
            yield Effect.WIDER

    return rule


def _types(schema: Schema) -> frozenset[str]:
    given = schema.get("type")
    types = _TYPES if given is None else frozenset([given] if isinstance(given, str) else given)
    return types | {"integer"} if "number" in types else types


def _values(keyword: str) -> Callable[[Schema], frozenset[str] | None]:
    def values(schema: Schema) -> frozenset[str] | None:
        if keyword not in schema:
            return None
        given = schema[keyword] if keyword == "enum" else [schema[keyword]]
        return frozenset(json.dumps(value, sort_keys=True) for value in given)

    return values


def _required(old: Schema, new: Schema, keyword: str) -> Iterator[Effect]:
    before, after = set(old.get(keyword, ())), set(new.get(keyword, ()))
    if after - before:
        yield Effect.NARROWER
    if before - after:
        yield Effect.WIDER


def _lower(old: Schema, new: Schema, keyword: str) -> Iterator[Effect]:
    before, after = old.get(keyword, _LOWER[keyword]), new.get(keyword, _LOWER[keyword])
    if before != after:
        yield Effect.NARROWER if before is None or (after is not None and after > before) else Effect.WIDER


def _upper(old: Schema, new: Schema, keyword: str) -> Iterator[Effect]:
    before, after = old.get(keyword), new.get(keyword)
    if before != after:
        yield Effect.NARROWER if before is None or (after is not None and after < before) else Effect.WIDER


def _all_or_nothing(old: Schema, new: Schema, keyword: str) -> Iterator[Effect]:
    if keyword in new:
        yield Effect.NARROWER
    if keyword in old:
        yield Effect.WIDER


def _unique_items(old: Schema, new: Schema, keyword: str) -> Iterator[Effect]:
    before, after = old.get(keyword, False), new.get(keyword, False)
    if before != after:
        yield Effect.NARROWER if after else Effect.WIDER


def _unknown(old: Schema, new: Schema, keyword: str) -> Iterator[Effect]:  # noqa: ARG001
    yield Effect.UNKNOWN


_Rule = Callable[[Schema, Schema, str], Iterator[Effect]]
_RULES: dict[str, _Rule] = {
    "type": _set_rule(_types),
    "enum": _set_rule(_values("enum")),
    "const": _set_rule(_values("const")),
    "required": _required,
    "uniqueItems": _unique_items,
    **dict.fromkeys(_LOWER, _lower),
    **dict.fromkeys(_UPPER, _upper),
    **dict.fromkeys(_ALL_OR_NOTHING, _all_or_nothing),
}


def _same(old: Schema, new: Schema, keyword: str) -> bool:
    return _shown(old, keyword) == _shown(new, keyword)


def _words(old: Schema, new: Schema, keyword: str) -> str:
    """Say what became of a keyword; of a list, what came and what went."""
    before, after = old.get(keyword, []), new.get(keyword, [])
    if isinstance(before, list) and isinstance(after, list) and (before or after):
        came = [_json(value) for value in after if value not in before]
        went = [_json(value) for value in before if value not in after]
        parts = [
            f"{', '.join(values)} {verb}" for values, verb in ((went, "removed"), (came, "added")) if values
        ]
        return f"{keyword}: {'; '.join(parts)}"
    return f"{keyword}: {_shown(old, keyword)} became {_shown(new, keyword)}"


def _shown(schema: Schema, keyword: str) -> str:
    return _json(schema[keyword]) if keyword in schema else "nothing"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
