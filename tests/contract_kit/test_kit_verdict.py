import pytest

from contract_tests.catalogue import Area, Level, Requirement, load_requirements
from contract_tests.census import Census, compare, count_others
from contract_tests.errors import NotEstablished
from contract_tests.findings import EVERY_ANSWER, Expect, Findings
from contract_tests.grounds import GROUNDS
from contract_tests.judgement import Judgement
from contract_tests.questions import Questionnaire
from contract_tests.verdict import Report, make_rows

SHOUT, RELATED, GUESS = (
    Requirement(id=f"MA-LIST-{level.name}", title="…", area=Area.LIST, level=level, source="…")
    for level in Level
)
ALL = (SHOUT, RELATED, GUESS)


def report(findings, level=Level.DOCUMENTED, not_asked=(), run_errors=()):
    rows = make_rows(ALL, findings, dict.fromkeys(not_asked, "not asked for"), level)
    return Report(
        "http://x", False, "1", level, 0, "", "", 1, rows, Questionnaire(), Census(), tuple(run_errors)
    )


def findings(**outcomes):
    """Findings with one judgement for each named level."""
    made = Findings(ALL)
    for name, holds in outcomes.items():
        made.record(Judgement(f"MA-LIST-{name}", holds, "this", "that"))
    return made


@pytest.mark.parametrize(
    ("outcomes", "level", "verdict", "status"),
    [
        ({"DOCUMENTED": True}, Level.DOCUMENTED, "conforms", 0),
        ({"DOCUMENTED": False}, Level.DOCUMENTED, "violates", 1),
        ({}, Level.DOCUMENTED, "incomplete", 2),
        ({"DOCUMENTED": True, "RELATED": False}, Level.DOCUMENTED, "conforms", 0),
        ({"DOCUMENTED": True, "RELATED": False}, Level.RELATED, "violates", 1),
        ({"DOCUMENTED": True}, Level.RELATED, "incomplete", 2),
        ({"DOCUMENTED": True, "RELATED": True, "INFERRED": True}, Level.INFERRED, "conforms", 0),
        ({"DOCUMENTED": True, "RELATED": True, "INFERRED": False}, Level.INFERRED, "violates", 1),
    ],
)
def test_the_verdict_counts_what_stands_at_the_asked_level_or_firmer(outcomes, level, verdict, status):
    made = report(findings(**outcomes), level)
    assert (made.verdict, made.exit_status) == (verdict, status)


def test_what_was_not_asked_for_does_not_count():
    made = report(findings(DOCUMENTED=False, RELATED=True), Level.RELATED, not_asked=["MA-LIST-DOCUMENTED"])
    assert (made.verdict, made.rows[0].outcome, made.rows[0].reason) == (
        "conforms",
        "not_tested",
        "not asked for",
    )


def test_an_error_of_the_run_leaves_the_verdict_open_but_takes_no_fault_back():
    assert report(findings(DOCUMENTED=True), run_errors=["lost"]).verdict == "incomplete"
    assert report(findings(DOCUMENTED=False), run_errors=["lost"]).verdict == "violates"


def test_nothing_conforms_by_doing_nothing():
    assert report(findings(), not_asked=[entry.id for entry in ALL]).verdict == "incomplete"


def test_one_fault_outweighs_any_number_of_confirmations():
    made = findings(DOCUMENTED=True)
    for holds in (True, False, True):
        made.record(Judgement("MA-LIST-DOCUMENTED", holds))
    row = report(made).rows[0]
    assert (row.outcome, row.exercised, row.broken) == ("failed", 4, 1)


def test_a_judgement_is_laid_to_the_check_that_is_bound_to_it_and_else_to_every_answer():
    made = Findings(ALL)
    with made.check("a check", ["MA-LIST-DOCUMENTED"]):
        made.record(Judgement("MA-LIST-DOCUMENTED", True))
        made.record(Judgement("MA-LIST-RELATED", True))
    assert set(made.by_requirement["MA-LIST-DOCUMENTED"]) == {"a check"}
    assert set(made.by_requirement["MA-LIST-RELATED"]) == {EVERY_ANSWER}


def test_a_check_that_could_not_establish_its_precondition_says_why():
    made = Findings(ALL)
    with pytest.raises(NotEstablished), made.check("a check", ["MA-LIST-DOCUMENTED"]):
        raise NotEstablished("no account")
    assert report(made).rows[0].reason == "no account"


def test_a_check_that_did_nothing_has_tested_nothing():
    made = Findings(ALL)
    with made.check("a check", ["MA-LIST-DOCUMENTED"]):
        pass
    assert report(made).rows[0].reason == "the check came to its end without anything to judge"


def test_a_check_may_only_judge_what_it_is_bound_to():
    expect = Expect(Findings(ALL), ["MA-LIST-DOCUMENTED"])
    assert expect("MA-LIST-DOCUMENTED", 1, expected="", seen="", evidence=[])
    with pytest.raises(KeyError):
        expect("MA-LIST-RELATED", True, expected="", seen="", evidence=[])


def test_a_judgement_on_an_unknown_requirement_is_a_fault_of_the_kit():
    with pytest.raises(KeyError):
        Findings(ALL).record(Judgement("MA-LIST-UNKNOWN", True))


def test_a_fault_that_builds_on_another_is_told_as_not_tested(monkeypatch):
    monkeypatch.setattr("contract_tests.grounds.GROUNDS", {"MA-LIST-RELATED": ("MA-LIST-DOCUMENTED",)})
    made = report(findings(DOCUMENTED=False, RELATED=False), Level.RELATED)
    assert [row.outcome for row in made.rows][:2] == ["failed", "not_tested"]
    assert made.rows[1].reason == "builds on what is broken: MA-LIST-DOCUMENTED"


def test_no_lesser_fault_covers_a_firmer_one(monkeypatch):
    monkeypatch.setattr("contract_tests.grounds.GROUNDS", {"MA-LIST-DOCUMENTED": ("MA-LIST-RELATED",)})
    made = report(findings(DOCUMENTED=False, RELATED=False))
    assert made.rows[0].outcome == "failed"
    made = report(findings(DOCUMENTED=False, RELATED=False), not_asked=["MA-LIST-RELATED"])
    assert made.rows[0].outcome == "failed"


def test_grounds_are_requirements_and_no_circle():
    known = {entry.id for entry in load_requirements()}
    for name, grounds in GROUNDS.items():
        assert {name, *grounds} <= known
        assert not any(name in GROUNDS.get(ground, ()) for ground in grounds)


def account(name, **more):
    return {"short_id": name, "email": "someone@shop.example"} | more


def test_the_census_tells_what_others_did_meanwhile():
    before = count_others([account("a"), account("b"), account("mine")], {"mine"})
    after = count_others([account("a"), account("b", retailer="x"), account("c")], {"mine"})
    census = compare(before, after, ["mine"])
    assert (census.before, census.after, census.changed, census.appeared, census.disappeared) == (
        2,
        3,
        ("b",),
        ("c",),
        (),
    )
    assert not census.unchanged
    assert census.left_behind == ("mine",)
    assert compare(before, before, ()).unchanged


def test_an_open_question_takes_only_answers_that_the_catalogue_has():
    asked = Questionnaire()
    asked.answer("Q-CREATE-STATUS", "201", [])
    assert asked.says("Q-CREATE-STATUS") == "201 Created"
    assert asked.says("Q-LIST-ORDER") is None
    for question, name in (("Q-CREATE-STATUS", "418"), ("Q-UNKNOWN", "201")):
        with pytest.raises(KeyError):
            asked.answer(question, name, [])
