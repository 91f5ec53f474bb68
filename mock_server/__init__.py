"""A stateful mock of Zinc's Managed Accounts API, driven by its OpenAPI document."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mock_server.app import MockApp

__all__ = ["__version__", "create_app"]

__version__ = "0.1.0"


def create_app(**options: Any) -> "MockApp":
    """Make the mock as a Flask application.

    Args:
        options: the fields of `mock_server.settings.Settings`, all optional.

    Returns:
        A WSGI application that owns all of its state; two applications share nothing that changes.

    Raises:
        SpecificationError: the OpenAPI document cannot be served.
        SettingsError: an option has a value that makes no sense.
    """
    # Imported here so that `import mock_server.domain` needs no web framework.
    from mock_server.app import MockApp
    from mock_server.settings import Settings

    return MockApp(Settings(**options))
