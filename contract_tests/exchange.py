"""One request and its answer, as the run keeps them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from functools import cached_property
from typing import Any


class Operation(Enum):
    """The operations of the specification; the value is the operationId."""

    LIST = "listManagedAccounts"
    CREATE = "createManagedAccount"
    UPDATE = "updateManagedAccount"
    DELETE = "deleteManagedAccount"
    CREATE_ORDER = "createOrder"
    LIST_ORDERS = "listOrders"
    GET_ORDER = "getOrder"
    LIST_TEST_PRODUCTS = "listTestProducts"

    @property
    def of_orders(self) -> bool:
        """Whether it is an operation of orders rather than of accounts."""
        return self in _OF_ORDERS


_OF_ORDERS = frozenset(
    {Operation.CREATE_ORDER, Operation.LIST_ORDERS, Operation.GET_ORDER, Operation.LIST_TEST_PRODUCTS}
)


class Key(Enum):
    """Which API key signs a request; keys themselves stay in the client."""

    FIRST = "first"
    SECOND = "second"
    NONE = "none"  # no authorization, or one that is wrong on purpose


@dataclass(frozen=True, kw_only=True)
class Intent:
    """Why a request is sent: what the judges of its answer have to know.

    Args:
        operation: the operation that it asks for; None when it asks for none.
        key: the API key that it is signed with.
        target: the `short_id` or order id in its path.
        fields: the members of its JSON body; None where it has no JSON object as body.
        plain: whether it is what the page describes, sent by someone who may send it: it must succeed.
        blame: the requirement that is broken if this request changes something that it should not.
        racing: whether others of the same account are under way at the same time.
    """

    operation: Operation | None = None
    key: Key = Key.FIRST
    target: str | None = None
    fields: Mapping[str, Any] | None = None
    plain: bool = False
    blame: str | None = None
    racing: bool = False


@dataclass(frozen=True)
class Request:
    """What went out. The path is below the base URL, encoded, with its query."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes | None


@dataclass(frozen=True)
class Response:
    """What came back. Header names are compared without regard to case."""

    status: int
    reason: str
    headers: Sequence[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str | None:
        """The values of a header, joined by commas; None when it is absent."""
        return self._joined.get(name.lower())

    @cached_property
    def _joined(self) -> dict[str, str]:
        joined: dict[str, str] = {}
        for name, value in self.headers:
            key = name.lower()
            joined[key] = f"{joined[key]}, {value}" if key in joined else value
        return joined

    @property
    def media_type(self) -> str:
        """The media type without parameters, in lower case; empty when none is declared."""
        return (self.header("Content-Type") or "").partition(";")[0].strip().lower()

    @cached_property
    def json(self) -> Any:
        """The body read as JSON; `NOT_JSON` when it is none."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return NOT_JSON

    @property
    def succeeded(self) -> bool:
        """Whether the status is one of 2xx."""
        return 200 <= self.status < 300

    @property
    def refused(self) -> bool:
        """Whether the status is one of 4xx."""
        return 400 <= self.status < 500

    def __str__(self) -> str:
        """The status line, as messages show it."""
        return f"{self.status} {self.reason}".rstrip()


class _NotJson:
    """The value of `Response.json` for a body that is not JSON, since null is a JSON value."""

    def __repr__(self) -> str:
        return "not JSON"


NOT_JSON = _NotJson()


@dataclass(frozen=True)
class Exchange:
    """One request with its answer.

    Args:
        number: place in the run, from 1.
        started_at: when the request left, UTC.
        elapsed: seconds until the answer was complete.
        check: name of the check that sent it.
    """

    number: int
    request: Request
    intent: Intent
    response: Response
    started_at: datetime
    elapsed: float
    check: str = field(default="")
