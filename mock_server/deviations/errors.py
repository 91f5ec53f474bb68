"""Deviations of what errors look like: their shape, codes and details."""

from mock_server.deviations.building import (
    ANY,
    CREATE,
    DELETE,
    REFUSAL,
    UPDATE,
    answers,
    deviation,
    when,
)
from mock_server.deviations.turn import Turn
from mock_server.exchange import Answer

_BODIES = (CREATE, UPDATE)


# Shape


@deviation("errors-wrapped", "MA-ERRORS-SHAPE", keyless=True)
@answers(*ANY, statuses=REFUSAL)
def errors_wrapped(answer: Answer, _: Turn) -> None:
    """Errors stand under `error`: a client that reads `code` finds nothing, whatever went wrong."""
    answer.body = {"error": answer.body}


@deviation("errors-without-message", "MA-ERRORS-SHAPE", keyless=True)
@answers(*ANY, statuses=REFUSAL)
def errors_without_message(answer: Answer, _: Turn) -> None:
    """Errors have an empty message: what a client shows its user is a blank."""
    answer.body["message"] = ""


@deviation("details-as-a-list", "MA-ERRORS-DETAILS")
@answers(*ANY, statuses=(422,))
def details_as_a_list(answer: Answer, _: Turn) -> None:
    """The details of an error are a list of objects: a client that looks a field up in them fails."""
    if isinstance(answer.body.get("details"), dict):
        answer.body["details"] = [{name: reason} for name, reason in answer.body["details"].items()]


@deviation("errors-in-two-shapes", "MA-ERRORS-CONSISTENT")
@answers(*ANY, statuses=(422,))
def errors_in_two_shapes(answer: Answer, _: Turn) -> None:
    """Validation errors alone are a list under `detail`: a client needs two ways to read errors."""
    details = answer.body.get("details") or {}
    answer.body = {
        "detail": [
            {"loc": ["body", name], "msg": reason, "type": "value_error"} for name, reason in details.items()
        ]
    }


@deviation("not-found-as-html", "MA-ERRORS-CONTENT-TYPE")
@answers(*ANY, statuses=(404,))
def not_found_as_html(answer: Answer, _: Turn) -> None:
    """The error of what is not found is declared as text/html: a client shows a page where it wants a code."""
    answer.headers["Content-Type"] = "text/html"


# Codes and details


@deviation("invalid-fields-answer-400", "MA-ERRORS-422")
@answers(*_BODIES, statuses=(422,))
def invalid_fields_answer_400(answer: Answer, turn: Turn) -> None:
    """A body that does not fit answers 400: a client that marks wrong fields on 422 marks none."""
    if turn.sent:
        answer.status = 400


@deviation("validation-under-another-code", "MA-ERRORS-CODE-VALIDATION")
@answers(*_BODIES, statuses=(422,))
def validation_under_another_code(answer: Answer, _: Turn) -> None:
    """A validation error has the code invalid_request: a client that looks for validation_error misses it."""
    answer.body["code"] = "invalid_request"


@deviation("details-name-no-field", "MA-ERRORS-DETAILS-FIELDS")
@answers(*_BODIES, statuses=(422,))
def details_name_no_field(answer: Answer, _: Turn) -> None:
    """A validation error has no details: a client can tell its user that something is wrong, but not what."""
    answer.body.pop("details", None)


@deviation("details-name-first-field", "MA-ERRORS-DETAILS-FIELDS")
@answers(*_BODIES, statuses=(422,))
def details_name_first_field(answer: Answer, _: Turn) -> None:
    """A validation error names one wrong field of several: the user mends a form one field at a time."""
    answer.body["details"] = dict(sorted(answer.body["details"].items())[:1])


@deviation("details-name-right-fields", "MA-ERRORS-DETAILS-ONLY-WRONG")
@answers(*_BODIES, statuses=(422,))
def details_name_right_fields(answer: Answer, turn: Turn) -> None:
    """A validation error also names the fields that were right: a client marks them all."""
    answer.body["details"] = {**dict.fromkeys(turn.sent, "was checked"), **answer.body["details"]}


@deviation("not-found-under-another-code", "MA-ERRORS-CODE-NOT-FOUND")
@answers(UPDATE, DELETE, statuses=(404,))
def not_found_under_another_code(answer: Answer, _: Turn) -> None:
    """An unknown account has the code account_missing: a client that looks for not_found misses it."""
    answer.body["code"] = "account_missing"


@deviation("malformed-body-answers-422", "MA-ERRORS-MALFORMED-400")
@answers(*_BODIES, statuses=(400,))
def malformed_body_answers_422(answer: Answer, turn: Turn) -> None:
    """A body that is no JSON answers 422: a client marks fields where its own code is broken."""
    if turn.content:
        answer.status = 422
        answer.body.update(code="validation_error", details={"body": "is no JSON"})


@deviation("malformed-body-under-another-code", "MA-ERRORS-CODE-BAD-REQUEST")
@answers(*_BODIES, statuses=(400,))
def malformed_body_under_another_code(answer: Answer, _: Turn) -> None:
    """A body that is no JSON has the code parse_error: a client that looks for bad_request misses it."""
    answer.body["code"] = "parse_error"


@deviation("empty-body-as-empty-object", "MA-ERRORS-EMPTY-BODY")
@when(lambda turn: turn.operation == UPDATE and not turn.content)
def empty_body_as_empty_object(turn: Turn) -> Answer:
    """An update without a body counts as one without fields: a client that lost its body hears of success."""
    turn.fired()
    turn.send({})
    return turn.perform()


@deviation("body-that-is-no-object-answers-400", "MA-ERRORS-NOT-AN-OBJECT")
@answers(*_BODIES, statuses=(422,))
def body_that_is_no_object_answers_400(answer: Answer, turn: Turn) -> None:
    """A JSON body that is no object answers 400: a client takes it for a transport error."""
    if turn.content.lstrip()[:1] != b"{":
        answer.status = 400
        answer.body = {"code": "bad_request", "message": answer.body["message"]}
