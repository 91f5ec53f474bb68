"""What every account looks like, wherever it is shown."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime

from contract_tests.answers import (
    ACCOUNT_FIELDS,
    Account,
    answered_account,
    fraction_of,
    instant,
    is_path_segment,
    is_uuid,
    listed_accounts,
)
from contract_tests.exchange import Exchange, Operation
from contract_tests.judgement import Judgement, show

_SHORT_ID = re.compile(r"zn_acct_[a-z0-9]{8}")
_RFC_3339_UTC = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
_PASSWORD_FIELD = re.compile(r"passw|passphrase|secret|pwd", re.IGNORECASE)


def _is_instant(value: object) -> bool:
    return instant(value) is not None


# field -> (requirement, what its value must be, whether a value is that)
_FORMS: dict[str, tuple[str, str, Callable[[object], bool]]] = {
    "id": ("MA-FIELDS-ID", "a UUID", is_uuid),
    "short_id": ("MA-FIELDS-SHORT-ID", "a string that stands in a URL path as it is", is_path_segment),
    "email": ("MA-FIELDS-EMAIL", "a string", lambda value: isinstance(value, str)),
    "retailer": (
        "MA-FIELDS-RETAILER",
        "a string or null",
        lambda value: value is None or isinstance(value, str),
    ),
    "created_at": ("MA-FIELDS-CREATED-AT", "an ISO 8601 date and time", _is_instant),
    "updated_at": ("MA-FIELDS-UPDATED-AT", "an ISO 8601 date and time", _is_instant),
}


def well_typed(name: str, value: object) -> bool:
    """Whether the value of a documented field has the documented form, so that more can be said of it."""
    return _FORMS[name][2](value)


def accounts_to_judge(exchange: Exchange) -> list[Account]:
    """The accounts in an answer whose fields the page describes.

    Those are the accounts of lists and creates; an update's answer counts where it is a complete account, which the
    page does not promise.
    """
    operation, response = exchange.intent.operation, exchange.response
    if not response.succeeded:
        return []
    if operation is Operation.LIST:
        return listed_accounts(response) or []
    account = answered_account(response)
    if account is None or operation not in (Operation.CREATE, Operation.UPDATE):
        return []
    if operation is Operation.UPDATE and not set(ACCOUNT_FIELDS) <= account.keys():
        return []
    return [account]


def judge_fields(exchange: Exchange) -> Iterator[Judgement]:
    """Judge each account that an answer shows, field by field."""
    for account in accounts_to_judge(exchange):
        for name, (requirement, form, fits) in _FORMS.items():
            holds = name in account and fits(account[name])
            seen = show(account[name]) if name in account else f"no field {name}"
            yield Judgement(requirement, holds, f"{name}: {form}", seen, [exchange])
        yield from _judge_more(account, exchange)
        yield from _judge_times(account, exchange)


def _judge_more(account: Account, exchange: Exchange) -> Iterator[Judgement]:
    more = sorted(set(account) - set(ACCOUNT_FIELDS))
    others = [name for name in more if not is_password_field(name, account[name])]
    yield Judgement(
        "MA-FIELDS-NO-OTHERS",
        not others,
        "the six documented fields",
        f"also {', '.join(others)}",
        [exchange],
    )
    if isinstance(account.get("short_id"), str):
        yield Judgement(
            "MA-FIELDS-SHORT-ID-FORM",
            bool(_SHORT_ID.fullmatch(account["short_id"])),
            "zn_acct_ and eight characters of a-z and 0-9",
            show(account["short_id"]),
            [exchange],
        )


def is_password_field(name: str, value: object) -> bool:
    """Whether a field is there for a password, by its name; one that says whether there is a password is not."""
    return bool(_PASSWORD_FIELD.search(name)) and not isinstance(value, bool)


def _judge_times(account: Account, exchange: Exchange) -> Iterator[Judgement]:
    times = {name: account[name] for name in ("created_at", "updated_at") if _is_instant(account.get(name))}
    for name, value in times.items():
        yield Judgement(
            "MA-FIELDS-TIMES-UTC",
            bool(_RFC_3339_UTC.fullmatch(value)),
            f"{name} as in 2026-01-15T10:30:00Z",
            show(value),
            [exchange],
        )
        fraction = fraction_of(value)
        yield Judgement(
            "MA-FIELDS-TIMES-FRACTION",
            not fraction or fraction.strip(".,0") != "",
            f"no fraction of zero in {name}",
            show(value),
            [exchange],
        )
    created, updated = (instant(times.get(name)) for name in ("created_at", "updated_at"))
    if created and updated:
        yield from _judge_order_of_times(created, updated, times, exchange)


def _judge_order_of_times(
    created: datetime, updated: datetime, times: dict[str, str], exchange: Exchange
) -> Iterator[Judgement]:
    expected = f"updated_at {show(times['created_at'])}"
    seen = show(times["updated_at"])
    if _are_of_different_zones(created, updated):
        return  # one of them is not the instant that it seems to be, which is judged by itself
    yield Judgement("MA-FIELDS-TIMES-ORDERED", updated >= created, f"{expected} or later", seen, [exchange])
    if exchange.intent.operation is Operation.CREATE:
        yield Judgement("MA-FIELDS-TIMES-NEW", updated == created, expected, seen, [exchange])


def _are_of_different_zones(created: datetime, updated: datetime) -> bool:
    """Whether instants of one new account lie quarters of an hour apart, as zones do."""
    quarters, rest = divmod(abs((updated - created).total_seconds()) + 1, 15 * 60)
    return quarters > 0 and rest <= 2
