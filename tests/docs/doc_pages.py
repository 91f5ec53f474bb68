"""The pages that readers read, and the fenced blocks in them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).parents[2]
PAGES = sorted(path for pattern in ("*.md", "docs/**/*.md", "fixtures/*.md") for path in ROOT.glob(pattern))

_NOT_RUN = re.compile(r"<!-- not run: (.+?) -->\s*$", re.DOTALL)
_FROM = re.compile(r"<!-- from: (\S+) -->\s*$")
_WILDCARD = "…"


def name_of(page: Path) -> str:
    """The page as a reader knows it: its path from the top of the repository."""
    return page.relative_to(ROOT).as_posix()


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, the word behind it, its text and its line.

    `not_run` is why it is not run, if it is not; `source` is the file that it is a part of, if it is one.
    """

    language: str
    word: str
    text: str
    line: int
    not_run: str | None
    source: str | None

    @property
    def file(self) -> str | None:
        """The file that the block is, by its word `file=NAME`."""
        return self.word.removeprefix("file=") if self.word.startswith("file=") else None


@dataclass(frozen=True)
class Step:
    """One command of a console block and what it shows; `…` stands for any text, alone on a line for any lines."""

    command: str
    shown: str

    def shows(self, seen: str) -> bool:
        """Whether an output is the one that the page shows."""
        pattern = "".join(_line_pattern(line) for line in self.shown.split("\n"))
        return re.fullmatch(pattern, seen.strip("\n") + "\n") is not None


def tokens_of(page: Path) -> list[Token]:
    return MarkdownIt("commonmark").enable("table").parse(page.read_text("utf-8"))


def blocks_of(page: Path) -> Iterator[Block]:
    """The fenced blocks of a page, in its order."""
    before = ""
    for token in tokens_of(page):
        if token.type == "fence":
            language, _, word = token.info.partition(" ")
            reason, source = _NOT_RUN.search(before), _FROM.search(before)
            line = token.map[0] + 1
            yield Block(language, word, token.content, line, reason and reason[1], source and source[1])
        before = token.content if token.type == "html_block" else ""


def steps_of(text: str) -> Iterator[Step]:
    """The commands of a console block: each begins with `$ `, and goes on over lines that end in a backslash."""
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        lines = part.splitlines()
        length = 1
        while lines[length - 1].endswith("\\"):
            length += 1
        yield Step("\n".join(lines[:length]), "\n".join(lines[length:]).strip("\n"))


def _line_pattern(line: str) -> str:
    if line.strip() == _WILDCARD:
        return r"(?:.*\n)*?"
    return ".*?".join(re.escape(part) for part in line.rstrip().split(_WILDCARD)) + r"[ \t]*\n"
