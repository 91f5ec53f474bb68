"""The two documents that the mock follows, as the mock reads them."""

from functools import cache

from mock_server.control.plane import DOCUMENT
from mock_server.settings import default_specification
from mock_server.specification import Specification


@cache
def published() -> Specification:
    """Return the published specification."""
    return Specification.read(default_specification())


@cache
def control() -> Specification:
    """Return the document of the control plane."""
    return Specification.read(DOCUMENT)
