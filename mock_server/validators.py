"""jsonschema's validators, prepared: those of nested schemas are made once, not at each value.

The verdict is jsonschema's own. All that changes is that `properties` and `items`, which otherwise make a validator
for each value that they descend into, look up one that is there; in a mock that validates every request and every
answer, making them took a third of the time. And a verdict on something that cannot change is not asked for twice.
"""

from collections.abc import Iterator, Mapping
from typing import Any, cast

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import extend


class Unchanging(dict[str, Any]):
    """A JSON object that nobody changes once it is made, so that a verdict on it holds for good.

    `fits` has the identities of the schemas that it was found to fit.
    """

    __slots__ = ("fits",)

    def __init__(self, fields: Mapping[str, Any]) -> None:
        super().__init__(fields)
        self.fits: set[int] = set()


def prepared_validator(schema: Mapping[str, Any]) -> Validator:
    """Return a Draft 2020-12 validator of a schema without references, format checks on."""
    nested = _Nested()
    kind = extend(  # type: ignore[no-untyped-call]
        Draft202012Validator, {"properties": nested.properties, "items": nested.items}
    )
    return cast("Validator", kind(schema, format_checker=Draft202012Validator.FORMAT_CHECKER))


class _Nested:
    """The validators of the schemas inside one schema, and the two keywords that use them."""

    def __init__(self) -> None:
        self._prepared: dict[int, Any] = {}  # by the identity of a schema, which its validator keeps alive

    def properties(self, validator: Any, schemas: Any, value: Any, _: Any) -> Iterator[ValidationError]:
        """Do what jsonschema's keyword of this name does."""
        if isinstance(value, dict):
            for name, schema in schemas.items():
                if name in value:
                    for error in self._of(schema, validator).iter_errors(value[name]):
                        error.schema_path.appendleft(name)
                        error.path.appendleft(name)
                        yield error

    def items(self, validator: Any, schema: Any, value: Any, parent: Any) -> Iterator[ValidationError]:
        """Do what jsonschema's keyword of this name does."""
        if isinstance(value, list):
            prepared = self._of(schema, validator)
            for index in range(len(parent.get("prefixItems", ())), len(value)):
                for error in errors_of(prepared, value[index]):
                    error.path.appendleft(index)
                    yield error

    def _of(self, schema: Any, validator: Any) -> Any:
        prepared = self._prepared.get(id(schema))
        if prepared is None:
            prepared = self._prepared[id(schema)] = validator.evolve(schema=schema)
        return prepared


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
