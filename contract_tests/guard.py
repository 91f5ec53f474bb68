"""What may leave for the server, decided at the lowest place that every request passes.

Reads may leave, and creates. Updates and deletions may leave only for accounts that this run made, and for names that
belong to no account: this run made them up. Whoever sends something else has a fault, and the run ends with it.
"""

import json
import random
import re
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from urllib.parse import unquote, urlsplit

import requests

from contract_tests.errors import GuardRefused
from contract_tests.journal import Journal, Marker, markers_in
from contract_tests.products import BY_URL
from contract_tests.settings import TEST_MODE, is_loopback

_ADDRESS = re.compile(r"https?:|//|\bwww\.", re.IGNORECASE)
_SAYS_NOTHING = (502, 504)  # statuses of gateways, behind which a create may still be under way
_ID_CHARACTERS = "abcdefghijklmnopqrstuvwxyz0123456789"


class Guard:
    """Knows what this run made, and lets nothing out that touches anything else.

    Args:
        base_url: the server, without a slash at its end.
        accounts_path: path of the collection of managed accounts.
        orders_path: path of the collection of orders.
        api_keys: the keys of the run; the first one is the one that requests without a valid key are booked on.
        journal: where intents are written before requests leave; None when no create may leave.
        orders: whether orders may leave.
        covered: says of a listed account, by short_id and email, whether a run of this machine made it earlier.
    """

    def __init__(
        self,
        base_url: str,
        *,
        accounts_path: str,
        orders_path: str,
        api_keys: tuple[str, ...],
        journal: Journal | None,
        orders: bool,
        covered: Callable[[str, object], bool] = lambda _short_id, _email: False,
    ) -> None:
        self._base_url = base_url
        self._accounts_path = accounts_path
        self._orders_path = orders_path
        self._api_keys = api_keys
        self._journal = journal
        self._orders = orders
        self._covered = covered
        self._made: dict[str, str] = {}  # short_id -> the API key that it was made with
        self._made_up: set[str] = set()
        self._seen: set[str] = set()  # short_ids that were there before anyone of ours could have that name
        self._lock = threading.RLock()

    # What the run may name

    def owns(self, short_id: str) -> bool:
        """Whether the run has proof that it made this account."""
        return short_id in self._made

    @property
    def made(self) -> dict[str, str]:
        """The short_ids that this run made, each with its API key."""
        return dict(self._made)

    @property
    def knows_others(self) -> bool:
        """Whether accounts were listed that this run did not make: an order that names none might go to them."""
        return bool(self._seen)

    def takes_orders(self, api_key: str) -> bool:
        """Whether orders may leave under a key: under any on this machine, elsewhere under those of test mode."""
        return is_loopback(self._base_url) or api_key.startswith(TEST_MODE)

    def made_up_id(self, choice: random.Random) -> str:
        """A short_id of the page's form that belongs to no account: eight characters drawn by this run."""
        while (name := "zn_acct_" + "".join(choice.choices(_ID_CHARACTERS, k=8))) in self._seen:
            continue
        return self._allow(name)

    def beyond(self, short_id: str) -> str:
        """The short_id of an account of ours with more characters at its end: the name of no account."""
        self._must_be_ours(short_id)
        return self._allow(short_id + "x7x7x7x7")

    def beyond_made_up(self, made_up: str, odd: str) -> str:
        """A made-up name with more behind it, however odd: what begins like no account's name is no account's name."""
        if made_up not in self._made_up:
            raise GuardRefused(f"{made_up} was not made up by this run")
        return self._allow(made_up + odd)

    def long_id_of(self, short_id: str, long_id: str) -> str:
        """The `id` of an account of ours, to be tried where a short_id belongs."""
        self._must_be_ours(short_id)
        if long_id in self._seen:
            raise GuardRefused(f"{long_id} is the short_id of an account that this run did not make")
        return self._allow(long_id)

    def _allow(self, name: str) -> str:
        with self._lock:
            self._made_up.add(name)
        return name

    def _must_be_ours(self, short_id: str) -> None:
        if short_id not in self._made:
            raise GuardRefused(f"{short_id} is no account that this run made")

    # What may leave

    def let_out(self, method: str, url: str, body: bytes, api_key: str | None) -> None:
        """Decide on one request; put on disk what it is about to make.

        Raises:
            GuardRefused: the request must not leave.
        """
        path = self._path(url)
        if method == "GET":
            return
        parent, _, name = path.rpartition("/")
        if method == "DELETE" and parent == self._accounts_path:
            self._must_be_known(method, unquote(name))
        elif self._journal is None:
            raise GuardRefused(f"{method} {path}: this run may only read")
        elif method == "PUT" and parent == self._accounts_path:
            self._must_be_known(method, unquote(name))
            self._let_update_out(unquote(name), body, self._journal)
        elif method == "POST" and path == self._accounts_path:
            self._intend(body, self._journal, api_key)
        elif method == "POST" and path == self._orders_path:
            self._let_order_out(body, api_key)
        else:
            raise GuardRefused(f"{method} {path}: not a request that this kit may send")

    def _path(self, url: str) -> str:
        if not url.startswith(self._base_url + "/"):
            raise GuardRefused(f"{url} is not below {self._base_url}")
        return urlsplit(url[len(self._base_url) :]).path

    def _intend(self, body: bytes, journal: Journal, api_key: str | None) -> None:
        ours = self._our_markers(body)
        email = _member(body, "email")
        if not ours and isinstance(email, str) and email.strip():
            raise GuardRefused("a create whose e-mail address carries no marker of this run")
        for marker in ours:
            journal.intend(marker.number, self._booked_on(api_key))
        for marker in ours:
            journal.leaves(marker.number)

    def _must_be_known(self, method: str, name: str) -> None:
        if name not in self._made and name not in self._made_up:
            raise GuardRefused(f"{method} of {name}: no account that this run made")

    def _let_update_out(self, name: str, body: bytes, journal: Journal) -> None:
        if not _has_member(body, "email"):
            return
        ours = self._our_markers(body)
        for marker in ours:
            journal.rename(marker.number)
        if ours:
            return
        email = _member(body, "email")
        if isinstance(email, str) and email.strip():
            raise GuardRefused(f"an update of {name} that would take the marker out of its e-mail address")
        if name in self._made:
            journal.gave(name, str(email))

    def _let_order_out(self, body: bytes, api_key: str | None) -> None:
        """Orders cost money: but for a server on this machine, only those of test products leave, in test mode."""
        if not self._orders:
            raise GuardRefused("an order, which needs --orders")
        account = _member(body, "retailer_credentials_id")
        if isinstance(account, str) and account not in self._made and account not in self._made_up:
            raise GuardRefused(f"an order for {account}: no account that this run made")
        if api_key is not None and not self.takes_orders(api_key):
            raise GuardRefused("an order with a key that is not of test mode")
        if is_loopback(self._base_url):
            return
        if not isinstance(account, str) and self._seen:
            raise GuardRefused("an order that an account of someone else might serve")
        for url in _addresses_in(body):
            if url not in BY_URL:
                raise GuardRefused(f"an order of {url}, which is no test product")

    def _our_markers(self, text: str | bytes) -> set[Marker]:
        if isinstance(text, bytes):
            text = text.decode("utf-8", "replace")
        return {marker for marker in markers_in(text) if self._journal and marker.run == self._journal.run}

    def _booked_on(self, api_key: str | None) -> str:
        return api_key if api_key in self._api_keys else self._api_keys[0]

    # What came back

    def take_note(
        self, method: str, url: str, body: bytes, api_key: str | None, answer: requests.Response
    ) -> None:
        """Learn from an answer which accounts are ours and which are not."""
        path = self._path(url)
        if answer.status_code not in _SAYS_NOTHING:
            self._hear_of(self._our_markers(body))
        if path != self._accounts_path or not answer.ok:
            return
        try:
            content = answer.json()
        except (ValueError, RecursionError):
            return
        if method == "GET":
            self._note_listed(content, api_key)
        elif method == "POST":
            self._note_made(content, body, api_key)

    def _note_listed(self, content: Any, api_key: str | None) -> None:
        """An account that is listed is ours when its address says so, and of someone else when it was there first."""
        with self._lock:
            for account in _objects_in(content):
                short_id = account.get("short_id")
                if not isinstance(short_id, str) or short_id in self._made:
                    continue
                email = account.get("email")
                ours = self._our_markers(str(email))
                self._hear_of(ours)
                if ours or self._covered(short_id, email):
                    self._adopt(short_id, api_key)
                else:
                    self._seen.add(short_id)

    def _note_made(self, content: Any, body: bytes, api_key: str | None) -> None:
        """A server may answer a create with an account that is not ours: its name must be new and its address ours."""
        with self._lock:
            for account in _objects_in(content):
                short_id = account.get("short_id")
                if not isinstance(short_id, str) or short_id in self._seen or not short_id:
                    continue
                shown = str(account.get("email"))
                sent_no_address = not self._our_markers(body) and "@" not in shown
                if self._our_markers(shown) or sent_no_address:
                    self._adopt(short_id, api_key)
                if sent_no_address and self._journal:
                    self._journal.gave(short_id, shown)

    def _hear_of(self, markers: Iterable[Marker]) -> None:
        if self._journal:
            for marker in markers:
                self._journal.heard(marker.number)

    def _adopt(self, short_id: str, api_key: str | None) -> None:
        if short_id not in self._made:
            self._made[short_id] = self._booked_on(api_key)
            if self._journal:
                self._journal.made(short_id, self._made[short_id])


def _objects_in(content: Any) -> Iterable[dict[str, Any]]:
    """Every object in a JSON document, however it is wrapped: who reads for safety reads generously."""
    stack = [content]
    while stack:
        value = stack.pop()
        if isinstance(value, dict):
            yield value
            stack.extend(value.values())
        elif isinstance(value, list):
            stack.extend(value)


def _members(body: bytes) -> dict[str, Any]:
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


def _member(body: bytes, name: str) -> Any:
    return _members(body).get(name)


def _has_member(body: bytes, name: str) -> bool:
    return name in _members(body)


def _addresses_in(body: bytes) -> list[str]:
    """Every text in a body that could be the address of a product; the body itself where it cannot be read."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        text = body.decode("utf-8", "replace")
        return [text] if _ADDRESS.search(text) else []
    named = [str(found["url"]) for found in _objects_in(content) if isinstance(found.get("url"), str)]
    return named + [text for text in _strings_in(content) if _ADDRESS.search(text)]


def _strings_in(content: Any) -> Iterator[str]:
    stack = [content]
    while stack:
        value = stack.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            stack.extend(value.values())
        elif isinstance(value, list):
            stack.extend(value)
