"""Deletes what interrupted runs left on a server: exactly what their journals announced, and nothing else."""

import random
import sys
import time

from contract_tests.accounts import Accounts, Mint
from contract_tests.answers import Account
from contract_tests.canaries import Canaries
from contract_tests.client import Client
from contract_tests.errors import NotEstablished, RunError
from contract_tests.exchange import Key
from contract_tests.guard import Guard
from contract_tests.journal import (
    LATE,
    Record,
    fingerprint,
    journal_directory,
    left_journals,
    markers_in,
)
from contract_tests.report.terminal import Pen
from contract_tests.settings import Settings
from contract_tests.specification import Specification


def clean_up(settings: Settings) -> int:
    """Delete what the journals of this machine say was left under a key, and print what was deleted.

    Journals of which nothing is left go away; those of runs under way, of other servers and of other keys stay.

    Returns:
        0 when nothing is left, 2 when something could not be deleted.

    Raises:
        RunError: the server cannot be asked.
    """
    base_url, api_key = settings.base_url or "", settings.api_key or ""
    records = [
        record
        for record in left_journals(journal_directory(), base_url)
        if fingerprint(api_key, record.run) in record.open_keys() or not record.open_keys()
    ]
    if not any(record.open_keys() for record in records):
        for record in records:
            record.path.unlink(missing_ok=True)
        Pen(sys.stdout).line(f"Nothing to clean up on {base_url}: no interrupted run is known here.")
        return 0
    accounts = _accounts(settings, records)
    left = _delete(accounts, records, api_key)
    if left:
        Pen(sys.stderr).line(f"Could not delete: {', '.join(left)}")
        return 2
    for record in records:
        record.settle(fingerprint(api_key, record.run))
    if any(record.open_keys() for record in records):
        Pen(sys.stdout).line("They made accounts with another key too: clean up with that one as well.")
    return 0


def _accounts(settings: Settings, records: list[Record]) -> Accounts:
    """The account operations, behind a guard that lets out nothing but deletes of what the records cover."""
    specification = Specification(settings.spec)
    api_key = settings.api_key or ""
    guard = Guard(
        settings.base_url or "",
        accounts_path=specification.accounts_path,
        orders_path=specification.orders_path,
        api_keys=(api_key,),
        journal=None,
        orders=False,
        covered=lambda short_id, email: any(record.covers(short_id, email) for record in records),
    )
    client = Client(settings.base_url or "", {Key.FIRST: api_key}, guard, timeout=settings.timeout)
    mint = Mint("", Canaries(""), guard, random.Random(0))
    return Accounts(client, mint, specification.accounts_path, Key.FIRST)


def _delete(accounts: Accounts, records: list[Record], api_key: str) -> list[str]:
    """Delete every listed account that a record covers, and what comes late; the short_ids of those still listed."""
    pen = Pen(sys.stdout)
    found: dict[str, Account] = {}
    has_waited = False
    while True:
        mine = {str(account["short_id"]): account for account in _covered(accounts, records)}
        for short_id in mine.keys() - found.keys():
            answer = accounts.delete(short_id)
            pen.line(f"deleted {short_id}  {mine[short_id].get('email')}  ({answer.response})")
        found |= mine
        seen = {marker for account in found.values() for marker in markers_in(str(account.get("email")))}
        if not any(record.awaited(fingerprint(api_key, record.run)) - seen for record in records):
            break
        if not has_waited:
            pen.line(f"Waiting up to {LATE:.0f} s for what may come of a create that was cut off.")
        has_waited = True
        time.sleep(0.5)
    left = [str(account["short_id"]) for account in _covered(accounts, records)] if found else []
    pen.line(
        f"{len(found) - len(left)} accounts of {len(records)} interrupted runs deleted, {len(left)} left"
    )
    return left


def _covered(accounts: Accounts, records: list[Record]) -> list[Account]:
    try:
        listed = accounts.listing().accounts
    except NotEstablished as missing:
        raise RunError(f"cannot clean up: {missing}") from missing
    return [
        account
        for account in listed
        if any(record.covers(str(account.get("short_id")), account.get("email")) for record in records)
    ]
