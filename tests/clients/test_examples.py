"""The example clients, run as their READMEs say; the mock must have nothing against how they go about it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"
BIN = Path(sys.executable).parent


def _needs(*tools: str) -> pytest.MarkDecorator:
    missing = [tool for tool in tools if shutil.which(tool) is None]
    return pytest.mark.skipif(bool(missing), reason=f"needs {' and '.join(missing)}, not to be found here")


@pytest.mark.parametrize(
    ("language", "commands"),
    [
        ("python", ["zinc-mock exec --fail-on warning -- pytest -q -p no:cacheprovider"]),
        pytest.param(
            "shell", ["zinc-mock exec --fail-on warning -- ./test.sh"], marks=_needs("bash", "curl")
        ),
        pytest.param(
            "typescript",
            ["npm install --no-audit --no-fund --loglevel=error", "npm test"],
            marks=_needs("node", "npm"),
        ),
    ],
)
def test_an_example_passes_and_its_client_behaves(language: str, commands: list[str], tmp_path: Path) -> None:
    project = tmp_path / language
    shutil.copytree(EXAMPLES / language, project, ignore=shutil.ignore_patterns("node_modules", "reports"))
    environment = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}

    for command in commands:
        done = subprocess.run(
            command.split(), cwd=project, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, timeout=120, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout

    assert "zinc-mock: exercised operations 7 of 8" in done.stdout
    assert "transitions 3 of 4; no warnings" in done.stdout


@pytest.mark.parametrize("readme", sorted(EXAMPLES.glob("*/README.md")), ids=lambda path: path.parent.name)
def test_a_readme_is_short(readme: Path) -> None:
    assert len(readme.read_text().splitlines()) < 30
