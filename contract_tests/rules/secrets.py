"""No password comes back: not in any body, not in any header, in no form."""

from collections.abc import Iterator, Mapping

from contract_tests.canaries import Canaries, Leak
from contract_tests.exchange import Exchange, Key, Operation
from contract_tests.judgement import Judgement
from contract_tests.rules.fields import accounts_to_judge, is_password_field

_BODIES = {
    Operation.CREATE: "MA-SECRETS-CREATE",
    Operation.LIST: "MA-SECRETS-LIST",
    Operation.UPDATE: "MA-SECRETS-UPDATE",
    Operation.DELETE: "MA-SECRETS-DELETE",
}


def judge_secrets(exchange: Exchange, canaries: Canaries, api_keys: Mapping[Key, str]) -> Iterator[Judgement]:
    """Search everything that came back for everything secret that was ever sent."""
    response = exchange.response
    head = "\n".join([response.reason, *(f"{name}: {value}" for name, value in response.headers)])
    body = response.body.decode("utf-8", "replace")
    in_head, in_body = canaries.scan(head), canaries.scan(body)
    yield _judge(
        "MA-SECRETS-HEADERS", [leak for leak in in_head if leak.kind == "password"], exchange, "a header"
    )
    yield from _judge_body(in_body, exchange)
    yield from _judge_fields(exchange, canaries)
    if "totp_secret" in (exchange.intent.fields or {}) or _of_totp(in_head + in_body):
        yield _judge("MA-SECRETS-TOTP", _of_totp(in_head + in_body), exchange, "the answer")
    if exchange.request.headers.get("Authorization"):
        shown = [key for key in api_keys.values() if key in head or key in body]
        yield Judgement(
            "MA-SECRETS-API-KEY", not shown, "no API key", "the API key of the request", [exchange]
        )


def _of_totp(leaks: list[Leak]) -> list[Leak]:
    return [leak for leak in leaks if leak.kind == "totp_secret"]


def _judge_body(leaks: list[Leak], exchange: Exchange) -> Iterator[Judgement]:
    passwords = [leak for leak in leaks if leak.kind == "password"]
    requirement = _requirement_of_body(exchange)
    if requirement:
        yield _judge(requirement, [leak for leak in passwords if leak.verbatim], exchange, "the body")
    if exchange.response.body:
        yield _judge(
            "MA-SECRETS-DERIVED", [leak for leak in passwords if not leak.verbatim], exchange, "the body"
        )


def _judge_fields(exchange: Exchange, canaries: Canaries) -> Iterator[Judgement]:
    """Judge that accounts have no field for a password; one that holds a password was judged for that."""
    for account in accounts_to_judge(exchange):
        names = [name for name in account if is_password_field(name, account[name])]
        names = [name for name in names if not canaries.scan(str(account[name]))]
        seen = f"a field {', '.join(names)}"
        yield Judgement("MA-SECRETS-NO-FIELD", not names, "no field for a password", seen, [exchange])


def _of_orders(exchange: Exchange) -> bool:
    return exchange.intent.operation is not None and exchange.intent.operation.of_orders


def _requirement_of_body(exchange: Exchange) -> str | None:
    operation, response = exchange.intent.operation, exchange.response
    if _of_orders(exchange):
        return "MA-ORDERS-NO-PASSWORD"
    if response.succeeded and operation in _BODIES:
        return _BODIES[operation]
    return "MA-SECRETS-VALIDATION-ERRORS" if refuses_fields(exchange) else "MA-SECRETS-OTHER-ERRORS"


def refuses_fields(exchange: Exchange) -> bool:
    """Whether an answer refuses the fields of a request that is otherwise in order."""
    return exchange.response.status == 422 or (
        exchange.response.status == 400 and exchange.intent.fields is not None
    )


def _judge(requirement: str, leaks: list[Leak], exchange: Exchange, place: str) -> Judgement:
    forms = ", ".join(sorted({leak.form for leak in leaks}))
    kind = leaks[0].kind if leaks else "password"
    return Judgement(requirement, not leaks, f"no {kind}", f"a {kind} in {place}, {forms}", [exchange])
