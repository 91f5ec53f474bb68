"""Deviations of which managed account serves an order."""

from typing import Any

from mock_server.deviations.building import (
    CREATE_ORDER,
    GET_ORDER,
    LIST_ORDERS,
    deviation,
    orders,
    refusals,
    requests,
)
from mock_server.deviations.order_requests import host_of_product, products_of
from mock_server.deviations.turn import Turn
from mock_server.domain.accounts import ManagedAccount
from mock_server.exchange import Answer

Fields = dict[str, Any]


def _fitting(fields: Fields, turn: Turn, fits: Any) -> list[ManagedAccount]:
    """The accounts whose retailer fits the host of the first product, oldest first."""
    products = products_of(fields)
    host = host_of_product(products[0]) if products else None
    held = turn.sandbox.accounts.values()
    return [account for account in held if host and account.retailer and fits(account.retailer.lower(), host)]


def _is_label(retailer: str, host: str) -> bool:
    return retailer in host.split(".")


@deviation("newest-fitting-account-serves", "MA-ORDERS-CHOICE-RETAILER")
@requests(CREATE_ORDER)
def newest_fitting_account_serves(fields: Fields, turn: Turn) -> None:
    """Of several accounts that fit the newest serves an order: what was set aside for trials is used at once."""
    fitting = _fitting(fields, turn, _is_label)
    if len(fitting) > 1 and not fields.get("retailer_credentials_id"):
        fields["retailer_credentials_id"] = fitting[-1].short_id


@deviation("newest-default-account-serves", "MA-ORDERS-CHOICE-DEFAULT")
@requests(CREATE_ORDER)
def newest_default_account_serves(fields: Fields, turn: Turn) -> None:
    """Of several default accounts the newest serves an order: orders change their account unasked."""
    defaults = [account for account in turn.sandbox.accounts.values() if account.retailer is None]
    unfit = not fields.get("retailer_credentials_id") and not _fitting(fields, turn, _is_label)
    if len(defaults) > 1 and unfit:
        fields["retailer_credentials_id"] = defaults[-1].short_id


@deviation("part-of-host-chooses-account", "MA-ORDERS-CHOICE-LABEL")
@requests(CREATE_ORDER)
def part_of_host_chooses_account(fields: Fields, turn: Turn) -> None:
    """A retailer fits each host that it is a part of: notamazon.com gets the login of amazon."""
    fitting = _fitting(fields, turn, lambda retailer, host: retailer in host)
    if fitting and not fields.get("retailer_credentials_id") and not _fitting(fields, turn, _is_label):
        fields["retailer_credentials_id"] = fitting[0].short_id


@deviation("explicit-account-must-fit", "MA-ORDERS-CHOICE-EXPLICIT")
@refusals(CREATE_ORDER)
def explicit_account_must_fit(fields: Fields, turn: Turn) -> str | None:
    """An account that an order names is refused where its retailer does not fit: a shop under another name is out."""
    account = turn.sandbox.accounts.get(str(fields.get("retailer_credentials_id")))
    hosts = [host for product in products_of(fields) if (host := host_of_product(product))]
    if account is None or account.retailer is None or not hosts:
        return None
    return None if _is_label(account.retailer.lower(), hosts[0]) else "retailer_credentials_id"


def _without_account(turn: Turn, condition: Any) -> Answer:
    """Drop the account that an order names if it meets the condition: Zinc's own serve the order."""
    fields = (turn.fields if turn.operation == CREATE_ORDER else None) or {}
    named = fields.get("retailer_credentials_id")
    if named and str(named) not in turn.sandbox.accounts and condition(str(named)):
        turn.fired()
        turn.send({name: value for name, value in fields.items() if name != "retailer_credentials_id"})
    return turn.perform()


@deviation("unknown-account-of-order-passed-over", "MA-ORDERS-ACCOUNT-UNKNOWN-404")
def unknown_account_of_order_passed_over(turn: Turn) -> Answer:
    """An unknown account that an order names is passed over: the order runs on an account that nobody chose."""
    known = turn.kept.setdefault("known", set())
    known.update(turn.sandbox.accounts)
    foreign = {short_id for tenant in turn.others() for short_id in tenant.sandbox.accounts}
    return _without_account(turn, lambda short_id: short_id not in known | foreign)


@deviation("deleted-account-of-order-passed-over", "MA-ORDERS-ACCOUNT-DELETED-404")
def deleted_account_of_order_passed_over(turn: Turn) -> Answer:
    """A deleted account that an order names is passed over: the order runs on an account that nobody chose."""
    known = turn.kept.setdefault("known", set())
    known.update(turn.sandbox.accounts)
    return _without_account(turn, lambda short_id: short_id in known)


@deviation("foreign-account-of-order-passed-over", "MA-ORDERS-ACCOUNT-FOREIGN-404")
def foreign_account_of_order_passed_over(turn: Turn) -> Answer:
    """Another key's account in an order is passed over: the order runs on an account that nobody chose."""
    foreign = {short_id for tenant in turn.others() for short_id in tenant.sandbox.accounts}
    return _without_account(turn, lambda short_id: short_id in foreign)


@deviation("orders-of-deleted-account-fail-otherwise", "MA-ORDERS-DELETED-ACCOUNT-FAILS")
@orders(LIST_ORDERS, GET_ORDER)
def orders_of_deleted_account_fail_otherwise(order: Fields, turn: Turn) -> None:
    """Orders of a deleted account fail with retailer_unavailable: a client tries again for ever."""
    result = order.get("job_result") or {}
    is_gone = order["retailer_credentials_id"] not in turn.sandbox.accounts
    if is_gone and result.get("error_type") == "login_failed":
        result["error_type"] = "retailer_unavailable"
