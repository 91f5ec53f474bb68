"""Switching deviations on and off: by the control plane, by the command line, several at once."""

import itertools
import subprocess
import sys
from importlib import import_module

import pytest
from traffic import ACCOUNTS, KEY, OTHER_KEY, PARTS_OF, Traffic, exercise, mock

from mock_server import create_app
from mock_server.deviations.catalogue import AREAS, deviations
from mock_server.deviations.deviation import Deviation
from mock_server.settings import SettingsError

EVERYTHING = ("accounts", "invalid", "refused", "keys", "orders", "locks")


def test_put_switches_them_for_one_key_alone():
    traffic = Traffic(mock())
    traffic.control("PUT", "/deviations", ["delete-answers-200"])
    other = traffic.create(OTHER_KEY, email="other@example.com")
    assert traffic.delete(traffic.create(email="own@example.com")).status_code == 200
    assert traffic.send("DELETE", f"{ACCOUNTS}/{other}", key=OTHER_KEY).status_code == 204


def test_put_of_an_empty_list_switches_them_off():
    traffic = Traffic(mock("delete-answers-200"))
    traffic.control("PUT", "/deviations", [])
    assert traffic.delete(traffic.create(email="own@example.com")).status_code == 204


def test_a_key_that_switched_some_on_and_off_is_answered_byte_by_byte_as_one_that_never_did():
    app = mock()
    traffic = Traffic(app)
    traffic.control("PUT", "/deviations", [deviation.name for deviation in deviations()])
    traffic.control("GET", "/deviations")
    traffic.control("PUT", "/deviations", [])
    assert exercise(app, EVERYTHING) == exercise(mock(), EVERYTHING)


def test_a_locking_deviation_that_is_off_again_leaves_the_queue_as_it_should_be():
    app = mock()
    traffic = Traffic(app)
    traffic.control("PUT", "/deviations", ["lock-missing"])
    account = traffic.create(email="buyer@example.com", retailer="amazon")
    first = traffic.order("https://zinc.com/shop/products/test-success", retailer_credentials_id=account)
    traffic.control("PUT", "/deviations", [])
    second = traffic.order("https://zinc.com/shop/products/test-success", retailer_credentials_id=account)
    statuses = [traffic.send("GET", f"/orders/{order}").json["status"] for order in (first, second)]
    assert statuses == ["in_progress", "pending"]


def test_reset_switches_them_back_to_those_of_the_command_line():
    traffic = Traffic(mock("delete-answers-202"))
    traffic.control("PUT", "/deviations", ["delete-answers-200"])
    traffic.control("POST", "/reset")
    assert traffic.delete(traffic.create(email="own@example.com")).status_code == 202


def test_requests_that_are_not_let_in_meet_what_concerns_them_of_any_key():
    traffic = Traffic(mock())
    assert traffic.send("GET", ACCOUNTS, key=None).status_code == 401
    traffic.control("PUT", "/deviations", ["list-needs-no-key", "list-answers-203"])
    assert traffic.send("GET", ACCOUNTS, key=None).status_code == 200
    traffic.control("POST", "/reset")
    assert traffic.send("GET", ACCOUNTS, key=None).status_code == 401


def test_the_journal_and_explain_name_those_that_changed_something():
    traffic = Traffic(mock("list-answers-203", "delete-answers-200"))
    request = traffic.send("GET", ACCOUNTS).headers["X-Request-Id"]
    explained = traffic.send("GET", f"/_mock/requests/{request}/explain").json
    assert explained["deviations"] == ["list-answers-203"]
    assert traffic.send("GET", "/_mock/requests").json["requests"][0]["deviations"] == ["list-answers-203"]


def test_two_compose():
    traffic = Traffic(mock("list-answers-203", "list-without-total"))
    answer = traffic.send("GET", ACCOUNTS)
    assert answer.status_code == 203
    assert answer.json == {"credentials": []}


PAIRS = list(itertools.pairwise(deviations()))[::20]


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair[0].name}+{pair[1].name}")
def test_no_pair_breaks_the_mock(pair, caplog):
    for names in ([one.name for one in pair], [one.name for one in reversed(pair)]):
        exercise(mock(*names), ("accounts", "orders"))
    assert not [record for record in caplog.records if "bug of the mock" in record.message]


@pytest.mark.parametrize("area", AREAS)
def test_all_of_an_area_at_once_do_not_break_the_mock(area, caplog):
    found = vars(import_module(f"mock_server.deviations.{area}")).values()
    exercise(mock(*(one.name for one in found if isinstance(one, Deviation))), PARTS_OF[area])
    assert not [record for record in caplog.records if "bug of the mock" in record.message]


def test_the_die_of_a_key_falls_the_same_in_two_runs():
    def statuses():
        traffic = Traffic(create_app(deviations=("list-fails-one-in-twenty",)))
        return [traffic.send("GET", ACCOUNTS, key=KEY).status_code for _ in range(60)]

    first = statuses()
    assert first == statuses()
    assert first.count(500) == 3


def test_an_unknown_name_is_refused_by_every_door():
    with pytest.raises(SettingsError, match="no-such-deviation"):
        mock("no-such-deviation")
    answer = Traffic(mock()).send("PUT", "/_mock/deviations", ["no-such-deviation"])
    assert answer.status_code == 422
    run = subprocess.run(
        [sys.executable, "-m", "mock_server.cli", "--port", "0", "--deviate", "no-such-deviation"],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert run.returncode == 2
    assert "no-such-deviation" in run.stderr


def test_the_command_lists_them_all():
    command = [sys.executable, "-m", "mock_server.cli", "--list-deviations"]
    run = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    lines = [line.split("\t") for line in run.stdout.splitlines()]
    assert lines == [[one.name, one.requirement, one.about] for one in deviations()]
