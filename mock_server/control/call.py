"""One call of the control plane, and what its handlers share."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mock_server.errors import ValidationFailed
from mock_server.operations import Asked
from mock_server.store import Tenant

if TYPE_CHECKING:
    from mock_server.control.plane import ControlPlane


@dataclass(frozen=True)
class Call:
    """One call of the control plane: whose, what it asks, and what it may touch."""

    plane: "ControlPlane"
    tenant: Tenant
    asked: Asked
    base_url: str


# operationId of the control plane's document -> from a call to the JSON value of the success answer.
Handlers = Mapping[str, Callable[[Call], Any]]


def unfit(field: str, reason: str) -> ValidationFailed:
    """Return the error of a field that fits its schema and still makes no sense."""
    return ValidationFailed("The request does not fit.", {field: reason})
