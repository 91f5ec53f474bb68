"""The naive model: what the answers of a run have promised so far, account by account.

It knows nothing of how a server works. It keeps what was sent and what was answered; `rules.state` holds each new
answer against it. What it cannot know (a request that was answered 5xx, or not at all, or that raced with another) it
marks as uncertain, and learns again from the next list.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from contract_tests.answers import (
    Account,
    answered_account,
    listed_accounts,
    name_of,
    names_listed_twice,
)
from contract_tests.exchange import Exchange, Intent, Key, Operation
from contract_tests.journal import Marker, markers_in

FIELDS = ("email", "password", "retailer")  # what a create or an update can give


@dataclass
class Known:
    """One account of this run, as far as its history is known.

    Args:
        short_id: as its create answered it, or a list showed it.
        key: the API key that it belongs to.
        marker: the marker in the address that it was made with.
        origin: the create.
        answered: the account in the answer to the create, without what that shows otherwise than it was sent.
        listed: the account in the last list; None before the first one.
        changes: the updates that succeeded since the last list.
        last_change: the last update that succeeded.
        before_change: what the list showed before that update.
        deleted: the delete that succeeded.
        seen_gone: whether a list since then was without it.
        disagreed: fields that lists and answers do not agree on, whichever is right.
        missing: whether the last list was without it though it was not deleted.
        uncertain: whether its fields are unknown until the next list.
        perhaps_gone: whether it may have been deleted.
    """

    short_id: str
    key: Key
    marker: Marker | None
    origin: Exchange
    answered: Account = field(default_factory=dict)
    listed: Account | None = None
    changes: list[Exchange] = field(default_factory=list)
    last_change: Exchange | None = None
    before_change: Account | None = None
    deleted: Exchange | None = None
    seen_gone: bool = False
    disagreed: set[str] = field(default_factory=set)
    missing: bool = False
    uncertain: bool = False
    perhaps_gone: bool = False

    @property
    def alive(self) -> bool:
        """Whether it has to be listed."""
        return self.deleted is None

    @property
    def was_updated(self) -> bool:
        """Whether any update of it succeeded."""
        return self.last_change is not None

    @property
    def shows_change(self) -> bool:
        """Whether the server's last word on it differs from the one before its last update."""
        before = self.before_change
        return before is not None and any(self.shown.get(name) != before.get(name) for name in FIELDS)

    @property
    def shown(self) -> Account:
        """The account as the server last showed it in a list, or else in the answer to its create."""
        return self.listed if self.listed is not None else self.answered

    @property
    def history(self) -> list[Exchange]:
        """The exchanges that made it what it is."""
        steps = [self.origin, self.last_change, self.deleted]
        return [step for step in steps if step is not None]


class Model:
    """All accounts of a run, by key and short_id, and what happened since the last list of each key."""

    def __init__(self) -> None:
        self.accounts: dict[Key, dict[str, Known]] = {Key.FIRST: {}, Key.SECOND: {}}
        self._alive: dict[Key, dict[str, Known]] = {
            Key.FIRST: {},
            Key.SECOND: {},
        }  # the part that must be listed
        self.since_list: dict[Key, list[Exchange]] = defaultdict(list)
        self.last_list: dict[Key, Exchange] = {}
        self.senders: dict[Marker, Exchange] = {}
        self.keys_of: dict[Marker, set[Key]] = defaultdict(set)
        self.restless: set[str] = set()  # fields that were seen to change when nothing but lists was sent
        # requests that succeeded, each with the fields that it left out
        self.fine_without: set[tuple[Operation, tuple[str, ...]]] = set()
        self.opened: set[tuple[Key, Operation]] = set()  # operations that were seen to succeed, by key
        self.unplaced: dict[Marker, Exchange] = {}  # creates whose answer did not say which account they made
        self._lost: set[Marker] = set()

    def alive(self, key: Key = Key.FIRST) -> list[Known]:
        """The accounts of a key that have to be listed, in order of creation."""
        return list(self._alive.get(key, {}).values())

    def find(self, short_id: str | None) -> Known | None:
        """The account of ours with this short_id, under whichever key, deleted or not."""
        if short_id is None:
            return None
        return next((held[short_id] for held in self.accounts.values() if short_id in held), None)

    def shares_retailer(self, key: Key, retailer: object, besides: str | None = None) -> bool:
        """Whether another account with this retailer, or a default account for None, may exist under the key."""
        last = listed_accounts(self.last_list[key].response) if key in self.last_list else None
        known = {str(account.get("short_id")): account for account in last or []}
        known |= {account.short_id: account.shown for account in self.alive(key)}
        gone = self.accounts[key].keys() - self._alive[key].keys()
        return any(
            same_name(account.get("retailer"), retailer)
            for short_id, account in known.items()
            if short_id not in gone and short_id != besides
        )

    def is_certain_of(self, marker: Marker) -> bool:
        """Whether the request with this marker was answered, and not with a server error."""
        sender = self.senders.get(marker)
        return marker not in self._lost and sender is not None and sender.response.status < 500

    # Keeping the books

    def note(self, exchange: Exchange) -> None:
        """Take over what an exchange says, after it was judged."""
        if exchange.response.status == 429:
            return
        for marker in markers_in(str((exchange.intent.fields or {}).get("email"))):
            self.senders[marker] = exchange
            self.keys_of[marker].add(exchange.intent.key)
        note = {
            Operation.LIST: self._note_list,
            Operation.CREATE: self._note_create,
            Operation.UPDATE: self._note_update,
            Operation.DELETE: self._note_delete,
        }.get(exchange.intent.operation)  # type: ignore[arg-type]
        for key in self._touched(exchange):
            self.since_list[key].append(exchange)
        if exchange.response.succeeded and exchange.intent.operation:
            self.opened.add((exchange.intent.key, exchange.intent.operation))
        self._note_omission(exchange)
        if note and exchange.intent.key is not Key.NONE:
            note(exchange)

    def _note_omission(self, exchange: Exchange) -> None:
        operation, fields = exchange.intent.operation, exchange.intent.fields
        if exchange.intent.plain and exchange.response.succeeded and operation and fields is not None:
            self.fine_without.add((operation, tuple(name for name in FIELDS if name not in fields)))

    def note_loss(self, intent: Intent) -> None:
        """Note that a request was sent and its answer lost."""
        self._lost.update(markers_in(str((intent.fields or {}).get("email"))))
        if known := self.find(intent.target):
            known.uncertain = True
            known.perhaps_gone = intent.operation is Operation.DELETE

    def _touched(self, exchange: Exchange) -> Iterator[Key]:
        """The keys whose accounts a request might have changed."""
        intent = exchange.intent
        known = self.find(intent.target)
        for key in self.accounts:
            if intent.key in (key, Key.NONE) or (known is not None and known.key is key):
                yield key

    def _note_list(self, exchange: Exchange) -> None:
        listed = listed_accounts(exchange.response)
        if listed is None or not exchange.response.succeeded:
            return
        key = exchange.intent.key
        entries = {account.get("short_id"): account for account in listed}
        shared = names_listed_twice(listed)
        self._place(listed, key)
        for known in self.accounts[key].values():
            if known.short_id in shared:
                continue
            entry = entries.get(known.short_id)
            if entry is None:
                known.seen_gone = known.seen_gone or not known.alive
                known.missing = True
                if known.perhaps_gone and known.alive:
                    self._bury(known, exchange)
                continue
            known.listed, known.missing, known.uncertain, known.perhaps_gone = entry, False, False, False
            known.changes.clear()
        self.last_list[key] = exchange
        self.since_list[key].clear()

    def _place(self, listed: list[Account], key: Key) -> None:
        """Take up accounts that carry a marker of this run and were not known by their short_id."""
        for account in listed:
            short_id = name_of(account)
            if short_id is None or self.find(short_id):
                continue
            for marker in markers_in(str(account.get("email"))):
                if sender := self.senders.get(marker):
                    self.unplaced.pop(marker, None)
                    self._take_up(Known(short_id, key, marker, sender, uncertain=True))

    def _take_up(self, known: Known) -> None:
        for held in (self.accounts, self._alive):
            held[known.key].pop(known.short_id, None)  # a name that is used again comes last
            held[known.key][known.short_id] = known

    def _bury(self, known: Known, exchange: Exchange) -> None:
        known.deleted = exchange
        self._alive[known.key].pop(known.short_id, None)

    def _note_create(self, exchange: Exchange) -> None:
        if not exchange.response.succeeded:
            return
        key = exchange.intent.key
        account = answered_account(exchange.response) or {}
        short_id = name_of(account)
        marker = next(markers_in(str((exchange.intent.fields or {}).get("email"))), None)
        known = self.find(short_id)
        if short_id is None or (known and known.alive):
            if marker:
                self.unplaced[marker] = exchange
            return
        sent = exchange.intent.fields or {}
        right = {
            name: value
            for name, value in account.items()
            if name not in ("email", "retailer") or value == sent.get(name)
        }
        uncertain = not exchange.intent.plain
        self._take_up(Known(short_id, key, marker, exchange, answered=right, uncertain=uncertain))

    def _note_update(self, exchange: Exchange) -> None:
        known = self.find(exchange.intent.target)
        if known is None or known.key is not exchange.intent.key or exchange.response.refused:
            return
        if not exchange.response.succeeded or not exchange.intent.plain or exchange.intent.racing:
            known.uncertain = True
            return
        known.before_change = known.shown
        known.last_change = exchange
        known.changes.append(exchange)

    def _note_delete(self, exchange: Exchange) -> None:
        known = self.find(exchange.intent.target)
        if known is None or not known.alive or known.key is not exchange.intent.key:
            return
        if exchange.response.succeeded:
            self._bury(known, exchange)
        else:
            known.perhaps_gone = True


def provided(exchange: Exchange) -> dict[str, Any]:
    """The documented fields that an update provided."""
    fields = exchange.intent.fields or {}
    return {name: fields[name] for name in FIELDS if name in fields}


def same_name(one: object, other: object) -> bool:
    """Whether two retailers are the same: names without regard to case, or both none."""
    if isinstance(one, str) and isinstance(other, str):
        return one.casefold() == other.casefold()
    return one is None and other is None
