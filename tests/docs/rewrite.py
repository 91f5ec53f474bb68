"""Follows a page and writes into it what is seen where that differs: `python tests/docs/rewrite.py PAGE…`.

For whoever writes a page. Read the difference before you commit it: it is what readers will be told to expect.
"""

import sys
import tempfile
from pathlib import Path

from doc_pages import blocks_of, steps_of
from doc_session import Session


def rewritten(page: Path) -> str:
    """Return the page's text with the outputs of its console blocks as they are."""
    lines = page.read_text("utf-8").splitlines()
    made: list[str] = []
    copied = 0
    with tempfile.TemporaryDirectory() as directory, Session(Path(directory)) as session:
        for block in blocks_of(page):
            if block.not_run or block.source:
                continue
            if block.file:
                session.write(block.file, block.text)
            elif block.language == "console":
                made += [
                    *lines[copied : block.line],
                    *_seen(session, block.text, server=block.word == "server"),
                ]
                copied = block.line + len(block.text.splitlines())
    return "\n".join([*made, *lines[copied:]]) + "\n"


def _seen(session: Session, text: str, *, server: bool) -> list[str]:
    written: list[str] = []
    status = 0
    for step in steps_of(text):
        if step.command == "echo $?":
            seen = str(status)
        else:
            seen, status = (session.serve(step.command), 0) if server else session.run(step.command)
        shown = step.shown if step.shows(seen) else "\n".join(line.rstrip() for line in seen.splitlines())
        blank = (
            [""] if written and step.command != "echo $?" and _had_blank_before(text, step.command) else []
        )
        written += [*blank, f"$ {step.command}", *([shown] if shown else [])]
    return written


def _had_blank_before(text: str, command: str) -> bool:
    return f"\n\n$ {command}" in text


if __name__ == "__main__":
    for name in sys.argv[1:]:
        page = Path(name).resolve()
        page.write_text(rewritten(page), "utf-8")
