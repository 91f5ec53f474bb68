"""The figures of a calibration."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from calibration.forks import Lost
from calibration.judging import Judged, JudgedVariant, Verdict, alone, requirements
from calibration.smoke import Smoke
from calibration.trial import Trial
from contract_tests.catalogue import Level


@dataclass(frozen=True)
class Share:
    """So many of so many."""

    part: int
    whole: int

    def __str__(self) -> str:
        """`345 of 346 (99.7 %)`; never rounded up to 100 %."""
        if not self.whole:
            return "none"
        percent = int(1000 * self.part / self.whole) / 10
        return f"{self.part} of {self.whole} ({percent:g} %)"


@dataclass(frozen=True)
class Outcome:
    """Everything that a calibration found.

    Args:
        true: the check of the mock itself.
        judged: each deviation with its trial.
        variants: each trial of each legal variant.
        cover: the smallest set of checks that catches every deviation that the kit catches.
        smoke: the best set of checks that few requests buy.
        seconds: how long it all took.
        workers: how many processes ran at a time.
    """

    true: Trial
    judged: Sequence[Judged]
    variants: Sequence[JudgedVariant]
    cover: Smoke
    smoke: Smoke
    seconds: float
    workers: int

    def count(self, level: Level | None, holds: Callable[[Judged], bool]) -> Share:
        """Count the deviations of statements of a level (all, for None) for which something holds."""
        counted = [one for one in self.judged if level is None or one.requirement.level == level]
        return Share(sum(map(holds, counted)), len(counted))

    def sensitivity(self, level: Level | None = None) -> Share:
        """The share of deviations because of which the check exits 1."""
        return self.count(level, lambda one: isinstance(one.trial, Trial) and one.trial.status == 1)

    def attribution(self, level: Level | None = None) -> Share:
        """The share of deviations that are caught, for the right reason and for no other."""
        return self.count(level, lambda one: one.verdict is Verdict.CAUGHT)

    def by_stock(self, level: Level | None = None) -> Share:
        """The share of deviations that stock Schemathesis finds."""
        return self.count(level, lambda one: one.seen_by_stock)

    @property
    def specificity(self) -> Share:
        """The share of trials of legal variants in which the kit called nothing wrong."""
        return Share(sum(not one.called_wrong for one in self.variants), len(self.variants))

    @property
    def survivors(self) -> list[Judged]:
        """The deviations that were not caught as they should be."""
        return [one for one in self.judged if one.verdict is not Verdict.CAUGHT]

    @property
    def misread(self) -> list[JudgedVariant]:
        """The trials of variants whose answers to open questions were not read right."""
        return [one for one in self.variants if one.misread]

    @cached_property
    def alone(self) -> dict[str, str | None]:
        """For each requirement, a deviation that it alone catches."""
        return alone(list(self.judged))

    @property
    def holds(self) -> bool:
        """Whether the calibration is good enough to release the kit with it."""
        documented = self.attribution(Level.DOCUMENTED)
        right = self.true.status == 0 and not any(one.called_wrong for one in self.variants)
        return right and documented.part == documented.whole

    @property
    def stock_lost(self) -> int:
        """How many runs of stock Schemathesis ended without a result."""
        return sum(isinstance(one.stock, Lost) for one in self.judged)


def levels() -> tuple[Level | None, ...]:
    """The rows of the tables: each level, and all together."""
    return (*Level, None)


def title_of(requirement: str) -> str:
    """The title of a requirement."""
    return requirements()[requirement].title
