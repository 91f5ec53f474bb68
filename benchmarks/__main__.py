"""`python -m benchmarks`: measures everything, or the parts that `--only` names."""

import argparse
import shlex
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from benchmarks.curves import curves
from benchmarks.installed import require_all, require_tools
from benchmarks.kit import kit
from benchmarks.latency import latency
from benchmarks.machine import load_at_rest
from benchmarks.memory import memory
from benchmarks.part import BenchmarkError, Part, table
from benchmarks.plan import PROJECT, QUICK, Plan
from benchmarks.plot import svg
from benchmarks.profile import profile
from benchmarks.report import Run, document, section
from benchmarks.startup import starts
from benchmarks.targets import targets
from benchmarks.throughput import creates, listing, warmed_up

PARTS: dict[str, Callable[[Plan], Part]] = {
    "creates": creates,
    "warm": warmed_up,
    "list": listing,
    "start": starts,
    "memory": memory,
    "latency": latency,
    "curves": curves,
    "profile": profile,
    "kit": kit,
}
_CANNOT = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit status."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    options = _parser().parse_args(words)
    try:
        require_tools()
        require_all()
        _measure(options, shlex.join(["python", "-m", "benchmarks", *words]))
    except BenchmarkError as problem:
        print(f"benchmarks: {problem}", file=sys.stderr)
        return _CANNOT
    return 0


def _parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Measures the mock beside its peers. A whole run writes benchmarks/RESULTS.md and curves.svg.",
    )
    made.add_argument(
        "--only", nargs="+", choices=PARTS, metavar="PART", help=f"of {', '.join(PARTS)}; prints them"
    )
    made.add_argument(
        "--quick", action="store_true", help="short and small, to see that it works; prints only"
    )
    made.add_argument(
        "--rounds", type=int, help=f"how often each thing is measured (default {Plan().rounds})"
    )
    return made


def _measure(options: argparse.Namespace, command: str) -> None:
    plan = QUICK if options.quick else Plan()
    if options.rounds:
        plan = replace(plan, rounds=options.rounds)
    whole = not (options.only or options.quick)
    load, began = load_at_rest() if whole else 0.0, datetime.now(UTC)
    parts = []
    for name in options.only or PARTS:
        print(f"{datetime.now(UTC):%H:%M:%S} {name} …", file=sys.stderr, flush=True)
        parts.append(PARTS[name](plan))
        print(section(parts[-1]), flush=True)
    figures = {name: measured for part in parts for name, measured in part.figures.items()}
    if measured := [target.line(figures) for target in targets(plan) if target.figure in figures]:
        print(table(["target", "limit", "measured", "verdict"], measured))
    if not whole:
        return
    minutes = (datetime.now(UTC) - began).total_seconds() / 60
    report = document(Run(command, began, minutes, load), plan, parts)
    (PROJECT / "benchmarks" / "RESULTS.md").write_text(report)
    drawn = [curve for part in parts for curve in part.curves]
    (PROJECT / "benchmarks" / "curves.svg").write_text(svg(drawn))


if __name__ == "__main__":
    raise SystemExit(main())
