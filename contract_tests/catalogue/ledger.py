"""Compares a page with the ledger, to see what the vendor has changed since the ledger was written.

    python -m contract_tests.catalogue.ledger PAGE.txt

reads the page as plain text (UTF-8, see ``contract_tests.catalogue.page``) and prints one line a difference:
``+ [section] text`` for a statement that the ledger lacks, ``- [section] what it said (digest)`` for one that
the page no longer has. Exit status: 0 nothing changed, 1 something did, 2 the page could not be read.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from contract_tests.catalogue.entries import Statement
from contract_tests.catalogue.loading import load_statements
from contract_tests.catalogue.page import PageStatement, split_page


@dataclass(frozen=True, slots=True)
class Difference:
    """What a page and the ledger do not share; a reworded statement is both removed and added.

    Attributes:
        added: Statements of the page that the ledger lacks, in the order of the page.
        removed: Statements of the ledger that the page lacks, in the order of the ledger.
    """

    added: tuple[PageStatement, ...]
    removed: tuple[Statement, ...]

    def __bool__(self) -> bool:
        return bool(self.added or self.removed)


def diff(page_text: str, statements: Sequence[Statement] | None = None) -> Difference:
    """How the text of a page differs from the ledger, or from the ``statements`` given in its place."""
    page = split_page(page_text)
    ledger = load_statements() if statements is None else statements
    on_page = {(statement.section, statement.digest) for statement in page}
    in_ledger = {(statement.section, statement.digest) for statement in ledger}
    return Difference(
        added=tuple(entry for entry in page if (entry.section, entry.digest) not in in_ledger),
        removed=tuple(entry for entry in ledger if (entry.section, entry.digest) not in on_page),
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command that the module's docstring describes; answers its exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m contract_tests.catalogue.ledger",
        description="Compare the text of the managed accounts page with the ledger of its statements.",
        epilog="Exit status: 0 nothing changed, 1 something did, 2 the page could not be read.",
    )
    parser.add_argument("page", type=Path, metavar="PAGE.txt", help="the page as plain text, UTF-8")
    path = parser.parse_args(arguments).page
    try:
        difference = diff(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        parser.error(f"cannot read {path}: {error}")
    for statement in difference.added:
        sys.stdout.write(f"+ [{statement.section}] {statement.text}\n")
    for gone in difference.removed:
        sys.stdout.write(f"- [{gone.section}] {gone.says} ({gone.digest})\n")
    return 1 if difference else 0


if __name__ == "__main__":
    sys.exit(main())
