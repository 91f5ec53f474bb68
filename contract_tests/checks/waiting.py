"""What checks of orders ask of a wait."""

from collections.abc import Callable
from typing import TypeVar

from contract_tests.errors import NotEstablished
from contract_tests.findings import Expect
from contract_tests.watching import NO_OVERLAP, Watched

Seen = TypeVar("Seen")

SIZES = (5, 8)  # orders that make a queue; more of them where the first ones were gone too quickly


def until_seen(experiment: Callable[[int], Seen | None]) -> Seen:
    """Repeat an experiment with more orders until it shows something.

    Args:
        experiment: submits so many orders and waits for them; gives what it saw.

    Raises:
        NotEstablished: it never showed anything.
    """
    for size in SIZES:
        seen = experiment(size)
        if seen is not None:
            return seen
    raise NotEstablished(NO_OVERLAP)


def must_end(watched: Watched) -> None:
    """Make sure that the wait was long enough to tell anything.

    Raises:
        NotEstablished: no order of the run was ever seen to end.
    """
    if watched.too_slow:
        raise NotEstablished("no order ended while it was waited for; a longer --timeout waits longer")


def all_end(expect: Expect, watched: Watched) -> None:
    """Expect that every order that was waited for has ended."""
    must_end(watched)
    stuck = watched.stuck
    ended = [known for known in watched.orders if known.ended]
    if not ended and not stuck:
        return
    seen = f"{len(ended)} of {len(watched.orders)} ended; {', '.join(known.id for known in stuck)} did not"
    evidence = [(stuck or ended)[0].origin, watched.snapshots[-1].exchange]
    expected = "every order comes to its end"
    expect("MA-LOCK-ALL-FINISH", not stuck, expected=expected, seen=seen, evidence=evidence)
