"""What a run made on a server, written down before it is made, so that it can be cleaned up after any end.

A journal is one file of JSON lines. Each account of a run has an e-mail address that carries a marker,
`zinc-contract-<run>-<number>`, found nowhere else; the line that announces the marker is on disk before the request
that creates the account leaves. The file goes away when nothing is left on the server. It never holds an API key:
only a keyed digest that tells, given a key, whether an account was made with it.
"""

import hmac
import json
import os
import re
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Self

try:
    import fcntl
except ImportError:  # Windows: a journal in use is then known only by the run that uses it
    fcntl = None  # type: ignore[assignment]

DOMAIN = "example.com"
LATE = 10.0  # seconds in which a create may still take effect whose answer nobody heard
_MARKER = re.compile(r"zinc-contract-([0-9a-f]{12})-([0-9]+)(?![0-9])")


@dataclass(frozen=True, order=True)
class Marker:
    """The token in an e-mail address that says which run made the account, as which number."""

    run: str
    number: int

    def __str__(self) -> str:
        return f"zinc-contract-{self.run}-{self.number}"

    @property
    def email(self) -> str:
        """An e-mail address that carries the marker."""
        return f"{self}@{DOMAIN}"


def markers_in(text: str) -> Iterator[Marker]:
    """Every marker in a text, of whatever run."""
    for run, number in _MARKER.findall(text):
        yield Marker(run, int(number))


def journal_directory() -> Path:
    """Where this user's journals lie: `$ZINC_CONTRACT_STATE`, or the state directory of the platform."""
    if named := os.environ.get("ZINC_CONTRACT_STATE"):
        return Path(named)
    if os.name == "nt":
        return Path(os.environ.get("LOCALAPPDATA", Path.home())) / "zinc-contract"
    return Path(os.environ.get("XDG_STATE_HOME", Path.home() / ".local" / "state")) / "zinc-contract"


def fingerprint(api_key: str, run: str) -> str:
    """A digest that recognises an API key within one run and gives nothing of it away."""
    return hmac.digest(run.encode(), api_key.encode(), "sha256").hex()[:16]


class Journal:
    """The journal of the run that is under way, held locked while it is.

    Args:
        base_url: the server.
        directory: where the file is made.
    """

    def __init__(self, base_url: str, directory: Path) -> None:
        self.run = secrets.token_hex(6)
        directory.mkdir(parents=True, exist_ok=True)
        self.path = directory / f"run-{self.run}.jsonl"
        self._file = self.path.open("xb", buffering=0)
        if fcntl:
            fcntl.flock(self._file, fcntl.LOCK_EX)
        self.unheard: set[int] = set()  # creates of which neither an answer nor a list has told yet
        self._intended: set[int] = set()
        self._write(run=self.run, base_url=base_url)

    def intend(self, number: int, api_key: str) -> None:
        """Put on disk that an account with this number may exist from now on."""
        if number not in self._intended:
            self._intended.add(number)
            self._write(intent=number, key=fingerprint(api_key, self.run))

    def leaves(self, number: int) -> None:
        """Note that an announced create leaves now."""
        self.unheard.add(number)
        self._append(left=number)

    def heard(self, number: int) -> None:
        """Note that it is known what became of a create."""
        if number in self.unheard:
            self.unheard.discard(number)
            self._append(heard=number)

    def rename(self, number: int) -> None:
        """Put on disk that an account of ours may have the address with this number from now on."""
        self._write(rename=number)

    def made(self, short_id: str, api_key: str) -> None:
        """Note an account that the server says it made; its intent is on disk already."""
        self._append(made=short_id, key=fingerprint(api_key, self.run))

    def gave(self, short_id: str, email: str) -> None:
        """Note an address without a marker that the account of ours may now have."""
        self._write(gave=email, short_id=short_id)

    def close(self, *, clean: bool) -> None:
        """End the journal; its file goes away when nothing is left behind."""
        if clean:
            self.path.unlink(missing_ok=True)
        self._file.close()

    def _write(self, **line: Any) -> None:
        self._append(**line)
        os.fsync(self._file.fileno())

    def _append(self, **line: Any) -> None:
        self._file.write(json.dumps(line).encode() + b"\n")


@dataclass
class Record:
    """The journal of a run that has ended, as `cleanup` reads it.

    Args:
        path: the file.
        run: id of the run.
        base_url: the server.
        intents: numbers announced for creates, each with the fingerprint of its key.
        renames: numbers announced for updates.
        unheard: numbers of creates that left, and of which it is not known what became of them.
        made: short_ids that the server answered, each with the fingerprint of its key.
        given: addresses without a marker that the run gave its accounts.
        settled: the fingerprints of keys of which nothing is left.
    """

    path: Path
    run: str
    base_url: str
    intents: dict[int, str] = field(default_factory=dict)
    renames: set[int] = field(default_factory=set)
    unheard: set[int] = field(default_factory=set)
    made: dict[str, str] = field(default_factory=dict)
    given: set[tuple[str, str]] = field(default_factory=set)
    settled: set[str] = field(default_factory=set)

    @classmethod
    def read(cls, path: Path) -> Self | None:
        """Read a journal; None for a file that no run of this kit wrote, or whose run wrote no first line."""
        lines = [_parsed(line) for line in path.read_bytes().splitlines()]
        if not lines or not {"run", "base_url"} <= lines[0].keys():
            return None
        record = cls(path, lines[0]["run"], lines[0]["base_url"])
        for line in lines[1:]:
            if "intent" in line:
                record.intents[line["intent"]] = line["key"]
            elif "rename" in line:
                record.renames.add(line["rename"])
            elif "left" in line:
                record.unheard.add(line["left"])
            elif "heard" in line:
                record.unheard.discard(line["heard"])
            elif "made" in line:
                record.made[line["made"]] = line["key"]
            elif "gave" in line:
                record.given.add((line["short_id"], line["gave"]))
            elif "settled" in line:
                record.settled.add(line["settled"])
        return record

    def covers(self, short_id: str, email: object) -> bool:
        """Whether an account as the server lists it is one that this run made.

        It is when its address carries a marker that the run announced, or when the run noted its short_id and the
        address is one that the run gave it.
        """
        announced = {Marker(self.run, number) for number in {*self.intents, *self.renames}}
        if not announced.isdisjoint(markers_in(str(email))):
            return True
        return short_id in self.made and (short_id, str(email)) in self.given

    def awaited(self, key: str) -> set[Marker]:
        """The creates under a key that were cut off so lately that they may still take effect."""
        if time.time() > self.path.stat().st_mtime + LATE:
            return set()
        return {Marker(self.run, number) for number in self.unheard if self.intents.get(number) == key}

    def open_keys(self) -> set[str]:
        """The fingerprints of the keys that the run may have made accounts with."""
        return {*self.intents.values(), *self.made.values()} - self.settled

    def settle(self, key: str) -> None:
        """Note that nothing made with a key is left; the file goes away with the last key."""
        self.settled.add(key)
        if self.open_keys():
            with self.path.open("ab") as file:
                file.write(json.dumps({"settled": key}).encode() + b"\n")
        else:
            self.path.unlink(missing_ok=True)


def _parsed(line: bytes) -> dict[str, Any]:
    """One line of a journal; empty for a line that a killed run did not finish."""
    try:
        parsed = json.loads(line)
    except ValueError:
        return {}
    return parsed if isinstance(parsed, dict) else {}


def left_journals(directory: Path, base_url: str) -> Iterator[Record]:
    """The journals of ended runs on a server, oldest first; those of runs under way are passed over."""
    if not directory.is_dir():
        return
    for path in sorted(directory.glob("run-*.jsonl"), key=lambda path: path.stat().st_mtime):
        if not _in_use(path):
            record = Record.read(path)
            if record and record.base_url == base_url:
                yield record


def _in_use(path: Path) -> bool:
    if not fcntl:
        return False
    with path.open("rb") as file:
        return not _lockable(file)


def _lockable(file: IO[bytes]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
