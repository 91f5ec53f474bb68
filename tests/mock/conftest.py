"""Makes the modules beside this file importable from the tests below it, and gives them a mock to call."""

import pytest
from caller import Caller

from mock_server import create_app


@pytest.fixture(scope="session")
def standing_app():
    """A mock of which every sandbox has a manual clock; sandboxes keep tests apart."""
    return create_app(clock="2026-01-15T10:30:00Z")


@pytest.fixture
def call(standing_app) -> Caller:
    """A caller with a sandbox of its own, whose clock stands at 2026-01-15T10:30:00Z."""
    return Caller(standing_app)
