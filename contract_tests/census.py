"""The accounts of others, counted before and after a run, to show that it left them alone."""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from contract_tests.answers import Account

Count = Mapping[str, str]  # short_id -> digest of the account


def count_others(accounts: Iterable[Account], ours: Collection[str]) -> Count:
    """Digest every account that the run did not make."""
    return {
        str(account.get("short_id")): hashlib.sha256(
            json.dumps(account, sort_keys=True, default=str).encode()
        ).hexdigest()
        for account in accounts
        if account.get("short_id") not in ours
    }


@dataclass(frozen=True)
class Census:
    """The accounts of others before and after, and what the run left behind.

    A difference says that someone else was at work meanwhile: the guard lets out nothing that could make one.

    Args:
        before, after: how many accounts of others were listed.
        changed: short_ids of those that differ.
        appeared, disappeared: short_ids that only one of the counts has.
        left_behind: short_ids of this run's accounts that are still listed.
        trouble: why the counts are not complete; None when they are.
    """

    before: int = 0
    after: int = 0
    changed: tuple[str, ...] = ()
    appeared: tuple[str, ...] = ()
    disappeared: tuple[str, ...] = ()
    left_behind: tuple[str, ...] = ()
    trouble: str | None = None

    @property
    def unchanged(self) -> bool:
        """Whether both counts are the same, account by account."""
        return not (self.trouble or self.changed or self.appeared or self.disappeared)


def compare(before: Count, after: Count, left_behind: Iterable[str]) -> Census:
    """Compare two counts."""
    return Census(
        before=len(before),
        after=len(after),
        changed=tuple(sorted(name for name in before.keys() & after.keys() if before[name] != after[name])),
        appeared=tuple(sorted(after.keys() - before.keys())),
        disappeared=tuple(sorted(before.keys() - after.keys())),
        left_behind=tuple(sorted(left_behind)),
    )
