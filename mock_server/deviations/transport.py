"""Deviations of media types, sizes, methods and paths, and of which error comes first."""

import json
from typing import Any

from mock_server.api import BODY_LIMIT
from mock_server.deviations.building import (
    ANY,
    CREATE,
    UPDATE,
    answers,
    deviation,
    refusals,
    when,
)
from mock_server.deviations.turn import Turn
from mock_server.errors import MalformedRequest, Unauthorized
from mock_server.exchange import Answer

_BODIES = (CREATE, UPDATE)


def _declared(turn: Turn, media_type: str = "application/json") -> Answer:
    """Perform as if the body had been sent under this media type."""
    turn.fired()
    turn.exchange.request.environ["CONTENT_TYPE"] = media_type
    return turn.perform()


def _media_type(turn: Turn) -> str:
    return str(turn.exchange.request.environ.get("CONTENT_TYPE") or "")


@deviation("any-media-type-accepted", "MA-ERRORS-MEDIA-TYPE")
@when(lambda turn: turn.operation in _BODIES and not _media_type(turn).startswith("application/json"))
def any_media_type_accepted(turn: Turn) -> Answer:
    """JSON is read under any media type: a client that declares a form works here and fails elsewhere."""
    return _declared(turn) if _media_type(turn) else turn.perform()


@deviation("no-media-type-accepted", "MA-ERRORS-NO-MEDIA-TYPE")
@when(lambda turn: turn.operation in _BODIES and not _media_type(turn))
def no_media_type_accepted(turn: Turn) -> Answer:
    """JSON is read without a media type: a client that forgets it works here and fails elsewhere."""
    return _declared(turn)


@deviation("media-type-under-another-code", "MA-ERRORS-CODE-MEDIA-TYPE")
@answers(*ANY, statuses=(415,))
def media_type_under_another_code(answer: Answer, _: Turn) -> None:
    """A 415 has the code unsupported_media_type: a client that knows the vendor's codes does not know it."""
    answer.body["code"] = "unsupported_media_type"


@deviation("media-type-with-charset-refused", "MA-ERRORS-MEDIA-TYPE-CHARSET")
@when(lambda turn: turn.operation in _BODIES and "charset" in _media_type(turn))
def media_type_with_charset_refused(turn: Turn) -> Answer:
    """application/json with a charset is refused: many client libraries send it so."""
    return _declared(turn, "application/x-refused")


@deviation("large-body-accepted", "MA-ERRORS-TOO-LARGE")
@when(lambda turn: turn.operation in _BODIES and turn.exchange.received > BODY_LIMIT)
def large_body_accepted(turn: Turn) -> Answer:
    """A body of more than 1 MiB is read, and its long texts cut: what a client stores is not what it sent."""
    turn.exchange.content = turn.exchange.request.get_data()
    if turn.fields is None:
        return turn.perform()
    turn.fired()
    turn.send({name: value[:1000] for name, value in turn.fields.items() if isinstance(value, str)})
    return turn.perform()


@deviation("large-body-under-another-code", "MA-ERRORS-CODE-TOO-LARGE")
@answers(*ANY, statuses=(413,))
def large_body_under_another_code(answer: Answer, _: Turn) -> None:
    """A 413 has the code payload_too_large: a client that knows the vendor's codes does not know it."""
    answer.body["code"] = "payload_too_large"


@deviation("body-of-64-kib-refused", "MA-ERRORS-LARGE-ACCEPTED")
@when(lambda turn: turn.operation in _BODIES and turn.exchange.received > 64 * 1024)
def body_of_64_kib_refused(turn: Turn) -> Answer:
    """A body of more than 64 KiB is refused: a client with a long list of settings cannot store it."""
    return turn.refuse(413, "bad_request", "The body is too large.")


@deviation("wrong-method-answers-404", "MA-ERRORS-METHOD")
@answers(*ANY, statuses=(405,))
def wrong_method_answers_404(answer: Answer, _: Turn) -> None:
    """A wrong method answers 404: a client looks for a wrong address instead of a wrong verb."""
    answer.status = 404
    answer.headers.pop("Allow", None)
    answer.body["code"] = "not_found"


@deviation("allow-names-get-alone", "MA-ERRORS-ALLOW")
@answers(*ANY, statuses=(405,))
def allow_names_get_alone(answer: Answer, _: Turn) -> None:
    """Allow names GET alone, whatever the path takes: a client that asks for the methods hides its buttons."""
    answer.headers["Allow"] = "GET"


@deviation("wrong-method-under-another-code", "MA-ERRORS-CODE-METHOD")
@answers(*ANY, statuses=(405,))
def wrong_method_under_another_code(answer: Answer, _: Turn) -> None:
    """A wrong method has the code bad_request: a client takes its body for wrong."""
    answer.body["code"] = "bad_request"


@deviation("unknown-path-answers-400", "MA-ERRORS-UNKNOWN-PATH")
@answers("", statuses=(404,))
def unknown_path_answers_400(answer: Answer, _: Turn) -> None:
    """An unknown path answers 400: a client with a wrong address looks for the mistake in its body."""
    answer.status = 400
    answer.body["code"] = "bad_request"


@deviation("odd-character-fails", "MA-ERRORS-NO-5XX")
@when(lambda turn: turn.operation in _BODIES and (b"\\u0000" in turn.content or b"\x00" in turn.content))
def odd_character_fails(turn: Turn) -> Answer:
    """A null character in a field answers 500: one odd record of a client's data stops its import."""
    return turn.refuse(500, "internal_error", "The server failed.")


@deviation("deep-body-fails", "MA-ERRORS-NO-5XX")
@when(lambda turn: turn.operation in _BODIES and turn.content.count(b"[") > 50)
def deep_body_fails(turn: Turn) -> Answer:
    """A deeply nested body answers 500: anybody can make the server fail with a few bytes."""
    return turn.refuse(500, "internal_error", "The server failed.")


# Which error comes first


@deviation("path-checked-before-key", "MA-ERRORS-AUTH-FIRST", keyless=True)
@when(lambda turn: turn.operation == "")
@answers("", statuses=(401,))
def path_checked_before_key(answer: Answer, _: Turn) -> None:
    """An unknown path answers 404 without a key too: a client that tries its key on a wrong path is misled."""
    answer.status = 404
    answer.body = {"code": "not_found", "message": "There is nothing at this path."}
    answer.headers.pop("WWW-Authenticate", None)


@deviation("body-checked-before-key", "MA-ERRORS-AUTH-FIRST", keyless=True)
@when(lambda turn: turn.operation in _BODIES and isinstance(turn.exchange.refusal, Unauthorized))
def body_checked_before_key(turn: Turn) -> Answer:
    """Without a key a body that is no JSON answers 400: strangers can make the server work on their bodies."""
    try:
        json.loads(turn.content or b"{}")
    except ValueError:
        return turn.refuse(400, "bad_request", "The body is no JSON.")
    return turn.perform()


@deviation("media-type-checked-before-method", "MA-ERRORS-METHOD-BEFORE-BODY")
@when(lambda turn: bool(turn.content))
@answers("", statuses=(404, 405))
def media_type_checked_before_method(answer: Answer, turn: Turn) -> None:
    """A wrong method with a wrong media type answers 415: a client mends the type and fails again."""
    if not _media_type(turn).startswith("application/json"):
        answer.status = 415
        answer.body = {"code": "bad_request", "message": "Send the body as application/json."}


@deviation("json-checked-before-media-type", "MA-ERRORS-MEDIA-TYPE-BEFORE-JSON")
@answers(*_BODIES, statuses=(415,))
def json_checked_before_media_type(answer: Answer, turn: Turn) -> None:
    """Of a wrong media type and broken JSON the JSON is named first: a form gets an error about JSON."""
    try:
        json.loads(turn.content or b"{}")
    except ValueError:
        problem = MalformedRequest("The body is no JSON.")
        answer.status = problem.status
        answer.body = {"code": problem.code, "message": problem.message}


@deviation("account-looked-up-before-body", "MA-ERRORS-BODY-BEFORE-ACCOUNT")
@refusals(UPDATE, status=404, code="not_found")
def account_looked_up_before_body(fields: dict[str, Any], turn: Turn) -> str | None:
    """Of an unknown account and a wrong body the account is named first: a client never hears of its wrong body."""
    wrong = any(not isinstance(value, str | None) for value in fields.values())
    return "email" if turn.account is None and wrong else None
