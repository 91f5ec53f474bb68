"""How much is measured, and for how long: everything that bounds a run."""

from dataclasses import dataclass
from pathlib import Path

HOST = "127.0.0.1"  # all load stays on this machine
PROJECT = Path(__file__).parent.parent
BENCH = PROJECT / ".bench"  # what is installed and written while measuring; outside git


@dataclass(frozen=True)
class Plan:
    """The bounds of a run.

    Args:
        rounds: how often each thing is measured, interleaved with the others.
        seconds: how long the load lasts that is measured.
        warm_up: seconds of load before it.
        long_warm_up: seconds of load before servers count as fully warmed up.
        connections: how many the load generator keeps open.
        starts: how often each server is started to time its start.
        accounts: how many accounts are made before memory is read.
        rate: requests a second of the steady load.
        largest: where the curves end (keys end at a tenth of it).
        samples: measurements of each operation at each size of a curve, in each round.
    """

    rounds: int = 3
    seconds: float = 5
    warm_up: float = 2
    long_warm_up: float = 30
    connections: int = 8
    starts: int = 15
    accounts: int = 10_000
    rate: int = 500
    largest: int = 100_000
    samples: int = 100


QUICK = Plan(
    rounds=2,
    seconds=1,
    warm_up=0.5,
    long_warm_up=2,
    starts=2,
    accounts=500,
    rate=200,
    largest=100,
    samples=10,
)
