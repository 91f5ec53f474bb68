import json
import random

import pytest
import requests

from contract_tests.errors import GuardRefused
from contract_tests.guard import Guard
from contract_tests.journal import Journal, Marker, Record

URL = "https://api.example.com/v1"
ACCOUNTS = f"{URL}/users/managed-accounts"
FOREIGN = "zn_acct_ffffffff"
KEY = "zn_test_key"


@pytest.fixture
def journal(tmp_path):
    journal = Journal(URL, tmp_path)
    yield journal
    journal.close(clean=True)


@pytest.fixture
def guard(journal):
    guard = make(journal)
    answer(guard, "GET", {"credentials": [{"short_id": FOREIGN, "email": "someone@example.com"}], "total": 1})
    return guard


def make(journal, **changes):
    options = {"accounts_path": "/users/managed-accounts", "orders_path": "/orders", "api_keys": (KEY,)}
    return Guard(URL, journal=journal, **{"orders": False} | options | changes)


def answer(guard, method, content, sent=None, status=201):
    """Let the guard see an answer about the accounts."""
    response = requests.Response()
    response.status_code = status
    response._content = json.dumps(content).encode()
    guard.take_note(method, ACCOUNTS, json.dumps(sent).encode() if sent else b"", KEY, response)


def marked(journal, number=1):
    return {"email": Marker(journal.run, number).email}


def own(guard, journal, short_id="zn_acct_oooooooo"):
    """Make the guard see that the run made an account."""
    guard.let_out("POST", ACCOUNTS, json.dumps(marked(journal)).encode(), KEY)
    answer(guard, "POST", {"short_id": short_id} | marked(journal), marked(journal))
    return short_id


@pytest.mark.parametrize(
    ("method", "url", "body"),
    [
        ("PUT", f"{ACCOUNTS}/{FOREIGN}", {"password": "x"}),
        ("DELETE", f"{ACCOUNTS}/{FOREIGN}", None),
        ("DELETE", f"{ACCOUNTS}/zn_acct_whoknows", None),
        ("DELETE", ACCOUNTS, None),
        ("DELETE", f"{ACCOUNTS}/", None),
        ("PUT", ACCOUNTS, {}),
        ("PATCH", f"{ACCOUNTS}/{FOREIGN}", {}),
        ("POST", f"{ACCOUNTS}/{FOREIGN}", {}),
        ("POST", f"{URL}/elsewhere", {}),
        ("POST", f"{URL}/orders", {"products": []}),
        ("POST", ACCOUNTS, {"email": "someone@example.com"}),
        ("POST", ACCOUNTS, {"email": "zinc-contract-0123456789ab-1@example.com"}),
        ("GET", "https://elsewhere.example.com/users/managed-accounts", None),
        ("GET", "https://api.example.com/v10/users", None),
        ("OPTIONS", ACCOUNTS, None),
        ("HEAD", ACCOUNTS, None),
        ("TRACE", ACCOUNTS, None),
    ],
)
def test_nothing_leaves_that_could_touch_what_is_not_ours(guard, method, url, body):
    with pytest.raises(GuardRefused):
        guard.let_out(method, url, json.dumps(body).encode() if body is not None else b"", KEY)


def test_reads_leave(guard):
    guard.let_out("GET", ACCOUNTS, b"", KEY)
    guard.let_out("GET", f"{ACCOUNTS}/{FOREIGN}?x=1", b"", None)


def test_a_create_leaves_once_its_marker_is_on_disk(guard, journal):
    guard.let_out("POST", ACCOUNTS, json.dumps(marked(journal, 5)).encode(), KEY)
    lines = [json.loads(line) for line in journal.path.read_text().splitlines()]
    assert lines[-2]["intent"] == lines[-1]["left"] == 5


@pytest.mark.parametrize(
    "body", [b"{", b"[]", b'{"email": 42}', b'{"email": null}', b'{"email": "  "}', b"{}"]
)
def test_a_create_that_has_no_address_to_mark_leaves(guard, body):
    guard.let_out("POST", ACCOUNTS, body, KEY)


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_an_account_of_the_run_may_be_changed(guard, journal, method):
    short_id = own(guard, journal)
    guard.let_out(method, f"{ACCOUNTS}/{short_id}", b'{"password": "x"}', KEY)
    guard.let_out(method, f"{ACCOUNTS}/{short_id.replace('_', '%5F')}", b"{}", KEY)


def test_an_update_may_not_take_the_marker_away(guard, journal):
    short_id = own(guard, journal)
    with pytest.raises(GuardRefused):
        guard.let_out("PUT", f"{ACCOUNTS}/{short_id}", b'{"email": "someone@example.com"}', KEY)
    guard.let_out("PUT", f"{ACCOUNTS}/{short_id}", json.dumps(marked(journal, 2)).encode(), KEY)


def test_another_address_of_an_account_is_on_disk_before_it_leaves(guard, journal):
    short_id = own(guard, journal)
    guard.let_out("PUT", f"{ACCOUNTS}/{short_id}", json.dumps(marked(journal, 7)).encode(), KEY)
    assert json.loads(journal.path.read_text().splitlines()[-1])["rename"] == 7


def test_an_address_without_a_marker_that_an_account_may_get_is_on_disk(guard, journal):
    short_id = own(guard, journal)
    guard.let_out("PUT", f"{ACCOUNTS}/{short_id}", b'{"email": 42}', KEY)
    assert json.loads(journal.path.read_text().splitlines()[-1]) == {"gave": "42", "short_id": short_id}


def test_an_account_that_was_there_before_is_never_taken_for_ours(guard, journal):
    guard.let_out("POST", ACCOUNTS, json.dumps(marked(journal)).encode(), KEY)
    answer(guard, "POST", {"short_id": FOREIGN} | marked(journal), marked(journal))
    assert not guard.owns(FOREIGN)


def test_an_account_with_the_address_of_someone_else_is_never_taken_for_ours(guard, journal):
    answer(guard, "POST", {"short_id": "zn_acct_newnewne", "email": "someone@example.com"}, marked(journal))
    answer(guard, "POST", {"short_id": "zn_acct_newnewne", "email": "someone@example.com"}, {"password": "x"})
    assert not guard.owns("zn_acct_newnewne")


@pytest.mark.parametrize("shown", [None, "", "42", 42])
def test_an_account_made_without_an_address_is_ours_when_it_shows_none(guard, shown):
    answer(guard, "POST", {"short_id": "zn_acct_newnewne", "email": shown}, {"email": 42})
    assert guard.owns("zn_acct_newnewne")


@pytest.mark.parametrize("shown", [None, "", "42", 42])
def test_an_account_made_without_an_address_is_cleaned_up_after_a_killed_run(guard, journal, shown):
    answer(guard, "POST", {"short_id": "zn_acct_newnewne", "email": shown}, {"email": 42})
    record = Record.read(journal.path)
    assert record
    assert record.covers("zn_acct_newnewne", shown)
    assert not record.covers("zn_acct_newnewne", "someone@example.com")


def test_an_account_in_a_list_is_ours_by_its_marker_alone(guard, journal):
    accounts = [
        {"short_id": "zn_acct_listed00"} | marked(journal),
        {"short_id": "zn_acct_others00", "email": "a@b.c"},
    ]
    answer(guard, "GET", {"credentials": accounts}, status=200)
    assert set(guard.made) == {"zn_acct_listed00"}


def test_a_refused_create_makes_nothing_ours(guard, journal):
    answer(guard, "POST", {"short_id": "zn_acct_refused0"} | marked(journal), marked(journal), status=422)
    assert not guard.owns("zn_acct_refused0")


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    "body", [b"[" * 200_000 + b"]" * 200_000, b"{", b""], ids=["deep", "cut off", "none"]
)
def test_an_answer_that_cannot_be_read_makes_nothing_ours(guard, journal, method, body):
    response = requests.Response()
    response.status_code, response._content = 200, body
    guard.take_note(method, ACCOUNTS, json.dumps(marked(journal)).encode(), KEY, response)
    assert guard.made == {}


def test_made_up_names_are_of_no_account_that_was_seen(journal):
    guard, seed = make(journal), 4
    first = guard.made_up_id(random.Random(seed))
    other = make(journal)
    answer(other, "GET", {"credentials": [{"short_id": first, "email": "someone@example.com"}]}, status=200)
    assert other.made_up_id(random.Random(seed)) != first
    guard.let_out("DELETE", f"{ACCOUNTS}/{first}", b"", KEY)


def test_names_around_an_account_of_the_run_may_be_tried(guard, journal):
    short_id = own(guard, journal)
    guard.let_out("DELETE", f"{ACCOUNTS}/{guard.beyond(short_id)}", b"", KEY)
    guard.let_out("PUT", f"{ACCOUNTS}/{guard.long_id_of(short_id, 'some-uuid')}", b"{}", KEY)
    for name in (FOREIGN, "zn_acct_whoknows"):
        with pytest.raises(GuardRefused):
            guard.beyond(name)
    with pytest.raises(GuardRefused):
        guard.long_id_of(short_id, FOREIGN)


def test_a_run_that_only_reads_lets_nothing_else_out(guard):
    reading = make(None)
    reading.let_out("GET", ACCOUNTS, b"", KEY)
    for method, url in (("POST", ACCOUNTS), ("PUT", f"{ACCOUNTS}/x"), ("DELETE", f"{ACCOUNTS}/x")):
        with pytest.raises(GuardRefused):
            reading.let_out(method, url, b"{}", KEY)
