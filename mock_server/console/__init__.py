"""Pages for people: the console at `/` and the reference at `/docs`."""

from mock_server.console.pages import register

__all__ = ["register"]
