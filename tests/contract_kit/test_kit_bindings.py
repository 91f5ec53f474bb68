"""Catalogue and checks agree: no requirement without a check, no check of an unknown requirement."""

import re
from pathlib import Path

import contract_tests
from contract_tests.catalogue import load_questions, load_requirements
from contract_tests.session import bindings

PACKAGE = Path(contract_tests.__file__).parent
SOURCES = {path: path.read_text() for path in PACKAGE.rglob("*.py")}
KNOWN = {requirement.id for requirement in load_requirements()}


def test_every_requirement_has_a_check_that_is_bound_to_it():
    assert sorted(KNOWN - bindings().keys()) == []


def test_no_check_is_bound_to_an_unknown_requirement():
    assert sorted(bindings().keys() - KNOWN) == []


def test_no_rule_names_an_unknown_requirement():
    named = {
        (path.name, name)
        for path, text in SOURCES.items()
        for name in re.findall(r'"(MA-[A-Z0-9-]*[A-Z0-9])"', text)
    }
    assert sorted((path, name) for path, name in named if name not in KNOWN) == []


def test_every_open_question_is_asked():
    asked = {name for text in SOURCES.values() for name in re.findall(r'"(Q-[A-Z-]+)"', text)}
    assert sorted({question.id for question in load_questions()} - asked) == []


def test_the_mock_is_known_in_one_place():
    importing = {
        path.name for path, text in SOURCES.items() if re.search(r"^\s*(from|import) mock_server", text, re.M)
    }
    assert importing == {"embedded.py"}


def test_nothing_imports_the_command():
    importing = {path.name for path, text in SOURCES.items() if "contract_tests.cli import" in text}
    assert importing == {"__main__.py"}


def test_models_and_rules_know_no_clock_and_no_network():
    for path, text in SOURCES.items():
        if path.parent.name == "rules" or path.name in ("model.py", "answers.py"):
            assert not re.search(r"^(import|from) (time|random|requests|socket|threading)\b", text, re.M), (
                path
            )
