"""Reads answers generously: a fault in one place must not hide what the rest of an answer says.

Whether an answer has the right form is for the rules to judge; here is only where its accounts are.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from contract_tests.exchange import Response

ACCOUNT_FIELDS = ("id", "short_id", "email", "retailer", "created_at", "updated_at")

# ISO 8601 as the page names it: a calendar date and a time of day, extended or basic form, any offset or none
_ISO_8601 = re.compile(
    r"(?P<date>\d{4}-?\d\d-?\d\d)[Tt ](?P<time>\d\d:?\d\d(:?\d\d)?)(?P<fraction>[.,]\d+)?"
    r"(?P<offset>[Zz]|[+-]\d\d(:?\d\d)?)?"
)
# What a URL path segment may hold without being encoded (RFC 3986, section 3.3)
_SEGMENT = re.compile(r"[A-Za-z0-9._~!$&'()*+,;=:@-]+")

Account = Mapping[str, Any]


def listed_accounts(response: Response) -> list[Account] | None:
    """The accounts in a list answer, in its order; None when there is no list in it."""
    return listed_objects(response, "credentials")


def listed_objects(response: Response, name: str) -> list[Mapping[str, Any]] | None:
    """The objects in the member of this name, or else in the first member that is a list, or in a list without one."""
    content = response.json
    if isinstance(content, dict):
        lists = [content[name]] if name in content else list(content.values())
        content = next((value for value in lists if isinstance(value, list)), None)
    if not isinstance(content, list) or not {*map(type, content)} <= {dict}:
        return None
    return content


def answered_account(response: Response) -> Account | None:
    """The account in the answer to a create or an update, also when it is wrapped in one more object or array."""
    content = response.json
    if isinstance(content, dict) and not looks_like_account(content):
        inner = [value for value in content.values() if isinstance(value, dict | list)]
        content = inner[0] if len(inner) == 1 else None
    if isinstance(content, list):
        content = content[0] if len(content) == 1 else None
    return content if isinstance(content, dict) and looks_like_account(content) else None


def looks_like_account(content: Mapping[str, Any]) -> bool:
    """Whether an object has at least two of the fields by which an account is known."""
    return sum(field in content for field in ("id", "short_id", "email")) >= 2


def name_of(account: Account) -> str | None:
    """The short_id of an account; None when it has none that can stand in a path."""
    short_id = account.get("short_id")
    return short_id if isinstance(short_id, str) and is_path_segment(short_id) else None


def by_short_id(accounts: Iterable[Account]) -> dict[str, Account]:
    """The accounts that have a usable short_id, by it."""
    return {name: account for account in accounts if (name := name_of(account)) is not None}


def names_listed_twice(accounts: Iterable[Account]) -> set[object]:
    """The short_ids that several of the accounts share."""
    times = Counter(name for account in accounts if (name := name_of(account)) is not None)
    return {name for name, count in times.items() if count > 1}


def is_path_segment(value: object) -> bool:
    """Whether a value is a string that stands in a URL path as it is."""
    return isinstance(value, str) and bool(_SEGMENT.fullmatch(value)) and value not in (".", "..")


def is_uuid(value: object) -> bool:
    """Whether a value is a string that is a UUID in its usual form."""
    if not isinstance(value, str) or len(value) != 36:
        return False
    try:
        return str(UUID(value)) == value.lower()
    except ValueError:
        return False


def instant(value: object) -> datetime | None:
    """The instant that an ISO 8601 string names, UTC where it has no offset; None for anything else."""
    if not isinstance(value, str) or not _ISO_8601.fullmatch(value):
        return None
    try:
        parsed = datetime.fromisoformat(value.replace(",", ".").upper())
    except ValueError:
        return None
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def offset_of(value: str) -> str:
    """How a timestamp gives its offset: `Z`, digits, or nothing."""
    found = _ISO_8601.fullmatch(value)
    return (found["offset"] or "").upper() if found else ""


def fraction_of(value: str) -> str:
    """The fraction of a second in a timestamp, with its point; empty when there is none."""
    found = _ISO_8601.fullmatch(value)
    return found["fraction"] or "" if found else ""


def error_shape(response: Response) -> str:
    """Which of the published shapes an error body has: a name of an answer to Q-ERROR-SHAPE."""
    content = response.json
    if not response.body:
        return "empty"
    if isinstance(content, dict) and isinstance(content.get("error"), dict) and "code" in content["error"]:
        return "wrapped"
    if isinstance(content, dict) and isinstance(content.get("detail"), list):
        return "detail-list"
    if isinstance(content, dict) and {"code", "message"} <= content.keys():
        return "flat"
    return "html" if "html" in response.media_type else "other"


def error_body(response: Response) -> Mapping[str, Any]:
    """The object that holds code, message and details, flat or wrapped; empty when there is none."""
    content = response.json
    if isinstance(content, dict) and isinstance(content.get("error"), dict):
        content = content["error"]
    return content if isinstance(content, dict) else {}
