"""What a trial says of the kit: a deviation is caught for the right reason, or it is not caught."""

import pytest

from calibration.forks import Lost
from calibration.judging import Judged, JudgedVariant, Verdict, alone, coupled, needs_orders
from calibration.trial import Trial
from calibration.variants.catalogue import VARIANTS
from contract_tests.catalogue import load_questions, load_requirements
from mock_server.deviations.catalogue import deviation_named, deviations

REQUIREMENT = "MA-DELETE-204"
DEVIATION = deviation_named("delete-answers-200")
COUPLED = deviation_named(
    "delete-answers-account"
)  # breaks MA-DELETE-NO-BODY, and MA-DELETE-204 of necessity


def trial(*failed, status=1, fired=1, answers=None):
    return Trial(
        status=status,
        failed=frozenset(failed),
        tested=frozenset(failed),
        broken_by={},
        sent={},
        overhead=4,
        errors=(),
        left_behind=(),
        messages={},
        answers=answers or {},
        fired=fired,
    )


@pytest.mark.parametrize(
    ("deviation", "found", "verdict"),
    [
        (DEVIATION, trial(REQUIREMENT), Verdict.CAUGHT),
        (DEVIATION, trial(REQUIREMENT, "MA-LIST-ONCE"), Verdict.BLURRED),
        (DEVIATION, trial(REQUIREMENT, status=0), Verdict.BLURRED),
        (DEVIATION, trial("MA-LIST-ONCE"), Verdict.ELSEWHERE),
        (DEVIATION, trial(status=0), Verdict.SILENT),
        (DEVIATION, trial(status=2), Verdict.SILENT),
        (DEVIATION, trial(REQUIREMENT, fired=0), Verdict.IDLE),
        (DEVIATION, Lost("no result"), Verdict.LOST),
        (COUPLED, trial("MA-DELETE-NO-BODY", "MA-DELETE-204"), Verdict.CAUGHT),
        (COUPLED, trial("MA-DELETE-204"), Verdict.ELSEWHERE),
    ],
)
def test_a_deviation_counts_as_caught_only_for_the_right_reason(deviation, found, verdict):
    assert Judged(deviation, found).verdict == verdict


@pytest.mark.parametrize(
    ("found", "wrong"),
    [(trial(status=0), False), (trial(status=1), True), (trial(status=2), False), (Lost("x"), True)],
)
def test_a_legal_server_is_called_wrong_by_an_exit_status_of_1_alone(found, wrong):
    assert JudgedVariant(VARIANTS[0], 0, found).called_wrong is wrong


def test_an_answer_that_was_misread_is_told():
    variant = next(one for one in VARIANTS if one.answers == {"Q-LIST-ORDER": "newest-first"})
    judged = JudgedVariant(variant, 0, trial(status=0, answers={"Q-LIST-ORDER": "other"}))
    assert judged.misread == {"Q-LIST-ORDER": "other"}


def test_a_requirement_that_fails_alone_is_told_with_a_deviation():
    by_requirement = alone(
        [Judged(DEVIATION, trial(REQUIREMENT)), Judged(COUPLED, trial("MA-DELETE-NO-BODY", REQUIREMENT))]
    )
    assert by_requirement[REQUIREMENT] == DEVIATION.name
    assert by_requirement["MA-DELETE-NO-BODY"] is None


def test_what_is_declared_as_coupled_exists_and_has_a_reason():
    names = {deviation.name: deviation.requirement for deviation in deviations()}
    known = {requirement.id for requirement in load_requirements()}
    for name, entry in coupled().items():
        assert entry.requirements <= known - {names[name]}, name
        assert entry.requirements, name
        assert len(entry.because) > 20, name


def test_orders_are_placed_for_deviations_that_show_in_orders_alone():
    assert needs_orders(deviation_named("lock-missing"))
    assert not needs_orders(DEVIATION)


def test_there_are_twenty_legal_variants_at_least_and_their_answers_are_those_of_open_questions():
    answers = {question.id: {answer.name for answer in question.answers} for question in load_questions()}
    assert len({variant.name for variant in VARIANTS}) == len(VARIANTS) >= 20
    for variant in VARIANTS:
        assert all(name in answers[question] for question, name in variant.answers.items()), variant.name


def test_each_open_question_is_answered_by_some_variant():
    answered = {question for variant in VARIANTS for question in variant.answers}
    # Another path, or other fields of an address, need another document to be served by.
    open_still = {"Q-ADDRESS-FIELDS", "Q-PATH-PREFIX"}
    assert {question.id for question in load_questions()} - answered == open_still
