"""All deviations, by name.

The modules that define them are read at the first question: a mock without deviations never loads them.
"""

from functools import cache
from importlib import import_module

from mock_server.deviations.deviation import Deviation

AREAS = (
    "listing",
    "creating",
    "updating",
    "deleting",
    "accepting",
    "odd_values",
    "fields",
    "secrets",
    "authentication",
    "errors",
    "transport",
    "isolation",
    "crowded",
    "flaky",
    "overlapping",
    "orders",
    "order_requests",
    "order_accounts",
    "order_fields",
    "order_ends",
    "locking",
)


@cache
def _by_name() -> dict[str, Deviation]:
    modules = [import_module(f"mock_server.deviations.{area}") for area in AREAS]
    found = [value for module in modules for value in vars(module).values() if isinstance(value, Deviation)]
    return {deviation.name: deviation for deviation in found}


def deviations() -> list[Deviation]:
    """Return all deviations, in the order of the catalogue."""
    return list(_by_name().values())


def deviation_named(name: str) -> Deviation:
    """Return the deviation of this name.

    Raises:
        KeyError: there is none; the key is the name.
    """
    return _by_name()[name]
