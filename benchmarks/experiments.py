"""What the curves grow: the accounts of a key, keys, the queue of an account, its finished orders."""

import json
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from time import perf_counter

from benchmarks.client import Answer, Connection, send_all
from benchmarks.part import BenchmarkError
from benchmarks.peers import CREATE
from benchmarks.processes import Running
from benchmarks.request import Request

_STANDING_CLOCK = ("--clock", "2026-01-15T10:30:00Z")
_FILL_CONNECTIONS = 8
_SETTLED_AT_ONCE = 1_000
_DRIFT = 20  # of one key at most size/20 samples are taken that add something: it must not outgrow its size
_ORDER = (
    '{"products": [{"url": "https://www.amazon.com/dp/B0000000<n>"}], "max_price": 5000,'
    ' "shipping_address": {"name": "A. Shopper", "city": "Springfield"}}'
)


@dataclass
class Bench:
    """A running mock, how much there is in it of what grows, and what was measured so far.

    `seconds` are by operation. `key` is the key that was made last, `short_ids` are those of its accounts. `places` are
    keys of the right size, each as often as samples may still be taken of it.
    """

    size: int
    running: Running
    connection: Connection
    seconds: dict[str, list[float]] = field(default_factory=dict)
    dice: random.Random = field(default_factory=lambda: random.Random(7))
    keys: int = 0
    short_ids: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)

    @property
    def key(self) -> str:
        """The key that was made last."""
        return f"zn_test_{self.keys}"

    def new_key(self) -> str:
        """Return a key that was not used before."""
        self.keys += 1
        return self.key

    def timed(self, operation: str, request: bytes) -> Answer:
        """Send a request, note how long its answer took, and return it.

        Raises:
            BenchmarkError: it is an error.
        """
        self.connection.refresh()
        began = perf_counter()
        answer = self.connection.ask(request)
        self.seconds.setdefault(operation, []).append(perf_counter() - began)
        return _good(answer)

    def ask(self, request: bytes) -> Answer:
        """Send a request and return its answer.

        Raises:
            BenchmarkError: it is an error.
        """
        self.connection.refresh()
        return _good(self.connection.ask(request))

    def fill(self, requests: Iterable[bytes]) -> None:
        """Send many creates at once."""
        send_all(self.running.port, requests, 201, connections=_FILL_CONNECTIONS)


@dataclass(frozen=True)
class Experiment:
    """One thing that grows.

    Args:
        name: what grows.
        measure: takes some samples of each operation; called once a round.
        prepare: brings a bench to its size beforehand, where that can be kept.
        share: how far it grows, as a share of the largest size.
        options: of zinc-mock.
    """

    name: str
    measure: Callable[[Bench, int], None]
    prepare: Callable[[Bench], None] | None = None
    share: float = 1
    options: tuple[str, ...] = ()


def _good(answer: Answer) -> Answer:
    if answer.status >= 300:
        raise BenchmarkError(f"zinc-mock answered {answer.status}: {answer.body[:200]!r}")
    return answer


def _of(key: str, method: str, path: str, body: str = "", number: int = 0) -> bytes:
    headers = {"Authorization": f"Bearer {key}"} | ({"Content-Type": "application/json"} if body else {})
    return Request(method, path, headers, body).encoded(number)


def _create(key: str, number: int = 0) -> bytes:
    return _of(key, "POST", CREATE.path, CREATE.body, number)


# Accounts of one key


def _many_accounts(bench: Bench) -> None:
    key = bench.new_key()
    bench.fill(_create(key, n) for n in range(bench.size))
    listed = json.loads(bench.ask(_of(key, "GET", CREATE.path)).body)
    bench.short_ids = [account["short_id"] for account in listed["credentials"]]


def _use_accounts(bench: Bench, count: int) -> None:
    """Create, update any, delete any: the number of accounts stays."""
    for n in range(count):
        made = bench.timed("create", _create(bench.key, n))
        bench.short_ids.append(json.loads(made.body)["short_id"])
        updated = bench.dice.choice(bench.short_ids)
        bench.timed("update", _of(bench.key, "PUT", f"{CREATE.path}/{updated}", '{"password": "another"}'))
        deleted = bench.short_ids.pop(bench.dice.randrange(len(bench.short_ids)))
        bench.timed("delete", _of(bench.key, "DELETE", f"{CREATE.path}/{deleted}"))


# Keys


def _many_keys(bench: Bench) -> None:
    bench.fill(_create(bench.new_key()) for _ in range(bench.size))


def _use_keys(bench: Bench, count: int) -> None:
    """Create with any key, and with one more, which is then forgotten again."""
    for n in range(count):
        bench.timed("create", _create(f"zn_test_{bench.dice.randint(1, bench.size)}", n))
        bench.timed("create with a new key", _create("zn_test_new"))
        bench.ask(_of("zn_test_new", "POST", "/_mock/reset"))


# Queued orders of one account: the clock stands, so that the first is in progress for ever


def _submit(key: str) -> bytes:
    return _of(key, "POST", "/orders", _ORDER)


def _use_queue(bench: Bench, count: int) -> None:
    """Submit the next order."""
    for key in _places(bench, count, _queue):
        bench.timed("submit", _submit(key))


def _queue(bench: Bench) -> None:
    bench.fill(_submit(bench.key) for _ in range(bench.size))


def _places(bench: Bench, count: int, fill: Callable[[Bench], None]) -> list[str]:
    """Return the keys of the next samples, filled before the first of them is taken."""
    while len(bench.places) < count:
        bench.ask(_create(bench.new_key()))
        fill(bench)
        bench.places += [bench.key] * max(1, bench.size // _DRIFT)
    return [bench.places.pop() for _ in range(count)]


# Finished orders of one account


def _use_finished(bench: Bench, count: int) -> None:
    """Submit an order, look at the queues, settle, read the order."""
    for key in _places(bench, count, _finish):
        order = json.loads(bench.timed("submit", _submit(key)).body)
        bench.timed("queues", _of(key, "GET", "/_mock/queues"))
        bench.timed("settle", _of(key, "POST", "/_mock/settle"))
        bench.timed("get order", _of(key, "GET", f"/orders/{order['id']}"))


def _finish(bench: Bench) -> None:
    left = bench.size
    while left:
        now = min(left, _SETTLED_AT_ONCE)
        bench.fill(_submit(bench.key) for _ in range(now))
        bench.ask(_of(bench.key, "POST", "/_mock/settle"))
        left -= now


EXPERIMENTS = (
    Experiment("accounts of the key", _use_accounts, prepare=_many_accounts),
    Experiment("keys", _use_keys, prepare=_many_keys, share=0.1),
    Experiment("queued orders of the account", _use_queue, options=_STANDING_CLOCK),
    Experiment("finished orders of the account", _use_finished, options=_STANDING_CLOCK),
)
