"""A password leaves the mock in no form and by no way, however wrongly it was sent."""

import base64
import gc
import hashlib
import io
import json
import logging
import urllib.parse
from types import FrameType, FunctionType, ModuleType

import pytest
from caller import ACCOUNTS, Caller, order

from mock_server import create_app
from mock_server.logs import AccessLog

CANARY = 'canary-Zq7"\\\N{SNOWMAN}-5b1f0c'
START = "2026-01-15T10:30:00Z"


def forms(secret: str) -> list[str]:
    """Returns what a secret may look like when it leaks."""
    raw = secret.encode()
    return [
        secret,
        json.dumps(secret)[1:-1],
        urllib.parse.quote(secret),
        urllib.parse.quote_plus(secret),
        base64.b64encode(raw).decode().rstrip("="),
        base64.urlsafe_b64encode(raw).decode().rstrip("="),
        raw.hex(),
        secret[::-1],
        ascii(secret)[1:-1],
        hashlib.md5(raw).hexdigest(),
        hashlib.sha1(raw).hexdigest(),
        hashlib.sha256(raw).hexdigest(),
        secret[:10],
        secret[-8:],
    ]


def leaks(text: str) -> list[str]:
    lower = text.lower()
    return [form for form in forms(CANARY) if form.lower() in lower]


def everything_sent(call: Caller) -> list:
    """Sends the canary in every right and wrong way that there is, and returns the answers."""
    account = call.account("amazon", password=CANARY)
    own = f"{ACCOUNTS}/{account['short_id']}"
    email = {"email": "a@example.com"}
    wrongly = [
        {"password": CANARY},
        {"email": 7, "password": CANARY},
        {**email, "password": [CANARY]},
        {**email, "password": {"value": CANARY}},
        {**email, "password": CANARY, "retailer": 7},
        {**email, "Password": CANARY, "passwd": CANARY, "secret": {"password": CANARY}},
        [{"password": CANARY}],
        CANARY,
    ]
    answers = [call.put(own, {"password": CANARY}), call.put(f"{ACCOUNTS}/x", {"password": CANARY})]
    for body in wrongly:
        answers += [call.post(ACCOUNTS, body), call.put(own, body), call.post("/orders", body)]
    whole = json.dumps({**email, "password": CANARY}).encode()
    for path, method in ((ACCOUNTS, "POST"), (own, "PUT"), ("/orders", "POST")):
        answers += [
            call(method, path, raw=whole[:-1]),
            call(method, path, raw=whole + b"x"),
            call(method, path, raw=CANARY.encode()),
            call(method, path, raw=CANARY.encode("utf-16")),
            call(method, path, raw=whole, media_type="text/plain"),
            call(method, path, raw=f"password={CANARY}".encode(), media_type="multipart/form-data"),
            call(method, path, raw=whole, headers={"Authorization": None}),
            call(method, path, raw=whole, headers={"Authorization": "Bearer one two"}),
            call(method, path, raw=whole, headers={"Prefer": "code=500"}),
            call(method, path, raw=whole.ljust(2**20 + 1)),
            call(method, path, raw=whole, query_string={"password": CANARY}),
        ]
    for kind in ({"status": 500}, {"drop": True}, {"status": 503, "phase": "after"}):
        call.fault(times=1, **kind)
        answers.append(call.post(ACCOUNTS, {**email, "password": CANARY}))
    answers += [
        call("PATCH", own, {"password": CANARY}),
        call.post("/nowhere", {"password": CANARY}),
        call.get(ACCOUNTS, query_string={"password": CANARY}),
        call.get("/orders", query_string={"password": CANARY, "order_id": "x"}),
        call("DELETE", own, {"password": CANARY}),
        call.get(f"/orders/{CANARY}"),
        call.put(f"{ACCOUNTS}/{CANARY}", {}),
        call.post("/_mock/faults", {"password": CANARY}),
        call.put("/_mock/clock", {"mode": CANARY}),
        call.put("/_mock/snapshot", {"accounts": [{"email": 7, "password": CANARY}]}),
        call.put("/_mock/snapshot", {"accounts": [{**email, "password": [CANARY]}]}),
        call.put("/_mock/snapshot", {"accounts": [{**email, "password": CANARY}]}),
    ]
    return answers


def without_paths(told: str) -> str:
    """A path is shown as it was sent: what a client puts into an address is no secret any more."""
    for path in (f"/orders/{CANARY}", f"{ACCOUNTS}/{CANARY}"):
        for shown in (json.dumps(path, ensure_ascii=False)[1:-1], json.dumps(path)[1:-1], ascii(path)[1:-1]):
            told = told.replace(shown, "")
    return told


def test_no_answer_has_it():
    call = Caller()
    for answer in everything_sent(call):
        shown = f"{answer.status}\n{answer.headers}\n{answer.text}"
        assert not leaks(shown), shown


@pytest.mark.parametrize("strict", [True, False])
def test_neither_journal_nor_explanations_nor_snapshot_nor_pages_have_it(strict):
    call = Caller(create_app(clock=START, strict=strict))
    call.order(metadata={"a": 1})
    answers = everything_sent(call)
    assert not leaks(without_paths(call.get("/_mock/requests").text))
    for answer in answers:
        request_id = answer.headers["X-Request-Id"]
        told = call.get(f"/_mock/requests/{request_id}/explain").get_json()
        nearest = urllib.parse.unquote(told.pop("nearest_valid_request", None) or "")
        assert not leaks(without_paths(json.dumps(told) + nearest))
    for path in ("/_mock/snapshot", "/_mock/queues", "/_mock/faults", "/_mock/deviations", ACCOUNTS, "/orders",
                 "/", "/docs", "/openapi.json", "/openapi.yaml"):  # fmt: skip
        shown = call.get(path)
        assert shown.status_code == 200
        assert not leaks(shown.text), path


@pytest.mark.parametrize("form", ["text", "json"])
def test_no_log_line_has_it(form, caplog, monkeypatch):
    monkeypatch.setattr(logging.getLogger("mock_server"), "propagate", True)
    caplog.set_level(logging.DEBUG)
    app = create_app(clock=START)
    lines = io.StringIO()
    app.access_log = AccessLog(lines, form)
    answers = everything_sent(Caller(app))
    assert len(lines.getvalue().splitlines()) >= len(answers)
    assert not leaks(without_paths(lines.getvalue()))
    assert not leaks(caplog.text)


def test_a_crash_tells_nothing_of_it_neither_in_the_answer_nor_in_the_log(caplog, monkeypatch):
    monkeypatch.setattr(logging.getLogger("mock_server"), "propagate", True)
    call = Caller()
    call.account("amazon", password=CANARY)

    def crash(*_):
        raise RuntimeError("of this test")

    monkeypatch.setattr("mock_server.domain.sandbox.Sandbox.create_account", crash)
    answer = call.post(ACCOUNTS, {"email": "a@example.com", "password": CANARY})
    assert (answer.status_code, answer.get_json()["code"]) == (500, "internal_error")
    assert "of this test" not in answer.text
    assert "of this test" in caplog.text, "the log says what happened"
    assert not leaks(caplog.text)
    assert call.get(ACCOUNTS).get_json()["total"] == 1


def holders_of(hidden: str, root: object) -> list[str]:
    """Returns what holds a text, of all that can be reached from an object."""
    needles = (hidden, hidden.encode())
    found, seen, waiting = [], set(), [root]
    while waiting:
        thing = waiting.pop()
        for held in gc.get_referents(thing):
            if isinstance(held, str | bytes):
                needle = needles[isinstance(held, bytes)]
                if needle in held:
                    found.append(f"{type(thing)}: {list(thing) if isinstance(thing, dict) else ''}")
            elif id(held) not in seen and not isinstance(held, ModuleType | FunctionType | FrameType | type):
                seen.add(id(held))
                waiting.append(held)
    return found


def test_nothing_that_lives_in_memory_holds_it_in_the_clear(tmp_path):
    hidden = "-".join(["at", "rest", "9f3c"])
    fixture = tmp_path / "fixture.json"
    fixture.write_text(json.dumps({"accounts": [{"email": "a@example.com", "password": hidden}]}))
    call = Caller(create_app(fixtures=fixture))
    call.account("amazon", password=hidden)
    call.post(ACCOUNTS, {"email": 7, "password": hidden})
    call.put("/_mock/snapshot", {"accounts": [{"email": "a@example.com", "password": hidden}]})
    call.another().get(ACCOUNTS)
    call.order()
    assert holders_of(hidden, call.app) == []


def test_an_order_shows_what_it_was_given_and_no_field_of_an_order_is_a_secret(call):
    assert call.post("/orders", order(metadata={"password": "shown"})).get_json()["metadata"] == {
        "password": "shown"
    }
