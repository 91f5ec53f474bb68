"""Servers that keep or break what is promised of orders, and what `zinc-contract` said of them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from mock_server import create_app
from mock_server.server import Server

FIRST_KEY, SECOND_KEY = "zn_test_first-key-of-the-tests", "zn_live_second-key-of-the-tests"
PROCESSING_TIME = 0.15  # seconds: long enough for a queue to be seen on a busy machine


@contextmanager
def serve(wrap: Callable[[Any], Any] | None = None, **options: Any) -> Iterator[str]:
    """Serve a mock, with something laid around it; its address."""
    options = {"processing_time": PROCESSING_TIME} | options
    app = create_app(api_keys=(FIRST_KEY, SECOND_KEY), **options)
    if wrap:
        app.wsgi_app = wrap(app.wsgi_app)
    with Server(app) as server:
        yield server.url


@dataclass(frozen=True)
class Checked:
    """A `zinc-contract check --orders` that has ended."""

    status: int
    text: str
    report: dict[str, Any]

    def ids(self, outcome: str) -> list[str]:
        """The requirements that were asked for and have an outcome."""
        rows = self.report["requirements"]
        return [row["id"] for row in rows if row["asked_for"] and row["outcome"] == outcome]

    def reason(self, requirement: str) -> str:
        return next(row["reason"] for row in self.report["requirements"] if row["id"] == requirement)
