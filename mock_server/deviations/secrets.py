"""Deviations by which a secret comes back: in bodies, headers and errors, as it was sent or in another form."""

import base64
import hashlib
from typing import Any

from mock_server.deviations.building import (
    ANY,
    CREATE,
    CREATE_ORDER,
    DELETE,
    GET_ORDER,
    LIST,
    LIST_ORDERS,
    SUCCESS,
    UPDATE,
    accounts,
    answers,
    deviation,
    orders,
)
from mock_server.deviations.turn import Turn
from mock_server.exchange import Answer


def _password(turn: Turn) -> str | None:
    """The password that the request carries."""
    password = turn.sent.get("password")
    return password if isinstance(password, str) else None


def _remember(turn: Turn, answer: Answer) -> None:
    """Keep the password of an account that was created or updated."""
    password = _password(turn)
    if password is not None and answer.status in SUCCESS and isinstance(answer.body, dict):
        turn.kept[answer.body.get("short_id") or turn.subject] = password


# Bodies


@deviation("password-in-create-answer", "MA-SECRETS-CREATE")
@accounts(CREATE)
def password_in_create_answer(account: dict[str, Any], turn: Turn) -> None:
    """The create answer has the password: it ends up in the client's logs."""
    if _password(turn):
        account["password"] = _password(turn)


@deviation("password-in-list", "MA-SECRETS-LIST")
@answers(LIST, CREATE, UPDATE)
def password_in_list(answer: Answer, turn: Turn) -> None:
    """Listed accounts show their passwords: whoever may look at the list can log in."""
    _remember(turn, answer)
    if turn.operation == LIST:
        for account in answer.body["credentials"]:
            if account["short_id"] in turn.kept:
                account["password"] = turn.kept[account["short_id"]]


@deviation("last-password-beside-list", "MA-SECRETS-LIST")
@answers(LIST, CREATE, UPDATE)
def last_password_beside_list(answer: Answer, turn: Turn) -> None:
    """A field beside the list has the password sent last: a field that no client reads and every log keeps."""
    turn.kept["last"] = _password(turn) or turn.kept.get("last")
    if turn.operation == LIST and turn.kept["last"]:
        answer.body["debug"] = {"last_write": {"password": turn.kept["last"]}}


@deviation("password-in-update-answer", "MA-SECRETS-UPDATE")
@accounts(UPDATE)
def password_in_update_answer(account: dict[str, Any], turn: Turn) -> None:
    """The update answer has the new password: it ends up in the client's logs."""
    if _password(turn):
        account["password"] = _password(turn)


@deviation("former-password-in-update-answer", "MA-SECRETS-UPDATE")
def former_password_in_update_answer(turn: Turn) -> Answer:
    """The update answer has the password from before: one that may still be in use elsewhere."""
    former = turn.kept.get(turn.subject)

    @answers(CREATE, UPDATE)
    def show_former(answer: Answer, turn: Turn) -> None:
        _remember(turn, answer)
        if turn.operation == UPDATE and former:
            answer.body["password"] = former

    return show_former(turn)


@deviation("password-in-delete-answer", "MA-SECRETS-DELETE")
@answers(CREATE, UPDATE, DELETE)
def password_in_delete_answer(answer: Answer, turn: Turn) -> None:
    """A delete answers 200 and the account with its password: it ends up in the client's logs."""
    _remember(turn, answer)
    if turn.operation == DELETE and turn.subject in turn.kept:
        answer.status = 200
        answer.body = {"deleted": turn.subject, "password": turn.kept[turn.subject]}


@deviation("validation-error-repeats-body", "MA-SECRETS-VALIDATION-ERRORS")
@answers(CREATE, UPDATE, statuses=(422,))
def validation_error_repeats_body(answer: Answer, turn: Turn) -> None:
    """A validation error repeats the body that was sent: the password ends up where errors are collected."""
    if _password(turn):
        answer.body["message"] += f" Got {turn.sent}."


@deviation("unknown-account-error-repeats-body", "MA-SECRETS-OTHER-ERRORS")
@answers(UPDATE, statuses=(404,))
def unknown_account_error_repeats_body(answer: Answer, turn: Turn) -> None:
    """The error of an unknown account repeats the body that was sent: its password is in every error log."""
    if _password(turn):
        answer.body["message"] += f" Got {turn.sent}."


@deviation("malformed-body-repeated", "MA-SECRETS-OTHER-ERRORS")
@answers(CREATE, UPDATE, statuses=(400,))
def malformed_body_repeated(answer: Answer, turn: Turn) -> None:
    """The error of a body that is no JSON quotes it: a comma too many sends the password to the error log."""
    answer.body["message"] += f" Near: {turn.content[:500].decode('utf-8', 'replace')}"


@deviation("unauthorized-error-repeats-body", "MA-SECRETS-OTHER-ERRORS", keyless=True)
@answers(CREATE, UPDATE, statuses=(401,))
def unauthorized_error_repeats_body(answer: Answer, turn: Turn) -> None:
    """A 401 repeats the body that was sent: a request with a wrong key leaves its password behind."""
    if _password(turn):
        answer.body["message"] += f" Got {turn.sent}."


# Headers


@deviation("password-in-header", "MA-SECRETS-HEADERS")
@answers(CREATE, UPDATE)
def password_in_header(answer: Answer, turn: Turn) -> None:
    """A header has the password: every proxy on the way may log it."""
    password = _password(turn)
    if password and password.isascii() and password.isprintable():
        answer.headers["X-Debug-Password"] = password[:1000]


@deviation("login-in-cookie", "MA-SECRETS-HEADERS")
@answers(CREATE)
def login_in_cookie(answer: Answer, turn: Turn) -> None:
    """A cookie has the login in base 64: it is sent along with every later request."""
    password = _password(turn)
    if password:
        login = base64.b64encode(f"{turn.sent.get('email')}:{password[:500]}".encode()).decode()
        answer.headers["Set-Cookie"] = f"login={login}"


# Other forms


@deviation("password-hash-in-list", "MA-SECRETS-DERIVED")
@answers(LIST, CREATE, UPDATE)
def password_hash_in_list(answer: Answer, turn: Turn) -> None:
    """Listed accounts show a hash of their password: a weak one is found out at home."""
    _remember(turn, answer)
    if turn.operation == LIST:
        for account in answer.body["credentials"]:
            if account["short_id"] in turn.kept:
                password = turn.kept[account["short_id"]].encode("utf-8", "surrogatepass")
                account["password_hash"] = hashlib.sha256(password).hexdigest()


@deviation("masked-password-in-create-answer", "MA-SECRETS-DERIVED")
@accounts(CREATE)
def masked_password_in_create_answer(account: dict[str, Any], turn: Turn) -> None:
    """The create answer shows the password's last ten characters behind stars: half of the guessing is done."""
    password = _password(turn)
    if password:
        account["password"] = "*" * max(0, len(password) - 10) + password[-10:]


@deviation("password-encoded-beside-list", "MA-SECRETS-DERIVED")
@answers(LIST, CREATE, UPDATE)
def password_encoded_beside_list(answer: Answer, turn: Turn) -> None:
    """A field beside the list has the password sent last in base 64: encoded is not encrypted."""
    turn.kept["last"] = _password(turn) or turn.kept.get("last")
    if turn.operation == LIST and turn.kept["last"]:
        text = turn.kept["last"].encode("utf-8", "surrogatepass")
        answer.body["cursor"] = base64.b64encode(text).decode()


@deviation("password-reversed-in-validation-error", "MA-SECRETS-DERIVED")
@answers(CREATE, UPDATE, statuses=(422,))
def password_reversed_in_validation_error(answer: Answer, turn: Turn) -> None:
    """A validation error has the password backwards: a filter that looks for the password misses it."""
    password = _password(turn)
    if password:
        answer.body["message"] += f" ({password[::-1]})"


@deviation("null-password-in-accounts", "MA-SECRETS-NO-FIELD")
@accounts(LIST, CREATE, UPDATE)
def null_password_in_accounts(account: dict[str, Any], _: Turn) -> None:
    """Accounts have a field for the password, always null: the next change of the server may fill it."""
    account["password"] = None


# Other secrets


@deviation("totp-secret-in-header", "MA-SECRETS-TOTP")
@answers(*ANY, statuses=range(200, 500))
def totp_secret_in_header(answer: Answer, turn: Turn) -> None:
    """A header has the totp_secret that was sent: with the password it is all that a thief needs."""
    secret = turn.sent.get("totp_secret")
    if isinstance(secret, str) and secret.isascii() and secret.isprintable():
        answer.headers["X-Totp"] = secret


@deviation("api-key-in-header", "MA-SECRETS-API-KEY")
@answers(*ANY, statuses=range(200, 500))
def api_key_in_header(answer: Answer, turn: Turn) -> None:
    """Every answer has the API key of its request in a header: what logs answers keeps the key."""
    if turn.tenant.key.isascii() and turn.tenant.key.isprintable() and turn.tenant.key:
        answer.headers["X-Api-Key"] = turn.tenant.key


@deviation("password-in-failed-order", "MA-ORDERS-NO-PASSWORD")
def password_in_failed_order(turn: Turn) -> Answer:
    """The error of a failed order has the account's password: whoever handles orders can read it."""
    remembering = answers(CREATE, UPDATE)(lambda answer, turn: _remember(turn, answer))

    @orders(CREATE_ORDER, LIST_ORDERS, GET_ORDER)
    def show(order: dict[str, Any], turn: Turn) -> None:
        password = turn.kept.get(order["retailer_credentials_id"])
        if order.get("job_result") and password:
            order["job_result"]["error"] += f" Tried to log in with {password}."

    return remembering(turn) if turn.operation in (CREATE, UPDATE) else show(turn)
