"""Fixtures of the tests about grading a client."""

import pytest
from graded_client import Client

from mock_server import create_app
from mock_server.app import MockApp


@pytest.fixture
def app() -> MockApp:
    return create_app(processing_time=60, clock="2026-01-15T10:30:00Z")


@pytest.fixture
def client(app: MockApp) -> Client:
    return Client(app)


@pytest.fixture
def real_time() -> Client:
    """A client whose sandbox has a real clock: paces are judged on these alone."""
    return Client(create_app(processing_time=60))
