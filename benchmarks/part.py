"""What each part of the benchmark hands over: a table for people, figures for the targets, curves for the plot."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from benchmarks.figures import Samples


class BenchmarkError(Exception):
    """The measurement cannot be made, or would be of something else than it says; one line says why."""


@dataclass(frozen=True)
class Curve:
    """The cost of one operation against the size of something.

    Args:
        name: what is done, such as "create".
        against: what grows, such as "accounts of the key".
        points: (size, milliseconds), by size.
    """

    name: str
    against: str
    points: tuple[tuple[int, float], ...]

    @property
    def unevenness(self) -> float:
        """The dearest point over the cheapest: 1 is perfectly flat."""
        costs = [cost for _, cost in self.points]
        return max(costs) / min(costs)


@dataclass(frozen=True)
class Part:
    """One part's results.

    Args:
        title: the heading.
        about: what was done, in a sentence or two.
        columns: the table's heads.
        rows: its lines.
        figures: named measurements, which the targets are about.
        curves: what is plotted.
    """

    title: str
    about: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    figures: dict[str, Samples] = field(default_factory=dict)
    curves: Sequence[Curve] = ()


def table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Write a Markdown table: the first column to the left, numbers to the right."""
    rule = ["---"] + ["---:"] * (len(columns) - 1)
    return "\n".join("| " + " | ".join(line) + " |" for line in [columns, rule, *rows])
