"""`python -m calibration`: checks the kit against servers that are wrong, and servers that are right.

It runs the contract kit against the true mock, against each deviation of it and against each legal variant over
several seeds, and stock Schemathesis against the same deviations; it prints the figures and writes the matrix. A
whole run writes docs/calibration.md and the smoke set as well. Exit status: 0 if every deviation of a documented
statement was caught for the right reason and no legal variant was called wrong, 1 otherwise, 2 if it could not be
made.
"""

import argparse
import os
import sys
from fnmatch import fnmatchcase
from pathlib import Path

from calibration import figures, matrix
from calibration.campaign import Campaign, calibrate, preload
from calibration.forks import Lost
from calibration.variants.catalogue import VARIANTS
from mock_server.deviations.catalogue import deviations

ROOT = Path(__file__).parent.parent
SEEDS = 5


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m calibration", description=__doc__.partition("\n\n")[0])
    parser.add_argument("--only", default="*", metavar="GLOB", help="deviations and variants whose names fit")
    parser.add_argument(
        "--seeds", type=int, default=SEEDS, metavar="N", help="seeds for each legal variant [5]"
    )
    parser.add_argument("--workers", type=int, default=3 * (os.cpu_count() or 1), metavar="N")
    parser.add_argument("--without-stock", action="store_true", help="leave stock Schemathesis out")
    parser.add_argument("--report", type=Path, default=ROOT / "reports" / "calibration.html", metavar="FILE")
    return parser


def main() -> int:
    """Run the command."""
    options = _parser().parse_args()
    campaign = Campaign(
        deviations=[one for one in deviations() if fnmatchcase(one.name, options.only)],
        variants=[one for one in VARIANTS if fnmatchcase(one.name, options.only)],
        seeds=options.seeds,
        workers=options.workers,
        stock=not options.without_stock,
    )
    preload()
    outcome = calibrate(campaign, sys.stderr)
    if isinstance(outcome, Lost):
        sys.stderr.write(f"calibration: {outcome}\n")
        return 2
    options.report.parent.mkdir(parents=True, exist_ok=True)
    options.report.write_text(matrix.page(outcome))
    sys.stdout.write(figures.terminal(outcome) + "\n")
    if options.only == "*" and options.seeds >= SEEDS and not options.without_stock:
        figures.write(outcome, ROOT)
    return 0 if outcome.holds else 1


if __name__ == "__main__":
    raise SystemExit(main())
