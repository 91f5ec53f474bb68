"""Faults: trouble that a tester asks for, countable, seeded, and for one key alone."""

import random
from dataclasses import dataclass, field
from typing import Any

BEFORE = "before"
AFTER = "after"

_WHOLE_NUMBERS = frozenset({"status", "delay_ms", "times", "seed"})


@dataclass(slots=True)
class Fault:
    """One asked-for trouble; the fields are those of `POST /_mock/faults`.

    It concerns one operation or all; answers `status` with `code`, waits `delay_ms`, or drops the connection; before
    the operation is performed or after; `times` at the most, with the probability `rate`.
    """

    id: str
    operation: str | None = None
    status: int | None = None
    code: str | None = None
    delay_ms: int = 0
    drop: bool = False
    phase: str = BEFORE
    times: int | None = None
    rate: float = 1.0
    seed: int | None = None
    fired: int = 0
    _random: random.Random = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)

    @property
    def is_spent(self) -> bool:
        """Whether it has fired as often as was asked."""
        return self.times is not None and self.fired >= self.times

    @property
    def loses_answer(self) -> bool:
        """Whether something else is answered than the operation would, or nothing; a delay alone only waits."""
        return self.drop or self.status is not None or self.code is not None

    def strikes(self, operation: str) -> bool:
        """Tell whether it fires at this request; asked once a request."""
        if self.is_spent or self.operation not in (None, operation):
            return False
        return self.rate >= 1.0 or self._random.random() < self.rate

    def describe(self) -> dict[str, Any]:
        """Return the fault as the control plane shows it."""
        shown = {
            "id": self.id,
            "operation": self.operation,
            "status": self.status,
            "code": self.code,
            "delay_ms": self.delay_ms,
            "drop": self.drop,
            "phase": self.phase,
            "times": self.times,
            "rate": self.rate,
            "seed": self.seed,
            "fired": self.fired,
        }
        return {name: value for name, value in shown.items() if value is not None}


class Faults:
    """The faults of one key, oldest first; the first that strikes is the one that fires."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._added = 0

    def __bool__(self) -> bool:
        return bool(self._faults)

    def __iter__(self) -> Any:
        return iter(self._faults)

    def add(self, wanted: dict[str, Any]) -> Fault:
        """Add a fault of these fields and return it."""
        self._added += 1
        whole = {
            name: int(wanted[name]) for name in _WHOLE_NUMBERS & wanted.keys()
        }  # JSON may write 2 as 2.0
        fault = Fault(id=f"fault_{self._added}", **wanted | whole)
        self._faults.append(fault)
        return fault

    def clear(self) -> None:
        """Remove all faults."""
        self._faults.clear()

    def strike(self, operation: str) -> Fault | None:
        """Return the fault that fires at this request, if one does, and count it."""
        for fault in self._faults:
            if fault.strikes(operation):
                fault.fired += 1
                return fault
        return None
