"""The smallest set of checks that catches what the whole kit catches, and the part of it that few requests buy."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import inf

from calibration.judging import Judged, Verdict, needs_orders
from calibration.trial import Trial


@dataclass(frozen=True)
class Smoke:
    """A set of checks.

    Args:
        checks: their names, the most telling first.
        requests: how many they send to a server that conforms, each alone.
        caught: names of the deviations that they catch.
        missed: names of those that the whole kit catches and they do not.
    """

    checks: tuple[str, ...]
    requests: int
    caught: tuple[str, ...]
    missed: tuple[str, ...]


def catches(judged: Iterable[Judged]) -> dict[str, frozenset[str]]:
    """Return, for each check, the deviations of accounts that break their requirement while it runs."""
    found: dict[str, set[str]] = {}
    for one in judged:
        if needs_orders(one.deviation) or one.verdict is not Verdict.CAUGHT:
            continue
        assert isinstance(one.trial, Trial), "what was caught has a trial"
        for check, broken in one.trial.broken_by.items():
            if one.deviation.requirement in broken:
                found.setdefault(check, set()).add(one.deviation.name)
    return {check: frozenset(names) for check, names in found.items()}


def smallest(
    by_check: Mapping[str, frozenset[str]],
    costs: Mapping[str, int],
    budget: float = inf,
    first: frozenset[str] = frozenset(),
) -> Smoke:
    """Choose checks greedily: always the one that catches the most for its requests, while they can be afforded.

    Args:
        by_check: the deviations that each check catches.
        costs: the requests that each check sends.
        budget: how many requests may be sent in all.
        first: the deviations that are looked at before all others.
    """
    wanted = frozenset[str]().union(*by_check.values())
    left, chosen, spent = set(wanted), [], 0

    def worth(check: str) -> tuple[float, float]:
        catches, cost = by_check[check] & left, costs[check] or 1
        return len(catches & first) / cost, len(catches) / cost

    while left:
        affordable = [check for check in by_check if check not in chosen and spent + costs[check] <= budget]
        best = max(affordable, key=worth, default=None)
        if best is None or not by_check[best] & left:
            break
        chosen.append(best)
        spent += costs[best]
        left -= by_check[best]
    return Smoke(tuple(chosen), spent, tuple(sorted(wanted - left)), tuple(sorted(left)))
