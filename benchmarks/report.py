"""Writes what was measured: as Markdown for people, with the targets first."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from benchmarks.machine import IDLE, machine
from benchmarks.part import Part, table
from benchmarks.plan import Plan
from benchmarks.targets import targets


@dataclass(frozen=True)
class Run:
    """One run of the benchmark.

    Args:
        command: how it was started.
        began: when.
        minutes: how long it took.
        load: how many processes wanted to run in the minute before it.
    """

    command: str
    began: datetime
    minutes: float
    load: float


def section(part: Part) -> str:
    """Write one part."""
    return f"## {part.title}\n\n{part.about}\n\n{table(part.columns, part.rows)}\n"


def document(run: Run, plan: Plan, parts: Sequence[Part]) -> str:
    """Write the whole report of a run."""
    figures = {name: measured for part in parts for name, measured in part.figures.items()}
    verdicts = [target.line(figures) for target in targets(plan)]
    quiet = (
        "otherwise idle"
        if run.load < IDLE
        else "**busy with other things: these figures are not worth much**"
    )
    return "\n".join(
        [
            "# Benchmark results",
            "",
            f"Measured by `{run.command}` on {run.began:%Y-%m-%d %H:%M} UTC in {run.minutes:.0f} minutes; load average "
            f"before it: {run.load:.2f} on {os.cpu_count()} cores ({quiet}). What is measured and how: "
            "[README.md](README.md).",
            "",
            "## Targets",
            "",
            "Medians decide; in brackets the lowest and the highest round.",
            "",
            table(["target", "limit", "measured", "verdict"], verdicts),
            "",
            *(section(part) for part in parts),
            "![The curves, both axes logarithmic](curves.svg)",
            "",
            "## Machine and versions",
            "",
            table(["what", "which"], machine()),
            "",
        ]
    )
