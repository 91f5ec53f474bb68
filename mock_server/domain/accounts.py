"""A managed account, and what an update may change of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from mock_server.domain.resources import Resource


class Health(StrEnum):
    """Whether the retailer lets the account log in (the page, Best Practices 2)."""

    OK = "ok"
    LOGIN_FAILED = "login_failed"
    ACCOUNT_LOCKED = "account_locked"


@dataclass(slots=True)
class ManagedAccount(Resource):
    """The credentials of one retailer account (the page, Response Fields).

    `password` is opaque here: the edge seals it before the domain sees it. `number` counts creations in the
    sandbox, so that "the oldest" is well defined when two accounts were made at one instant.
    """

    id: str
    short_id: str
    email: str
    retailer: str | None
    created_at: datetime
    updated_at: datetime
    number: int
    password: object | None = None
    health: Health = Health.OK

    def update(self, changes: Mapping[str, Any], now: datetime) -> None:
        """Change the provided fields and nothing else (the page, Update Credentials).

        Args:
            changes: any of `email`, `password`, `retailer`. A null `email` or `password` counts as not provided;
                a null `retailer` makes the account the default one (inferred).
            now: becomes `updated_at` if any field was provided.
        """
        provided = {
            name: changes[name]
            for name in ("email", "password", "retailer")
            if name in changes and (changes[name] is not None or name == "retailer")
        }
        if not provided:
            return
        for name, value in provided.items():
            setattr(self, name, value)
        if "password" in provided and self.health is Health.LOGIN_FAILED:
            self.health = Health.OK
        self.updated_at = now
