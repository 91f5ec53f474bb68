"""What the reference page shows: operations, bodies, fields, and how sure each is."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Provenance:
    """How sure a statement is, and why. `keywords` are parts of it that are less sure than the rest."""

    level: str
    source: str
    note: str = ""
    disagreement: str = ""
    choice: str = ""
    keywords: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Field:
    """A property of a body, or a parameter. `fields` are those inside it, `schema` is the named schema that it has."""

    name: str
    kind: str
    required: bool
    about: str
    limits: tuple[str, ...]
    provenance: Provenance | None
    schema: str | None = None
    fields: tuple["Field", ...] = ()
    place: str = ""


@dataclass(frozen=True, slots=True)
class Example:
    """An example: its title, and its text as HTML."""

    title: str
    text: str
    provenance: Provenance | None = None


@dataclass(frozen=True, slots=True)
class Body:
    """A JSON body: its schema by name, its fields, and examples."""

    schema: str | None
    fields: tuple[Field, ...]
    examples: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of an operation."""

    status: int
    phrase: str
    about: str
    provenance: Provenance | None
    body: Body | None


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation."""

    id: str
    anchor: str
    method: str
    path: str
    summary: str
    about: str
    provenance: Provenance | None
    place: Provenance | None
    parameters: tuple[Field, ...]
    body: Body | None
    answers: tuple[Answer, ...]
    curl: str

    @property
    def successes(self) -> tuple[Answer, ...]:
        """The answers that say that it was done."""
        return tuple(answer for answer in self.answers if answer.status < 400)

    @property
    def errors(self) -> tuple[Answer, ...]:
        """The answers that say why not."""
        return tuple(answer for answer in self.answers if answer.status >= 400)


@dataclass(frozen=True, slots=True)
class Group:
    """The operations of one tag."""

    name: str
    about: str
    operations: tuple[Operation, ...]


@dataclass(frozen=True, slots=True)
class Schema:
    """A named schema."""

    name: str
    about: str
    provenance: Provenance | None
    fields: tuple[Field, ...]
