"""What refusals look like: their shape, codes and media type. None of this is documented by the page itself."""

from collections.abc import Iterator

from contract_tests.answers import error_body, error_shape
from contract_tests.exchange import Exchange, Key
from contract_tests.judgement import Judgement, show
from contract_tests.model import Model
from contract_tests.rules.operations import success_requirement

# Answers that may come from something in front of the server, which owes nobody the server's shape
_OF_THE_WAY = (408, 429, 502, 503, 504)
PUBLISHED_SHAPES = ("flat", "wrapped", "detail-list")
_CODES = {
    404: ("MA-ERRORS-CODE-NOT-FOUND", "not_found"),
    405: ("MA-ERRORS-CODE-METHOD", "method_not_allowed"),
    413: ("MA-ERRORS-CODE-TOO-LARGE", "bad_request"),
    415: ("MA-ERRORS-CODE-MEDIA-TYPE", "bad_request"),
    422: ("MA-ERRORS-CODE-VALIDATION", "validation_error"),
}


def judge_errors(exchange: Exchange, model: Model) -> Iterator[Judgement]:
    """Judge the answer to a request that was refused, and that no odd request makes a server fail."""
    response = exchange.response
    if response.status not in _OF_THE_WAY and success_requirement(exchange, model) is None:
        yield Judgement(
            "MA-ERRORS-NO-5XX", response.status < 500, "no server error", str(response), [exchange]
        )
    if not response.refused or response.status in _OF_THE_WAY:
        return
    yield from _judge_shape(exchange)
    if response.body:
        media_type = response.media_type
        yield Judgement(
            "MA-ERRORS-CONTENT-TYPE",
            media_type == "application/json",
            "application/json",
            media_type or "none",
            [exchange],
        )
    if response.status == 401 and exchange.intent.key is Key.NONE:
        challenge = response.header("WWW-Authenticate")
        is_bearer = (challenge or "").split(" ")[0].rstrip(",").lower() == "bearer"
        yield Judgement(
            "MA-AUTH-CHALLENGE", is_bearer, "WWW-Authenticate: Bearer", show(challenge), [exchange]
        )
    yield from _judge_code(exchange)


def _judge_shape(exchange: Exchange) -> Iterator[Judgement]:
    if error_shape(exchange.response) in PUBLISHED_SHAPES[1:]:
        return  # another published shape: that can be judged only when all errors were seen
    content = exchange.response.json
    flat = isinstance(content, dict) and all(
        isinstance(content.get(name), str) and content[name] for name in ("code", "message")
    )
    seen = f"{error_shape(exchange.response)}: {show(exchange.response.body[:90].decode('utf-8', 'replace'))}"
    yield Judgement("MA-ERRORS-SHAPE", flat, "an object with code and message", seen, [exchange])
    details = error_body(exchange.response).get("details")
    if "details" in error_body(exchange.response):
        yield Judgement(
            "MA-ERRORS-DETAILS", isinstance(details, dict), "details: an object", show(details), [exchange]
        )


def _judge_code(exchange: Exchange) -> Iterator[Judgement]:
    code = error_body(exchange.response).get("code")
    if not isinstance(code, str) or exchange.intent.key is Key.NONE or exchange.response.status not in _CODES:
        return
    requirement, expected = _CODES[exchange.response.status]
    yield Judgement(requirement, code == expected, f"code {expected}", f"code {show(code)}", [exchange])
