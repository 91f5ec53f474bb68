"""Reads the catalogue's files; one that is wrong in any way is refused with the place and the fault."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from enum import Enum
from functools import cache
from importlib.resources import files
from typing import Any, TypeVar

import yaml

from contract_tests.catalogue.entries import (
    Answer,
    Area,
    CatalogueError,
    Level,
    Question,
    Requirement,
    Statement,
)

Fields = dict[str, Any]
Entry = TypeVar("Entry")
Choice = TypeVar("Choice", bound=Enum)

# The C parser reads the catalogue ten times as fast, but not every build of PyYAML carries it.
_YAML_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NAME = re.compile(r"[A-Z0-9]+(-[A-Z0-9]+)*")
_DIGEST = re.compile(r"[0-9a-f]{16}")


@cache
def load_requirements() -> tuple[Requirement, ...]:
    """All requirements, in the order of the file. Raises CatalogueError."""
    return parse_requirements(_read("requirements.yaml"))


@cache
def load_statements() -> tuple[Statement, ...]:
    """The ledger: all statements of the page, in its order. Raises CatalogueError."""
    return parse_statements(_read("statements.yaml"), _known_ids())


@cache
def load_questions() -> tuple[Question, ...]:
    """All open questions, in the order of the file. Raises CatalogueError."""
    return parse_questions(_read("questions.yaml"), _known_ids())


@cache
def load_smoke() -> frozenset[str]:
    """The names of the checks that `--smoke` makes. Raises CatalogueError."""
    return parse_smoke(_read("smoke.yaml"))


def parse_requirements(text: str) -> tuple[Requirement, ...]:
    """The requirements in a YAML document. Raises CatalogueError."""
    return _parse(text, "requirements", _requirement, lambda requirement: requirement.id)


def parse_statements(text: str, known_ids: Collection[str]) -> tuple[Statement, ...]:
    """The statements in a YAML document that may name ``known_ids``. Raises CatalogueError."""

    def statement(fields: Fields) -> Statement:
        return _statement(fields, known_ids)

    return _parse(text, "statements", statement, lambda entry: f"{entry.section} {entry.digest}")


def parse_questions(text: str, known_ids: Collection[str]) -> tuple[Question, ...]:
    """The open questions in a YAML document that may name ``known_ids``. Raises CatalogueError."""

    def question(fields: Fields) -> Question:
        return _question(fields, known_ids)

    return _parse(text, "questions", question, lambda entry: entry.id)


def parse_smoke(text: str) -> frozenset[str]:
    """The names of checks in a YAML document. Raises CatalogueError."""

    def name(entry: object) -> str:
        if not isinstance(entry, str):
            raise CatalogueError("must be the name of a check")
        return entry

    return frozenset(_parse(text, "checks", name, str))


def _read(name: str) -> str:
    return files("contract_tests.catalogue").joinpath(name).read_text(encoding="utf-8")


def _known_ids() -> Collection[str]:
    return {requirement.id for requirement in load_requirements()}


def _parse(
    text: str, kind: str, make: Callable[[Fields], Entry], key: Callable[[Entry], str]
) -> tuple[Entry, ...]:
    try:
        document = yaml.load(text, Loader=_YAML_LOADER)  # noqa: S506 - both choices are safe loaders
    except yaml.YAMLError as error:
        raise CatalogueError(f"{kind}: not YAML: {error}") from error
    if not isinstance(document, dict) or set(document) != {kind} or not isinstance(document[kind], list):
        raise CatalogueError(f"{kind}: the document must hold one list, named {kind}")
    entries = []
    for number, fields in enumerate(document[kind], start=1):
        try:
            entries.append(make(fields))
        except CatalogueError as error:
            raise CatalogueError(f"{kind}, entry {number}: {error}") from error
    _refuse_repeated(kind, map(key, entries))
    return tuple(entries)


def _refuse_repeated(kind: str, keys: Iterable[str]) -> None:
    repeated = sorted(key for key, times in Counter(keys).items() if times > 1)
    if repeated:
        raise CatalogueError(f"{kind}: more than once: {', '.join(repeated)}")


def _requirement(fields: Fields) -> Requirement:
    _check_names(fields, required={"id", "title", "area", "level", "source"}, optional={"note"})
    area = _choice(Area, fields["area"])
    identifier = _text(fields, "id")
    if not identifier.startswith(area.prefix) or not _NAME.fullmatch(identifier):
        raise CatalogueError(f"id {identifier!r} is not {area.prefix}<NAME> in capitals")
    return Requirement(
        id=identifier,
        title=_text(fields, "title"),
        area=area,
        level=_choice(Level, fields["level"]),
        source=_text(fields, "source"),
        note=_text(fields, "note") if "note" in fields else None,
    )


def _statement(fields: Fields, known_ids: Collection[str]) -> Statement:
    _check_names(fields, required={"section", "digest", "says"}, optional={"requirements", "untestable"})
    digest = _text(fields, "digest")
    if not _DIGEST.fullmatch(digest):
        raise CatalogueError(f"digest {digest!r} is not 16 hex digits")
    statement = Statement(
        section=_text(fields, "section"),
        digest=digest,
        says=_text(fields, "says"),
        requirements=_ids(fields, known_ids),
        untestable=_text(fields, "untestable") if "untestable" in fields else None,
    )
    if not statement.requirements and not statement.untestable:
        raise CatalogueError(f"{digest} has neither requirements nor a reason why it is untestable")
    return statement


def _question(fields: Fields, known_ids: Collection[str]) -> Question:
    _check_names(fields, required={"id", "title", "area", "why", "answers"}, optional={"requirements"})
    identifier = _text(fields, "id")
    if not identifier.startswith("Q-") or not _NAME.fullmatch(identifier):
        raise CatalogueError(f"id {identifier!r} is not Q-<NAME> in capitals")
    return Question(
        id=identifier,
        title=_text(fields, "title"),
        area=_choice(Area, fields["area"]),
        why=_text(fields, "why"),
        answers=_answers(fields["answers"]),
        requirements=_ids(fields, known_ids),
    )


def _answers(listed: object) -> tuple[Answer, ...]:
    if not isinstance(listed, dict) or len(listed) < 2:
        raise CatalogueError("answers must be a mapping of two names or more to what they say")
    return tuple(Answer(name=str(name), says=_text(listed, name)) for name in listed)


def _check_names(fields: object, *, required: set[str], optional: set[str]) -> None:
    if not isinstance(fields, dict):
        raise CatalogueError("must be a mapping")
    if missing := required - set(fields):
        raise CatalogueError(f"lacks {', '.join(sorted(missing))}")
    if unknown := set(map(str, fields)) - required - optional:
        raise CatalogueError(f"has unknown fields: {', '.join(sorted(unknown))}")


def _text(fields: Fields, name: str) -> str:
    value = fields[name]
    if not isinstance(value, str) or not value.strip():
        raise CatalogueError(f"{name} must be text that is not empty")
    return value


def _choice(choices: type[Choice], value: object) -> Choice:
    try:
        return choices(value)
    except ValueError:
        raise CatalogueError(f"{value!r} is none of {', '.join(map(str, choices))}") from None


def _ids(fields: Fields, known_ids: Collection[str]) -> tuple[str, ...]:
    listed = fields.get("requirements", [])
    if not isinstance(listed, list):
        raise CatalogueError("requirements must be a list of ids")
    if unknown := [str(identifier) for identifier in listed if identifier not in known_ids]:
        raise CatalogueError(f"names unknown requirements: {', '.join(unknown)}")
    _refuse_repeated("requirements", listed)
    return tuple(listed)
