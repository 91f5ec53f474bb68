"""The smallest set of checks that still catches what the whole kit catches, and what it costs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

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


def smallest(by_check: Mapping[str, frozenset[str]], costs: Mapping[str, int], budget: int) -> Smoke:
    """Choose checks greedily: always the one that catches the most for its requests, while they can be afforded."""
    wanted = frozenset[str]().union(*by_check.values())
    left, chosen, spent = set(wanted), [], 0
    while left:
        affordable = [check for check in by_check if check not in chosen and spent + costs[check] <= budget]
        best = max(
            affordable, key=lambda check: len(by_check[check] & left) / (costs[check] or 1), default=None
        )
        if best is None or not by_check[best] & left:
            break
        chosen.append(best)
        spent += costs[best]
        left -= by_check[best]
    return Smoke(tuple(chosen), spent, tuple(sorted(wanted - left)), tuple(sorted(left)))
