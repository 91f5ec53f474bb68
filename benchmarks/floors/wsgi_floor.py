"""A floor: what the server itself costs, with a function behind it that always gives the same answer."""

from collections.abc import Callable
from typing import Any

_BODY = b'{"id": "550e8400-e29b-41d4-a716-446655440000"}'
_HEADERS = [("Content-Type", "application/json"), ("Content-Length", str(len(_BODY)))]


def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    """Answer 201, whatever is asked."""
    environ["wsgi.input"].read()
    start_response("201 Created", _HEADERS)
    return [_BODY]
