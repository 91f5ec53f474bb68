"""Every command of README and docs does what the page says that it does."""

import json
import re
import shutil
from pathlib import Path

import pytest
import yaml
from doc_pages import PAGES, ROOT, Block, Step, blocks_of, name_of, steps_of
from doc_session import Session

EXECUTED = {"console", "python"}
READ = {"json": json.loads, "yaml": yaml.safe_load, "text": str, "toml": str, "ini": str, "html": str}
PROGRAMS = ("curl", "jq", "node", "npm", "docker")


def blocks_to_run(page: Path) -> list[Block]:
    return [block for block in blocks_of(page) if block.not_run is None and block.source is None]


PAGES_TO_RUN = [page for page in PAGES if any(block.language in EXECUTED for block in blocks_to_run(page))]


def missing_programs(blocks: list[Block]) -> list[str]:
    commands = " ".join(step.command for block in blocks for step in steps_of(block.text))
    return [
        name for name in PROGRAMS if re.search(rf"(^|[|$( ]){name} ", commands) and not shutil.which(name)
    ]


def check(session: Session, block: Block, place: str) -> None:
    """Hold one block against what happens when a reader follows it."""
    if block.file is not None:
        session.write(block.file, block.text)
    elif block.language == "console":
        steps = list(steps_of(block.text))
        assert steps, f"{place}: no line begins with a prompt"
        check_steps(session, steps, server=block.word == "server", place=place)


def check_steps(session: Session, steps: list[Step], *, server: bool, place: str) -> None:
    status = 0
    for step in steps:
        if step.command == "echo $?":
            assert step.shown == str(status), f"{place}: the command before ended with status {status}"
            status = 0
            continue
        assert status == 0, f"{place}: the command before `{step.command}` ended with status {status}"
        seen, status = (session.serve(step.command), 0) if server else session.run(step.command)
        assert step.shows(seen), (
            f"{place}: $ {step.command}\n--- shown\n{step.shown}\n--- seen\n{seen}\n--- status {status}"
        )
    assert status == 0, f"{place}: `{steps[-1].command}` ended with status {status}"


@pytest.mark.parametrize("page", PAGES_TO_RUN, ids=name_of)
def test_a_page_does_what_it_says(page, tmp_path):
    blocks = blocks_to_run(page)
    if missing := missing_programs(blocks):
        pytest.skip(f"not installed here: {', '.join(missing)}")
    with Session(tmp_path) as session:
        for block in blocks:
            check(session, block, f"{name_of(page)}:{block.line}")


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_block_is_run_or_read_or_says_why_not(page):
    for block in blocks_to_run(page):
        place = f"{name_of(page)}:{block.line}"
        assert block.language in EXECUTED | READ.keys(), f"{place}: say what kind of text this is"
        if block.language == "python":
            assert block.file, f"{place}: Python is run as a file: file=NAME"
        if block.language in READ:
            READ[block.language](block.text)


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_what_is_quoted_from_a_file_stands_in_it(page):
    for block in blocks_of(page):
        if block.source is not None:
            assert block.text in (ROOT / block.source).read_text("utf-8"), f"{name_of(page)}:{block.line}"


@pytest.mark.parametrize(
    ("shown", "seen", "same"),
    [
        ("", "", True),
        ("one\ntwo", "one\ntwo\n", True),
        ("one", "one\ntwo", False),
        ("o…e", "one", True),
        ("o…e", "o\ne", False),
        ("first\n…\nlast", "first\n2\n3\nlast", True),
        ("first\n…\nlast", "first\nlast", True),
        ("first\n…", "first", True),
        ("first\n…\nlast", "first\nlast\nmore", False),
        ("a.c", "abc", False),
    ],
)
def test_what_is_shown_stands_for_what_is_seen(shown, seen, same):
    assert Step("", shown).shows(seen) is same


def test_commands_go_on_after_a_backslash():
    steps = list(steps_of("$ one \\\n  two\nshown\n\n$ three\n"))
    assert steps == [Step("one \\\n  two", "shown"), Step("three", "")]
