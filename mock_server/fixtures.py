"""The document of `--fixtures`: a snapshot that every new sandbox starts from, checked before the mock starts."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson

from mock_server.api import SNAPSHOT_DEPTH_LIMIT, depth
from mock_server.control.clock import Clock
from mock_server.control.snapshot import restore, restored_clock
from mock_server.domain.errors import InvalidField
from mock_server.domain.sandbox import Sandbox
from mock_server.ids import Ids
from mock_server.secret import Secret
from mock_server.settings import SettingsError
from mock_server.specification import Specification
from mock_server.validation import problems, reasons


def read_fixture(path: Path, control: Specification) -> dict[str, Any]:
    """Return the document in a file.

    Args:
        path: a JSON file in the form of a snapshot.
        control: the control plane's document, whose snapshot schema says what fits.

    Raises:
        SettingsError: the file cannot be read, is no JSON, or does not fit; the message says where.
    """
    try:
        document = orjson.loads(path.read_bytes())
    except OSError as problem:
        raise SettingsError(f"fixtures: {path}: {problem.strerror}") from problem
    except orjson.JSONDecodeError as problem:
        raise SettingsError(
            f"fixtures: {path}: no JSON at line {problem.lineno}, column {problem.colno}"
        ) from None
    if depth(document) > SNAPSHOT_DEPTH_LIMIT:
        raise SettingsError(f"fixtures: {path}: nested deeper than {SNAPSHOT_DEPTH_LIMIT} levels")
    schema = control.operations["putSnapshot"].body
    assert schema is not None, "the operation that takes a snapshot takes a body"
    wrong = reasons(problems(schema, document))
    if not wrong:
        wrong = _unrestorable(document)
    if wrong:
        raise SettingsError(f"fixtures: {path}: " + "; ".join(f"{name} {why}" for name, why in wrong.items()))
    for account in document.get("accounts", ()):
        if account.get("password") is not None:
            account["password"] = Secret(account["password"])  # the document lives as long as the mock
    return dict(document)


def _unrestorable(document: dict[str, Any]) -> dict[str, str]:
    """Try the document on a sandbox that is thrown away."""
    ids = Ids(seed=0)
    try:
        clock = restored_clock(document, Clock())
        restore(document, Sandbox(ids, timedelta(0)), ids, clock.now())
    except InvalidField as problem:
        return {problem.field: problem.reason}
    return {}
