"""Each difference between answers is laid to one requirement, and to the right one."""

import pytest
from kit_exchanges import account, created, deleted, email, exchange, listed, updated

from contract_tests.exchange import Key, Operation
from contract_tests.model import Model
from contract_tests.rules.state import judge_state

A, B, C = account(1), account(2, retailer=None), account(3)
LATER = "2026-01-15T10:31:00Z"


def broken(*exchanges):
    """The requirements that a sequence of exchanges breaks, in order."""
    model, found = Model(), []
    for one in exchanges:
        found += [judgement.requirement for judgement in judge_state(one, model) if not judgement.holds]
        model.note(one)
    return found


def held(*exchanges):
    """The requirements that a sequence of exchanges exercises and keeps."""
    model, found = Model(), set()
    for one in exchanges:
        found |= {judgement.requirement for judgement in judge_state(one, model) if judgement.holds}
        model.note(one)
    return found


def after_update(fields, *, answer, entry, before=A):
    """Make an account, list it, update it, list it again."""
    return broken(
        created(before), listed(before), updated(before, fields, before | answer), listed(before | entry)
    )


NEW = {"email": email(9)}


@pytest.mark.parametrize(
    ("fields", "answer", "entry", "requirements"),
    [
        (NEW, NEW, NEW, []),
        (NEW, NEW, {}, ["MA-UPDATE-PERSISTS"]),
        (NEW, {}, NEW, ["MA-UPDATE-ANSWERS-NEW-VALUES"]),
        (NEW, {}, {}, ["MA-UPDATE-EMAIL"]),
        (NEW, {"email": "other"}, {"email": "other"}, ["MA-UPDATE-EMAIL"]),
        (NEW, NEW | {"retailer": None}, NEW | {"retailer": None}, ["MA-UPDATE-KEEPS-RETAILER"]),
        (NEW, NEW | {"retailer": None}, NEW, ["MA-UPDATE-ANSWERS-NEW-VALUES"]),
        (NEW, NEW, NEW | {"retailer": "walmart"}, ["MA-UPDATE-KEEPS-RETAILER"]),
        ({"password": "x"}, {}, {"email": ""}, ["MA-UPDATE-KEEPS-EMAIL"]),
        ({"retailer": "walmart"}, {}, {}, ["MA-UPDATE-RETAILER"]),
        ({"retailer": "walmart"}, {"retailer": "Walmart"}, {"retailer": "Walmart"}, []),
        (NEW, NEW, NEW | {"id": "550e8400-e29b-41d4-a716-999999999999"}, ["MA-UPDATE-KEEPS-ID"]),
        (NEW, NEW | {"id": "550e8400-e29b-41d4-a716-999999999999"}, NEW, ["MA-UPDATE-KEEPS-ID"]),
        (NEW, NEW | {"created_at": LATER}, NEW, ["MA-UPDATE-KEEPS-CREATED-AT"]),
        (NEW, NEW, NEW | {"created_at": LATER}, ["MA-UPDATE-KEEPS-CREATED-AT"]),
        (NEW, NEW, NEW | {"short_id": "zn_acct_renamed0"}, ["MA-UPDATE-KEEPS-SHORT-ID"]),
        (NEW, NEW | {"short_id": "zn_acct_renamed0"}, NEW, ["MA-UPDATE-KEEPS-SHORT-ID"]),
        (NEW, NEW, NEW | {"updated_at": "2026-01-15T10:29:00Z"}, ["MA-FIELDS-UPDATED-AT-SEQUENCE"]),
        ({}, {}, {"updated_at": LATER}, ["MA-UPDATE-EMPTY-KEEPS-UPDATED-AT"]),
        (NEW, NEW | {"updated_at": LATER}, NEW | {"updated_at": LATER}, []),
    ],
)
def test_an_update_is_judged_by_its_answer_and_the_list_together(fields, answer, entry, requirements):
    assert after_update(fields, answer=answer, entry=entry) == requirements


@pytest.mark.parametrize("answer", [None, {}, {"updated": True}, C])
def test_what_an_update_answers_besides_the_account_is_no_documented_fault(answer):
    found = broken(created(A), listed(A), updated(A, NEW, answer), listed(A | NEW))
    assert found == ["MA-UPDATE-ANSWERS-ACCOUNT"]


def test_a_change_that_is_undone_later_did_not_persist():
    steps = [created(A), listed(A), updated(A, NEW, A | NEW), listed(A | NEW), listed(A)]
    assert broken(*steps) == ["MA-UPDATE-PERSISTS"]


@pytest.mark.parametrize(
    ("changes", "requirements"),
    [
        ({}, []),
        ({"email": email(9)}, ["MA-LIST-MATCHES-CREATE"]),
        ({"retailer": None}, ["MA-LIST-MATCHES-CREATE"]),
        ({"created_at": "2026-01-15T10:30:00.5Z"}, []),
        ({"created_at": "2026-01-15T11:30:00+01:00"}, []),
        ({"created_at": LATER}, ["MA-LIST-MATCHES-CREATE"]),
        ({"created_at": 1768473000}, []),  # its form is judged by itself
    ],
)
def test_a_new_account_is_listed_as_it_was_answered(changes, requirements):
    assert broken(created(A), listed(A | changes)) == requirements


def test_a_wrong_answer_to_a_create_is_not_laid_to_the_list():
    shown = A | {"email": "other", "retailer": None}
    assert broken(created(shown, fields={"email": A["email"], "retailer": "amazon"}), listed(A)) == []


def test_an_account_that_is_never_listed_was_not_made():
    assert broken(created(A), listed(), listed()) == ["MA-CREATE-LISTED"]


def test_an_account_that_is_missing_is_missed_once():
    assert broken(created(A), listed(A), listed(), created(B), listed(B), listed(B)) == ["MA-CREATE-LISTED"]


def test_a_list_that_is_long_is_not_judged_by_what_it_lacks():
    many = [account(number) for number in range(10, 20)]
    assert broken(*map(created, [*many, A]), listed(*many)) == []


@pytest.mark.parametrize(
    ("step", "requirement"),
    [
        (updated(B, NEW, B | NEW), "MA-UPDATE-OTHERS-UNTOUCHED"),
        (updated(B, NEW, {}, 422), "MA-UPDATE-REFUSED-CHANGES-NOTHING"),
        (updated(A, {"retailer": 1}, {}, 422, plain=False), "MA-UPDATE-REFUSED-CHANGES-NOTHING"),
        (created(account(4, retailer="walmart")), "MA-CREATE-OTHERS-UNTOUCHED"),
        (created(account(4)), "MA-CREATE-SAME-RETAILER"),
        (created(C, 422), "MA-CREATE-REFUSED-MAKES-NOTHING"),
        (deleted(B), "MA-DELETE-OTHERS-REMAIN"),
        (deleted(C, 404, plain=False), "MA-DELETE-UNKNOWN-CHANGES-NOTHING"),
        (deleted(A, 401, key=Key.NONE, plain=False), "MA-AUTH-REFUSED-CHANGES-NOTHING"),
        (updated(A, NEW, {}, 404, key=Key.SECOND, plain=False), "MA-ISOLATION-UPDATE-CHANGES-NOTHING"),
        (deleted(A, 404, key=Key.SECOND, plain=False), "MA-ISOLATION-DELETE-CHANGES-NOTHING"),
        (deleted(C, 404, plain=False, blame="MA-DELETE-EXACT-SHORT-ID"), "MA-DELETE-EXACT-SHORT-ID"),
        (None, "MA-LIST-CHANGES-NOTHING"),
    ],
)
@pytest.mark.parametrize("how", ["changed", "gone"])
def test_a_change_of_an_account_is_laid_to_the_one_request_since_the_last_list(step, requirement, how):
    others = [B]  # as they rightly are after the step
    if step and step.response.succeeded:
        effects = {
            Operation.UPDATE: [B | NEW],
            Operation.DELETE: [],
            Operation.CREATE: [B, step.response.json],
        }
        others = effects[step.intent.operation]
    shown = [A | {"retailer": "other"}] if how == "changed" else []
    steps = [created(A), created(B), listed(A, B), *([step] if step else []), listed(*shown, *others)]
    if step is None and how == "gone":
        requirement = "MA-CREATE-LISTED"
    assert broken(*steps) == [requirement]


def test_nobody_is_blamed_where_several_could_have_done_it():
    steps = [
        created(A),
        created(B),
        listed(A, B),
        deleted(B),
        created(account(4)),
        listed(A | NEW, account(4)),
    ]
    assert broken(*steps) == []


def test_what_changes_by_listing_alone_is_laid_to_no_other_request():
    touched = A | {"updated_at": LATER}
    again = A | {"updated_at": "2026-01-15T10:32:00Z"}
    steps = [
        created(A),
        created(B),
        listed(A, B),
        listed(touched, B),
        updated(B, NEW, B | NEW),
        listed(again, B | NEW),
    ]
    assert broken(*steps) == ["MA-LIST-CHANGES-NOTHING"]


def test_a_deleted_account_that_is_listed_is_laid_to_the_delete_until_a_list_was_without_it():
    assert broken(created(A), listed(A), deleted(A), listed(A)) == ["MA-DELETE-UNLISTED"]
    steps = [created(A), listed(A), deleted(A), listed(), created(B), listed(A, B)]
    assert broken(*steps) == ["MA-DELETE-STAYS-GONE"]


def test_a_name_that_is_given_again_is_no_deleted_account_come_back():
    reborn = account(5, short_id=A["short_id"])
    found = broken(created(A), listed(A), deleted(A), listed(), created(reborn), listed(reborn))
    assert found == ["MA-FIELDS-SHORT-ID-NOT-REUSED"]


def test_one_account_too_many_is_laid_to_the_create():
    twin = account(8, email=A["email"])
    assert broken(created(A), listed(A, twin)) == ["MA-CREATE-ONE"]
    assert broken(created(A), listed(A, twin), listed(A, twin)) == ["MA-CREATE-ONE"]


def test_an_account_of_a_refused_request_is_laid_to_the_refusal():
    assert broken(created(A, 422), listed(A)) == ["MA-CREATE-REFUSED-MAKES-NOTHING"]
    assert broken(created(A, 401, key=Key.NONE, plain=False), listed(A)) == [
        "MA-AUTH-REFUSED-CHANGES-NOTHING"
    ]
    upsert = updated(C, {"email": C["email"]}, {}, 404, plain=False)
    assert broken(upsert, listed(C)) == ["MA-UPDATE-UNKNOWN-MAKES-NOTHING"]


def test_what_a_server_error_left_is_nobodys_fault():
    assert broken(created(A, 500), listed(A)) == []
    assert broken(created(A, 500), listed()) == []
    assert broken(created(A), listed(A), updated(A, NEW, {}, 500), listed(A | NEW)) == []
    assert broken(created(A), listed(A), deleted(A, 500), listed()) == []


def test_an_account_of_the_other_key_is_laid_to_isolation():
    found = broken(created(A, key=Key.SECOND), created(B), listed(A, B))
    assert found == ["MA-ISOLATION-LIST"]


def test_accounts_of_others_are_nobodys_business():
    foreign = {"short_id": "zn_acct_foreign0", "email": "someone@example.com"}
    assert broken(created(A), listed(A, foreign), listed(A), listed(A, foreign | {"retailer": "x"})) == []


def test_requests_that_race_leave_the_account_uncertain():
    race = updated(A, NEW, A | NEW, racing=True)
    assert broken(created(A), listed(A), race, listed(A)) == []


def test_a_429_was_never_carried_out():
    assert broken(created(A), listed(A), deleted(A, 429), listed(A)) == []


def test_a_lost_answer_leaves_both_open():
    model = Model()
    lost = created(A)
    model.note_loss(lost.intent)
    assert not list(judge_state(listed(A), model))


def test_a_whole_life_exercises_what_it_should():
    life = [created(A), created(B), listed(A, B), updated(A, NEW, A | NEW), listed(A | NEW, B)]
    life += [deleted(B), listed(A | NEW)]
    assert held(*life) >= {
        *("MA-CREATE-LISTED", "MA-CREATE-ONE", "MA-LIST-MATCHES-CREATE", "MA-FIELDS-CREATED-AT-SEQUENCE"),
        *("MA-UPDATE-EMAIL", "MA-UPDATE-PERSISTS", "MA-UPDATE-KEEPS-RETAILER", "MA-UPDATE-KEEPS-ID"),
        *("MA-UPDATE-ANSWERS-ACCOUNT", "MA-UPDATE-ANSWERS-NEW-VALUES", "MA-UPDATE-OTHERS-UNTOUCHED"),
        *("MA-DELETE-UNLISTED", "MA-DELETE-OTHERS-REMAIN"),
    }


def test_a_list_that_cannot_be_read_says_nothing():
    assert broken(created(A), exchange(Operation.LIST, 200, body=b"<html>"), listed(A)) == []
