"""How the API shows managed accounts and orders: one function a resource, fields in the page's order.

What was made once is kept until the resource changes: a list of many costs what it lists, not what it validates.
"""

from typing import Any

from mock_server.domain.accounts import ManagedAccount
from mock_server.domain.orders import ITEM_STATUS, Order, OrderStatus
from mock_server.instants import format_instant
from mock_server.validators import Unchanging


def account(shown: ManagedAccount) -> Unchanging:
    """Return a managed account as a JSON object (the page, Response Fields); the password is never in it."""
    if shown.shown is None:
        shown.shown = Unchanging(_account(shown))
    made: Unchanging = shown.shown
    return made


def order(shown: Order) -> Unchanging:
    """Return an order as a JSON object (related: Orders)."""
    if shown.shown is None:
        shown.shown = Unchanging(_order(shown))
    made: Unchanging = shown.shown
    return made


def _account(shown: ManagedAccount) -> dict[str, Any]:
    created_at = format_instant(shown.created_at)
    unchanged = shown.updated_at == shown.created_at
    return {
        "id": shown.id,
        "short_id": shown.short_id,
        "email": shown.email,
        "retailer": shown.retailer,
        "created_at": created_at,
        "updated_at": created_at if unchanged else format_instant(shown.updated_at),
    }


def _order(shown: Order) -> dict[str, Any]:
    created_at, updated_at = format_instant(shown.created_at), format_instant(shown.updated_at)
    status = ITEM_STATUS[shown.status]
    placed = shown.status is OrderStatus.ORDER_PLACED
    body: dict[str, Any] = {
        "id": shown.id,
        "status": shown.status.value,
        "max_price": shown.max_price,
        "attempts": shown.attempts,
        "items": [
            {
                "id": shown.item_id(index),
                **product,
                "status": status,
                "created_at": created_at,
                "updated_at": updated_at,
            }
            for index, product in enumerate(shown.products)
        ],
        "shipping_address": shown.shipping_address,
        "metadata": shown.metadata,
        "po_number": shown.po_number,
        "retailer_credentials_id": shown.retailer_credentials_id,
        "tracking_numbers": [{**shown.tracking, "created_at": updated_at}] if placed else [],
        "created_at": created_at,
        "updated_at": updated_at,
    }
    if placed:
        body["merchant_order_id"] = shown.merchant_order_id
        body["price_components"] = shown.price_components
    if shown.is_final:
        failure = shown.failure
        body["job_result"] = failure and {"error_type": failure.error_type, "error": failure.error}
    return body
