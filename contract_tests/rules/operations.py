"""What each account operation answers: statuses, the form of its body, its media type."""

from collections import Counter
from collections.abc import Iterator

from contract_tests.answers import looks_like_account
from contract_tests.exchange import NOT_JSON, Exchange, Operation
from contract_tests.judgement import Judgement, show
from contract_tests.model import Model

# operation -> (requirement of success, requirement of the exact status, that status, requirement of the media type)
_ANSWERS = {
    Operation.LIST: ("MA-LIST-SUCCEEDS", "MA-LIST-200", 200, "MA-LIST-CONTENT-TYPE"),
    Operation.CREATE: ("MA-CREATE-SUCCEEDS", "MA-CREATE-201", 201, "MA-CREATE-CONTENT-TYPE"),
    Operation.UPDATE: ("MA-UPDATE-SUCCEEDS", "MA-UPDATE-200", 200, "MA-UPDATE-CONTENT-TYPE"),
    Operation.DELETE: ("MA-DELETE-SUCCEEDS", "MA-DELETE-204", 204, None),
}
_OPTIONAL = {
    Operation.CREATE: {"password": "MA-CREATE-PASSWORD-OPTIONAL", "retailer": "MA-CREATE-RETAILER-OPTIONAL"},
    Operation.UPDATE: {
        "email": "MA-UPDATE-EMAIL-OPTIONAL",
        "password": "MA-UPDATE-PASSWORD-OPTIONAL",
        "retailer": "MA-UPDATE-RETAILER-OPTIONAL",
    },
}


def success_requirement(exchange: Exchange, model: Model) -> str | None:
    """The requirement by which a plain request must succeed; None when something else could be at fault."""
    operation = exchange.intent.operation
    if not exchange.intent.plain or operation not in _ANSWERS or _has_an_excuse(exchange, model):
        return None
    fields = exchange.intent.fields or {}
    optional = _OPTIONAL.get(operation, {})
    omitted = [name for name in optional if name not in fields]
    if not omitted:
        return _ANSWERS[operation][0]
    fuller: list[tuple[str, ...]] = [()] if len(omitted) == 1 else [(name,) for name in omitted]
    if not all((operation, less) in model.fine_without for less in fuller):
        return None  # with less left out it is, or may be, not taken either
    if len(omitted) == len(_OPTIONAL[Operation.UPDATE]):
        return "MA-UPDATE-EMPTY"
    if not exchange.response.succeeded and (operation, tuple(omitted)) in model.fine_without:
        return _ANSWERS[operation][0]  # it was taken before: what is left out is not the reason
    return optional[omitted[0]]


def _has_an_excuse(exchange: Exchange, model: Model) -> bool:
    """Whether a refusal may be no fault, or the fault of an earlier request."""
    intent, response = exchange.intent, exchange.response
    if response.succeeded:
        return False
    if _is_about_the_key(exchange, model):
        return True  # whether the key opens the operation is a requirement of its own
    if intent.operation is Operation.LIST:
        return response.status == 404 and not model.alive(
            intent.key
        )  # how no accounts are listed is left open
    if intent.operation is Operation.CREATE:
        # Whether accounts may share a retailer is left open, and a racing create may have met one under way.
        retailer = (intent.fields or {}).get("retailer")
        return response.refused and (intent.racing or model.shares_retailer(intent.key, retailer))
    if intent.operation is Operation.UPDATE and "retailer" in (intent.fields or {}) and response.refused:
        retailer = (intent.fields or {})["retailer"]
        return _may_be_missing(exchange, model) or model.shares_retailer(intent.key, retailer, intent.target)
    return _may_be_missing(exchange, model)


def _is_about_the_key(exchange: Exchange, model: Model) -> bool:
    """Whether an answer refuses the key: a 403 of an operation that the key has opened refuses something else."""
    status = exchange.response.status
    opened = (exchange.intent.key, exchange.intent.operation) in model.opened
    return status == 401 or (status == 403 and not opened)


def judge_operations(exchange: Exchange, model: Model) -> Iterator[Judgement]:
    """Judge the answer to a request that must succeed."""
    operation, response = exchange.intent.operation, exchange.response
    if operation not in _ANSWERS or response.status == 429:
        return
    if exchange.intent.plain:
        accepted = not _is_about_the_key(exchange, model)
        yield Judgement("MA-AUTH-BEARER", accepted, "the key is accepted", str(response), [exchange])
    if requirement := success_requirement(exchange, model):
        evidence = [*_origin(exchange, model), exchange]
        yield Judgement(requirement, response.succeeded, "success (2xx)", str(response), evidence)
    if not response.succeeded or (operation is Operation.LIST and _is_odd_and_empty(exchange, model)):
        return
    if exchange.intent.plain:
        _, exact, status, _ = _ANSWERS[operation]
        evidence = [*_origin(exchange, model), exchange]
        yield Judgement(exact, response.status == status, str(status), str(response), evidence)
    yield from _judge_media_type(exchange)
    if operation is Operation.LIST:
        yield from _judge_list_form(exchange)
    elif operation is Operation.CREATE and exchange.intent.plain:
        yield from _judge_create_form(exchange)
    elif operation is Operation.DELETE:
        yield from _judge_emptiness(exchange, _origin(exchange, model))


def _is_odd_and_empty(exchange: Exchange, model: Model) -> bool:
    """Whether a key without accounts may be what a list without the documented form tells of."""
    content = exchange.response.json
    return not model.alive(exchange.intent.key) and not (isinstance(content, dict) and content)


def _may_be_missing(exchange: Exchange, model: Model) -> bool:
    """Whether an account may be unknown to the server for a fault of an earlier request, not of this one."""
    known = model.find(exchange.intent.target)
    if known is None or exchange.response.status not in (404, 410):
        return False
    deletes = [cause for cause in model.since_list[known.key] if cause.intent.operation is Operation.DELETE]
    return not known.alive or known.listed is None or known.missing or bool(deletes)


def _origin(exchange: Exchange, model: Model) -> list[Exchange]:
    known = model.find(exchange.intent.target)
    return [known.origin] if known else []


def _judge_media_type(exchange: Exchange) -> Iterator[Judgement]:
    operation = exchange.intent.operation
    requirement = _ANSWERS[operation][3] if operation else None
    if requirement and exchange.response.body:
        media_type = exchange.response.media_type
        yield Judgement(
            requirement,
            media_type == "application/json",
            "application/json",
            media_type or "none",
            [exchange],
        )


def _judge_list_form(exchange: Exchange) -> Iterator[Judgement]:
    content = exchange.response.json
    listed = content.get("credentials") if isinstance(content, dict) else None
    is_list = isinstance(listed, list) and all(isinstance(item, dict) for item in listed)
    expected = "an object whose credentials are an array of accounts"
    yield Judgement("MA-LIST-CREDENTIALS", is_list, expected, _form(content), [exchange])
    if not isinstance(content, dict):
        return
    total = content.get("total")
    is_integer = isinstance(total, int) and not isinstance(total, bool)
    seen = f"total {show(total)}" if "total" in content else "no total"
    yield Judgement("MA-LIST-TOTAL", is_integer, "total: an integer", seen, [exchange])
    if not isinstance(listed, list) or not is_list:
        return
    if is_integer:
        yield Judgement(
            "MA-LIST-TOTAL-COUNTS", total == len(listed), f"total {len(listed)}", seen, [exchange]
        )
    yield from _judge_repetitions(listed, exchange)


def _judge_repetitions(listed: list[dict[str, object]], exchange: Exchange) -> Iterator[Judgement]:
    both = Counter((str(account.get("id")), str(account.get("short_id"))) for account in listed)
    twice = [short_id for (_, short_id), times in both.items() if times > 1]
    yield Judgement("MA-LIST-ONCE", not twice, "each account once", f"{', '.join(twice)} twice", [exchange])
    for requirement, place, name in (
        ("MA-FIELDS-ID-UNIQUE", 0, "id"),
        ("MA-FIELDS-SHORT-ID-UNIQUE", 1, "short_id"),
    ):
        shared = [value for value, times in Counter(pair[place] for pair in both).items() if times > 1]
        shared = [value for value in shared if value != "None"]
        seen = f"two accounts with the {name} {', '.join(shared)}"
        yield Judgement(requirement, not shared, f"a different {name} for each account", seen, [exchange])


def _judge_create_form(exchange: Exchange) -> Iterator[Judgement]:
    content, sent = exchange.response.json, exchange.intent.fields or {}
    is_account = isinstance(content, dict) and looks_like_account(content)
    yield Judgement("MA-CREATE-ANSWERS-ACCOUNT", is_account, "one account object", _form(content), [exchange])
    if not is_account:
        return
    email, retailer = content.get("email"), content.get("retailer")
    if isinstance(email, str):
        yield Judgement(
            "MA-CREATE-EMAIL", email == sent.get("email"), show(sent.get("email")), show(email), [exchange]
        )
    if "retailer" not in content or not (retailer is None or isinstance(retailer, str)):
        return
    if "retailer" not in sent:
        yield Judgement(
            "MA-CREATE-RETAILER-DEFAULT", retailer is None, "retailer null", show(retailer), [exchange]
        )
        return
    given = str(sent["retailer"])
    same = isinstance(retailer, str) and retailer.casefold() == given.casefold()
    yield Judgement("MA-CREATE-RETAILER", same, f"retailer {show(given)}", show(retailer), [exchange])
    if same:
        yield Judgement(
            "MA-CREATE-RETAILER-EXACT",
            retailer == given,
            f"retailer {show(given)}",
            show(retailer),
            [exchange],
        )


def _judge_emptiness(exchange: Exchange, origin: list[Exchange]) -> Iterator[Judgement]:
    response = exchange.response
    evidence = [*origin, exchange]
    announced = response.header("Content-Length") not in (None, "0") or response.header("Transfer-Encoding")
    has_body = bool(response.body) or (response.status == 204 and bool(announced))
    seen = (
        f"{len(response.body)} bytes: {show(response.body[:60])}" if response.body else "a body is announced"
    )
    yield Judgement("MA-DELETE-NO-BODY", not has_body, "no body", seen, evidence)
    if response.status == 204:
        media_type = response.header("Content-Type")
        yield Judgement(
            "MA-DELETE-NO-CONTENT-TYPE", media_type is None, "no Content-Type", show(media_type), evidence
        )


def _form(content: object) -> str:
    if content is NOT_JSON:
        return "a body that is not JSON"
    if isinstance(content, dict):
        return f"an object with {', '.join(map(str, content)) or 'no field'}"
    return "an array" if isinstance(content, list) else show(content)
