"""`make site`: builds the site in site/, or in the directory that is given."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from publishing.site.building import Site, pages_of
from publishing.site.links import LinkError
from publishing.site.map_of_pages import ROOT


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m publishing.site", description="Build the project's website."
    )
    parser.add_argument("out", type=Path, nargs="?", default=ROOT / "site", help="where it goes [site/]")
    out = parser.parse_args(arguments).out
    try:
        Site(out).write()
    except LinkError as problem:
        print(f"site: {problem}", file=sys.stderr)  # noqa: T201
        return 1
    print(f"{sum(1 for _ in pages_of(out))} pages: open {out / 'index.html'}")  # noqa: T201
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
