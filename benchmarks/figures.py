"""What is computed from measurements: medians, spreads, paired ratios, percentiles."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Samples:
    """The same thing measured once a round, in the order of the rounds.

    Args:
        values: at least one measurement.
    """

    values: tuple[float, ...]

    def __post_init__(self) -> None:
        if not self.values:
            raise ValueError("nothing was measured")

    @property
    def median(self) -> float:
        """The middle one."""
        return median(self.values)

    @property
    def spread(self) -> tuple[float, float]:
        """The lowest and the highest."""
        return min(self.values), max(self.values)

    def over(self, other: "Samples") -> "Samples":
        """Return the ratios to another thing's measurements, round by round.

        Two neighbours in one round met the same machine; their ratio is steadier than either of them.

        Raises:
            ValueError: the two were not measured in the same rounds.
        """
        pairs = zip(self.values, other.values, strict=True)
        return Samples(tuple(ours / theirs for ours, theirs in pairs))


def samples(values: Iterable[float]) -> Samples:
    """Return measurements as `Samples`."""
    return Samples(tuple(values))


def percentile(ordered: Sequence[float], share: float) -> float:
    """Return the smallest measurement that at least this share (0 to 1) of all do not pass.

    Args:
        ordered: measurements in ascending order, at least one.
        share: 0.5 for the median, 0.99 for the slowest in a hundred.
    """
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def number(value: float) -> str:
    """Write a number with three figures or all of its whole ones: `4,812`, `48.1`, `0.481`."""
    if value == 0 or not math.isfinite(value):
        return f"{value:g}"
    decimals = max(0, 2 - math.floor(math.log10(abs(value))))
    return f"{value:,.{decimals}f}"


def with_spread(measured: Samples) -> str:
    """Write a median and, in brackets, the lowest and the highest."""
    low, high = measured.spread
    return f"{number(measured.median)} ({number(low)} to {number(high)})"
