"""Requirements and open questions as what their pages show."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from contract_tests.catalogue import (
    Area,
    Question,
    Requirement,
    Statement,
    load_questions,
    load_requirements,
    load_statements,
)
from mock_server.deviations.catalogue import deviations

_Entry = TypeVar("_Entry", Statement, Question)

ABOUT_AREAS = {
    Area.AUTH: "Who is let in",
    Area.LIST: "Listing accounts",
    Area.CREATE: "Creating an account",
    Area.UPDATE: "Updating an account",
    Area.DELETE: "Deleting an account",
    Area.FIELDS: "What an account looks like",
    Area.SECRETS: "Passwords stay where they are",
    Area.ERRORS: "How a request is refused",
    Area.ISOLATION: "Keys do not see each other",
    Area.ORDERS: "Orders that accounts serve",
    Area.LOCK: "One order at a time",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A requirement with what belongs to it elsewhere.

    `statements` are those of the vendor's page that it holds a server to, `questions` those that it is one answer to,
    and `deviations` the names of those that break it.
    """

    requirement: Requirement
    statements: tuple[Statement, ...]
    questions: tuple[Question, ...]
    deviations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShownArea:
    """The requirements of an area."""

    area: Area
    about: str
    requirements: tuple[Shown, ...]

    @property
    def counts(self) -> Counter[str]:
        """How many there are of each level."""
        return Counter(str(shown.requirement.level) for shown in self.requirements)


def areas() -> list[ShownArea]:
    """Return the catalogue of requirements by area."""
    broken_by: dict[str, list[str]] = {}
    for deviation in deviations():
        broken_by.setdefault(deviation.requirement, []).append(deviation.name)
    shown = [
        Shown(
            requirement,
            tuple(_naming(load_statements(), requirement.id)),
            tuple(_naming(load_questions(), requirement.id)),
            tuple(broken_by.get(requirement.id, ())),
        )
        for requirement in load_requirements()
    ]
    return [
        ShownArea(area, ABOUT_AREAS[area], tuple(one for one in shown if one.requirement.area is area))
        for area in Area
    ]


def _naming(entries: Iterable[_Entry], requirement: str) -> list[_Entry]:
    return [entry for entry in entries if requirement in entry.requirements]


def questions() -> list[Question]:
    """Return the open questions."""
    return list(load_questions())


def explained() -> dict[str, str]:
    """Return where on the site each requirement and each open question is explained, by its id."""
    places = {one.id: f"reference/requirements.html#{one.id}" for one in load_requirements()}
    return places | {one.id: f"reference/open-questions.html#{one.id}" for one in load_questions()}
