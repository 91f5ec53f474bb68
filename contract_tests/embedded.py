"""The mock, started inside the run: the only place where the kit knows the mock."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from contract_tests.errors import BadArguments, RunError
from contract_tests.settings import Settings

PROCESSING_TIME = (
    0.25  # seconds that an order of the embedded mock takes: long enough to be seen, short to wait for
)


@contextmanager
def embedded_mock(settings: Settings) -> Iterator[Settings]:
    """Serve a mock on a free port of this machine while the block runs.

    Args:
        settings: without a base URL; a `spec` in them is the one that the mock follows too.

    Yields:
        The settings with the mock's address and two fresh keys, one of test mode and one live.

    Raises:
        BadArguments: the specification cannot be served.
        RunError: the mock is not installed or cannot listen.
    """
    try:
        from mock_server import create_app
        from mock_server.server import Server, ServerError
        from mock_server.specification import SpecificationError
    except ImportError as error:
        raise RunError(f"the embedded mock cannot be imported: {error}") from error
    keys = settings.api_key or f"zn_test_{secrets.token_hex(12)}", f"zn_live_{secrets.token_hex(12)}"
    options = {"spec": settings.spec} if settings.spec else {}
    try:
        app = create_app(api_keys=keys, processing_time=PROCESSING_TIME, **options)
        with Server(app) as server:
            yield replace(settings, base_url=server.url, api_key=keys[0], second_api_key=keys[1])
    except SpecificationError as error:
        raise BadArguments(f"--spec: {error}") from error
    except ServerError as error:
        raise RunError(str(error)) from error
