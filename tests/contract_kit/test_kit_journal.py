import json

import pytest

from contract_tests.journal import Journal, Marker, Record, fingerprint, left_journals, markers_in

URL = "https://api.example.com"


@pytest.fixture
def ended(tmp_path):
    """The journal of a run that was killed after it made two accounts."""
    journal = Journal(URL, tmp_path)
    journal.intend(1, "key")
    journal.intend(2, "key")
    journal.made("zn_acct_aaaaaaaa", "key")
    journal.made("zn_acct_bbbbbbbb", "other key")
    journal.gave("zn_acct_bbbbbbbb", "42")
    journal.close(clean=False)
    record = Record.read(journal.path)
    assert record
    return record


def test_an_intent_is_on_disk_before_anything_else_happens(tmp_path):
    journal = Journal(URL, tmp_path)
    journal.intend(7, "key")
    lines = [json.loads(line) for line in journal.path.read_text().splitlines()]
    assert lines[0] == {"run": journal.run, "base_url": URL}
    assert lines[1]["intent"] == 7
    journal.close(clean=True)


def test_a_journal_holds_no_key(ended):
    text = ended.path.read_text()
    assert '"key"' in text  # the name of the field
    assert "other key" not in text
    assert ended.intents[1] == fingerprint("key", ended.run) != fingerprint("key", "another run")


def test_it_covers_what_carries_an_announced_marker(ended):
    assert ended.covers("zn_acct_unknown0", Marker(ended.run, 1).email)
    assert ended.covers("zn_acct_unknown0", f"{Marker(ended.run, 2)}+Tag@Example.com")


@pytest.mark.parametrize("number", [3, 10, 11, 12, 21])
def test_it_covers_no_number_that_was_not_announced(ended, number):
    assert not ended.covers("zn_acct_aaaaaaaa", Marker(ended.run, number).email)


def test_it_covers_nothing_of_other_runs_and_nothing_that_merely_looks_alike(ended):
    assert not ended.covers("zn_acct_aaaaaaaa", Marker("0123456789ab", 1).email)
    assert not ended.covers("zn_acct_aaaaaaaa", "zinc-contract@example.com")
    assert not ended.covers("zn_acct_aaaaaaaa", "someone@example.com")
    assert not ended.covers("zn_acct_aaaaaaaa", None)


def test_an_account_without_a_marker_is_covered_by_its_name_and_the_address_it_was_given(ended):
    assert ended.covers("zn_acct_bbbbbbbb", "42")
    assert not ended.covers("zn_acct_aaaaaaaa", "42")
    assert not ended.covers("zn_acct_bbbbbbbb", "43")


def test_journals_of_runs_under_way_and_of_other_servers_are_passed_over(tmp_path, ended):
    under_way = Journal(URL, tmp_path)
    elsewhere = Journal("https://elsewhere.example.com", tmp_path)
    elsewhere.close(clean=False)
    assert [record.run for record in left_journals(tmp_path, URL)] == [ended.run]
    under_way.close(clean=False)
    assert {record.run for record in left_journals(tmp_path, URL)} == {ended.run, under_way.run}


def test_a_journal_goes_away_when_nothing_is_left(tmp_path):
    journal = Journal(URL, tmp_path)
    journal.intend(1, "key")
    journal.close(clean=True)
    assert list(left_journals(tmp_path, URL)) == []


def test_a_journal_goes_away_with_its_last_key(tmp_path, ended):
    ended.settle(fingerprint("key", ended.run))
    (again,) = left_journals(tmp_path, URL)
    assert again.open_keys() == {fingerprint("other key", ended.run)}
    again.settle(fingerprint("other key", ended.run))
    assert list(left_journals(tmp_path, URL)) == []


def test_a_line_that_was_not_finished_is_passed_over(ended):
    with ended.path.open("ab") as file:
        file.write(b'{"intent": 9, "ke')
    again = Record.read(ended.path)
    assert again
    assert set(again.intents) == {1, 2}


@pytest.mark.parametrize("content", [b"", b"\n", b"{}", b"not JSON", b"[1, 2]"])
def test_a_file_of_anyone_else_is_no_journal(tmp_path, content):
    path = tmp_path / "run-x.jsonl"
    path.write_bytes(content)
    assert Record.read(path) is None
    assert list(left_journals(tmp_path, URL)) == []


def test_markers_are_read_whole():
    text = "zinc-contract-0123456789ab-12@example.com, zinc-contract-0123456789ab-1x, zinc-contract-short-1"
    assert list(markers_in(text)) == [Marker("0123456789ab", 12), Marker("0123456789ab", 1)]
