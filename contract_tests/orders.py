"""The order operations as checks use them, under one API key."""

import json
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from contract_tests.accounts import Accounts, Made
from contract_tests.client import Client
from contract_tests.errors import NotEstablished
from contract_tests.exchange import Exchange, Intent, Operation
from contract_tests.order_answers import listed_orders
from contract_tests.order_book import KnownOrder, OrderBook
from contract_tests.products import SUCCESS, TestProduct
from contract_tests.specification import Specification
from contract_tests.watching import FEWEST_LOOKS, Pace, Watched

MAX_PRICE = 2500
LISTS_WITHOUT = 5  # lists in a row that may be without a new order before it is looked for by itself


class Orders:
    """The order operations under one key.

    `submit`, `place` and `read` send what the vendor describes, which has to succeed; `send` sends anything else.

    Args:
        client: sends.
        accounts: the account operations under the same key.
        specification: where the operations are.
        book: what is known of the run's orders.
        pace: how long to wait.
    """

    def __init__(
        self, client: Client, accounts: Accounts, specification: Specification, book: OrderBook, pace: Pace
    ) -> None:
        self.key = accounts.key
        self.accounts = accounts
        self.book = book
        self.pace = pace
        self._client = client
        self._path = specification.orders_path
        self._order_path = specification.path(Operation.GET_ORDER)
        self._test_products_path = specification.path(Operation.LIST_TEST_PRODUCTS)
        self._split_name: bool | None = None
        self._names_account = False
        self._own: Made | None = None

    # What an order says

    def fields(
        self, product: TestProduct | str = SUCCESS, *, account: Made | str | None = None, **more: Any
    ) -> dict[str, Any]:
        """The fields of an order: the least that it needs, an account if one is named, and whatever else.

        Args:
            product: the one product, a test product or an address.
            account: the managed account to name.
            more: further fields, or others in place of the usual ones.
        """
        url = product if isinstance(product, str) else product.url
        least = {
            "products": [{"url": url}],
            "shipping_address": self.address(),
            "max_price": MAX_PRICE,
        }
        if account is not None:
            least["retailer_credentials_id"] = account.short_id if isinstance(account, Made) else account
        return least | more

    def address(self, *, split_name: bool | None = None) -> dict[str, str]:
        """A shipping address that carries a new marker of the run.

        Args:
            split_name: by which of the two published lists of fields; None for the one that the server takes.
        """
        name = str(self.accounts.mint.marker())
        place = {"city": "Springfield", "state": "IL", "postal_code": "62701", "country": "US"}
        if self._split_name if split_name is None else split_name:
            more = {"first_name": "Ada", "last_name": name, "address_line1": "1 Example Street"}
            return more | place | {"phone_number": "555-0100"}
        return {"name": name, "address_line_1": "1 Example Street"} | place | {"phone": "555-0100"}

    def idempotency_key(self, length: int) -> str:
        """A new idempotency key of this many characters."""
        return str(self.accounts.mint.marker()).ljust(length, "x")

    # As the vendor describes them

    def submit(
        self, product: TestProduct | str = SUCCESS, *, account: Made | None = None, racing: bool = False
    ) -> Exchange:
        """Submit an order of one product.

        Args:
            product: what is ordered.
            account: the managed account that it names.
            racing: whether others are submitted at the same time.
        """
        self.learn_address()
        return self.send(self.fields(product, account=account), plain=True, racing=racing)

    def list(self, part: str | None = None) -> Exchange:
        """List the orders: all of them, or those whose id has a part."""
        query = "" if part is None else f"?order_id={quote(part, safe='')}"
        return self.get(self._path + query, operation=Operation.LIST_ORDERS, plain=True)

    def read(self, order: KnownOrder | str) -> Exchange:
        """Read one order by its id."""
        identifier = order if isinstance(order, str) else order.id
        path = self.path_of(identifier)
        return self.get(path, operation=Operation.GET_ORDER, target=identifier, plain=True)

    def test_products(self) -> Exchange:
        """List the test products."""
        return self.get(self._test_products_path, operation=Operation.LIST_TEST_PRODUCTS, plain=True)

    def path_of(self, order_id: str) -> str:
        """The path of an order."""
        before, _, rest = self._order_path.partition("{")
        return before + quote(order_id, safe="") + rest.partition("}")[2]

    # Anything else

    def send(self, fields: Mapping[str, Any], **about: Any) -> Exchange:
        """Send a create that need not be what the vendor describes.

        Args:
            fields: what is sent as JSON.
            about: more of the request's `Intent`: `plain`, `blame`, `racing`, `key`.
        """
        usual: dict[str, Any] = {"key": self.key, "operation": Operation.CREATE_ORDER, "fields": dict(fields)}
        about = usual | about
        body = json.dumps(fields).encode()
        return self._client.send("POST", self._path, intent=Intent(**about), body=body)

    def get(self, path: str, **about: Any) -> Exchange:
        """Send a read of a path; `about` is the request's `Intent`, but for the key where it is the usual one."""
        return self._client.send("GET", path, intent=Intent(**({"key": self.key} | about)))

    # What checks build on

    def place(
        self, product: TestProduct | str = SUCCESS, *, account: Made | None = None, **more: Any
    ) -> KnownOrder:
        """Submit an order that the check goes on with.

        Without an account it names none, unless it would then be served by an account of someone else.

        Raises:
            NotEstablished: there is no such order now.
        """
        self.learn_address()
        fields = self.fields(product, account=account or self.own_account(), **more)
        return self.established(self.send(fields, plain=True))

    def established(self, created: Exchange) -> KnownOrder:
        """The order that a create made, also when its answer does not say so.

        Raises:
            NotEstablished: the create did not succeed, or the order cannot be found.
        """
        if not created.response.succeeded:
            raise NotEstablished(f"an order was answered {created.response}")
        for _ in range(2):
            known = next((known for known in self.book.of(self.key) if known.origin is created), None)
            if known:
                return known
            self.list()  # which shows it by its marker
        raise NotEstablished("the answer to an order names no id, and the list does not show the order")

    def queue(self, account: Made, *products: TestProduct) -> "Sequence[KnownOrder]":
        """Submit orders to one account, one after the other without waiting.

        Raises:
            NotEstablished: one was not accepted.
        """
        return [self.established(self.submit(product, account=account)) for product in products]

    def own_account(self) -> Made | None:
        """The account to name where any will do; None where none has to be named."""
        if not self._names_account and not self.accounts.mint.guard.knows_others:
            return None
        if self._own is None or self._own.short_id in self.book.closed:
            self._own = self.accounts.make(without=("retailer",))
        return self._own

    def may_place(self) -> None:
        """Make sure that orders may leave under this key.

        Raises:
            NotEstablished: the key is not of test mode, and the server is not on this machine.
        """
        if not self.accounts.mint.guard.takes_orders(self._client.keys[self.key]):
            raise NotEstablished("this key is not of test mode, and orders under it might cost money")

    def names_none(self) -> None:
        """Make sure that an order may leave that names no account.

        Raises:
            NotEstablished: an account of someone else might serve it.
        """
        if self.accounts.mint.guard.knows_others:
            raise NotEstablished(
                "an order that names no account might be served by an account of someone else"
            )

    def learn_address(self) -> None:
        """Find out, with an order or a few, which form of address the server takes, and whether it wants an account."""
        if self._split_name is not None:
            return
        self._split_name = True
        for names_account in (False, True):
            self._names_account = names_account
            for split_name in (True, False):
                address = self.address(split_name=split_name)
                fields = self.fields(account=self.own_account(), shipping_address=address)
                if self.send(fields).response.succeeded:
                    self._split_name = split_name
                    return
        self._names_account = False

    # Waiting

    def watch(self, orders: Sequence[KnownOrder]) -> Watched:
        """Read the list until all of these orders have ended, or until nothing moves any more.

        Raises:
            NotEstablished: there is no list to read.
        """
        watched = Watched(orders)
        served = any(known.account for known in orders)
        moved, looks = time.monotonic(), 0
        while True:
            exchange = self._look()
            looks += 1
            if watched.add(exchange):
                if len(watched.snapshots) > 1:
                    self.pace.moved_after(time.monotonic() - moved, served=served)
                moved, looks = time.monotonic(), 0
            unfinished = [known for known in orders if not known.ended and not known.lost]
            still = time.monotonic() - moved
            if not unfinished:
                self._look_for(known for known in orders if known.absent)
                return watched
            if still > self.pace.patience(served=served) and looks >= FEWEST_LOOKS:
                self._give_up(watched, unfinished)
                return watched
            time.sleep(self.pace.pause(still))

    def let_end(self) -> None:
        """Wait for every order that an account serves, but for those that were waited for already."""
        orders = [known for known in self.book.of(self.key) if known.account not in (None, *self.book.closed)]
        orders = [known for known in orders if not (known.ended or known.given_up or known.lost)]
        if orders:
            self.watch(orders)

    def _look(self) -> Exchange:
        exchange = self.list()
        if listed_orders(exchange.response) is None or not exchange.response.succeeded:
            raise NotEstablished(f"listing the orders answered {exchange.response} without a list")
        for known in self.book.overdue(self.key, LISTS_WITHOUT):
            if known.absent % LISTS_WITHOUT == 0:
                self.read(known)
        return exchange

    def _look_for(self, hidden: Iterable[KnownOrder]) -> None:
        """Look once more for orders that have ended and that the last list was without."""
        for known in list(hidden):
            self.list()
            if known.absent:
                self.read(known)

    def _give_up(self, watched: Watched, unfinished: Sequence[KnownOrder]) -> None:
        for known in unfinished:
            known.given_up = True
            if known.absent:
                self.read(known)
        watched.stuck = [known for known in unfinished if not known.lost and known.phase is not None]
        # Nothing is known of a kind of orders of which none has come to its end: this may be how long they take
        kinds = {
            known.account is None for known in self.book.orders.values() if self.book.ended_by_itself(known)
        }
        watched.too_slow = not {known.account is None for known in unfinished} <= kinds
