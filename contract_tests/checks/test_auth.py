"""Who is let in."""

import base64

import pytest

from contract_tests.accounts import Accounts
from contract_tests.answers import error_body
from contract_tests.errors import NotEstablished
from contract_tests.exchange import Exchange, Key, Operation, Response
from contract_tests.findings import Expect
from contract_tests.questions import Questionnaire
from contract_tests.run import Run

requirement = pytest.mark.requirement


@requirement("MA-AUTH-BEARER")
def test_the_bearer_key_opens_all_four_operations(accounts: Accounts, expect: Expect) -> None:
    """Create, list, update and delete one account."""
    account = accounts.make()
    answers = [
        accounts.list(),
        accounts.update(account, password=accounts.mint.password()),
        accounts.delete(account),
    ]
    for exchange in (account.created, *answers):
        expect(
            "MA-AUTH-BEARER",
            exchange.response.status not in (401, 403),
            expected="the key is accepted",
            seen=exchange.response,
            evidence=exchange,
        )


@requirement("MA-AUTH-BEARER")
@pytest.mark.reads_only
def test_the_bearer_key_opens_the_list(accounts: Accounts, expect: Expect) -> None:
    """Reads alone."""
    answer = accounts.list()
    accepted = answer.response.status not in (401, 403)
    expect("MA-AUTH-BEARER", accepted, expected="the key is accepted", seen=answer.response, evidence=answer)


def _is_refused(expect: Expect, requirement_id: str, answer: Exchange) -> None:
    response = answer.response
    expect(requirement_id, response.status == 401, expected="401", seen=response, evidence=answer)


@requirement("MA-AUTH-REQUIRED-LIST", "MA-AUTH-CODE-UNAUTHORIZED", "MA-AUTH-CHALLENGE")
@pytest.mark.reads_only
def test_a_list_without_authorization_is_refused(
    accounts: Accounts, expect: Expect, ask: Questionnaire
) -> None:
    """No Authorization header at all."""
    answer = accounts.send(Operation.LIST, key=Key.NONE)
    _is_refused(expect, "MA-AUTH-REQUIRED-LIST", answer)
    if answer.response.refused:
        status = str(answer.response.status)
        ask.answer("Q-TOKEN-STATUS", status if status in ("401", "403") else "other", answer, seen=status)
    if answer.response.status == 401:
        _has_code(expect, "MA-AUTH-CODE-UNAUTHORIZED", "unauthorized", answer)


def _has_code(expect: Expect, requirement_id: str, code: str, answer: Exchange) -> None:
    found = error_body(answer.response).get("code")
    if found is None:
        raise NotEstablished("the refusal shows no code, which is judged as its shape")
    expect(requirement_id, found == code, expected=f"code {code}", seen=f"code {found!r}", evidence=answer)


@requirement("MA-AUTH-REQUIRED-CREATE", "MA-AUTH-REFUSED-CHANGES-NOTHING")
def test_a_create_without_authorization_is_refused(accounts: Accounts, expect: Expect) -> None:
    """A list follows, in which no account may have appeared."""
    accounts.make()
    accounts.listing()
    fields = {"email": accounts.mint.email(), "password": accounts.mint.password(), "retailer": "amazon"}
    _is_refused(
        expect, "MA-AUTH-REQUIRED-CREATE", accounts.send(Operation.CREATE, fields=fields, key=Key.NONE)
    )
    accounts.listing()


@requirement("MA-AUTH-REQUIRED-UPDATE", "MA-AUTH-REFUSED-CHANGES-NOTHING")
def test_an_update_without_authorization_is_refused(accounts: Accounts, expect: Expect) -> None:
    """A list follows, in which the account may not have changed."""
    account = accounts.make()
    accounts.listing()
    fields = {"email": accounts.mint.email()}
    answer = accounts.send(Operation.UPDATE, target=account, fields=fields, key=Key.NONE)
    _is_refused(expect, "MA-AUTH-REQUIRED-UPDATE", answer)
    accounts.listing()


@requirement("MA-AUTH-REQUIRED-DELETE", "MA-AUTH-REFUSED-CHANGES-NOTHING")
def test_a_delete_without_authorization_is_refused(accounts: Accounts, expect: Expect) -> None:
    """A list follows, in which the account must still be."""
    account = accounts.make()
    accounts.listing()
    answer = accounts.send(Operation.DELETE, target=account, key=Key.NONE)
    _is_refused(expect, "MA-AUTH-REQUIRED-DELETE", answer)
    accounts.listing()


@requirement("MA-AUTH-OTHER-SCHEME")
@pytest.mark.reads_only
@pytest.mark.parametrize("scheme", ["Basic", "Token", "ApiKey", "none"])
def test_the_key_under_another_scheme_is_refused(
    run: Run, accounts: Accounts, expect: Expect, scheme: str
) -> None:
    """The right key, sent as something else."""
    key = run.keys[Key.FIRST]
    value = {"Basic": f"Basic {base64.b64encode(f'{key}:'.encode()).decode()}", "none": key}.get(
        scheme, f"{scheme} {key}"
    )
    answer = accounts.send(Operation.LIST, headers={"Authorization": value}, key=Key.NONE)
    _is_refused(expect, "MA-AUTH-OTHER-SCHEME", answer)


@requirement("MA-AUTH-SCHEME-CASE")
@pytest.mark.reads_only
@pytest.mark.parametrize("scheme", ["bearer", "BEARER"])
def test_the_scheme_is_read_without_regard_to_case(
    run: Run, accounts: Accounts, expect: Expect, scheme: str
) -> None:
    """RFC 9110 makes schemes case-insensitive."""
    answer = accounts.send(Operation.LIST, headers={"Authorization": f"{scheme} {run.keys[Key.FIRST]}"})
    accepted = answer.response.status not in (401, 403)
    expect(
        "MA-AUTH-SCHEME-CASE", accepted, expected="the key is accepted", seen=answer.response, evidence=answer
    )


@requirement("MA-AUTH-UNKNOWN-KEY", "MA-AUTH-CODE-INVALID-TOKEN")
def test_an_unknown_key_is_refused(run: Run, accounts: Accounts, expect: Expect) -> None:
    """A key that was drawn just now. A server that takes every key as a new sandbox shows it an empty list."""
    account = accounts.make()
    unknown = f"zn_test_{run.choice.getrandbits(96):024x}"
    answer = accounts.send(Operation.LIST, headers={"Authorization": f"Bearer {unknown}"}, key=Key.NONE)
    if answer.response.succeeded and account.short_id not in answer.response.body.decode("utf-8", "replace"):
        raise NotEstablished("this server takes a key that was never issued, and shows it nothing of ours")
    _is_refused(expect, "MA-AUTH-UNKNOWN-KEY", answer)
    if answer.response.status == 401:
        _has_code(expect, "MA-AUTH-CODE-INVALID-TOKEN", "invalid_token", answer)


@requirement("MA-AUTH-MALFORMED")
@pytest.mark.reads_only
@pytest.mark.parametrize("rest", ["", " ", " one two"], ids=["no token", "a space", "two tokens"])
def test_a_malformed_bearer_header_is_refused(accounts: Accounts, expect: Expect, rest: str) -> None:
    """RFC 6750: the scheme is followed by exactly one token."""
    answer = accounts.send(Operation.LIST, headers={"Authorization": f"Bearer{rest}"}, key=Key.NONE)
    kept = answer.response.status == 401 and _code_or(answer.response, "unauthorized") == "unauthorized"
    seen = f"{answer.response}, code {error_body(answer.response).get('code')!r}"
    expect("MA-AUTH-MALFORMED", kept, expected="401 with code unauthorized", seen=seen, evidence=answer)


def _code_or(response: Response, default: str) -> object:
    """The code of an error; the default where its shape shows none, which is judged elsewhere."""
    return error_body(response).get("code", default)
