"""Exchanges about orders, made up for tests of rules: a server with one account, seen from outside."""

import json
from datetime import UTC, datetime
from itertools import count
from typing import Any

from contract_tests.exchange import Exchange, Intent, Key, Operation, Request, Response
from contract_tests.journal import Marker
from contract_tests.model import Model
from contract_tests.order_book import OrderBook
from contract_tests.products import SUCCESS
from contract_tests.rules import judge_orders

RUN = "0123456789ab"
ACCOUNT, OTHER_ACCOUNT = "zn_acct_aaaaaaaa", "zn_acct_bbbbbbbb"
JSON = (("Content-Type", "application/json"),)

_numbers = count(1)


def exchange(
    operation: Operation,
    status: int,
    content: Any,
    *,
    path: str = "/orders",
    plain: bool = True,
    headers: tuple[tuple[str, str], ...] = JSON,
    **intent: Any,
) -> Exchange:
    """An exchange with an answer in JSON."""
    body = json.dumps(content).encode() if content is not None else b""
    return Exchange(
        number=next(_numbers),
        request=Request("GET", path, {}, None),
        intent=Intent(operation=operation, plain=plain, **intent),
        response=Response(status, "", headers, body),
        started_at=datetime.now(UTC),
        elapsed=0.01,
    )


def fields(
    number: int, account: str | None = ACCOUNT, product: str = SUCCESS.url, **more: Any
) -> dict[str, Any]:
    """What a create of the run sends."""
    named = {"retailer_credentials_id": account} if account else {}
    address = {"last_name": str(Marker(RUN, number)), "city": "Springfield"}
    return {"products": [{"url": product}], "shipping_address": address, "max_price": 2500} | named | more


def order(
    number: int, status: str = "pending", account: str | None = ACCOUNT, **changes: Any
) -> dict[str, Any]:
    """An order as a server shows it; a larger number was submitted later."""
    sent = fields(number, account)
    created = f"2026-01-15T10:30:{number:02d}Z"
    ended = status not in ("pending", "in_progress")
    shown = {
        "id": f"7c9e6679-7425-40de-944b-{number:012d}",
        "status": status,
        "max_price": sent["max_price"],
        "attempts": 0 if status == "pending" else 1,
        "items": [
            {
                "id": f"item-{number}",
                "url": changes.get("url", SUCCESS.url),
                "quantity": 1,
                "variant": None,
                "status": "pending",
                "created_at": created,
                "updated_at": created,
            }
        ],
        "shipping_address": sent["shipping_address"],
        "metadata": {},
        "po_number": None,
        "retailer_credentials_id": account,
        "tracking_numbers": [],
        "created_at": created,
        "updated_at": created,
    }
    if ended:
        placed = status not in ("order_failed", "failed")
        shown["job_result"] = (
            None if placed else {"error_type": "product_out_of_stock", "error": "None left."}
        )
        shown["price_components"] = {"subtotal": 1, "tax": 1, "shipping": 1, "total": 3}
    return shown | {name: value for name, value in changes.items() if name != "url"}


def placed(number: int, status: str = "pending", **about: Any) -> Exchange:
    """A create that succeeds, and the order in its answer."""
    account = about.pop("account", ACCOUNT)
    product = about.pop("product", SUCCESS.url)
    shown = about.pop("shown", None) or order(number, status, account, url=product)
    return exchange(Operation.CREATE_ORDER, 201, shown, fields=fields(number, account, product), **about)


def refused(number: int, status: int, **about: Any) -> Exchange:
    """A create that is refused."""
    sent = about.pop("fields", None) or fields(number, about.pop("account", ACCOUNT))
    return exchange(Operation.CREATE_ORDER, status, {"code": "x", "message": "x"}, fields=sent, **about)


def listed(*orders: dict[str, Any], **about: Any) -> Exchange:
    """A list of orders, as they are given."""
    return exchange(Operation.LIST_ORDERS, 200, {"orders": list(orders)}, **about)


def read(number: int, shown: dict[str, Any] | None, **about: Any) -> Exchange:
    """A read of one order; None for one that is not found."""
    target = order(number)["id"]
    status = 404 if shown is None else 200
    return exchange(Operation.GET_ORDER, status, shown or {"code": "not_found"}, target=target, **about)


def changed(operation: Operation, account: str = ACCOUNT) -> Exchange:
    """An update or a delete of the account that succeeds."""
    return exchange(operation, 200, {}, target=account, plain=False)


class Observed:
    """What the rules say of a sequence of exchanges."""

    def __init__(
        self, *exchanges: Exchange, book: OrderBook | None = None, model: Model | None = None
    ) -> None:
        self.book = book or OrderBook()
        model = model or Model()
        self.broken: list[str] = []
        self.held: set[str] = set()
        for one in exchanges:
            for judgement in judge_orders(one, self.book, model):
                if judgement.holds:
                    self.held.add(judgement.requirement)
                else:
                    self.broken.append(judgement.requirement)
            self.book.note(one)


def broken(*exchanges: Exchange, model: Model | None = None) -> list[str]:
    """The requirements that a sequence of exchanges breaks, in order, each time that it does."""
    return Observed(*exchanges, model=model).broken


def with_default_account() -> Model:
    """A model that knows of a default account, the one that orders name."""
    model = Model()
    account = {"short_id": ACCOUNT, "email": "a@example.com", "retailer": None}
    sent = {"email": account["email"]}
    model.note(exchange(Operation.CREATE, 201, account, path="/users/managed-accounts", fields=sent))
    return model


def held(*exchanges: Exchange) -> set[str]:
    """The requirements that a sequence of exchanges was held against and kept."""
    return Observed(*exchanges).held


FIRST, SECOND = Key.FIRST, Key.SECOND
