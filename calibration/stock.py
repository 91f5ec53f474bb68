"""Stock Schemathesis with the specification, on the same servers: what a schema-driven fuzzer alone finds."""

import json
import tempfile
from collections.abc import Sequence
from contextlib import chdir, suppress
from pathlib import Path
from typing import Any

from schemathesis.cli import schemathesis

from calibration.servers import mock, serving
from calibration.trial import KEY
from mock_server.deviations.deviation import Deviation
from mock_server.settings import default_specification

MAX_EXAMPLES = 5
TAGS = {False: "Managed accounts", True: "Orders"}


def failures(deviations: Sequence[Deviation], *, orders: bool) -> frozenset[str]:
    """Run Schemathesis with its default checks and phases, and return what it calls a failure.

    Args:
        deviations: those that are on.
        orders: whether it tries the operations on orders, or those on accounts.
    """
    with (
        tempfile.TemporaryDirectory(prefix="calibration-") as directory,
        chdir(directory),  # it keeps what it has learnt where it runs
        serving(mock(*deviations)) as url,
    ):
        report = Path("report.json")
        arguments: list[Any] = ["run", str(default_specification()), "--url", url]
        arguments += ["--header", f"Authorization: Bearer {KEY}", "--include-tag", TAGS[orders]]
        arguments += ["--seed", "0", "--max-examples", str(MAX_EXAMPLES), "--no-color"]
        arguments += ["--report", "json", "--report-json-path", str(report)]
        with suppress(SystemExit):
            schemathesis.main(args=arguments, standalone_mode=False)
        return _found(json.loads(report.read_text()))


def _found(report: dict[str, Any]) -> frozenset[str]:
    return frozenset(
        f"{failure['type']}: {operation}"
        for failure in report["failures"]
        for operation in failure["operations"]
    )
