"""Requests that schemathesis generates from the specification: examples, edge cases, random ones, and chains by links.

It speaks to the guard's proxy alone. Every answer is judged by the run's own rules as it comes in; what schemathesis
itself finds, by the specification's schemas, is laid to the requirement that its place in the document stands for.
"""

from collections.abc import Iterator
from typing import Any

import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema
from schemathesis.openapi.checks import (
    JsonSchemaError,
    MissingContentType,
    MissingHeaders,
    UndefinedContentType,
)

from contract_tests.answers import instant, looks_like_account
from contract_tests.errors import RunError
from contract_tests.exchange import Exchange, Operation
from contract_tests.judgement import Judgement, show
from contract_tests.proxy import NUMBER, Proxy

_ACCOUNT_OPERATIONS = (Operation.LIST, Operation.CREATE, Operation.UPDATE, Operation.DELETE)
_ACCOUNT_FIELDS = {
    "id": "MA-FIELDS-ID",
    "short_id": "MA-FIELDS-SHORT-ID",
    "email": "MA-FIELDS-EMAIL",
    "retailer": "MA-FIELDS-RETAILER",
    "created_at": "MA-FIELDS-CREATED-AT",
    "updated_at": "MA-FIELDS-UPDATED-AT",
}
# Keywords by which the specification asks for more than the page does; None where no requirement does
_STRICTER = {
    ("short_id", "pattern"): "MA-FIELDS-SHORT-ID-FORM",
    ("email", "format"): None,
    ("created_at", "format"): "MA-FIELDS-TIMES-UTC",
    ("updated_at", "format"): "MA-FIELDS-TIMES-UTC",
}
_LIST_FIELDS = {"credentials": "MA-LIST-CREDENTIALS", "total": "MA-LIST-TOTAL"}
_MEDIA_TYPES = {
    Operation.LIST: "MA-LIST-CONTENT-TYPE",
    Operation.CREATE: "MA-CREATE-CONTENT-TYPE",
    Operation.UPDATE: "MA-UPDATE-CONTENT-TYPE",
}


def configuration(seed: int, max_examples: int, keys: dict[str, str]) -> SchemathesisConfig:
    """How schemathesis is fenced: the same seed sends the same, nothing is learnt from answers, nothing is kept.

    Checks are limited to those that hold an answer against its schema. Whether invalid requests are refused and valid
    ones taken is left open by the page in many places, and is judged where it is not by checks of our own.
    """
    fence: dict[str, Any] = {
        "seed": seed,
        "workers": 1,
        "headers": keys,
        "cache": {"enabled": False},
        "analysis": {"constants": {"enabled": False}},
        "max-redirects": 0,
        "generation": {"max-examples": max_examples, "deterministic": True},
        "phases": {
            "coverage": {"unexpected-methods": [], "extra-data-sources": {"responses": False}},
            "fuzzing": {"extra-data-sources": {"responses": False}, "error-feedback": {"enabled": False}},
            "stateful": {"inference": {"algorithms": []}, "max-steps": 4},
        },
        "checks": {
            "enabled": False,
            "response_schema_conformance": {"enabled": True},
            "response_headers_conformance": {"enabled": True},
            "content_type_conformance": {"enabled": True},
        },
    }
    return SchemathesisConfig.from_dict(fence)


def fuzz(
    document: dict[str, Any], proxy: Proxy, seed: int, max_examples: int, api_key: str
) -> Iterator[Judgement]:
    """Send what schemathesis generates for the account operations.

    Args:
        document: the specification.
        proxy: where it is sent.
        seed: of the generation.
        max_examples: how many random requests for each operation and each chain.
        api_key: signs the requests.

    Yields:
        What the specification's schemas say of the answers.

    Raises:
        KeyboardInterrupt: it was asked for meanwhile; the requests that were under way are answered.
        RunError: schemathesis could not do its work. What the proxy has in `trouble` goes before: it is why.
    """
    config = configuration(seed, max_examples, {"Authorization": f"Bearer {api_key}"})
    schema = schemathesis.openapi.from_dict(document, config=config)
    schema.config.update(base_url=proxy.url)
    accounts = schema.include(operation_id=[operation.value for operation in _ACCOUNT_OPERATIONS])
    interrupted, errors = False, []
    for event in from_schema(accounts).execute():
        if isinstance(event, events.ScenarioFinished):
            yield from _judgements(event.recorder, proxy)
        elif isinstance(event, events.Interrupted):
            interrupted = True  # schemathesis has caught it, and comes to its end by itself
        elif isinstance(event, events.NonFatalError):
            errors.append(f"{event.label}: {event.info.title}: {event.info.message}")
        elif isinstance(event, events.FatalError):
            errors.append(f"{type(event.exception).__name__}: {event.exception}")
    if interrupted:
        raise KeyboardInterrupt
    if errors and proxy.trouble is None:
        raise RunError(f"the generator of requests had an error: {errors[0]}")


def _judgements(recorder: Any, proxy: Proxy) -> Iterator[Judgement]:
    for case_id, checks in recorder.checks.items():
        response = recorder.find_response(case_id=case_id)
        number = response.headers.get(NUMBER.lower(), [None])[0] if response else None
        exchange = proxy.exchanges.get(str(number))
        for check in checks:
            failure = check.failure_info.failure if check.failure_info else None
            if exchange is not None and failure is not None:
                yield from _judge(failure, exchange)


def _judge(failure: Exception, exchange: Exchange) -> Iterator[Judgement]:
    requirement = requirement_of(failure, exchange)
    if requirement:
        text = str(getattr(failure, "_raw_message", "") or failure).splitlines()[0]
        yield Judgement(requirement, False, "an answer by the specification", show(text), [exchange])


def requirement_of(failure: Exception, exchange: Exchange) -> str | None:
    """The requirement that a finding of schemathesis breaks; None when it has none."""
    operation, refused = exchange.intent.operation, exchange.response.refused
    if isinstance(failure, MissingHeaders):
        return "MA-AUTH-CHALLENGE" if exchange.response.status == 401 else None
    if isinstance(failure, MissingContentType | UndefinedContentType):
        return "MA-ERRORS-CONTENT-TYPE" if refused else _MEDIA_TYPES.get(operation) if operation else None
    if not isinstance(failure, JsonSchemaError):
        return None
    content = exchange.response.json
    if (
        operation is Operation.CREATE
        and not refused
        and not (isinstance(content, dict) and looks_like_account(content))
    ):
        return "MA-CREATE-ANSWERS-ACCOUNT"
    path = [str(step) for step in failure.instance_path]
    keyword = str(failure.schema_path[-1]) if failure.schema_path else ""
    if refused:
        return "MA-ERRORS-DETAILS" if path[:1] == ["details"] else "MA-ERRORS-SHAPE"
    if operation is Operation.LIST and (len(path) < 2 or path[0] != "credentials"):
        return _LIST_FIELDS.get(path[0] if path else _missing(failure), "MA-LIST-CREDENTIALS")
    if operation is Operation.UPDATE and (keyword == "required" or not path):
        return "MA-UPDATE-ANSWERS-ACCOUNT"
    name = path[-1] if path and path[-1] in _ACCOUNT_FIELDS else _missing(failure)
    is_stricter = (name, keyword) in _STRICTER and (not name.endswith("_at") or instant(failure.instance))
    return _STRICTER[name, keyword] if is_stricter else _ACCOUNT_FIELDS.get(name)


def _missing(failure: JsonSchemaError) -> str:
    """The name of a required field that is missing, from the message: `"total" is a required property`."""
    return str(failure._raw_message).split('"')[1] if '"' in str(failure._raw_message) else ""
