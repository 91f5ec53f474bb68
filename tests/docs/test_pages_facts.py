"""What the pages list is what there is: options, variables, dependencies, targets, members, and nothing else."""

import argparse
import json
import re
import subprocess
import sys
import tomllib

import pytest
from doc_pages import ROOT

from contract_tests.cli import _parser as contract_parser
from mock_server.cli import parser as mock_parser
from publishing.generated import DOCS, documents

COMMANDS = (DOCS / "reference" / "commands.md").read_text("utf-8")
ENVIRONMENT = (DOCS / "reference" / "environment.md").read_text("utf-8")


def section(text: str, heading: str) -> str:
    """The text under a heading, up to the next one."""
    _, found, rest = text.partition(f"{heading}\n")
    assert found, heading
    return re.split(r"^#+ ", rest, flags=re.MULTILINE)[0]


def first_cells(text: str) -> list[str]:
    """What stands in code at the beginning of each row of the tables in a text."""
    return re.findall(r"^\| `([^`]+)`", text, flags=re.MULTILINE)


def options_of(parser: argparse.ArgumentParser) -> set[str]:
    return {action.option_strings[-1] for action in parser._actions if action.option_strings}


def subcommand(name: str) -> argparse.ArgumentParser:
    actions = contract_parser()._actions
    choices = next(action.choices for action in actions if isinstance(action, argparse._SubParsersAction))
    return choices[name]


def test_every_option_of_the_mock_is_explained():
    shown = {cell.split()[0] for cell in first_cells(section(COMMANDS, "## `zinc-mock`"))}
    assert shown == options_of(mock_parser())


def test_every_option_that_exec_adds_is_explained():
    command = [sys.executable, "-m", "mock_server.cli", "exec", "--help"]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    options = set(re.findall(r"^  (?:-h, )?(--[a-z-]+)", text, flags=re.MULTILINE))
    shown = {
        cell.split()[0]
        for cell in first_cells(section(COMMANDS, "## `zinc-mock exec [options] -- COMMAND…`"))
    }
    assert shown
    assert shown == options - options_of(mock_parser())


def test_defaults_of_the_mock_are_those_that_its_help_names():
    rows = dict(
        re.findall(r"^\| `(--[a-z-]+)[^|]*(?:\\\|[^|]*)*\|.*\| `([^`]+)` \|$", COMMANDS, flags=re.MULTILINE)
    )
    named = {
        action.option_strings[-1]: match[1]
        for action in mock_parser()._actions
        if (match := re.search(r"\(default ([^)]+)\)", action.help or ""))
    }
    assert named
    assert {option: rows.get(option) for option in named} == named


@pytest.mark.parametrize(
    ("command", "heading"),
    [
        ("check", "## `zinc-contract check [BASE_URL]`"),
        ("requirements", "## `zinc-contract requirements`"),
        ("cleanup", "## `zinc-contract cleanup BASE_URL`"),
    ],
)
def test_every_option_of_the_contract_kit_is_explained(command, heading):
    shown = {cell.split()[0] for cell in first_cells(section(COMMANDS, heading))}
    assert shown == options_of(subcommand(command))


def test_plan_takes_the_options_of_check():
    assert options_of(subcommand("plan")) == options_of(subcommand("check"))


def test_every_command_of_the_contract_kit_is_explained():
    actions = contract_parser()._actions
    names = next(action.choices for action in actions if isinstance(action, argparse._SubParsersAction))
    assert set(re.findall(r"^## `zinc-contract (\w+)", COMMANDS, flags=re.MULTILINE)) == set(names)


def test_every_variable_of_the_mock_is_named():
    shown = re.findall(r"^\| `(ZINC_MOCK_[A-Z_]+)` \| `(--[a-z-]+)` \|$", ENVIRONMENT, flags=re.MULTILINE)
    assert {option for _, option in shown} == options_of(mock_parser()) - {"--help", "--version"}
    assert all(name == "ZINC_MOCK_" + option[2:].replace("-", "_").upper() for name, option in shown)


def test_every_variable_of_the_sources_is_named():
    sources = [
        path.read_text("utf-8")
        for name in ("mock_server", "contract_tests")
        for path in (ROOT / name).rglob("*.py")
    ]
    used = {name for text in sources for name in re.findall(r"\bZINC_[A-Z]+(?:_[A-Z]+)*\b", text)}
    assert {name for name in used if name not in ENVIRONMENT and name != "ZINC_MOCK"} == set()


@pytest.mark.parametrize(
    ("heading", "page"),
    [
        ("## How far to trust the verdict", DOCS / "calibration.md"),
        ("## Fast", ROOT / "benchmarks" / "RESULTS.md"),
    ],
)
def test_the_figures_on_the_first_page_are_those_of_the_last_measurement(heading, page):
    shown = re.findall(
        r"^\| .*\d.* \|$", section((ROOT / "README.md").read_text("utf-8"), heading), re.MULTILINE
    )
    measured = page.read_text("utf-8").splitlines()
    assert shown
    assert [row for row in shown if row not in measured] == []


def test_every_dependency_earns_its_place():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    node = json.loads((ROOT / "lint" / "package.json").read_text("utf-8"))
    page = (DOCS / "dependencies.md").read_text("utf-8")
    lists = {
        "## The mock": project["dependencies"],
        "## The contract kit: `[contract]`": project["optional-dependencies"]["contract"],
        "## Work on the project: `[dev]`": project["optional-dependencies"]["dev"],
        "## Node, for `make lint` alone": node["devDependencies"],
    }
    for heading, listed in lists.items():
        names = {re.split(r"[<>=\[; ]", name)[0] for name in listed} - {project["name"]}
        cells = re.findall(r"^\| (`[^|]+) \|", section(page, heading), flags=re.MULTILINE)
        assert {name for cell in cells for name in re.findall(r"`([^`]+)`", cell)} == names, heading
    known = {"contract", "dev"}
    assert project["optional-dependencies"].keys() == known, "a new extra needs a section"


def test_every_member_of_the_report_is_explained(tmp_path):
    file = tmp_path / "report.json"
    program = "import sys; from contract_tests.cli import main; sys.exit(main(sys.argv[1:]))"
    command = [sys.executable, "-c", program, "check", "--read-only", "--only", "MA-LIST-TOTAL"]
    done = subprocess.run([*command, "--report-json", str(file)], capture_output=True, text=True, check=False)
    assert file.exists(), done.stderr
    report = json.loads(file.read_text("utf-8"))
    page = (DOCS / "reference" / "report.md").read_text("utf-8")
    whole, _, of_requirements = page.partition("Of a requirement:")
    requirement = next(one for one in report["requirements"] if one["checks"])
    assert report.keys() == set(re.findall(r"`([a-z_]+)`", members(whole))) | {"embedded"}
    assert requirement.keys() == set(re.findall(r"`([a-z_]+)`", members(of_requirements)))
    assert requirement["checks"][0].keys() <= set(re.findall(r"`([a-z_]+)`", of_requirements))


def members(text: str) -> str:
    """The first cells of the rows of a text's tables."""
    return "\n".join(re.findall(r"^\| (`[^|]+) \|", text, flags=re.MULTILINE))


def generated() -> list[tuple[str, str, str]]:
    return [
        (path.relative_to(DOCS).as_posix(), path.read_text("utf-8"), ought) for path, ought in documents()
    ]


@pytest.mark.parametrize(("name", "is_", "ought"), [pytest.param(*one, id=one[0]) for one in generated()])
def test_a_generated_part_is_up_to_date(name, is_, ought):
    assert is_ == ought, f"docs/{name} is out of date: make docs writes it"
