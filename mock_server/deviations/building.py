"""How a deviation is written: a function of a few lines under `@deviation`, its docstring what users read of it.

`@deviation("name", "MA-…")` wants a function from a turn to an answer. The other decorators make one of something
smaller: of a change of an answer, of the accounts or orders that it shows, of the request, of the stored account. A
change counts as fired when it changed something.
"""

import inspect
from collections.abc import Callable, Container, Iterator
from copy import copy, deepcopy
from dataclasses import replace
from functools import wraps
from typing import Any

import orjson

from mock_server import representations
from mock_server.deviations.deviation import Deviation
from mock_server.deviations.turn import Memory, Turn
from mock_server.domain.accounts import ManagedAccount
from mock_server.exchange import Answer, Exchange, Perform

LIST = "listManagedAccounts"
CREATE = "createManagedAccount"
UPDATE = "updateManagedAccount"
DELETE = "deleteManagedAccount"
CREATE_ORDER = "createOrder"
LIST_ORDERS = "listOrders"
GET_ORDER = "getOrder"
TEST_PRODUCTS = "listTestProducts"

ANY = (LIST, CREATE, UPDATE, DELETE, CREATE_ORDER, LIST_ORDERS, GET_ORDER, TEST_PRODUCTS, "")
SUCCESS = range(200, 300)
REFUSAL = range(400, 500)

Act = Callable[[Turn], Answer]
Shown = dict[str, Any]


def deviation(
    name: str, requirement: str, *, keyless: bool = False, parallel: bool = False
) -> Callable[[Act], Deviation]:
    """Declare a deviation; see `Deviation` for the arguments. The function's docstring is its `about`."""

    def declare(act: Act) -> Deviation:
        def wrap(exchange: Exchange, perform: Perform) -> Answer:
            memory = Memory.of(name, exchange.tenant)
            before = memory.fired
            answer = act(Turn(exchange, perform, memory))
            if memory.fired > before:
                exchange.notes.setdefault("deviations", []).append(name)
            return answer

        about = " ".join(inspect.cleandoc(act.__doc__ or "").split())
        return Deviation(name, requirement, about, wrap, keyless, parallel)

    return declare


# Changes of answers


def answers(
    *operations: str, statuses: Container[int] = SUCCESS
) -> Callable[[Callable[[Answer, Turn], object]], Act]:
    """Change the answers of these operations that have one of these statuses."""

    def build(change: Callable[[Answer, Turn], object]) -> Act:
        @wraps(change)
        def act(turn: Turn) -> Answer:
            answer = turn.perform()
            if turn.operation not in operations or answer.status not in statuses:
                return answer
            changed = replace(answer, body=_copied(answer.body), headers=dict(answer.headers))
            try:
                with turn.tenant.lock:
                    change(changed, turn)
            except (LookupError, TypeError, ValueError, AttributeError):
                if not turn.exchange.notes.get("deviations"):
                    raise
                return answer  # another deviation has taken away what this one changes
            if changed != answer:
                turn.fired()
            return changed

        return act

    return build


def accounts(*operations: str) -> Callable[[Callable[[Shown, Turn], object]], Act]:
    """Change each account that successful answers of these operations show."""

    def build(change: Callable[[Shown, Turn], object]) -> Act:
        @answers(*operations)
        @wraps(change)
        def act(answer: Answer, turn: Turn) -> None:
            for account in shown_accounts(answer):
                change(account, turn)

        return act

    return build


def orders(*operations: str) -> Callable[[Callable[[Shown, Turn], object]], Act]:
    """Change each order that successful answers of these operations show."""

    def build(change: Callable[[Shown, Turn], object]) -> Act:
        @answers(*operations)
        @wraps(change)
        def act(answer: Answer, turn: Turn) -> None:
            for order in _shown(answer, "orders"):
                change(order, turn)

        return act

    return build


def _copied(body: Any) -> Any:
    """Return a JSON value that shares nothing with the sandbox."""
    return orjson.loads(orjson.dumps(body))


def shown_accounts(answer: Answer) -> Iterator[Shown]:
    """Yield the accounts in an answer, also where another deviation has changed its form."""
    return _shown(answer, "credentials")


def _shown(answer: Answer, name: str) -> Iterator[Shown]:
    body = answer.body
    if isinstance(body, dict) and name in body:
        body = body[name]
    for item in body if isinstance(body, list) else [body]:
        if isinstance(item, dict) and "id" in item:
            yield item


# Changes of requests


def requests(*operations: str) -> Callable[[Callable[[Shown, Turn], object]], Act]:
    """Change the fields of a request before the contract sees them."""

    def build(change: Callable[[Shown, Turn], object]) -> Act:
        @wraps(change)
        def act(turn: Turn) -> Answer:
            before = turn.fields if turn.operation in operations else None
            if before is not None:
                fields = deepcopy(before)
                change(fields, turn)
                if fields != before:
                    turn.fired()
                    turn.send(fields)
            return turn.perform()

        return act

    return build


def refusals(
    *operations: str, status: int = 422, code: str = "validation_error"
) -> Callable[[Callable[[Shown, Turn], str | None]], Act]:
    """Refuse a valid request if the function names a field to complain about."""

    def build(complaint: Callable[[Shown, Turn], str | None]) -> Act:
        @wraps(complaint)
        def act(turn: Turn) -> Answer:
            fields = turn.fields if turn.operation in operations else None
            if fields is not None:
                field = complaint(fields, turn)
                if field is not None:
                    return turn.refuse(
                        status, code, "The request does not fit.", {field: "is not what is wanted"}
                    )
            return turn.perform()

        return act

    return build


# Changes of what is stored


def created(change: Callable[[ManagedAccount, Turn], object]) -> Act:
    """Change an account when it has been created; the answer shows the change."""

    @answers(CREATE)
    @wraps(change)
    def act(answer: Answer, turn: Turn) -> None:
        account = _stored(answer, turn)
        if account is not None:
            change(account, turn)
            answer.body.update(representations.account(account))

    return act


def updated(change: Callable[[ManagedAccount, ManagedAccount, Turn], object]) -> Act:
    """Change an account when it has been updated, given what it was before; the answer shows the change."""

    @wraps(change)
    def act(turn: Turn) -> Answer:
        before = copy(turn.account) if turn.operation == UPDATE and turn.account else None

        @answers(UPDATE)
        def after(answer: Answer, turn: Turn) -> None:
            account = turn.account
            if before is not None and account is not None and isinstance(answer.body, dict):
                change(account, before, turn)
                answer.body.update(representations.account(account))

        return after(turn)

    return act


def _stored(answer: Answer, turn: Turn) -> ManagedAccount | None:
    short_id = answer.body.get("short_id") if isinstance(answer.body, dict) else None
    return turn.sandbox.accounts.get(str(short_id))


# Conditions


def when(condition: Callable[[Turn], bool]) -> Callable[[Act], Act]:
    """Deviate only at the turns that meet a condition."""

    def build(act: Act) -> Act:
        @wraps(act)
        def conditional(turn: Turn) -> Answer:
            return act(turn) if condition(turn) else turn.perform()

        return conditional

    return build


def one_in(count: int, *operations: str) -> Callable[[Act], Act]:
    """Deviate at one of each so many requests of these operations; a die of the key's own says at which."""

    def is_the_one(turn: Turn) -> bool:
        if turn.operation not in operations or turn.exchange.refusal is not None:
            return False
        place = turn.kept["place"] = (turn.kept.get("place", -1) + 1) % count
        if place == 0:
            turn.kept["chosen"] = turn.memory.random.randrange(count)
        return bool(place == turn.kept["chosen"])

    return when(is_the_one)


def past(count: int) -> Callable[[Act], Act]:
    """Deviate only while the key has more accounts than this."""
    return when(lambda turn: len(turn.sandbox.accounts) > count)
