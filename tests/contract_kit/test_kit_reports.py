import base64
import io
import json
import re
import shutil
import subprocess
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from kit_servers import FIRST_KEY, SECOND_KEY, mock, serve

from contract_tests.catalogue import load_questions, load_requirements
from contract_tests.report.html import to_html
from contract_tests.report.json_report import to_json
from contract_tests.report.junit import to_junit
from contract_tests.report.terminal import print_report
from mock_server import create_app


class Gossip:
    """A server that tells every password to everyone, in every form, in bodies and in headers."""

    def __init__(self):
        self.passwords = set()

    def __call__(self, app):
        def wrapped(environ, start_response):
            length = int(environ.get("CONTENT_LENGTH") or 0)
            sent = environ["wsgi.input"].read(length) if length else b""
            environ["wsgi.input"] = io.BytesIO(sent)
            self._overhear(sent)
            started = []
            body = b"".join(app(environ, lambda status, headers, *_: started.extend((status, headers))))
            told = [form for password in list(self.passwords)[-2:] for form in self.forms(password)]
            headers = [(name, value) for name, value in started[1] if name.lower() != "content-length"]
            headers.append(("X-Told", " ".join(told).encode("ascii", "ignore").decode()))
            if body:
                content = json.loads(body)
                body = json.dumps(content | {"told": told} if isinstance(content, dict) else content).encode()
                headers.append(("Content-Length", str(len(body))))
            start_response(started[0], headers)
            return [body]

        return wrapped

    def _overhear(self, sent):
        try:
            password = json.loads(sent or b"{}").get("password")
        except (ValueError, AttributeError):
            return
        if isinstance(password, str) and len(password) > 10:
            self.passwords.add(password)

    @staticmethod
    def forms(password):
        raw = password.encode()
        return [
            *(password, password[::-1], password.upper(), password[-9:], raw.hex()),
            *(base64.b64encode(raw).decode(), base64.b64encode(b"x" + raw).decode()),
        ]


def rendered(done, tmp_path):
    """Every report of a check, as text."""
    report, redaction = done.report, done.redaction
    terminal = io.StringIO()
    print_report(report, redaction, terminal)
    as_json = to_json(report, redaction)
    return {
        "terminal": terminal.getvalue(),
        "json": json.dumps(as_json),
        "html": to_html(as_json),
        "junit": to_junit(report, redaction).decode(),
    }


def test_no_report_repeats_a_password_or_a_key(judge, tmp_path):
    server = Gossip()
    with mock(server) as url:
        done = judge(url, "MA-SECRETS-[A-U]*")
    assert "MA-SECRETS-CREATE" in done.documented_failures
    assert server.passwords
    for name, text in rendered(done, tmp_path).items():
        assert FIRST_KEY not in text, name
        assert SECOND_KEY not in text, name
        told = [form for password in server.passwords for form in Gossip.forms(password) if form in text]
        assert told == [], name


def test_the_json_report_has_the_published_shape(check, mock_url):
    report = check(mock_url, "--only", "MA-DELETE-[2N]*", "--seed", "7").report
    assert report.keys() >= {
        *("kit_version", "spec_version", "base_url", "level", "seed", "started_at", "finished_at", "verdict"),
        *("summary", "requirements"),
    }
    assert (report["level"], report["seed"], report["base_url"]) == ("documented", 7, mock_url)
    assert report["summary"].keys() == {"passed", "failed", "not_tested"}
    assert sum(report["summary"].values()) == len(report["requirements"]) == len(load_requirements())
    row = next(row for row in report["requirements"] if row["id"] == "MA-DELETE-204")
    assert row.keys() >= {"id", "title", "area", "level", "source", "outcome", "reason", "checks"}
    assert (row["outcome"], row["reason"], row["area"]) == ("passed", None, "delete")
    (check_of_it,) = [
        found for found in row["checks"] if found["name"] == "a deleted account is listed no more"
    ]
    assert check_of_it.keys() >= {"name", "outcome", "message", "evidence"}
    assert check_of_it["evidence"][0].keys() >= {"curl", "request", "response"}
    assert {question["id"] for question in report["questions"]} == {entry.id for entry in load_questions()}
    assert report["census"]["left_behind"] == []


def test_junit_has_one_case_for_each_requirement(judge, mock_url, tmp_path):
    suites = ElementTree.fromstring(rendered(judge(mock_url, "MA-DELETE-2*"), tmp_path)["junit"])
    cases = suites.findall("./testsuite/testcase")
    assert [case.get("name") for case in cases] == [entry.id for entry in load_requirements()]
    passed = [
        case.get("name") for case in cases if case.find("skipped") is None and case.find("failure") is None
    ]
    assert passed == ["MA-DELETE-204"]


class Whisper(Gossip):
    """A server that tells the last password where it says why the accounts cannot be listed."""

    def __call__(self, app):
        def wrapped(environ, start_response):
            length = int(environ.get("CONTENT_LENGTH") or 0)
            sent = environ["wsgi.input"].read(length) if length else b""
            environ["wsgi.input"] = io.BytesIO(sent)
            self._overhear(sent)
            if environ["REQUEST_METHOD"] == "GET" and self.passwords:
                start_response(f"500 {next(iter(self.passwords))}", [("Content-Length", "0")])
                return [b""]
            return app(environ, start_response)

        return wrapped


def test_no_report_repeats_a_password_that_keeps_accounts_from_being_counted(judge, tmp_path, capsys):
    server = Whisper()
    with serve(server(create_app(api_keys=(FIRST_KEY, SECOND_KEY)).wsgi_app)) as url:
        done = judge(url, "MA-DELETE-204")
    print_report(done.report, done.redaction)
    texts = [*rendered(done, tmp_path).values(), capsys.readouterr().out]
    assert done.report.census.trouble
    assert all("could not be counted" in text for text in texts if "Accounts of others" in text)
    assert server.passwords
    assert not [password for password in server.passwords for text in texts if password in text]


class _Outline(HTMLParser):
    """The tags of a page that are not closed, and every address in it."""

    EMPTY = frozenset({"meta", "br", "link", "img", "rect"})

    def __init__(self):
        super().__init__()
        self.open, self.addresses, self.tags = [], [], set()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.addresses += [value for name, value in attrs if name in ("src", "href", "srcset", "action")]
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in self.EMPTY:
            assert self.open.pop() == tag


def test_the_page_is_whole_and_needs_nothing_but_itself(judge, mock_url, tmp_path):
    page = rendered(judge(mock_url, "MA-[DL]*", orders=True), tmp_path)["html"]
    outline = _Outline()
    outline.feed(page)
    assert outline.open == []
    assert all(address.startswith("#") for address in outline.addresses)
    assert outline.tags.isdisjoint({"script", "link", "img", "iframe"})
    assert "url(" not in page
    assert "@import" not in page
    assert "conforms to the contract" in page
    assert "Open questions" in page
    assert "The queue as it was seen" in page
    assert "<b>In order of creation</b>" in page
    assert "<b>application/json</b>" in page


@pytest.mark.skipif(not shutil.which("chromium"), reason="no browser on this machine")
def test_a_browser_shows_the_page_without_a_network(judge, mock_url, tmp_path):
    page = tmp_path / "report.html"
    page.write_text(rendered(judge(mock_url, "MA-DELETE-2*"), tmp_path)["html"])
    done = subprocess.run(
        [
            *(
                "chromium",
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--host-resolver-rules=MAP * ~NOTFOUND",
            ),
            *(f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom", page.as_uri()),
        ],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert "conforms to the contract" in done.stdout
    assert "A successful delete answers 204." in done.stdout


def test_a_curl_line_does_the_same_again_when_it_is_pasted(check, environment, tmp_path):
    def delete_answers_200(app):
        def wrapped(environ, start_response):
            def start(status, headers, *more):
                is_delete = environ["REQUEST_METHOD"] == "DELETE" and status.startswith("204")
                start_response("200 OK" if is_delete else status, headers, *more)

            return app(environ, start)

        return wrapped

    with mock(delete_answers_200) as url:
        done = check(url, "--only", "MA-DELETE-204")
        evidence = next(found for found in done.row("MA-DELETE-204")["checks"] if found["evidence"])[
            "evidence"
        ]
        script = tmp_path / "reproduce.sh"
        script.write_text("\n".join(step["curl"] for step in evidence))
        pasted = subprocess.run(
            ["bash", "-e", script],
            capture_output=True,
            text=True,
            env=environment | {"ZINC_API_KEY": FIRST_KEY},
            check=True,
            timeout=30,
        )
    assert re.search(r"^HTTP/1\.[01] 200 OK", pasted.stdout, re.M)
    assert done.out.count("$(curl") >= 1
    assert FIRST_KEY not in script.read_text()


@pytest.mark.skipif(not shutil.which("curl"), reason="no curl on this machine")
@pytest.mark.parametrize(
    "only", ["MA-ERRORS-TOO-LARGE", "MA-ERRORS-NO-MEDIA-TYPE", "MA-ERRORS-MALFORMED-400"]
)
def test_odd_requests_have_lines_that_can_be_pasted_too(check, environment, only):
    with mock() as url:
        done = check(url, "--level", "inferred", "--only", only)
        steps = [step for found in done.row(only)["checks"] for step in found["evidence"]]
        assert steps
        for step in steps:
            pasted = subprocess.run(
                ["bash", "-c", step["curl"]],
                capture_output=True,
                text=True,
                env=environment | {"ZINC_API_KEY": FIRST_KEY},
                check=True,
                timeout=30,
            )
            statuses = re.findall(r"^HTTP/1\.[01] (\d+)", pasted.stdout, re.M)
            assert statuses[-1] == str(step["response"]["status"]), step["curl"]


def test_nothing_is_coloured_that_is_no_terminal(check, mock_url):
    assert "\033" not in check(mock_url, "--only", "MA-DELETE-2*").out
