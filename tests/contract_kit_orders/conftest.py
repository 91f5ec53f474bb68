import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from order_servers import FIRST_KEY, SECOND_KEY, Checked


@pytest.fixture
def check(tmp_path: Path) -> Callable[..., Checked]:
    """Runs `zinc-contract check --orders` against an address, with both keys of the tests."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(("ZINC_", "PYTEST_"))}
    environment = own | {"ZINC_CONTRACT_STATE": str(tmp_path / "state")}

    def run(url: str, *arguments: str) -> Checked:
        path = tmp_path / "report.json"
        keys = ("--api-key", FIRST_KEY, "--second-api-key", SECOND_KEY)
        command = [sys.executable, "-m", "contract_tests", "check", url, *keys, "--orders"]
        done = subprocess.run(
            [*command, "--report-json", str(path), *arguments],
            capture_output=True,
            text=True,
            env=environment,
            check=False,
        )
        assert path.exists(), done.stderr
        return Checked(done.returncode, done.stdout, json.loads(path.read_text()))

    return run
