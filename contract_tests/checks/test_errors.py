"""How a request that is out of order is refused."""

import json
from typing import Any

import pytest

from contract_tests.accounts import RETAILER, Accounts
from contract_tests.answers import error_body, error_shape
from contract_tests.checks.refusals import is_refused
from contract_tests.errors import NotEstablished, Unreachable
from contract_tests.exchange import Exchange, Intent, Key, Operation
from contract_tests.findings import Expect
from contract_tests.questions import Questionnaire
from contract_tests.run import Run

requirement = pytest.mark.requirement

MEBIBYTE = 1024 * 1024


def _has_status(
    expect: Expect, requirement_id: str, status: int, answer: Exchange, *evidence: Exchange
) -> bool:
    kept = answer.response.status == status
    return expect(
        requirement_id, kept, expected=str(status), seen=answer.response, evidence=[*evidence, answer]
    )


@requirement("MA-ERRORS-SHAPE", "MA-ERRORS-CONSISTENT", "MA-ERRORS-CONTENT-TYPE", "MA-ERRORS-CODE-NOT-FOUND")
def test_refusals_have_the_published_shape(accounts: Accounts) -> None:
    """Five kinds of refusal, on all operations that take a name or a body."""
    account = accounts.make()
    fields = {"password": accounts.mint.password()}
    accounts.send(Operation.LIST, key=Key.NONE)
    accounts.send(Operation.CREATE, fields=fields)
    accounts.send(Operation.CREATE, body=b"{")
    accounts.send(Operation.UPDATE, target=account, fields={"retailer": 42})
    accounts.send(Operation.UPDATE, target=accounts.mint.unknown_id(), fields=fields)
    accounts.send(Operation.DELETE, target=accounts.mint.unknown_id())


@requirement("MA-ERRORS-SHAPE", "MA-ERRORS-CONTENT-TYPE")
@pytest.mark.reads_only
def test_refused_reads_have_the_published_shape(run: Run, accounts: Accounts) -> None:
    """No authorization, and an unknown path."""
    accounts.send(Operation.LIST, key=Key.NONE)
    run.client.send("GET", f"{run.specification.accounts_path}-unknown", intent=Intent())


@requirement("MA-ERRORS-422", "MA-ERRORS-CODE-VALIDATION", "MA-ERRORS-DETAILS")
def test_an_invalid_field_is_refused_with_422(accounts: Accounts, expect: Expect, ask: Questionnaire) -> None:
    """A missing email, and fields of other types; those that are accepted are judged elsewhere."""
    account = accounts.make()
    answers = [
        accounts.send(Operation.CREATE, fields={"password": accounts.mint.password()}),
        accounts.send(Operation.CREATE, fields={"email": 42}),
        accounts.send(Operation.UPDATE, target=account, fields={"retailer": 42}),
    ]
    for answer in answers:
        if answer.response.refused:
            status = str(answer.response.status)
            ask.answer(
                "Q-INVALID-STATUS", status if status in ("400", "422") else "other", answer, seen=status
            )
            _has_status(expect, "MA-ERRORS-422", 422, answer)


@requirement("MA-ERRORS-DETAILS-FIELDS", "MA-ERRORS-DETAILS-ONLY-WRONG")
@pytest.mark.parametrize(
    "wrong", [("email",), ("password",), ("retailer",), ("email", "retailer")], ids="+".join
)
def test_a_validation_error_names_the_wrong_fields(
    accounts: Accounts, expect: Expect, wrong: tuple[str, ...]
) -> None:
    """In details, under the name of each."""
    fields: dict[str, Any] = {"email": accounts.mint.email(), "retailer": RETAILER}
    fields["password"] = accounts.mint.password()
    for name in wrong:
        alone = accounts.send(Operation.CREATE, fields=fields | {name: 42})
        if not alone.response.refused:
            raise NotEstablished(f"a {name} that is no string is answered {alone.response}")
    answer = accounts.send(Operation.CREATE, fields=fields | dict.fromkeys(wrong, 42))
    details = error_body(answer.response).get("details")
    if answer.response.status not in (400, 422) or error_shape(answer.response) not in ("flat", "wrapped"):
        raise NotEstablished(f"the create was answered {answer.response} in a shape that has no details")
    named = set(details) if isinstance(details, dict) else set()
    expected = f"a reason for {' and '.join(wrong)}"
    seen = f"reasons for {', '.join(sorted(named)) or 'no field'}"
    expect("MA-ERRORS-DETAILS-FIELDS", set(wrong) <= named, expected=expected, seen=seen, evidence=answer)
    right = named & (set(fields) - set(wrong))
    expect(
        "MA-ERRORS-DETAILS-ONLY-WRONG", not right, expected=f"{expected} alone", seen=seen, evidence=answer
    )


_MALFORMED = {
    "cut off": b'{"retailer": "amazon"',
    "single quotes": b"{'retailer': 'amazon'}",
    "a word": b"retailer",
    "no UTF-8": b'{"retailer": "\xff\xfe"}',
    "two values": b"{} {}",
    "NaN": b'{"retailer": NaN}',
}


@requirement("MA-ERRORS-MALFORMED-400", "MA-ERRORS-CODE-BAD-REQUEST")
@pytest.mark.parametrize("kind", list(_MALFORMED))
def test_a_body_that_is_not_json_is_refused(
    accounts: Accounts, expect: Expect, ask: Questionnaire, kind: str
) -> None:
    """For a create and for an update."""
    account = accounts.make()
    for operation, target in ((Operation.CREATE, None), (Operation.UPDATE, account)):
        answer = accounts.send(operation, target=target, body=_MALFORMED[kind])
        status = str(answer.response.status)
        if answer.response.refused and kind != "NaN":  # which some libraries read as a number
            ask.answer(
                "Q-MALFORMED-STATUS", status if status in ("400", "422") else "other", answer, seen=status
            )
        if _has_status(expect, "MA-ERRORS-MALFORMED-400", 400, answer):
            _has_code(expect, "MA-ERRORS-CODE-BAD-REQUEST", "bad_request", answer)


def _has_code(expect: Expect, requirement_id: str, code: str, answer: Exchange) -> None:
    found = error_body(answer.response).get("code")
    if found is not None:  # a body without a code is judged as its shape
        expect(
            requirement_id, found == code, expected=f"code {code}", seen=f"code {found!r}", evidence=answer
        )


@requirement("MA-ERRORS-EMPTY-BODY")
def test_an_empty_body_is_refused(accounts: Accounts, expect: Expect) -> None:
    """Where a body is due: in a create and in an update."""
    account = accounts.make()
    _has_status(expect, "MA-ERRORS-EMPTY-BODY", 400, accounts.send(Operation.CREATE, body=b""))
    answer = accounts.send(Operation.UPDATE, target=account, body=b"")
    _has_status(expect, "MA-ERRORS-EMPTY-BODY", 400, answer, account.created)


@requirement("MA-ERRORS-NOT-AN-OBJECT")
@pytest.mark.parametrize("body", ["[]", "null", "42", '"text"', "true", '[{"retailer": "amazon"}]'])
def test_json_that_is_no_object_is_refused(accounts: Accounts, expect: Expect, body: str) -> None:
    """With 422, or the status that this server has for invalid fields."""
    account = accounts.make()
    missing = accounts.send(Operation.CREATE, fields={"password": accounts.mint.password()})
    for operation, target in ((Operation.CREATE, None), (Operation.UPDATE, account)):
        answer = accounts.send(operation, target=target, body=body.encode())
        usual = missing.response.status if answer.response.status == missing.response.status else 422
        _has_status(expect, "MA-ERRORS-NOT-AN-OBJECT", usual, answer)


@requirement("MA-ERRORS-MEDIA-TYPE", "MA-ERRORS-CODE-MEDIA-TYPE")
@pytest.mark.parametrize("media_type", ["text/plain", "application/xml", "application/x-www-form-urlencoded"])
def test_another_media_type_is_refused(
    accounts: Accounts, expect: Expect, ask: Questionnaire, media_type: str
) -> None:
    """A create that would be in order, but for its Content-Type."""
    accounts.make()
    answer = _create_with_headers(accounts, accounts.headers(Content_Type=media_type))
    response = answer.response
    name = "415" if response.status == 415 else "refused" if response.refused else "accepted"
    ask.answer("Q-MEDIA-TYPE", name, answer, seen=str(response))
    _has_status(expect, "MA-ERRORS-MEDIA-TYPE", 415, answer)


@requirement("MA-ERRORS-NO-MEDIA-TYPE")
def test_a_body_without_a_media_type_is_refused(accounts: Accounts, expect: Expect) -> None:
    """A create that would be in order, but for its Content-Type."""
    accounts.make()
    answer = _create_with_headers(accounts, accounts.headers(Content_Type=None))
    _has_status(expect, "MA-ERRORS-NO-MEDIA-TYPE", 415, answer)


@requirement("MA-ERRORS-MEDIA-TYPE-CHARSET")
@pytest.mark.parametrize("media_type", ["application/json; charset=utf-8", "application/json;charset=UTF-8"])
def test_a_charset_is_accepted(accounts: Accounts, expect: Expect, media_type: str) -> None:
    """Parameters do not change what a media type is."""
    accounts.gone(accounts.make())
    answer = _create_with_headers(accounts, accounts.headers(Content_Type=media_type))
    kept = answer.response.succeeded
    expect(
        "MA-ERRORS-MEDIA-TYPE-CHARSET", kept, expected="success (2xx)", seen=answer.response, evidence=answer
    )


def _create_with_headers(accounts: Accounts, headers: dict[str, str]) -> Exchange:
    fields = {"email": accounts.mint.email(), "password": accounts.mint.password(), "retailer": RETAILER}
    return accounts.send(Operation.CREATE, body=json.dumps(fields).encode(), fields=fields, headers=headers)


@requirement("MA-ERRORS-TOO-LARGE", "MA-ERRORS-CODE-TOO-LARGE")
def test_a_body_past_a_mebibyte_is_refused(accounts: Accounts, expect: Expect) -> None:
    """A server may also close the connection while the body is still on its way."""
    fields = {"email": accounts.mint.email(), "password": accounts.mint.password(), "retailer": RETAILER}
    fields["padding"] = "x" * (MEBIBYTE + 1)
    try:
        answer = accounts.send(Operation.CREATE, fields=fields)
    except Unreachable as lost:
        raise NotEstablished(f"the server closed the connection while the body was sent: {lost}") from lost
    _has_status(expect, "MA-ERRORS-TOO-LARGE", 413, answer)


@requirement("MA-ERRORS-LARGE-ACCEPTED")
def test_a_body_below_a_mebibyte_is_not_too_large(accounts: Accounts, expect: Expect) -> None:
    """900 KiB, most of it in a field that no page has."""
    fields = {"email": accounts.mint.email(), "retailer": RETAILER, "padding": "x" * (900 * 1024)}
    answer = accounts.send(Operation.CREATE, fields=fields)
    kept = answer.response.status != 413
    expect("MA-ERRORS-LARGE-ACCEPTED", kept, expected="not 413", seen=answer.response, evidence=answer)


@requirement("MA-ERRORS-METHOD", "MA-ERRORS-ALLOW", "MA-ERRORS-CODE-METHOD")
def test_a_method_that_a_path_does_not_have_is_refused(run: Run, accounts: Accounts, expect: Expect) -> None:
    """Reading a single account, which no page describes: its path has an update and a delete."""
    account = accounts.make()
    answer = run.client.send("GET", f"{run.specification.accounts_path}/{account.short_id}", intent=Intent())
    if answer.response.succeeded:
        raise NotEstablished("this server lets a single account be read")
    _has_status(expect, "MA-ERRORS-METHOD", 405, answer, account.created)
    if answer.response.status == 405:
        allowed = {name.strip().upper() for name in (answer.response.header("Allow") or "").split(",")}
        expect(
            "MA-ERRORS-ALLOW",
            {"PUT", "DELETE"} <= allowed and "GET" not in allowed,
            expected="Allow: DELETE, PUT",
            seen=answer.response.header("Allow") or "no Allow",
            evidence=[account.created, answer],
        )


@requirement("MA-ERRORS-UNKNOWN-PATH")
@pytest.mark.reads_only
def test_an_unknown_path_answers_404(run: Run, expect: Expect) -> None:
    """Beside the documented one, and below it."""
    for path in ("-unknown", "/zn_acct_unknown0/unknown"):
        answer = run.client.send("GET", run.specification.accounts_path + path, intent=Intent())
        _has_status(expect, "MA-ERRORS-UNKNOWN-PATH", 404, answer)


_ODD: dict[str, Any] = {
    "a null byte": "{}\x00@example.com",
    "control characters": "{}\x01\x1f\x7f@example.com",
    "a line break": "{}\r\nX-Injected: yes@example.com",
    "10 kB": "{}" + "x" * 10_000 + "@example.com",
    "emoji": "{}🛒@example.com",
    "right to left": "{}\u202emoc@example.com",
    "a lone surrogate": "{}\ud800@example.com",
    "SQL": "{}' OR '1'='1@example.com",
    "a path": "{}/../../etc/passwd@example.com",
    "an empty string": "",
    "only space": "   ",
    "deep arrays": "deep",
    "a huge number": 10**400,
    "a tiny number": 1e-300,
}


@requirement("MA-ERRORS-NO-5XX")
@pytest.mark.parametrize("kind", list(_ODD))
@pytest.mark.parametrize("name", ["email", "password", "retailer"])
def test_odd_values_do_not_make_the_server_fail(accounts: Accounts, kind: str, name: str) -> None:
    """In each field of a create and of an update; whether they are accepted is left open."""
    value = _ODD[kind]
    if isinstance(value, str):
        value = value.replace("{}", str(accounts.mint.marker()))
    fields = {"email": accounts.mint.email(), "retailer": RETAILER}
    account = accounts.make()
    for operation, target, usual in ((Operation.CREATE, None, fields), (Operation.UPDATE, account, {})):
        body = json.dumps(usual | {name: value}).replace('"deep"', "[" * 5000 + "]" * 5000)
        accounts.send(operation, target=target, body=body.encode(), fields=usual | {name: value})


@requirement("MA-ERRORS-AUTH-FIRST")
@pytest.mark.parametrize(
    "operation", [Operation.CREATE, Operation.UPDATE, Operation.DELETE], ids=lambda one: one.name
)
def test_authorization_is_checked_first(accounts: Accounts, expect: Expect, operation: Operation) -> None:
    """Requests that have something else wrong with them too, where one in order is refused without authorization."""
    account = accounts.make()
    in_order = {"email": accounts.mint.email(), "password": accounts.mint.password(), "retailer": RETAILER}
    target = None if operation is Operation.CREATE else account
    fields = None if operation is Operation.DELETE else in_order
    if accounts.send(operation, target=target, fields=fields, key=Key.NONE).response.status != 401:
        raise NotEstablished("without authorization a request in order is not refused with 401 either")
    unknown = target and accounts.mint.unknown_id()
    tries: list[dict[str, Any]] = [{"target": unknown, "fields": fields}] if target else []
    if fields is not None:
        tries += [
            {"target": target, "body": b"{"},
            {"target": target, "fields": {"retailer": 42}},
            {"target": target, "body": b"text", "headers": {"Content-Type": "text/plain"}},
        ]
    for about in tries:
        _has_status(expect, "MA-ERRORS-AUTH-FIRST", 401, accounts.send(operation, key=Key.NONE, **about))


@requirement("MA-ERRORS-AUTH-FIRST")
def test_authorization_is_checked_before_path_and_method(
    run: Run, accounts: Accounts, expect: Expect
) -> None:
    """Reads of an unknown path, and of a path that has no read."""
    account = accounts.make()
    for below in ("-unknown", f"/{account.short_id}"):
        path = run.specification.accounts_path + below
        _has_status(
            expect, "MA-ERRORS-AUTH-FIRST", 401, run.client.send("GET", path, intent=Intent(key=Key.NONE))
        )


@requirement("MA-ERRORS-METHOD-BEFORE-BODY")
def test_path_and_method_are_checked_before_the_media_type(
    run: Run, accounts: Accounts, expect: Expect
) -> None:
    """Reads with a body of another media type, compared with the same without a body."""
    account = accounts.make()
    for path in ("-unknown", f"/{account.short_id}"):
        path = run.specification.accounts_path + path
        bare = run.client.send("GET", path, intent=Intent())
        headers = accounts.headers(Content_Type="text/plain")
        answer = run.client.send("GET", path, intent=Intent(), body=b"text", headers=headers)
        _has_status(expect, "MA-ERRORS-METHOD-BEFORE-BODY", bare.response.status, answer)


@requirement("MA-ERRORS-MEDIA-TYPE-BEFORE-JSON")
def test_the_media_type_is_checked_before_the_text(accounts: Accounts, expect: Expect) -> None:
    """A body that is neither JSON nor declared as such, compared with JSON that is not declared as such."""
    declared = _create_with_headers(accounts, accounts.headers(Content_Type="text/plain"))
    if not declared.response.refused:
        raise NotEstablished("this server reads JSON under another media type")
    answer = accounts.send(Operation.CREATE, body=b"{", headers=accounts.headers(Content_Type="text/plain"))
    _has_status(expect, "MA-ERRORS-MEDIA-TYPE-BEFORE-JSON", declared.response.status, answer)


@requirement("MA-ERRORS-BODY-BEFORE-ACCOUNT")
def test_the_body_is_checked_before_the_account(accounts: Accounts, expect: Expect) -> None:
    """An invalid update of an unknown account, compared with one of an account that is there."""
    account = accounts.make()
    for fields in ({"retailer": 42}, {"password": ["x"]}):
        there = accounts.send(Operation.UPDATE, target=account, fields=fields)
        if not there.response.refused:
            raise NotEstablished(f"the invalid update was answered {there.response}")
        answer = accounts.send(Operation.UPDATE, target=accounts.mint.unknown_id(), fields=fields)
        kept = is_refused(expect, "MA-ERRORS-BODY-BEFORE-ACCOUNT", answer)
        if kept:
            _has_status(expect, "MA-ERRORS-BODY-BEFORE-ACCOUNT", there.response.status, answer)
