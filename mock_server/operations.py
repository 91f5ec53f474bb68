"""What each operation of the specification does: operationId -> a short function from request to body.

Each takes the key's sandbox, what was asked, and the instant; it returns the JSON value of the success answer, or
None for an answer without a body. Paths, statuses, schemas and validation are the document's business.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from mock_server import representations
from mock_server.domain.errors import InvalidField
from mock_server.domain.sandbox import Sandbox


class Asked(NamedTuple):
    """What a valid request asks: the values in its path, its query and its body (secrets are sealed)."""

    path: Mapping[str, str]
    query: Mapping[str, Any]
    body: Any

    @property
    def subject(self) -> str:
        """The id that the path names, whatever the document calls it; the last one where there are several."""
        *_, subject = self.path.values()
        return subject


Handler = Callable[[Sandbox, Asked, datetime], Any]


def list_managed_accounts(sandbox: Sandbox, asked: Asked, now: datetime) -> Any:  # noqa: ARG001
    """Show all accounts in order of creation (the page, List Credentials)."""
    credentials = [representations.account(account) for account in sandbox.accounts.values()]
    return {"credentials": credentials, "total": len(credentials)}


def create_managed_account(sandbox: Sandbox, asked: Asked, now: datetime) -> Any:
    """Add an account (the page, Create Credentials)."""
    given = _fields(asked, "email")
    account = sandbox.create_account(given["email"], given.get("password"), given.get("retailer"), now)
    return representations.account(account)


def update_managed_account(sandbox: Sandbox, asked: Asked, now: datetime) -> Any:
    """Change the provided fields of an account (the page, Update Credentials)."""
    return representations.account(sandbox.update_account(asked.subject, _fields(asked), now))


def delete_managed_account(sandbox: Sandbox, asked: Asked, now: datetime) -> Any:
    """Remove an account (the page, Delete Credentials)."""
    sandbox.delete_account(asked.subject, now)


def create_order(sandbox: Sandbox, asked: Asked, now: datetime) -> Any:
    """Submit an order (related: Orders)."""
    given = _fields(asked, "products", "shipping_address", "max_price")
    return representations.order(sandbox.submit_order(given, now))


def list_orders(sandbox: Sandbox, asked: Asked, now: datetime) -> Any:  # noqa: ARG001
    """Show the orders, newest first (related: Orders)."""
    orders = sandbox.newest_orders(asked.query.get("order_id", ""))
    return {"orders": [representations.order(order) for order in orders]}


def get_order(sandbox: Sandbox, asked: Asked, now: datetime) -> Any:  # noqa: ARG001
    """Show one order (related: Orders)."""
    return representations.order(sandbox.order(asked.subject))


def _fields(asked: Asked, *needed: str) -> Mapping[str, Any]:
    """Return the fields of the body.

    Raises:
        InvalidField: one that the operation cannot do without is not there, though the document may not ask for it.
    """
    if not isinstance(asked.body, Mapping):
        raise InvalidField("body", "must be an object")
    for name in needed:
        if asked.body.get(name) is None:
            raise InvalidField(name, "is required")
    return asked.body


# listTestProducts has no handler: it is answered from the document's example.
HANDLERS: dict[str, Handler] = {
    "listManagedAccounts": list_managed_accounts,
    "createManagedAccount": create_managed_account,
    "updateManagedAccount": update_managed_account,
    "deleteManagedAccount": delete_managed_account,
    "createOrder": create_order,
    "listOrders": list_orders,
    "getOrder": get_order,
}
