"""The lives of this run's orders as answers showed them, queue by queue, for drawing.

A change of status lies somewhere between two answers; it is drawn at the first answer that shows it.
"""

import time
from collections.abc import Iterator, Mapping
from typing import Any

from contract_tests.exchange import Exchange, Operation

NO_ACCOUNT = "no managed account"

Changes = list[tuple[float, str]]  # when which status was first seen


class Timeline:
    """Watches the orders that a run submits, in every answer that shows them."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._accounts: dict[str, str] = {}  # order id -> the account that serves it
        self._seen: dict[str, Changes] = {}  # order id -> its life

    def watch(self, exchange: Exchange) -> None:
        """Take up the orders in an answer; those of others are nobody's business but their owner's."""
        operation = exchange.intent.operation
        if operation is None or not operation.of_orders or not exchange.response.succeeded:
            return
        now = time.monotonic() - self._began
        for order in _orders_in(exchange):
            identifier, status = str(order.get("id")), str(order.get("status"))
            if operation is Operation.CREATE_ORDER:
                self._accounts.setdefault(identifier, str(order.get("retailer_credentials_id") or NO_ACCOUNT))
                self._seen.setdefault(identifier, [])
            changes = self._seen.get(identifier)
            if changes is not None and (not changes or changes[-1][1] != status):
                changes.append((now, status))

    def to_json(self) -> dict[str, Any]:
        """The lanes: every account with a queue of its own, and what no account served meanwhile.

        Each order has the spans of its statuses, in seconds from the first order that is shown.
        """
        lanes = self._lanes()
        lives = [self._seen[identifier] for identifiers in lanes.values() for identifier in identifiers]
        if not lives:
            return {}
        start, end = min(changes[0][0] for changes in lives), max(changes[-1][0] for changes in lives)
        return {
            "seconds": round(end - start, 3),
            "lanes": [
                {
                    "account": account,
                    "orders": [
                        {"id": identifier, "spans": _spans(self._seen[identifier], start, end)}
                        for identifier in identifiers
                    ],
                }
                for account, identifiers in lanes.items()
            ],
        }

    def _lanes(self) -> dict[str, list[str]]:
        """The orders to draw: by account, where it had two or more; without one, where they ran beside those."""
        by_account: dict[str, list[str]] = {}
        for identifier, account in self._accounts.items():
            by_account.setdefault(account, []).append(identifier)
        unserved = by_account.pop(NO_ACCOUNT, [])
        lanes = {account: orders for account, orders in by_account.items() if len(orders) > 1}
        busy = [(self._seen[orders[0]][0][0], self._seen[orders[-1]][-1][0]) for orders in lanes.values()]
        beside = [
            identifier
            for identifier in unserved
            if any(begin < self._seen[identifier][0][0] < end for begin, end in busy)
        ]
        return lanes | ({NO_ACCOUNT: beside} if beside else {})


def _spans(changes: Changes, start: float, end: float) -> list[dict[str, Any]]:
    ends = [when for when, _ in changes[1:]] + [end]
    return [
        {"status": status, "from": round(when - start, 3), "to": round(until - start, 3)}
        for (when, status), until in zip(changes, ends, strict=True)
    ]


def _orders_in(exchange: Exchange) -> Iterator[Mapping[str, Any]]:
    content = exchange.response.json
    listed = content.get("orders") if isinstance(content, dict) else None
    for order in listed if isinstance(listed, list) else [content]:
        if isinstance(order, dict) and {"id", "status"} <= order.keys():
            yield order
