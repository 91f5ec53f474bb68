"""What the catalogue is made of: requirements, statements of the page, and open questions."""

from dataclasses import dataclass
from enum import Enum
from functools import total_ordering


class CatalogueError(ValueError):
    """A catalogue file is wrong; the message names the file, the entry and the fault."""


@total_ordering
class Level(Enum):
    """How firmly the vendor has said something, firmest first: documented < related < inferred."""

    DOCUMENTED = "documented"
    RELATED = "related"
    INFERRED = "inferred"

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, Level):
            return NotImplemented
        firmest_first = list(Level)
        return firmest_first.index(self) < firmest_first.index(other)

    def __str__(self) -> str:
        return self.value

    def at_or_firmer(self, asked: "Level") -> bool:
        """Whether what stands at this level counts when ``asked`` is the level asked for."""
        return self <= asked


class Area(Enum):
    """What the report groups requirements by, in the order of the report.

    The value is the name in files and reports; ``prefix`` is the word in the ids.
    """

    AUTH = "auth"
    LIST = "list"
    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    FIELDS = "fields"
    SECRETS = "secrets"
    ERRORS = "errors"
    ISOLATION = "isolation"
    ORDERS = "orders"
    LOCK = "locking"

    def __str__(self) -> str:
        return self.value

    @property
    def prefix(self) -> str:
        """How the id of every requirement of this area begins."""
        return f"MA-{self.name}-"

    @property
    def needs_orders(self) -> bool:
        """Whether requirements of this area can be tested only by placing orders."""
        return self in (Area.ORDERS, Area.LOCK)


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """One observable promise.

    Attributes:
        id: Stable name, such as ``MA-DELETE-204``.
        title: The promise as one sentence, in our own words.
        area: What the report groups it by.
        level: How firmly the vendor has said it.
        source: Page and section; for inferred ones the rule that the reading rests on.
        note: Under which condition it can be tested, or why its level is what it is.
    """

    id: str
    title: str
    area: Area
    level: Level
    source: str
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One statement of the managed accounts page, known by where it stands and a hash of its text.

    Attributes:
        section: Heading under which it stands; a subsection follows after " / ".
        digest: First 16 hex digits of the SHA-256 of its text without white space.
        says: What it says, in our own words.
        requirements: Ids of the requirements that hold a server to it.
        untestable: Why it, or a part of it, cannot be tested from outside.
    """

    section: str
    digest: str
    says: str
    requirements: tuple[str, ...] = ()
    untestable: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One legal answer to an open question: its word in reports, and what a server that gives it does."""

    name: str
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Something that the vendor's pages leave open, to be asked of a server rather than judged.

    Attributes:
        id: Stable name, such as ``Q-CREATE-STATUS``.
        title: The question.
        area: What the report groups it by.
        why: Which pages are silent or disagree.
        answers: The legal answers; a server that gives any of them conforms at level documented.
        requirements: Ids of the requirements, never documented ones, that hold our own reading.
    """

    id: str
    title: str
    area: Area
    why: str
    answers: tuple[Answer, ...]
    requirements: tuple[str, ...] = ()
