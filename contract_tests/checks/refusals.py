"""What checks of different areas ask of refusals."""

from typing import Any

from contract_tests.accounts import Accounts, Made
from contract_tests.errors import NotEstablished
from contract_tests.exchange import Exchange, Operation
from contract_tests.findings import Expect

NO_STRINGS: tuple[Any, ...] = (42, 0, 3.5, True, False, [], ["text"], {}, {"text": "text"})


def is_refused(expect: Expect, requirement: str, answer: Exchange, *evidence: Exchange) -> bool:
    """Expect a status of 4xx."""
    return expect(
        requirement,
        answer.response.refused,
        expected="a refusal (4xx)",
        seen=answer.response,
        evidence=[*evidence, answer],
    )


def succeeds(expect: Expect, requirement: str, answer: Exchange, *evidence: Exchange) -> bool:
    """Expect a status of 2xx."""
    return expect(
        requirement,
        answer.response.succeeded,
        expected="success (2xx)",
        seen=answer.response,
        evidence=[*evidence, answer],
    )


def is_invalid(
    accounts: Accounts, expect: Expect, requirement: str, answer: Exchange, *evidence: Exchange
) -> bool:
    """Expect the refusal that this server has for invalid fields: 422, or what it answers to a missing email.

    That the status is 422 is a requirement of its own; a server that has another one is told so once.
    """
    missing = accounts.send(Operation.CREATE, fields={"password": accounts.mint.password()})
    usual = missing.response.status if missing.response.refused else 422
    return expect(
        requirement,
        answer.response.status == usual,
        expected=str(usual),
        seen=answer.response,
        evidence=[*evidence, answer],
    )


def is_unknown(
    accounts: Accounts, expect: Expect, operation: Operation, account: Made, name: str, requirement: str
) -> None:
    """Expect that a name which is not the short_id of the account is answered as an unknown one, and changes nothing.

    What that answer is, is a requirement of its own.
    """
    fields = {"password": accounts.mint.password()} if operation is Operation.UPDATE else None
    unknown = accounts.send(operation, target=accounts.mint.unknown_id(), fields=fields)
    answer = accounts.send(operation, target=name, fields=fields, blame=requirement)
    expect(
        requirement,
        answer.response.status == unknown.response.status,
        expected=f"{unknown.response}, as for an unknown account",
        seen=answer.response,
        evidence=[account.created, answer],
    )
    accounts.listing()


def long_id_of(accounts: Accounts, account: Made) -> str:
    """The `id` of an account, to be tried where its short_id belongs.

    Raises:
        NotEstablished: the account shows none.
    """
    long_id = account.answer.get("id")
    if not isinstance(long_id, str) or not long_id or long_id == account.short_id:
        raise NotEstablished("the account has no id beside its short_id")
    return accounts.mint.guard.long_id_of(account.short_id, long_id)
