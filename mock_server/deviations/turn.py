"""A deviation's turn at one exchange: all that it may look at, and all that it may do."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson
from werkzeug.exceptions import RequestEntityTooLarge

from mock_server.api import BODY_LIMIT
from mock_server.domain.accounts import ManagedAccount
from mock_server.domain.sandbox import Sandbox
from mock_server.errors import error
from mock_server.exchange import Answer, Exchange, Perform
from mock_server.store import Tenant


@dataclass(slots=True)
class Memory:
    """What one deviation remembers of one key.

    `name` is the deviation's, `random` is the same in two runs with the same key, `fired` counts how often the
    deviation changed something, and `kept` is the deviation's own.
    """

    name: str
    random: random.Random
    fired: int = 0
    kept: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, name: str, tenant: Tenant) -> "Memory":
        """Return what the deviation of this name remembers of a key; nothing, the first time."""
        memory = tenant.deviation_state.get(name)
        if memory is None:
            memory = tenant.deviation_state[name] = cls(name, random.Random(f"{name}:{tenant.key}"))
        return memory


@dataclass(slots=True)
class Turn:
    """One exchange, seen by one deviation."""

    exchange: Exchange
    _perform: Perform
    memory: Memory

    @property
    def tenant(self) -> Tenant:
        """The key's sandbox and what stands around it."""
        return self.exchange.tenant

    @property
    def sandbox(self) -> Sandbox:
        """The key's accounts and orders."""
        return self.exchange.tenant.sandbox

    @property
    def operation(self) -> str:
        """The operationId; empty where the request leads nowhere."""
        return self.exchange.operation.id if self.exchange.operation else ""

    @property
    def subject(self) -> str:
        """The id in the path, the last one of several; empty where there is none."""
        *_, subject = "", *self.exchange.arguments.values()
        return subject

    @property
    def account(self) -> ManagedAccount | None:
        """The account that the path names, if this key has it."""
        return self.sandbox.accounts.get(self.subject)

    @property
    def now(self) -> datetime:
        """The present instant of the key's clock."""
        return self.tenant.clock.now()

    @property
    def kept(self) -> dict[str, Any]:
        """What the deviation keeps from one turn to the next."""
        return self.memory.kept

    @property
    def content(self) -> bytes:
        """The bytes of the request's body; empty when there are too many."""
        if self.exchange.content is not None:
            return self.exchange.content
        try:
            return self.exchange.read(BODY_LIMIT)
        except RequestEntityTooLarge:
            return b""

    @property
    def fields(self) -> dict[str, Any] | None:
        """The fields of the request's JSON object, secrets in clear; None where it has no such body.

        A request that takes no body has no fields.
        """
        operation = self.exchange.operation
        if operation is None or self.exchange.refusal is not None:
            return None
        if operation.body is None:
            return {}
        if self.exchange.request.mimetype != operation.media_type:
            return None
        try:
            fields = orjson.loads(self.content)
        except orjson.JSONDecodeError:
            return None
        return fields if isinstance(fields, dict) else None

    @property
    def sent(self) -> dict[str, Any]:
        """The fields of whatever JSON object came with the request, let in or not; none where none did."""
        try:
            fields = orjson.loads(self.content)
        except orjson.JSONDecodeError:
            return {}
        return fields if isinstance(fields, dict) else {}

    def send(self, fields: Mapping[str, Any]) -> None:
        """Let the request carry other fields."""
        self.exchange.content = orjson.dumps(fields)

    def perform(self) -> Answer:
        """Do what the contract says."""
        return self._perform(self.exchange)

    def fired(self) -> None:
        """Note that the deviation changed something."""
        self.memory.fired += 1

    def refuse(
        self, status: int, code: str, message: str, details: Mapping[str, str] | None = None
    ) -> Answer:
        """Return an error that the contract does not ask for; a 401 has its challenge all the same."""
        self.fired()
        headers = {"WWW-Authenticate": "Bearer"} if status == 401 else {}
        return error(status, code, message, details, headers)

    def set_retailer(self, account: ManagedAccount, retailer: str | None) -> None:
        """Give a stored account another retailer and change nothing else of it."""
        self.sandbox.update_account(account.short_id, {"retailer": retailer}, account.updated_at)

    def redirect(self, short_id: str) -> None:
        """Let the path name another account."""
        self.exchange.arguments = dict.fromkeys(self.exchange.arguments, short_id)

    def rename(self, account: ManagedAccount, short_id: str) -> None:
        """Give a stored account another short_id; it keeps its place."""
        stored = self.sandbox.accounts
        self.sandbox.delete_account(account.short_id, account.updated_at)
        account.short_id = short_id
        self.sandbox.adopt_account(account)
        in_order = sorted(stored.values(), key=lambda held: held.number)
        stored.clear()
        stored.update((held.short_id, held) for held in in_order)

    def others(self) -> Iterator[Tenant]:
        """Yield the other keys' tenants, the one that was used last first."""
        return (tenant for tenant in reversed(self.exchange.everyone()) if tenant is not self.tenant)
