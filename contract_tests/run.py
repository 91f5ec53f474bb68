"""One run: everything it is made of, put together, and what happens before the first check and after the last."""

import random
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from contract_tests.accounts import Accounts, Listing, Mint
from contract_tests.answers import Account
from contract_tests.canaries import Canaries
from contract_tests.catalogue import load_requirements
from contract_tests.census import Census, Count, compare, count_others
from contract_tests.client import Client
from contract_tests.embedded import embedded_mock
from contract_tests.errors import KeyRefused, NotEstablished, RunError, Unreachable
from contract_tests.exchange import Exchange, Key, Operation
from contract_tests.findings import Findings
from contract_tests.guard import Guard
from contract_tests.journal import LATE, Journal, journal_directory, markers_in
from contract_tests.model import Model
from contract_tests.observations import Observations
from contract_tests.order_book import OrderBook
from contract_tests.orders import Orders
from contract_tests.rules import (
    judge_errors,
    judge_fields,
    judge_operations,
    judge_orders,
    judge_secrets,
    judge_state,
)
from contract_tests.settings import Settings, is_loopback
from contract_tests.specification import Specification
from contract_tests.timeline import Timeline
from contract_tests.watching import Pace


class Run:
    """A run against one server. Use `open_run`.

    Args:
        settings: with a base URL and a key.
        findings: where judgements go.
        specification: where the operations are.
        journal: what is made is announced there.
    """

    def __init__(
        self, settings: Settings, findings: Findings, specification: Specification, journal: Journal
    ) -> None:
        self.settings = settings
        self.findings = findings
        self.specification = specification
        self.journal = journal
        self.base_url = settings.base_url or ""
        self.keys = {Key.FIRST: settings.api_key or ""}
        if settings.second_api_key:
            self.keys[Key.SECOND] = settings.second_api_key
        self.canaries = Canaries(f"{settings.seed} {journal.run}")
        self.model = Model()
        self.book = OrderBook()
        self.observations = Observations()
        self.timeline = Timeline()
        self.guard = Guard(
            self.base_url,
            accounts_path=specification.accounts_path,
            orders_path=specification.orders_path,
            api_keys=tuple(self.keys.values()),
            journal=None if settings.read_only else journal,
            orders=settings.orders,
        )
        self.client = Client(
            self.base_url,
            self.keys,
            self.guard,
            timeout=settings.timeout,
            rate_limit=settings.rate_limit,
            time_budget=settings.time_budget,
        )
        self.client.observers += [self._judge, self.timeline.watch]
        self.client.lost.append(self.model.note_loss)
        self.choice = random.Random(settings.seed)
        self.mint = Mint(journal.run, self.canaries, self.guard, self.choice)
        self.accounts = {
            key: Accounts(self.client, self.mint, specification.accounts_path, key) for key in self.keys
        }
        pace = Pace(settings.timeout, nearby=is_loopback(self.base_url))
        self.orders = {
            key: Orders(self.client, accounts, specification, self.book, pace)
            for key, accounts in self.accounts.items()
        }
        self.census = Census(trouble="the run did not begin")
        self._before: dict[Key, Count] = {}
        self._uncounted: str | None = None  # why the accounts of others under a key were not counted at first
        self._ended = False  # whether everything of this run that is listed was deleted, under every key

    def _judge(self, exchange: Exchange) -> None:
        """Hold one answer against every rule, then take over what it says."""
        for judgements in (
            judge_operations(exchange, self.model),
            judge_fields(exchange),
            judge_errors(exchange, self.model),
            judge_secrets(exchange, self.canaries, self.keys),
            judge_state(exchange, self.model),
            judge_orders(exchange, self.book, self.model),
            self.observations.judge(exchange),
        ):
            for judgement in judgements:
                self.findings.record(judgement)
        self.model.note(exchange)
        self.book.note(exchange)

    def begin(self) -> None:
        """Reach the server, see that it takes the keys, and count the accounts of others.

        Raises:
            Unreachable: it does not answer.
            KeyRefused: it refuses a key.
        """
        for key, accounts in self.accounts.items():
            try:
                # With headers of its own, a 401 is an answer like any other.
                usual = accounts.headers(Content_Type=None)
                listed = accounts.send(Operation.LIST, headers=usual, plain=True)
            except Unreachable as error:
                raise Unreachable(f"cannot reach {self.base_url}: {error.reason}") from error
            if listed.response.status in (401, 403):
                raise KeyRefused(f"{self.base_url} refuses the {key.value} API key: {listed.response}")
            try:
                self._before[key] = count_others(Listing.of(listed).accounts, ())
            except NotEstablished as missing:
                self._uncounted = str(missing)
        self.census = Census(trouble=self._uncounted or "the run did not come to its end")

    def tidy(self) -> None:
        """Delete what checks have made so far, as far as it is listed."""
        with self.client.past_the_deadline():
            for key, accounts in self.accounts.items():
                if not self.model.alive(key):
                    continue
                try:
                    self.orders[key].let_end()
                    self._delete_listed(accounts)
                except NotEstablished:
                    continue  # the end of the run tries again

    def finish(self) -> None:
        """Delete everything of this run that is left, and count the accounts of others again."""
        with self.client.past_the_deadline():
            try:
                self._finish()
            except (RunError, NotEstablished) as error:
                self.census = Census(trouble=str(error), left_behind=tuple(sorted(self._not_seen_deleted())))
                if self._not_seen_deleted():
                    self.findings.run_errors.append(f"could not clean up: {error}")
            if self.journal.unheard:
                self.findings.run_errors.append(
                    f"what became of {len(self.journal.unheard)} creates is unknown: zinc-contract cleanup deletes"
                    " what may yet come of them"
                )

    def _finish(self) -> None:
        before: dict[str, str] = {}
        after: dict[str, str] = {}
        left: list[str] = []
        lists = self._sweep()
        deadline = time.monotonic() + LATE
        while self.journal.unheard and time.monotonic() < deadline:
            time.sleep(0.5)
            lists = self._sweep()
        for key, listed in lists.items():
            left += [
                str(account["short_id"])
                for account in listed
                if self._is_ours(account.get("short_id"), account.get("email"))
            ]
            if key in self._before:  # or all that is there now would be new
                before |= self._before[key]
                after |= count_others(listed, self.guard.made.keys())
        self.census = replace(compare(before, after, left), trouble=self._uncounted)
        self._ended = True

    def _sweep(self) -> dict[Key, list[Account]]:
        """Delete everything of this run that is listed now; what is listed after that."""
        lists = {}
        for key, accounts in self.accounts.items():
            listed = accounts.listing().accounts
            ours = [
                account for account in listed if self._is_ours(account.get("short_id"), account.get("email"))
            ]
            for account in ours:
                self._delete(accounts, str(account["short_id"]))
            lists[key] = accounts.listing().accounts if ours else listed
        return lists

    def _delete_listed(self, accounts: Accounts) -> None:
        listing = accounts.listing()
        for known in self.model.alive(accounts.key):
            if listing.get(known.short_id) and self.guard.owns(known.short_id):
                self._delete(accounts, known.short_id)

    def _delete(self, accounts: Accounts, short_id: str) -> None:
        """Delete an account of this run; whether that succeeds while an order uses it is left open."""
        if self.book.unfinished(short_id):
            accounts.send(Operation.DELETE, target=short_id)
        else:
            accounts.delete(short_id)

    def _is_ours(self, short_id: object, email: object) -> bool:
        has_marker = any(marker.run == self.journal.run for marker in markers_in(str(email)))
        return short_id in self.guard.made and (has_marker or self.model.find(str(short_id)) is not None)

    def _not_seen_deleted(self) -> set[str]:
        deleted = {
            known.short_id
            for held in self.model.accounts.values()
            for known in held.values()
            if known.deleted
        }
        return set(self.guard.made) - deleted

    @property
    def clean(self) -> bool:
        """Whether nothing of this run is left on the server, and nothing can come any more."""
        if self.census.left_behind or self.journal.unheard:
            return False
        return self._ended or not self._not_seen_deleted()


@contextmanager
def open_run(settings: Settings, findings: Findings) -> Iterator[Run]:
    """Put a run together, with an embedded mock where no server is named.

    Raises:
        RunError: it cannot be.
    """
    with ExitStack() as stack:
        directory = journal_directory()
        if settings.base_url is None:
            settings = stack.enter_context(embedded_mock(settings))
            directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="zinc-contract-")))
        specification = Specification(settings.spec)
        try:
            journal = Journal(settings.base_url or "", directory)
        except OSError as error:
            raise RunError(f"cannot write the journal in {directory}: {error.strerror}") from error
        run = Run(settings, findings, specification, journal)
        try:
            yield run
        finally:
            journal.close(clean=run.clean)


def new_findings() -> Findings:
    """Empty findings for the whole catalogue."""
    return Findings(load_requirements())


def now() -> str:
    """The present instant, as reports show it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
