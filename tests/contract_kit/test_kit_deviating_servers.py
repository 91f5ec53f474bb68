"""Servers that break one promise are called wrong for that one, and for no other."""

import io
import json

import pytest
import requests
from kit_servers import ACCOUNTS, FIRST_KEY, Altered, json_of, listed, mock
from werkzeug.test import Client

from contract_tests.catalogue import Level


def delete_answers_200(method, path, status, headers, body):
    return ("200 OK" if method == "DELETE" and status.startswith("204") else status), headers, body


class LeaksThePassword:
    """Answers a create with the password that it was sent, in some form, in some place."""

    def __init__(self, where, form=str):
        self.where, self.form = where, form

    def __call__(self, app):
        def wrapped(environ, start_response):
            length = int(environ.get("CONTENT_LENGTH") or 0)
            sent = environ["wsgi.input"].read(length) if length else b""
            environ["wsgi.input"] = io.BytesIO(sent)
            try:
                password = json.loads(sent or b"null")["password"]
            except (ValueError, KeyError, TypeError):
                password = None

            def leak(method, path, status, headers, body):
                if isinstance(password, str) and method == "POST" and status.startswith(self.where[0]):
                    if self.where[1] == "header":
                        return status, [*headers, ("X-Debug", self.form(password))], body
                    content = json_of(body) | {self.where[1]: self.form(password)}
                    return status, headers, json.dumps(content).encode()
                return status, headers, body

            return Altered(app, leak)(environ, start_response)

        return wrapped


class ListsDeletedAccounts:
    """Keeps every account that was ever listed in the list."""

    def __call__(self, app):
        seen = {}

        def keep(method, path, status, headers, body):
            if method != "GET" or path != ACCOUNTS or not status.startswith("200"):
                return status, headers, body
            listed = json_of(body)["credentials"]
            seen.update({account["short_id"]: account for account in listed})
            ghosts = [
                account for name, account in seen.items() if name not in {a["short_id"] for a in listed}
            ]
            content = {"credentials": listed + ghosts, "total": len(listed) + len(ghosts)}
            return status, headers, json.dumps(content).encode()

        return Altered(app, keep)


class TakesAddressesForAccounts:
    """Does what it is asked for to every account with the address of the one that was named.

    Args:
        method: of the requests for which it does so.
    """

    def __init__(self, method):
        self.method = method

    def __call__(self, app):
        asks = Client(app)

        def wrapped(environ, start_response):
            sent = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            environ["wsgi.input"] = io.BytesIO(sent)
            place, _, name = environ["PATH_INFO"].rpartition("/")
            if environ["REQUEST_METHOD"] == self.method and place == ACCOUNTS:
                key = {"Authorization": environ.get("HTTP_AUTHORIZATION", "")}
                listed = asks.get(ACCOUNTS, headers=key).get_json().get("credentials", [])
                addresses = {account["email"] for account in listed if account["short_id"] == name}
                for account in listed:
                    if account["email"] in addresses and account["short_id"] != name:
                        address = f"{ACCOUNTS}/{account['short_id']}"
                        json_type = {"Content-Type": "application/json"} if sent else {}
                        asks.open(address, method=self.method, data=sent, headers=key | json_type)
            return app(environ, start_response)

        return wrapped


@pytest.mark.parametrize(
    ("method", "requirement"),
    [("DELETE", "MA-DELETE-OTHERS-REMAIN"), ("PUT", "MA-UPDATE-OTHERS-UNTOUCHED")],
)
def test_accounts_that_share_an_address_are_told_apart(check, method, requirement):
    with mock(TakesAddressesForAccounts(method)) as url:
        done = check(url, "--max-examples", "1", "--only", requirement)
    failed = {row["id"] for row in done.report["requirements"] if row["outcome"] == "failed"}
    assert (done.status, failed) == (1, {requirement})


def altered(alter):
    return lambda app: Altered(app, alter)


@pytest.mark.parametrize(
    ("wrap", "requirement", "only"),
    [
        (altered(delete_answers_200), "MA-DELETE-204", "MA-DELETE-*"),
        (LeaksThePassword(("201", "debug")), "MA-SECRETS-CREATE", "MA-SECRETS-*"),
        (LeaksThePassword(("422", "debug")), "MA-SECRETS-VALIDATION-ERRORS", "MA-SECRETS-VAL*"),
        (LeaksThePassword(("201", "header")), "MA-SECRETS-HEADERS", "MA-SECRETS-[H]*"),
        (
            LeaksThePassword(("201", "debug"), lambda text: text[::-1]),
            "MA-SECRETS-DERIVED",
            "MA-SECRETS-[CD]*",
        ),
        (
            LeaksThePassword(("201", "debug"), lambda text: f"****{text[-8:]}"),
            "MA-SECRETS-DERIVED",
            "MA-SECRETS-D*",
        ),
        (ListsDeletedAccounts(), "MA-DELETE-UNLISTED", "MA-DELETE-*"),
    ],
    ids=["200", "create", "error", "header", "reversed", "in part", "listed"],
)
def test_the_broken_promise_is_named(judge, wrap, requirement, only):
    with mock(wrap) as url:
        done = judge(url, only)
    assert (done.report.verdict, done.report.exit_status) == ("violates", 1)
    assert done.documented_failures == [requirement]


def test_the_command_exits_1_and_names_it(check):
    with mock(altered(delete_answers_200)) as url:
        done = check(url, "--only", "MA-DELETE-204")
    assert (done.status, done.failed) == (1, {"MA-DELETE-204": "documented"})
    assert "✗ MA-DELETE-204" in done.out
    assert "expected   204" in done.out
    assert "seen       200 OK (" in done.out


def create_answers_200(method, path, status, headers, body):
    return status.replace("201 Created", "200 OK"), headers, body


def test_a_lower_level_is_reported_and_does_not_count(check):
    with mock(altered(create_answers_200)) as url:
        done = check(url, "--only", "MA-CREATE-[2LS]*")
    assert (done.status, done.failed) == (0, {"MA-CREATE-201": "related"})
    assert "≠ MA-CREATE-201" in done.out


def test_a_lower_level_counts_when_it_is_asked_for(judge):
    with mock(altered(create_answers_200)) as url:
        done = judge(url, "MA-CREATE-201", level=Level.RELATED)
    assert done.report.exit_status == 1


def test_a_server_that_fails_at_once_is_called_wrong_and_the_rest_not_tested(judge):
    def create_fails(method, path, status, headers, body):
        return ("500 Internal Server Error" if method == "POST" else status), headers, body

    with mock(altered(create_fails)) as url:
        done = judge(url, "MA-[CD]*")
    assert done.report.exit_status == 1
    assert done.failed == {"MA-CREATE-SUCCEEDS": "documented"}
    assert (
        done.row("MA-CREATE-ANSWERS-ACCOUNT").reason
        == "creating an account answered 500 Internal Server Error"
    )


def test_a_connection_that_is_lost_is_no_verdict_on_the_server(judge, mock_url):
    headers = {"Authorization": f"Bearer {FIRST_KEY}"}
    fault = {"operation": "deleteManagedAccount", "drop": True, "phase": "after"}
    requests.post(f"{mock_url}/_mock/faults", json=fault, headers=headers, timeout=5).raise_for_status()
    done = judge(mock_url, "MA-DELETE-[26]*")
    listed = requests.get(mock_url + ACCOUNTS, headers=headers, timeout=5).json()
    assert (done.report.exit_status, done.report.verdict, done.failed) == (2, "incomplete", {})
    assert any("DELETE" in error for error in done.report.run_errors)
    assert listed["total"] == 0  # the deletes were made; it is their answers that were lost


def test_a_list_with_half_a_character_is_read_like_any_other(check, tmp_path):
    def halve(method, path, status, headers, body):
        if method != "GET" or path != ACCOUNTS or not status.startswith("200"):
            return status, headers, body
        content = json_of(body)
        other = {"id": "1", "short_id": "zn_acct_ffffffff", "email": "\ud800@example.com", "retailer": None}
        content = {"credentials": [*content["credentials"], other], "total": content["total"] + 1}
        return status, headers, json.dumps(content).encode()

    reports = ("--report-html", str(tmp_path / "page.html"), "--junit", str(tmp_path / "junit.xml"))
    with mock(altered(halve)) as url:
        done = check(url, "--max-examples", "1", "--only", "MA-LIST-*", *reports)
        assert listed(url, FIRST_KEY)[:-1] == []
    assert done.report["run_errors"] == []
    assert done.report["verdict"] != "incomplete"
