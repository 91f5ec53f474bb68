"""The files that teams copy or build: pipelines, Dockerfile, compose file. No engine is here, so their parts run."""

import json
import os
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from contract_tests.cli import _parser as contract_parser
from mock_server.cli import parser
from mock_server.settings import environment_name
from mock_server.testing import Sandbox

ROOT = Path(__file__).parents[2]
GITHUB = ROOT / "examples" / "ci" / "github-actions.yml"
GITLAB = ROOT / "examples" / "ci" / "gitlab-ci.yml"
BIN = Path(sys.executable).parent


@pytest.mark.parametrize(
    ("schema", "file"),
    [
        ("vendor.github-workflows", GITHUB),
        ("custom.github-workflows-require-timeout", GITHUB),
        ("vendor.gitlab-ci", GITLAB),
        ("vendor.compose-spec", ROOT / "compose.yaml"),
    ],
)
def test_each_file_fits_the_schema_of_its_kind(schema: str, file: Path) -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, str(file)]

    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)

    assert done.returncode == 0, done.stdout + done.stderr


# The commands in the pipelines


def _commands() -> list[list[str]]:
    """Return the lines of both pipelines that call a command of this kit, as words."""
    github = yaml.safe_load(GITHUB.read_text())["jobs"].values()
    lines = [step["run"] for job in github for step in job["steps"] if "run" in step]
    for job in yaml.safe_load(GITLAB.read_text()).values():
        lines += job.get("script", []) + job.get("after_script", [])
    return [shlex.split(line) for line in lines if line.startswith(("zinc-mock", "zinc-contract"))]


def test_both_pipelines_test_the_client_check_a_server_and_clean_up() -> None:
    assert sorted(tuple(words[:2]) for words in _commands()) == [
        ("zinc-contract", "check"),
        ("zinc-contract", "check"),
        ("zinc-contract", "cleanup"),
        ("zinc-contract", "cleanup"),
        ("zinc-mock", "exec"),
        ("zinc-mock", "exec"),
    ]


@pytest.mark.parametrize("words", [words for words in _commands() if words[0] == "zinc-mock"])
def test_the_mock_takes_the_pipelines_command(words: list[str], tmp_path: Path) -> None:
    options = words[1 : words.index("--")]

    done = subprocess.run(
        [BIN / "zinc-mock", *options, "--", "true"],
        cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    assert (tmp_path / "reports" / "zinc.xml").exists()


@pytest.mark.parametrize("words", [words for words in _commands() if words[0] == "zinc-contract"])
def test_the_kit_takes_the_pipelines_command(words: list[str]) -> None:
    options = contract_parser().parse_args(words[1:])  # ends the test with SystemExit where it does not

    assert options.base_url == "$ZINC_BASE_URL"


# The image


def _instructions(name: str) -> list[str]:
    """Return what follows each instruction of a name in the Dockerfile, continued lines joined."""
    text = re.sub(r"^#.*\n", "", (ROOT / "Dockerfile").read_text(), flags=re.MULTILINE).replace("\\\n", " ")
    return [line.partition(" ")[2].strip() for line in text.splitlines() if line.startswith(f"{name} ")]


def _copied() -> list[str]:
    """Return what the image is built from."""
    return [
        word for line in _instructions("COPY") if not line.startswith("--from") for word in line.split()[:-1]
    ]


def _variables() -> dict[str, str]:
    (line,) = _instructions("ENV")
    return dict(word.split("=", 1) for word in shlex.split(line))


def test_the_image_is_built_from_all_that_the_package_needs() -> None:
    project: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    needed = {"pyproject.toml", project["project"]["readme"], *project["project"]["license-files"]}
    needed |= {*wheel["packages"], *wheel["force-include"]}

    assert set(_copied()) == needed
    assert all((ROOT / name).exists() for name in needed)


def test_docker_gets_to_see_what_the_image_is_built_from_and_no_more() -> None:
    lines = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if not line.startswith("#")]

    assert lines[0] == "*"
    assert {line[1:] for line in lines if line.startswith("!")} == set(_copied())


def test_the_image_runs_the_mock_and_not_as_root() -> None:
    (user,) = _instructions("USER")
    (entry_point,) = _instructions("ENTRYPOINT")

    assert int(user.split(":")[0]) > 0
    assert json.loads(entry_point) == ["zinc-mock"]


def test_the_image_sets_only_variables_that_the_mock_knows() -> None:
    known = {environment_name(action.option_strings[-1]) for action in parser()._actions}

    ours = {name for name in _variables() if name.startswith("ZINC_MOCK_")}

    assert ours
    assert ours <= known
    assert _instructions("EXPOSE") == [_variables()["ZINC_MOCK_PORT"]]


def test_the_health_check_tells_a_mock_that_runs_from_one_that_does_not(zinc_sandbox: Sandbox) -> None:
    (line,) = _instructions("HEALTHCHECK")
    command = json.loads(line.partition("CMD ")[2])

    def status(port: object) -> int:
        environment = {**os.environ, "ZINC_MOCK_PORT": str(port)}
        interpreter = [sys.executable, *command[1:]]
        return subprocess.run(
            interpreter, env=environment, capture_output=True, timeout=60, check=False
        ).returncode

    assert command[0] == "python"
    assert status(urlsplit(zinc_sandbox.base_url).port) == 0
    assert status(1) == 1


def test_compose_publishes_the_port_on_this_machine_alone() -> None:
    (service,) = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"].values()
    port = _variables()["ZINC_MOCK_PORT"]

    assert service["ports"] == [f"127.0.0.1:{port}:{port}"]
