"""Every error that the API can answer: raised where a rule is broken, turned into an answer here alone.

ApiError
├── Unauthorized            401  no bearer token, or a malformed one
├── InvalidToken            401  keys are restricted, and this one is not listed
├── MalformedRequest        400  the body is no JSON
├── UnsupportedMedia        415  the body is of another media type
├── ValidationFailed        422  the body does not fit the schema
└── WaitedTooLong           408  orders were still running when the time was up
"""

import logging
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from werkzeug.exceptions import ClientDisconnected, HTTPException, MethodNotAllowed

from mock_server.domain.errors import AlreadyExists, DomainError, InvalidField, NotFound, OrderRefused
from mock_server.exchange import Answer

log = logging.getLogger("mock_server")


class ApiError(Exception):
    """An error of the edge, with its place in the table of statuses and codes.

    Args:
        message: a sentence for people: what is wrong and what to do. It never repeats a value that was sent.
        details: a reason per field.
    """

    status: ClassVar[int]
    code: ClassVar[str]
    headers: ClassVar[Mapping[str, str]] = {}

    def __init__(self, message: str, details: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.details = details


class Unauthorized(ApiError):
    """No bearer token, or a malformed one (RFC 6750, section 3)."""

    status = 401
    code = "unauthorized"
    headers: ClassVar[Mapping[str, str]] = {"WWW-Authenticate": "Bearer"}


class InvalidToken(ApiError):
    """Keys are restricted and this one is not listed (RFC 6750, section 3.1)."""

    status = 401
    code = "invalid_token"
    headers: ClassVar[Mapping[str, str]] = {"WWW-Authenticate": 'Bearer error="invalid_token"'}


class MalformedRequest(ApiError):
    """The body is no JSON."""

    status = 400
    code = "bad_request"


class UnsupportedMedia(ApiError):
    """The body is of a media type that the operation does not take."""

    status = 415
    code = "bad_request"


class ValidationFailed(ApiError):
    """The body does not fit the operation's schema; `details` has a reason per field."""

    status = 422
    code = "validation_error"


class WaitedTooLong(ApiError):
    """Orders were still waiting or running when the time was up."""

    status = 408
    code = "timeout"


# What is not here is told as a bad request, or from 500 up as an internal error.
_GENERAL_CODES = {
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    409: "already_exists",
    422: "validation_error",
}


def general_code(status: int) -> str:
    """Return the vendor's general code for a status (related: Authentication, Error handling)."""
    return _GENERAL_CODES.get(status) or ("bad_request" if status < 500 else "internal_error")


def error(status: int, code: str, message: str, details: Any = None, headers: Any = None) -> Answer:
    """Make an answer of the documented error shape: the only place where one is made."""
    body: dict[str, Any] = {"code": code, "message": message}
    if details:
        body["details"] = dict(details)
    return Answer(status, body, dict(headers or {}))


def _of_api_error(problem: ApiError) -> Answer:
    return error(problem.status, problem.code, problem.message, problem.details, problem.headers)


def _of_not_found(problem: NotFound) -> Answer:
    return error(404, "not_found", str(problem))


def _of_already_exists(problem: AlreadyExists) -> Answer:
    return error(409, "already_exists", str(problem), {"order_id": problem.order_id})


def _of_invalid_field(problem: InvalidField) -> Answer:
    return error(
        422, "validation_error", "The request has an invalid field.", {problem.field: problem.reason}
    )


def _of_refusal(problem: OrderRefused) -> Answer:
    status = 402 if problem.code == "insufficient_funds" else 400
    return error(status, problem.code, str(problem))


def _of_http(problem: HTTPException) -> Answer:
    if isinstance(problem, MethodNotAllowed):
        # HEAD is answered wherever GET is, but the document does not speak of it.
        allowed = ", ".join(sorted(set(problem.valid_methods or ()) - {"HEAD"}))
        return error(405, "method_not_allowed", f"This path takes {allowed}.", headers={"Allow": allowed})
    status = problem.code or 500
    if status == 404:
        return error(404, "not_found", "There is nothing at this path.")
    if status == 413:
        return error(413, "bad_request", "The body is too large: 1 MiB is the most, 64 MiB under /_mock.")
    if isinstance(problem, ClientDisconnected):
        return error(400, "bad_request", "The body was cut off: fewer bytes came than Content-Length says.")
    return error(status, general_code(status), problem.name + ".")


_MAKERS: dict[type[Exception], Callable[[Any], Answer]] = {
    ApiError: _of_api_error,
    NotFound: _of_not_found,
    AlreadyExists: _of_already_exists,
    InvalidField: _of_invalid_field,
    OrderRefused: _of_refusal,
    HTTPException: _of_http,
}

EXPECTED = (ApiError, DomainError, HTTPException)


def answer_of(problem: Exception) -> Answer:
    """Turn a problem into its answer; one that nobody foresaw is logged and answers 500, saying nothing of it."""
    for kind in type(problem).__mro__:
        if kind in _MAKERS:
            return _MAKERS[kind](problem)
    log.error("The mock failed while answering a request: this is a bug of the mock.", exc_info=problem)
    return error(500, "internal_error", "The mock failed; its log says more.")
