"""The catalogue of deviations: what is declared, and that a mock without deviations never reads it."""

import re
import subprocess
import sys

import pytest
from traffic import PARTS_OF

from contract_tests.catalogue import load_requirements
from mock_server.deviations.catalogue import AREAS, deviation_named, deviations


def test_there_are_more_than_a_hundred_and_their_names_differ():
    names = [deviation.name for deviation in deviations()]
    assert len(names) >= 100
    assert len(set(names)) == len(names)


def test_each_name_is_words_joined_by_dashes():
    for deviation in deviations():
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", deviation.name), deviation.name


def test_each_breaks_one_requirement_of_the_catalogue():
    known = {requirement.id for requirement in load_requirements()}
    assert {deviation.requirement for deviation in deviations()} <= known


def test_each_requirement_is_broken_by_one_at_least():
    known = {requirement.id for requirement in load_requirements()}
    assert known - {deviation.requirement for deviation in deviations()} == set()


def test_each_says_in_one_sentence_what_it_does_and_why_it_matters():
    for deviation in deviations():
        what, colon, why = deviation.about.partition(": ")
        assert colon, deviation.name
        assert what
        assert why.endswith("."), deviation.name
        assert ". " not in deviation.about, deviation.name
        assert "  " not in deviation.about


def test_no_two_say_the_same():
    abouts = [deviation.about for deviation in deviations()]
    assert len(set(abouts)) == len(abouts)


def test_an_unknown_name_is_a_key_error():
    with pytest.raises(KeyError, match="no-such-deviation"):
        deviation_named("no-such-deviation")


def test_the_script_has_a_part_for_each_module():
    assert set(PARTS_OF) == set(AREAS)


def test_a_mock_without_deviations_never_loads_them():
    program = """
import sys
from werkzeug.test import Client
from mock_server import create_app
client = Client(create_app())
answer = client.get("/users/managed-accounts", headers={"Authorization": "Bearer zn_test_key"})
assert answer.status_code == 200
loaded = [name for name in sys.modules if name.startswith("mock_server.deviations.")]
print(*sorted(loaded))
"""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["mock_server.deviations.catalogue", "mock_server.deviations.deviation"]
