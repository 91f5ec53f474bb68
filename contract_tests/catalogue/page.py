"""Splits the text of the managed accounts page into statements, the same way every time.

A statement is a sentence, a row of a table, a line of an example, or a heading. White space never counts:
not its amount, its kind, nor whether it stands between the cells of a table. Line breaks do.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass

OPENING_SECTION = "Introduction"
# Headings that come back under several sections, and so belong to the section before them.
SUBSECTIONS = frozenset({"Request Fields", "Response"})

_LONGEST_HEADING = 6  # words
_LIST_NUMBER = re.compile(r"^\d+\.\s+")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")
_EXAMPLE_START = re.compile(r"curl\b|[{\[]")
# What joins a line of an example to the next: not part of what the line says, and gone when it comes last.
_LINE_JOINS = " ,\\"


@dataclass(frozen=True, slots=True)
class PageStatement:
    """A statement as it stands on a page: its section and its text, with single spaces."""

    section: str
    text: str

    @property
    def digest(self) -> str:
        """First 16 hex digits of the SHA-256 of the text without white space."""
        return hashlib.sha256("".join(self.text.split()).encode()).hexdigest()[:16]


def split_page(page_text: str) -> tuple[PageStatement, ...]:
    """The statements of a page, in its order.

    Args:
        page_text: The page as plain text: headings on lines of their own between empty lines, one row of a
            table to a line, examples as they are.
    """
    return tuple(_statements(page_text))


def _statements(page_text: str) -> Iterator[PageStatement]:
    main = section = OPENING_SECTION
    lines = [" ".join(line.split()) for line in page_text.splitlines()]
    example = _Example()
    for number, line in enumerate(lines):
        if example.takes(line):
            if any(character.isalnum() for character in line):
                yield PageStatement(section, line.rstrip(_LINE_JOINS))
        elif _is_heading(lines, number):
            main = main if line in SUBSECTIONS else line
            section = f"{main} / {line}" if line in SUBSECTIONS else line
            yield PageStatement(section, line)
        else:
            for sentence in _SENTENCE_END.split(_LIST_NUMBER.sub("", line)):
                if sentence:
                    yield PageStatement(section, sentence)


class _Example:
    """Follows an example (a command or a JSON document) from its first line to its last."""

    def __init__(self) -> None:
        self._open_brackets = 0
        self._continued = False

    def takes(self, line: str) -> bool:
        """Whether the next line of the page belongs to an example."""
        inside = self._open_brackets > 0 or self._continued
        if not inside and not _EXAMPLE_START.match(line):
            return False
        opened = sum(line.count(bracket) for bracket in "{[")
        closed = sum(line.count(bracket) for bracket in "}]")
        self._open_brackets = max(0, self._open_brackets + opened - closed)
        self._continued = line.endswith("\\")
        return True


def _is_heading(lines: list[str], number: int) -> bool:
    """Whether a line stands alone between empty lines, is short and ends as no sentence does."""
    line = lines[number]
    alone = (number == 0 or not lines[number - 1]) and number + 1 < len(lines) and not lines[number + 1]
    return alone and line[:1].isupper() and line[-1].isalnum() and len(line.split()) <= _LONGEST_HEADING
