"""Where sandboxes live, and how one is held while it changes."""

import hashlib
import itertools
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from mock_server.control.clock import Clock
from mock_server.control.faults import Faults
from mock_server.control.journal import Journal
from mock_server.deviations.deviation import Deviation
from mock_server.domain.queueing import Transition
from mock_server.domain.sandbox import Sandbox

_REMEMBERED_TRANSITIONS = 10_000


@dataclass(slots=True)
class Tenant:
    """One API key's sandbox with all that stands around it. Hold `lock` while touching any of it."""

    key: str
    sandbox: Sandbox
    clock: Clock
    deviations: list[Deviation] = field(default_factory=list)
    faults: Faults = field(default_factory=Faults)
    journal: Journal = field(default_factory=Journal)
    transitions: deque[Transition] = field(default_factory=lambda: deque(maxlen=_REMEMBERED_TRANSITIONS))
    lock: threading.RLock = field(default_factory=threading.RLock)
    last_used: float = 0.0
    label: str = ""
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    deviation_state: dict[str, Any] = field(
        default_factory=dict
    )  # what each deviation remembers, by its name

    def __post_init__(self) -> None:
        self.label = hashlib.sha256(self.key.encode()).hexdigest()[:6]

    @property
    def may_wait(self) -> bool:
        """Whether a fault or a deviation may hold up this key's requests."""
        return bool(self.faults) or any(deviation.parallel for deviation in self.deviations)

    def catch_up(self) -> datetime:
        """Let everything happen that is due, remember it, and return the present instant."""
        now = self.clock.now()
        happened = self.sandbox.settle(now)
        if happened:
            self.transitions.extend(happened)
        return now

    def next_request_id(self) -> str:
        """Return the id of the next request: unique among all keys, and the same in two runs alike."""
        return f"req_{self.label}_{next(self.numbers):06d}"


class MemoryStore:
    """Keeps sandboxes in memory: one a key, made at its first use, dropped when long unused.

    Args:
        make: makes the sandbox of a key.
        most: how many are kept; the longest unused goes first.
        idle_seconds: how long an unused one is kept.
    """

    def __init__(
        self, make: Callable[[str], Tenant], most: int = 20_000, idle_seconds: float = 7 * 86_400
    ) -> None:
        self._make = make
        self.most = most
        self.idle_seconds = idle_seconds
        self._tenants: OrderedDict[str, Tenant] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._tenants)

    def tenant(self, key: str) -> Tenant:
        """Return the tenant of a key, made if this is the key's first use."""
        with self._lock:
            tenant = self._tenants.get(key)
            if tenant is None:
                tenant = self._tenants[key] = self._make(key)
                self._drop_unused()
            else:
                self._tenants.move_to_end(key)
            tenant.last_used = time.monotonic()
            return tenant

    def may_wait(self, key: str) -> bool:
        """Tell whether a key's requests may take long on purpose, without making its sandbox."""
        tenant = self._tenants.get(key)
        return tenant is not None and tenant.may_wait

    def reset(self, key: str) -> None:
        """Give a key the sandbox of a first use."""
        with self._lock:
            self._tenants.pop(key, None)

    def everyone(self) -> list[Tenant]:
        """Return all tenants, the longest unused first."""
        with self._lock:
            return list(self._tenants.values())

    def _drop_unused(self) -> None:
        oldest_allowed = time.monotonic() - self.idle_seconds
        while self._tenants:
            key, tenant = next(iter(self._tenants.items()))
            if len(self._tenants) <= self.most and tenant.last_used >= oldest_allowed:
                return
            if tenant.last_used == 0.0:
                return  # the one being made
            del self._tenants[key]
