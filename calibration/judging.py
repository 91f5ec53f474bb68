"""From what trials found to what they say of the kit."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from calibration.forks import Lost
from calibration.trial import Trial
from calibration.variants.variant import Variant
from contract_tests.catalogue import Area, Requirement, load_requirements
from mock_server.deviations.deviation import Deviation

_COUPLED = Path(__file__).with_name("coupled.yaml")
ORDER_AREAS = (Area.ORDERS, Area.LOCK)


class Verdict(StrEnum):
    """What a trial of a deviation says; the value is what the tables show."""

    CAUGHT = "caught"  # exit 1, the right requirement and none but coupled ones, and the deviating code ran
    BLURRED = "blurred"  # the right requirement failed, and one that has nothing to do with it
    ELSEWHERE = "elsewhere"  # exit 1, but the right requirement did not fail
    SILENT = "silent"  # no requirement failed
    IDLE = "idle"  # the deviating code never ran
    LOST = "lost"  # there was no result


@dataclass(frozen=True)
class Coupled:
    """What else fails of necessity where a deviation is on, and why."""

    requirements: frozenset[str]
    because: str


@cache
def coupled() -> dict[str, Coupled]:
    """Return the coupled requirements, by the deviation's name."""
    entries: dict[str, Any] = yaml.safe_load(_COUPLED.read_text())["deviations"]
    return {
        name: Coupled(frozenset(entry["requirements"]), entry["because"]) for name, entry in entries.items()
    }


@cache
def requirements() -> dict[str, Requirement]:
    """Return the catalogue, by id."""
    return {requirement.id: requirement for requirement in load_requirements()}


def needs_orders(deviation: Deviation) -> bool:
    """Tell whether a deviation shows in orders alone."""
    return requirements()[deviation.requirement].area in ORDER_AREAS


@dataclass(frozen=True)
class Judged:
    """A deviation with what its trial says."""

    deviation: Deviation
    trial: Trial | Lost
    stock: frozenset[str] | Lost | None = None

    @property
    def requirement(self) -> Requirement:
        """The requirement that it breaks."""
        return requirements()[self.deviation.requirement]

    @property
    def failed(self) -> frozenset[str]:
        """The requirements that failed."""
        return frozenset() if isinstance(self.trial, Lost) else self.trial.failed

    @property
    def unrelated(self) -> frozenset[str]:
        """The requirements that failed and have nothing to do with it."""
        declared = coupled().get(self.deviation.name)
        related = {self.deviation.requirement} | (declared.requirements if declared else set())
        return self.failed - related

    @property
    def verdict(self) -> Verdict:
        """What its trial says of the kit."""
        if isinstance(self.trial, Lost):
            return Verdict.LOST
        if not self.trial.fired:
            return Verdict.IDLE
        if self.deviation.requirement not in self.failed:
            return Verdict.ELSEWHERE if self.trial.status == 1 else Verdict.SILENT
        if self.trial.status != 1 or self.unrelated:
            return Verdict.BLURRED
        return Verdict.CAUGHT

    @property
    def seen_by_stock(self) -> bool:
        """Whether stock Schemathesis finds something that it does not find on the true mock."""
        return isinstance(self.stock, frozenset) and bool(self.stock)


@dataclass(frozen=True)
class JudgedVariant:
    """A legal variant with what one trial of it says."""

    variant: Variant
    seed: int
    trial: Trial | Lost

    @property
    def called_wrong(self) -> bool:
        """Whether the kit called it wrong; a trial without a result counts as such."""
        return isinstance(self.trial, Lost) or self.trial.status == 1

    @property
    def misread(self) -> dict[str, str | None]:
        """The open questions to which the kit saw another answer than the variant gives."""
        given: Mapping[str, str] = {} if isinstance(self.trial, Lost) else self.trial.answers
        wanted = self.variant.answers
        return {name: given.get(name) for name, answer in wanted.items() if given.get(name) != answer}


def alone(judged: list[Judged]) -> dict[str, str | None]:
    """For each requirement, a deviation that it alone catches; None where each one breaks others, too."""
    by_requirement: dict[str, str | None] = dict.fromkeys(requirements())
    for one in judged:
        if one.verdict is Verdict.CAUGHT and one.failed == {one.deviation.requirement}:
            by_requirement[one.deviation.requirement] = one.deviation.name
    return by_requirement
