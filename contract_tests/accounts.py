"""The account operations as checks use them, under one API key."""

import json
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote

from contract_tests.answers import Account, answered_account, by_short_id, listed_accounts, name_of
from contract_tests.canaries import Canaries
from contract_tests.client import Client
from contract_tests.errors import NotEstablished
from contract_tests.exchange import Exchange, Intent, Key, Operation
from contract_tests.guard import Guard
from contract_tests.journal import Marker

RETAILER = "amazon"  # the one name that the page gives
MORE_RETAILERS = (
    "walmart",
    "target",
    "bestbuy",
    "ebay",
    "costco",
    "homedepot",
    "lowes",
    "wayfair",
    "macys",
    "kroger",
)


@dataclass(frozen=True)
class Made:
    """An account that a check made: the name it goes by, what was sent, and the exchange that made it."""

    short_id: str
    email: str
    created: Exchange
    answer: Account = field(default_factory=dict)


@dataclass(frozen=True)
class Listing:
    """A list answer that can be read."""

    exchange: Exchange
    accounts: list[Account]

    @classmethod
    def of(cls, exchange: Exchange) -> "Listing":
        """The list in an answer. Raises NotEstablished when the answer holds none."""
        accounts = listed_accounts(exchange.response)
        if accounts is None or not exchange.response.succeeded:
            raise NotEstablished(f"listing the accounts answered {exchange.response} without a list")
        return cls(exchange, accounts)

    def get(self, account: "Made | str") -> Account | None:
        """An account by its short_id; None when it is not listed."""
        short_id = account if isinstance(account, str) else account.short_id
        return by_short_id(self.accounts).get(short_id)


class Mint:
    """Makes what a run sends: e-mail addresses with its marker, canary passwords, names of no account.

    Args:
        run: id of the run, for the markers.
        canaries: where passwords come from.
        guard: has to know the names that are made up.
        choice: draws the made-up names.
    """

    def __init__(self, run: str, canaries: Canaries, guard: Guard, choice: random.Random) -> None:
        self.canaries = canaries
        self.guard = guard
        self._run = run
        self._choice = choice
        self._count = 0

    def marker(self) -> Marker:
        """A new marker."""
        self._count += 1
        return Marker(self._run, self._count)

    def email(self) -> str:
        """A new address with a marker of its own."""
        return self.marker().email

    def password(self) -> str:
        """A new canary."""
        return self.canaries.password()

    def unknown_id(self) -> str:
        """A short_id that no account has."""
        return self.guard.made_up_id(self._choice)


class Accounts:
    """The four operations under one key.

    `create`, `update`, `delete` and `list` send what the page describes, which has to succeed; `send` sends anything
    else. Accounts that were made are deleted by `close`.

    Args:
        client: sends.
        mint: makes what is sent.
        path: of the collection of managed accounts.
        key: the API key.
    """

    def __init__(self, client: Client, mint: Mint, path: str, key: Key) -> None:
        self.mint = mint
        self.key = key
        self._client = client
        self._path = path

    # As the page describes them

    def create(
        self, *, without: tuple[str, ...] = (), retailer: str = RETAILER, racing: bool = False
    ) -> Exchange:
        """Create an account as the page shows it, with a new address and password.

        Args:
            without: the optional fields to leave out.
            retailer: the retailer, if it is not left out.
            racing: whether other requests are under way at the same time.
        """
        fields = {"email": self.mint.email(), "password": self.mint.password(), "retailer": retailer}
        fields = {name: value for name, value in fields.items() if name not in without}
        return self._send("POST", Operation.CREATE, fields, Intent(plain=True, racing=racing))

    def update(self, account: Made | str, **fields: str) -> Exchange:
        """Update the given fields of an account as the page describes it."""
        return self._send("PUT", Operation.UPDATE, fields, Intent(plain=True), target=account)

    def delete(self, account: Made | str) -> Exchange:
        """Delete an account as the page describes it."""
        return self._send("DELETE", Operation.DELETE, None, Intent(plain=True), target=account)

    def list(self) -> Exchange:
        """List the accounts."""
        return self._send("GET", Operation.LIST, None, Intent(plain=True))

    # What checks build on

    def make(self, *, without: tuple[str, ...] = ()) -> Made:
        """Create an account that the check goes on with.

        Raises:
            NotEstablished: there is no such account now.
        """
        created = self.create(without=without)
        if created.response.refused and "retailer" not in without:
            created = self._create_for_another_retailer(created, without)
        return self.established(created)

    def make_with_email_of(self, account: Made) -> Made:
        """Create another account with the address of one that is there.

        Raises:
            NotEstablished: there is no such account now; no page promises that two may share an address.
        """
        fields = {"email": account.email, "password": self.mint.password(), "retailer": MORE_RETAILERS[0]}
        return self.established(self.send(Operation.CREATE, fields=fields))

    def _create_for_another_retailer(self, refused: Exchange, without: tuple[str, ...]) -> Exchange:
        """A server may let only one account have a retailer: try the names that no listed account has."""
        taken = {str(account.get("retailer")).casefold() for account in self.listing().accounts}
        free = [name for name in MORE_RETAILERS if name not in taken]
        if RETAILER not in taken or not free:
            return refused
        return self.create(without=without, retailer=free[0])

    def established(self, created: Exchange) -> Made:
        """The account that a create made, also when its answer does not say so.

        Raises:
            NotEstablished: the create did not succeed, or the account cannot be found.
        """
        email = str((created.intent.fields or {}).get("email"))
        if not created.response.succeeded:
            raise NotEstablished(f"creating an account answered {created.response}")
        answer = answered_account(created.response) or {}
        short_id = name_of(answer)
        if short_id is not None and self.mint.guard.owns(short_id):
            return Made(short_id, email, created, answer)
        listed = by_short_id(self.listing().accounts)
        found = short_id if short_id in listed else None
        found = found or next(
            (name for name, account in listed.items() if account.get("email") == email), None
        )
        if found is None or not self.mint.guard.owns(found):
            raise NotEstablished("neither the answer to a create nor the list says which account it made")
        return Made(found, email, created, answer)

    def listing(self) -> Listing:
        """List the accounts, to look into the list.

        Raises:
            NotEstablished: the answer holds no list.
        """
        return Listing.of(self.list())

    def gone(self, account: Made) -> Exchange:
        """Delete an account that has to be gone for the check to go on.

        Raises:
            NotEstablished: the delete did not succeed.
        """
        deleted = self.delete(account)
        if not deleted.response.succeeded:
            raise NotEstablished(f"deleting an account answered {deleted.response}")
        return deleted

    # Anything else

    def send(
        self,
        operation: Operation,
        *,
        target: Made | str | None = None,
        fields: Any = None,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        **about: Any,
    ) -> Exchange:
        """Send a request of one of the operations that need not be what the page describes.

        Args:
            operation: which one.
            target: the account in its path.
            fields: what is sent as JSON.
            body: what is sent in place of JSON.
            headers: in place of the usual ones.
            about: more of the request's `Intent`: `plain`, `blame`, `key`, `racing`.
        """
        return self._send(_METHODS[operation], operation, fields, Intent(**about), target, body, headers)

    def _send(
        self,
        method: str,
        operation: Operation,
        fields: Any,
        intent: Intent,
        target: Made | str | None = None,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Exchange:
        short_id = target.short_id if isinstance(target, Made) else target
        key = self.key if intent.key is Key.FIRST else intent.key
        intent = replace(
            intent,
            operation=operation,
            key=key,
            target=short_id,
            fields=fields if isinstance(fields, dict) else None,
        )
        if body is None and operation in (Operation.CREATE, Operation.UPDATE):
            body = json.dumps(fields).encode()
        path = self._path + (f"/{quote(short_id, safe='~')}" if short_id is not None else "")
        exchange = self._client.send(method, path, intent=intent, body=body, headers=headers)
        if exchange.response.status == 401 and headers is None and key is not Key.NONE:
            raise NotEstablished(f"the API key is refused: {method} answered {exchange.response}")
        return exchange

    def headers(self, **changes: str | None) -> dict[str, str]:
        """The usual headers of a request with a body, changed; None takes one out, `_` in a name stands for `-`."""
        headers = self._client.usual_headers(self.key, has_body=True)
        for name, value in changes.items():
            headers.pop(name.replace("_", "-"), None)
            if value is not None:
                headers[name.replace("_", "-")] = value
        return headers


_METHODS = {
    Operation.LIST: "GET",
    Operation.CREATE: "POST",
    Operation.UPDATE: "PUT",
    Operation.DELETE: "DELETE",
}


def every_subset(names: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Every choice of some of the names, the empty one first."""
    for bits in range(2 ** len(names)):
        yield tuple(name for place, name in enumerate(names) if bits & (1 << place))
