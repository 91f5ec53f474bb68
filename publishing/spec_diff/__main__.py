"""`python -m publishing.spec_diff REVISION`: what changed in the specification since, and what of it breaks clients."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from publishing.spec_diff.changes import Change
from publishing.spec_diff.document import DocumentError, document_at, document_in
from publishing.spec_diff.operations import compare

_SPECIFICATION = Path(__file__).parents[2] / "openapi.yaml"

EXIT_STATUSES = """exit status:
  0  no change breaks clients
  1  at least one does
  2  the documents could not be compared"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m publishing.spec_diff",
        description="Say which changes of the specification since a revision break clients.",
        epilog=EXIT_STATUSES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("revision", metavar="REVISION", help="of git: a commit, a branch or a tag")
    parser.add_argument(
        "--spec", type=Path, metavar="FILE", default=_SPECIFICATION, help="the document [openapi.yaml]"
    )
    options = parser.parse_args(arguments)
    path = options.spec.resolve()
    try:
        changes = compare(document_at(options.revision, path), document_in(path))
    except DocumentError as problem:
        print(f"spec-diff: {problem}", file=sys.stderr)  # noqa: T201
        return 2
    print(report(changes, f"{path.name} since {options.revision}"))  # noqa: T201
    return 1 if any(change.breaking for change in changes) else 0


def report(changes: list[Change], title: str) -> str:
    """Return the changes as text, those that break clients first."""
    if not changes:
        return f"{title}: nothing changed for clients"
    lines = [title]
    for breaking, heading in ((True, "breaks clients"), (False, "does not break clients")):
        found = [change for change in changes if change.breaking is breaking]
        lines += ["", f"{heading}: {len(found)}"] + [f"  {change.place}: {change.what}" for change in found]
    return "\n".join(lines)


if __name__ == "__main__":
    raise SystemExit(main())
