"""jsonschema's validators, prepared: those of nested schemas are made once, not at each value.

The verdict is jsonschema's own. All that changes is what a mock that validates every request and every answer would
ask it again and again: `properties` and `items`, which otherwise make a validator for each value that they descend
into, look up one that is there; `type` knows of which Python classes jsonschema takes every value; and a verdict on
something that cannot change is not asked for twice.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import extend

_TYPE = Draft202012Validator.VALIDATORS["type"]


class Unchanging(dict[str, Any]):
    """A JSON object that nobody changes once it is made, so that a verdict on it holds for good.

    `fits` has the identities of the schemas that it was found to fit.
    """

    __slots__ = ("fits",)

    def __init__(self, fields: Mapping[str, Any]) -> None:
        super().__init__(fields)
        self.fits: set[int] = set()


# One value of each class that JSON is read as. A float is no integer by its class: 1.5 is none, 1.0 is one.
_SAMPLES: tuple[Any, ...] = ("", 0, 1.5, True, None, [], {}, Unchanging({}))


def prepared_validator(schema: Mapping[str, Any]) -> Validator:
    """Return a Draft 2020-12 validator of a schema without references, format checks on."""
    nested = _Nested()
    kind = extend(  # type: ignore[no-untyped-call]
        Draft202012Validator,
        {"properties": nested.properties, "items": nested.items, "type": nested.of_type},
    )
    return cast("Validator", kind(schema, format_checker=Draft202012Validator.FORMAT_CHECKER))


class _Nested:
    """What is prepared for the schemas inside one schema, and the keywords that use it."""

    def __init__(self) -> None:
        # By the identity of what a keyword has, which the validator of the whole schema keeps alive.
        self._properties: dict[int, list[tuple[str, Any]]] = {}
        self._items: dict[int, Any] = {}
        self._classes: dict[Any, frozenset[type]] = {}  # by the type or types that a schema names

    def properties(self, validator: Any, schemas: Any, value: Any, _: Any) -> Iterator[ValidationError]:
        """Do what jsonschema's keyword of this name does."""
        if isinstance(value, dict):
            prepared = self._properties.get(id(schemas))
            if prepared is None:
                prepared = [(name, validator.evolve(schema=schema)) for name, schema in schemas.items()]
                self._properties[id(schemas)] = prepared
            for name, nested in prepared:
                if name in value:
                    for error in nested.iter_errors(value[name]):
                        error.schema_path.appendleft(name)
                        error.path.appendleft(name)
                        yield error

    def items(self, validator: Any, schema: Any, value: Any, parent: Any) -> Iterator[ValidationError]:
        """Do what jsonschema's keyword of this name does."""
        if isinstance(value, list):
            prepared = self._items.get(id(schema))
            if prepared is None:
                prepared = self._items[id(schema)] = validator.evolve(schema=schema)
            for index in range(len(parent.get("prefixItems", ())), len(value)):
                for error in errors_of(prepared, value[index]):
                    error.path.appendleft(index)
                    yield error

    def of_type(self, validator: Any, types: Any, value: Any, schema: Any) -> Iterable[ValidationError]:
        """Do what jsonschema's keyword `type` does; it is asked about values that may fit or not."""
        names = types if isinstance(types, str) else tuple(types)
        classes = self._classes.get(names)
        if classes is None:
            fitting = [sample for sample in _SAMPLES if not [*_TYPE(validator, types, sample, schema)]]
            classes = self._classes[names] = frozenset(map(type, fitting))
        return () if value.__class__ in classes else _TYPE(validator, types, value, schema)


def errors_of(validator: Validator, value: Any) -> Iterator[ValidationError]:
    """Yield what does not fit; nothing, at once, for what was found to fit before and has not changed since."""
    if not isinstance(value, Unchanging):
        yield from validator.iter_errors(value)
        return
    schema = id(validator.schema)
    if schema in value.fits:
        return
    fits = True
    for error in validator.iter_errors(value):
        fits = False
        yield error
    if fits:
        value.fits.add(schema)
