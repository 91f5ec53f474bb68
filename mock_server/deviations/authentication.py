"""Deviations of who is let in, and how those are told who are not.

Requests that are not let in belong to no key: they meet these deviations as soon as any key has them on.
"""

from mock_server.deviations.building import (
    ANY,
    CREATE,
    CREATE_ORDER,
    DELETE,
    GET_ORDER,
    LIST,
    LIST_ORDERS,
    SUCCESS,
    TEST_PRODUCTS,
    UPDATE,
    Act,
    answers,
    deviation,
    when,
)
from mock_server.deviations.turn import Turn
from mock_server.errors import InvalidToken, Unauthorized
from mock_server.exchange import Answer
from mock_server.store import Tenant

_ORDERS = (CREATE_ORDER, LIST_ORDERS, GET_ORDER, TEST_PRODUCTS)


def _authorization(turn: Turn) -> str:
    return turn.exchange.request.headers.get("Authorization", "")


def _owner(turn: Turn) -> Tenant:
    """The tenant that has what the path names, else the one that was used last, else that of no key."""
    others = list(turn.others())
    for tenant in others:
        if turn.subject in tenant.sandbox.accounts or turn.subject in tenant.sandbox.orders:
            return tenant
    return next(iter(others), turn.tenant)


def _let_in(turn: Turn, *refusals: type[Exception]) -> Answer:
    """Perform a request that is refused for one of these reasons, as if its owner had sent it."""
    if not isinstance(turn.exchange.refusal, refusals):
        return turn.perform()
    tenant, refusal = turn.tenant, turn.exchange.refusal
    turn.fired()
    turn.exchange.tenant, turn.exchange.refusal = _owner(turn), None
    try:
        return turn.perform()
    finally:
        turn.exchange.tenant, turn.exchange.refusal = tenant, refusal


def _without_header(*operations: str) -> Act:
    def act(turn: Turn) -> Answer:
        if turn.operation in operations and not _authorization(turn):
            return _let_in(turn, Unauthorized)
        return turn.perform()

    return act


@deviation("update-refuses-bearer", "MA-AUTH-BEARER")
@when(lambda turn: turn.operation == UPDATE)
def update_refuses_bearer(turn: Turn) -> Answer:
    """An update refuses the bearer token that the other operations take: a client cannot change a password."""
    return turn.refuse(401, "unauthorized", "Send your API key.")


@deviation("delete-refuses-bearer", "MA-AUTH-BEARER")
@when(lambda turn: turn.operation == DELETE)
def delete_refuses_bearer(turn: Turn) -> Answer:
    """A delete refuses the bearer token that the other operations take: a client can revoke nothing."""
    return turn.refuse(401, "unauthorized", "Send your API key.")


@deviation("list-needs-no-key", "MA-AUTH-REQUIRED-LIST", keyless=True)
def list_needs_no_key(turn: Turn) -> Answer:
    """A list is answered without a key: anybody can read whose accounts there are."""
    return _without_header(LIST)(turn)


@deviation("create-needs-no-key", "MA-AUTH-REQUIRED-CREATE", keyless=True)
def create_needs_no_key(turn: Turn) -> Answer:
    """A create is carried out without a key: anybody can slip in an account for other people's orders."""
    return _without_header(CREATE)(turn)


@deviation("update-needs-no-key", "MA-AUTH-REQUIRED-UPDATE", keyless=True)
def update_needs_no_key(turn: Turn) -> Answer:
    """An update is carried out without a key: anybody who knows a short_id can take an account over."""
    return _without_header(UPDATE)(turn)


@deviation("delete-needs-no-key", "MA-AUTH-REQUIRED-DELETE", keyless=True)
def delete_needs_no_key(turn: Turn) -> Answer:
    """A delete is carried out without a key: anybody who knows a short_id can stop a customer's orders."""
    return _without_header(DELETE)(turn)


@deviation("orders-need-no-key", "MA-ORDERS-AUTH", keyless=True)
def orders_need_no_key(turn: Turn) -> Answer:
    """The orders are listed without a key: anybody can read the addresses of a customer's customers."""
    return _without_header(LIST_ORDERS)(turn)


@deviation("any-scheme-accepted", "MA-AUTH-OTHER-SCHEME", keyless=True)
def any_scheme_accepted(turn: Turn) -> Answer:
    """The key is taken under any scheme: a client that sends it wrongly works here and fails elsewhere."""
    scheme, _, key = _authorization(turn).partition(" ")
    is_other = scheme.lower() != "bearer" and key.strip() and " " not in key.strip()
    return _let_in(turn, Unauthorized) if is_other else turn.perform()


@deviation("any-key-accepted", "MA-AUTH-UNKNOWN-KEY", keyless=True)
def any_key_accepted(turn: Turn) -> Answer:
    """A key that nobody was given opens the door: a client with a typing error in its key does not notice."""
    return _let_in(turn, InvalidToken)


@deviation("unauthorized-under-another-code", "MA-AUTH-CODE-UNAUTHORIZED", keyless=True)
@answers(*ANY, statuses=(401,))
def unauthorized_under_another_code(answer: Answer, turn: Turn) -> None:
    """The error of a missing key has the code forbidden: a client asks for rights instead of the key."""
    if isinstance(turn.exchange.refusal, Unauthorized) and not _authorization(turn):
        answer.body["code"] = "forbidden"


@deviation("invalid-token-under-another-code", "MA-AUTH-CODE-INVALID-TOKEN", keyless=True)
@answers(*ANY, statuses=(401,))
def invalid_token_under_another_code(answer: Answer, turn: Turn) -> None:
    """The error of an unknown key has the code unauthorized: a client cannot tell a wrong key from none."""
    if isinstance(turn.exchange.refusal, InvalidToken):
        answer.body["code"] = "unauthorized"


@deviation("two-tokens-accepted", "MA-AUTH-MALFORMED", keyless=True)
def two_tokens_accepted(turn: Turn) -> Answer:
    """A header with two tokens is accepted: two proxies see two different keys in one request."""
    scheme, _, keys = _authorization(turn).partition(" ")
    is_two = scheme.lower() == "bearer" and len(keys.split()) > 1
    return _let_in(turn, Unauthorized) if is_two else turn.perform()


@deviation("bearer-without-token-under-another-code", "MA-AUTH-MALFORMED", keyless=True)
@answers(*ANY, statuses=(401,))
def bearer_without_token_under_another_code(answer: Answer, turn: Turn) -> None:
    """A bearer header without a token gets the code invalid_token: a client looks for a wrong key, not for none."""
    if _authorization(turn).strip().lower() == "bearer":
        answer.body["code"] = "invalid_token"


@deviation("unauthorized-without-challenge", "MA-AUTH-CHALLENGE", keyless=True)
@answers(*ANY, statuses=(401,))
def unauthorized_without_challenge(answer: Answer, _: Turn) -> None:
    """A 401 lacks WWW-Authenticate: a client library that answers the challenge has nothing to answer."""
    answer.headers.pop("WWW-Authenticate", None)


@deviation("bearer-in-small-letters-refused", "MA-AUTH-SCHEME-CASE")
@when(lambda turn: _authorization(turn)[:1] == "b")
def bearer_in_small_letters_refused(turn: Turn) -> Answer:
    """The scheme `bearer` in small letters is refused: many client libraries write it so."""
    turn.fired()
    turn.exchange.refusal = Unauthorized("Send your API key: Authorization: Bearer <key>.")
    return turn.perform()


@deviation("refused-delete-carried-out", "MA-AUTH-REFUSED-CHANGES-NOTHING", keyless=True)
def refused_delete_carried_out(turn: Turn) -> Answer:
    """A delete without a key answers 401 and deletes: the refusal is a show, anybody can delete."""
    if turn.operation == DELETE and isinstance(turn.exchange.refusal, Unauthorized):
        owner = _owner(turn)
        with owner.lock:
            if turn.subject in owner.sandbox.accounts:
                owner.sandbox.delete_account(turn.subject, owner.clock.now())
                turn.fired()
    return turn.perform()


@deviation("refused-create-carried-out", "MA-AUTH-REFUSED-CHANGES-NOTHING", keyless=True)
def refused_create_carried_out(turn: Turn) -> Answer:
    """A create without a key answers 401 and makes the account: the customer finds one that nobody made."""
    answer = turn.perform()
    if turn.operation == CREATE and answer.status not in SUCCESS and not _authorization(turn):
        email = turn.sent.get("email")
        owner = _owner(turn)
        if isinstance(email, str) and owner is not turn.tenant:
            with owner.lock:
                owner.sandbox.create_account(email, None, None, owner.clock.now())
            turn.fired()
    return answer
