"""Everything that one API key owns, and the only door to the rest of the domain.

Commands check every rule first: one that raises has changed nothing. Each takes the instant `now` at which it
happens, and first lets the queues catch up to it; no instant is ever earlier than the one before.
"""

from bisect import bisect_left, insort
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Protocol

from mock_server.domain.accounts import Health, ManagedAccount
from mock_server.domain.errors import AlreadyExists, InvalidField, NotFound, OrderRefused
from mock_server.domain.orders import LOGIN_FAILURES, Failure, Order
from mock_server.domain.products import TEST_PRODUCTS, host_of, retailer_of
from mock_server.domain.queueing import Queues, Transition


class IdSource(Protocol):
    """Where new ids come from; the sandbox asks again when it has one already."""

    def uuid(self) -> str:
        """Return a UUID in its usual text form."""
        ...

    def short_id(self) -> str:
        """Return an id of the form `zn_acct_` and eight of a-z0-9."""
        ...


class Sandbox:
    """The managed accounts and orders of one API key.

    Args:
        ids: where new ids come from.
        processing_time: how long an order is in progress.
    """

    def __init__(self, ids: IdSource, processing_time: timedelta) -> None:
        self.accounts: dict[str, ManagedAccount] = {}  # by short_id, oldest first
        self.orders: dict[str, Order] = {}  # by id, oldest first
        self.queues = Queues(processing_time, partial(_verdict, self.accounts))
        self._ids = ids
        self._created = 0
        self._account_ids: set[str] = set()
        self._by_retailer: dict[str | None, list[tuple[int, str]]] = {}
        self._order_of_key: dict[str, str] = {}

    # Managed accounts

    def create_account(
        self, email: str, password: object | None, retailer: str | None, now: datetime
    ) -> ManagedAccount:
        """Add a managed account (the page, Create Credentials); no retailer makes default credentials."""
        account = ManagedAccount(
            id=self._unused_uuid(),
            short_id=self._unused_short_id(),
            email=email,
            retailer=retailer,
            created_at=now,
            updated_at=now,
            number=self._next_number(),
            password=password,
        )
        self.adopt_account(account)
        return account

    def adopt_account(self, account: ManagedAccount) -> None:
        """Add an account that exists already, as the newest (snapshots and fixtures)."""
        self._created = max(self._created, account.number)
        self.accounts[account.short_id] = account
        self._account_ids.add(account.id)
        self._file(account)

    def account(self, short_id: str) -> ManagedAccount:
        """Return the account of this short id.

        Raises:
            NotFound: this key has no such account.
        """
        account = self.accounts.get(short_id)
        if account is None:
            raise NotFound("managed account")
        return account

    def update_account(self, short_id: str, changes: Mapping[str, Any], now: datetime) -> ManagedAccount:
        """Change the provided fields of an account; see `ManagedAccount.update`.

        Raises:
            NotFound: this key has no such account.
        """
        account = self.account(short_id)
        self.settle(now)
        retailer = account.retailer
        account.update(changes, now)
        if account.retailer != retailer:
            self._unfile(account, retailer)
            self._file(account)
        return account

    def delete_account(self, short_id: str, now: datetime) -> None:
        """Remove an account; its current and queued orders fail with `login_failed` (related).

        Raises:
            NotFound: this key has no such account.
        """
        account = self.account(short_id)
        self.settle(now)
        del self.accounts[short_id]
        self._account_ids.remove(account.id)
        self._unfile(account, account.retailer)
        self.queues.close(short_id, Failure("login_failed", "The managed account was deleted."), now)

    def set_health(self, short_id: str, health: Health, now: datetime) -> ManagedAccount:
        """Set whether the retailer lets an account log in; orders that start from now on meet it.

        Raises:
            NotFound: this key has no such account.
        """
        account = self.account(short_id)
        self.settle(now)
        account.health = health
        return account

    # Orders

    def submit_order(self, request: Mapping[str, Any], now: datetime) -> Order:
        """Create an order and put it in its account's queue (related: Orders; the page: Order Locking).

        Args:
            request: a body that fits the schema of the operation.
            now: the instant of submission.

        Raises:
            InvalidField: a product's address is no URL, or the products are of two retailers.
            NotFound: `retailer_credentials_id` names no account of this key.
            AlreadyExists: the `idempotency_key` was used before.
            OrderRefused: a test product that the vendor refuses at once.
        """
        key = request.get("idempotency_key")
        if key is not None and key in self._order_of_key:
            raise AlreadyExists(self._order_of_key[key])
        products = [_filled_in(product) for product in request["products"]]
        host = _common_host(products)
        account = self._account_for(request.get("retailer_credentials_id"), host)
        _refuse_test_products(products)
        self.settle(now)
        order = Order(
            id=self._unused_uuid(),
            number=self._next_number(),
            products=products,
            max_price=int(request["max_price"]),
            shipping_address=request["shipping_address"],
            metadata=request.get("metadata") or {},
            po_number=request.get("po_number"),
            idempotency_key=key,
            retailer_credentials_id=account.short_id if account else None,
            created_at=now,
            updated_at=now,
        )
        self.adopt_order(order)
        self.queues.submit(order)
        return order

    def adopt_order(self, order: Order) -> None:
        """Add an order that exists already, as the newest (snapshots and fixtures), without queueing it."""
        self._created = max(self._created, order.number)
        self.orders[order.id] = order
        if order.idempotency_key is not None:
            self._order_of_key[order.idempotency_key] = order.id

    def order(self, order_id: str) -> Order:
        """Return one order.

        Raises:
            NotFound: this key has no such order.
        """
        order = self.orders.get(order_id)
        if order is None:
            raise NotFound("order")
        return order

    def newest_orders(self, part_of_id: str = "") -> Iterator[Order]:
        """Yield the orders whose id contains a text, newest first."""
        return (order for order in reversed(self.orders.values()) if part_of_id in order.id)

    def settle(self, now: datetime) -> list[Transition]:
        """Let every order catch up to `now`; see `Queues.settle`."""
        return self.queues.settle(now)

    # Behind the door

    def _account_for(self, short_id: str | None, host: str) -> ManagedAccount | None:
        """Choose the account that serves an order: the one asked for, the oldest that fits, the oldest default."""
        if short_id is not None:
            return self.account(short_id)
        candidates = [
            filed[0] for label in set(host.split(".")) if (filed := self._by_retailer.get(label))
        ] or self._by_retailer.get(None, [])
        return self.accounts[min(candidates)[1]] if candidates else None

    def _file(self, account: ManagedAccount) -> None:
        insort(self._by_retailer.setdefault(_label(account.retailer), []), (account.number, account.short_id))

    def _unfile(self, account: ManagedAccount, retailer: str | None) -> None:
        filed = self._by_retailer[_label(retailer)]
        del filed[bisect_left(filed, (account.number, account.short_id))]
        if not filed:
            del self._by_retailer[_label(retailer)]

    def _next_number(self) -> int:
        self._created += 1
        return self._created

    def _unused_short_id(self) -> str:
        while (short_id := self._ids.short_id()) in self.accounts:
            pass
        return short_id

    def _unused_uuid(self) -> str:
        while (drawn := self._ids.uuid()) in self.orders or drawn in self._account_ids:
            pass
        return drawn


def _verdict(accounts: Mapping[str, ManagedAccount], order: Order) -> Failure | None:
    """Decide, when an order starts, the failure that it will end in (None: it will be placed)."""
    account = accounts.get(order.retailer_credentials_id or "")
    if account is not None and account.health is not Health.OK:
        return Failure(account.health.value, LOGIN_FAILURES[account.health.value])
    for product in order.products:
        test_product = TEST_PRODUCTS.get(product["url"])
        if test_product is not None and test_product.error is not None:
            return Failure(test_product.error, test_product.message)
    return None


def _label(retailer: str | None) -> str | None:
    return None if retailer is None else retailer.lower()


def _filled_in(product: Mapping[str, Any]) -> dict[str, Any]:
    """Return a product of a request with its optional fields filled in."""
    return {
        "url": product.get("url", ""),
        "quantity": int(product.get("quantity") or 1),
        "variant": product.get("variant"),
    }


def _common_host(products: list[dict[str, Any]]) -> str:
    """Return the host that sells the products.

    Raises:
        InvalidField: there is no product, an address is no URL, or the products are of two retailers.
    """
    if not products:
        raise InvalidField("products", "must have at least one product")
    hosts = [host_of(product["url"], "products") for product in products]
    retailers = sorted({retailer_of(host) for host in hosts})
    if len(retailers) > 1:
        raise InvalidField("products", f"must be of one retailer, not of {len(retailers)}")
    return hosts[0]


def _refuse_test_products(products: list[dict[str, Any]]) -> None:
    for product in products:
        test_product = TEST_PRODUCTS.get(product["url"])
        if test_product is not None and test_product.refused and test_product.error is not None:
            raise OrderRefused(test_product.error, test_product.message)
