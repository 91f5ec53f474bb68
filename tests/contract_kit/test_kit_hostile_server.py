"""Whatever a run does, nothing reaches a server but what the guard allows; judged by the server's own log."""

import io
import json
import re

from kit_servers import ACCOUNTS, FIRST_KEY, mock

FOREIGN = [
    {
        "id": f"550e8400-e29b-41d4-a716-44665544000{number}",
        "short_id": f"zn_acct_foreign{number}",
        "email": f"customer{number}@shop.example",
        "retailer": "amazon" if number else None,
        "created_at": "2026-01-15T10:30:00Z",
        "updated_at": "2026-01-15T10:30:00Z",
    }
    for number in range(3)
]


class Logged:
    """A server with accounts of others in its lists, that logs what arrives and lies about what it makes.

    Args:
        lies: what the answers to every third create show of an account of someone else, in turn.
    """

    def __init__(self, lies):
        self.lies, self.log, self.creates = lies, [], 0

    def __call__(self, app):
        def wrapped(environ, start_response):
            length = int(environ.get("CONTENT_LENGTH") or 0)
            sent = environ["wsgi.input"].read(length) if length else b""
            environ["wsgi.input"] = io.BytesIO(sent)
            method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
            self.log.append((method, path, sent))
            started = []
            body = b"".join(app(environ, lambda status, headers, *_: started.extend((status, headers))))
            body = self._tell(method, path, started[0], body)
            headers = [(name, value) for name, value in started[1] if name.lower() != "content-length"]
            if not started[0].startswith("204"):
                headers.append(("Content-Length", str(len(body))))
            start_response(started[0], headers)
            return [body]

        return wrapped

    def _tell(self, method, path, status, body):
        if path != ACCOUNTS or not status.startswith("2"):
            return body
        content = json.loads(body)
        if method == "GET":
            content["credentials"] += FOREIGN
            content["total"] += len(FOREIGN)
        else:
            self.creates += 1
            lie = self.lies[self.creates // 3 % len(self.lies)]
            content |= lie if self.creates % 3 == 0 else {}
        return json.dumps(content).encode()


LIES = [
    {},
    {"short_id": FOREIGN[0]["short_id"]},
    {"short_id": FOREIGN[1]["short_id"], "id": FOREIGN[1]["id"]},
    FOREIGN[2],
]


def test_nothing_of_others_is_ever_named(judge):
    server = Logged(LIES)
    with mock(server) as url:
        done = judge(url, "MA-[A-KM-Z]*")
    assert len(server.log) > 500
    changes = [(method, path) for method, path, _ in server.log if method not in ("GET", "POST")]
    targets = {path.removeprefix(f"{ACCOUNTS}/") for _, path in changes}
    foreign = {account[name] for account in FOREIGN for name in ("short_id", "id")}
    assert {method for method, _ in changes} == {"PUT", "DELETE"}
    assert targets.isdisjoint(foreign)
    assert not any(target.startswith(tuple(foreign)) for target in targets)
    assert all(path.startswith(f"{ACCOUNTS}/") for _, path in changes)
    assert {path for method, path, _ in server.log if method == "POST"} == {ACCOUNTS}
    for method, _, sent in server.log:
        if method == "POST" and b"@" in sent:
            assert re.search(rb"zinc-contract-[0-9a-f]{12}-\d+", sent)
    census = done.report.census
    assert (census.before, census.after, census.unchanged) == (len(FOREIGN), len(FOREIGN), True)


def test_reports_show_nothing_of_accounts_of_others(check, tmp_path):
    with mock(Logged([{}])) as url:
        page = tmp_path / "report.html"
        check(url, "--only", "MA-LIST-[OT]*", "--report-html", str(page))
    for text in (page.read_text(), (tmp_path / "report.json").read_text()):
        assert "customer1@shop.example" not in text
        assert "of others, not shown" in text
        assert FIRST_KEY not in text
