"""The catalogue is complete and consistent, and its loader refuses what is wrong."""

import re

import pytest

from contract_tests.catalogue import (
    Area,
    CatalogueError,
    Level,
    Statement,
    load_questions,
    load_requirements,
    load_statements,
)
from contract_tests.catalogue.loading import parse_questions, parse_requirements, parse_statements
from contract_tests.catalogue.page import PageStatement

REQUIREMENTS = {requirement.id: requirement for requirement in load_requirements()}
SOURCES = {
    Level.RELATED: {
        "API reference",
        "Agent guide",
        "Authentication",
        "Error handling",
        "Managed accounts (later revision)",
        "Orders",
        "Test products",
    },
    Level.INFERRED: {"HTTP semantics (RFC 9110)", "Kit", "RFC 6750"},
}


def section_of(source: str) -> str:
    """The section that a documented source names, as the ledger writes it."""
    return source.removeprefix("Managed accounts, ").replace(", ", " / ")


# The data


def test_areas_are_those_of_the_report() -> None:
    assert [area.value for area in Area] == [
        "auth",
        "list",
        "create",
        "update",
        "delete",
        "fields",
        "secrets",
        "errors",
        "isolation",
        "orders",
        "locking",
    ]


def test_every_area_has_requirements() -> None:
    assert {requirement.area for requirement in REQUIREMENTS.values()} == set(Area)


def test_ids_are_unique_and_readable() -> None:
    assert len(REQUIREMENTS) == len(load_requirements())
    for identifier in REQUIREMENTS:
        assert re.fullmatch(r"MA(-[A-Z0-9]+){2,6}", identifier)


def test_titles_are_single_sentences_and_all_different() -> None:
    titles = [requirement.title for requirement in load_requirements()]

    assert len(set(titles)) == len(titles)
    for title in titles:
        assert re.fullmatch(r"[A-Z](?:(?!\. [A-Z]).)*\.", title), title


@pytest.mark.parametrize("statement", load_statements(), ids=lambda each: f"{each.section}, {each.digest}")
def test_every_statement_is_mapped_or_has_a_reason(statement: Statement) -> None:
    assert statement.requirements or statement.untestable
    assert set(statement.requirements) <= set(REQUIREMENTS)


def test_every_documented_requirement_rests_on_a_statement_of_its_section() -> None:
    mapped = {
        (identifier, statement.section)
        for statement in load_statements()
        for identifier in statement.requirements
    }

    for requirement in REQUIREMENTS.values():
        if requirement.level is Level.DOCUMENTED:
            assert requirement.source.startswith("Managed accounts, ")
            assert (requirement.id, section_of(requirement.source)) in mapped


def test_no_other_requirement_claims_the_page_as_its_source() -> None:
    for requirement in REQUIREMENTS.values():
        if requirement.level is not Level.DOCUMENTED:
            assert requirement.source in SOURCES[requirement.level], requirement.id


def test_the_catalogue_repeats_no_statement_of_the_page() -> None:
    digests = {statement.digest for statement in load_statements()}
    ours = [requirement.title for requirement in load_requirements()]
    ours += [statement.says for statement in load_statements()]

    for text in ours:
        assert PageStatement("", text).digest not in digests


def test_open_questions_are_tied_to_no_documented_requirement() -> None:
    for question in load_questions():
        for identifier in question.requirements:
            assert REQUIREMENTS[identifier].level is not Level.DOCUMENTED


@pytest.mark.parametrize(
    "question",
    [
        "Q-ERROR-SHAPE",
        "Q-CREATE-STATUS",
        "Q-DELETE-AGAIN",
        "Q-DUPLICATE-EMAIL",
        "Q-CREATE-NULL",
        "Q-UPDATE-NULL",
        "Q-TIME-FRACTION",
        "Q-TIME-OFFSET",
        "Q-MORE-FIELDS",
    ],
)
def test_what_the_pages_leave_open_is_asked(question: str) -> None:
    assert question in {each.id for each in load_questions()}


# Levels


def test_levels_are_ordered_from_firm_to_weak() -> None:
    assert sorted([Level.INFERRED, Level.DOCUMENTED, Level.RELATED]) == [
        Level.DOCUMENTED,
        Level.RELATED,
        Level.INFERRED,
    ]


@pytest.mark.parametrize(
    ("level", "asked", "counts"),
    [
        (Level.DOCUMENTED, Level.DOCUMENTED, True),
        (Level.DOCUMENTED, Level.INFERRED, True),
        (Level.RELATED, Level.DOCUMENTED, False),
        (Level.RELATED, Level.RELATED, True),
        (Level.INFERRED, Level.RELATED, False),
    ],
)
def test_a_requirement_counts_at_its_level_and_every_weaker_one(
    level: Level, asked: Level, counts: bool
) -> None:
    assert level.at_or_firmer(asked) is counts


# The loader

REQUIREMENT = """
  - id: MA-LIST-ALL
    title: All are listed.
    area: list
    level: documented
    source: Managed accounts, Endpoints
"""


def test_a_sound_requirement_is_read() -> None:
    (requirement,) = parse_requirements("requirements:" + REQUIREMENT)

    assert requirement.id == "MA-LIST-ALL"
    assert requirement.area is Area.LIST
    assert requirement.level is Level.DOCUMENTED
    assert requirement.note is None


@pytest.mark.parametrize(
    ("entries", "fault"),
    [
        (REQUIREMENT + REQUIREMENT, "more than once: MA-LIST-ALL"),
        (REQUIREMENT + "    colour: red", "entry 1: has unknown fields: colour"),
        (REQUIREMENT.replace("    level: documented\n", ""), "entry 1: lacks level"),
        (REQUIREMENT.replace("documented", "sure"), "'sure' is none of documented, related, inferred"),
        (REQUIREMENT.replace("area: list", "area: lists"), "'lists' is none of auth, list"),
        (REQUIREMENT.replace("area: list", "area: create"), "is not MA-CREATE-<NAME>"),
        (REQUIREMENT.replace("LIST-ALL", "LIST-All"), "is not MA-LIST-<NAME> in capitals"),
        (REQUIREMENT.replace("All are listed.", "7"), "title must be text"),
        (" [MA-LIST-ALL]", "entry 1: must be a mapping"),
        (" all", "must hold one list"),
        (" [", "not YAML"),
    ],
)
def test_a_wrong_requirement_is_refused_with_its_fault(entries: str, fault: str) -> None:
    with pytest.raises(CatalogueError, match=re.escape(fault)):
        parse_requirements("requirements:" + entries)


STATEMENT = """
  - section: Endpoints
    digest: "0123456789abcdef"
    says: Lists all.
    requirements: [MA-LIST-ALL]
"""


@pytest.mark.parametrize(
    ("entries", "fault"),
    [
        (STATEMENT + STATEMENT, "more than once: Endpoints 0123456789abcdef"),
        (STATEMENT.replace("    requirements: [MA-LIST-ALL]\n", ""), "neither requirements nor a reason"),
        (STATEMENT.replace("[MA-LIST-ALL]", "[MA-LIST-SOME]"), "unknown requirements: MA-LIST-SOME"),
        (STATEMENT.replace("[MA-LIST-ALL]", "MA-LIST-ALL"), "must be a list of ids"),
        (STATEMENT.replace("cdef", "CDEF"), "is not 16 hex digits"),
        (STATEMENT + "    untestable: ''", "untestable must be text that is not empty"),
    ],
)
def test_a_wrong_statement_is_refused_with_its_fault(entries: str, fault: str) -> None:
    with pytest.raises(CatalogueError, match=re.escape(fault)):
        parse_statements("statements:" + entries, {"MA-LIST-ALL"})


QUESTION = """
  - id: Q-ORDER
    title: In which order?
    area: list
    why: No page says it.
    answers: {oldest: oldest first, newest: newest first}
    requirements: [MA-LIST-ALL]
"""


@pytest.mark.parametrize(
    ("entries", "fault"),
    [
        (QUESTION + QUESTION, "more than once: Q-ORDER"),
        (QUESTION.replace("Q-ORDER", "ORDER"), "is not Q-<NAME> in capitals"),
        (QUESTION.replace(", newest: newest first", ""), "two names or more"),
        (QUESTION.replace("MA-LIST-ALL", "MA-LIST-SOME"), "unknown requirements: MA-LIST-SOME"),
    ],
)
def test_a_wrong_question_is_refused_with_its_fault(entries: str, fault: str) -> None:
    with pytest.raises(CatalogueError, match=re.escape(fault)):
        parse_questions("questions:" + entries, {"MA-LIST-ALL"})
