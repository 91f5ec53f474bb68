"""The targets of the mock's performance, and whether a run met them."""

from collections.abc import Mapping
from dataclasses import dataclass

from benchmarks.figures import Samples, number, with_spread
from benchmarks.plan import Plan


@dataclass(frozen=True)
class Target:
    """One target.

    Args:
        about: what it says.
        figure: the name of the measurement that it is about.
        limit: the least or the most that its median may be.
        at_least: whether the limit is the least; otherwise it is the most.
    """

    about: str
    figure: str
    limit: float
    at_least: bool = False

    def line(self, figures: Mapping[str, Samples]) -> list[str]:
        """Return the line of the table: target, limit, measured, verdict."""
        limit = f"{'≥' if self.at_least else '≤'} {self.limit:g}"
        measured = figures.get(self.figure)
        if measured is None:
            return [self.about, limit, "", "not measured"]
        return [
            self.about,
            limit,
            with_spread(measured),
            "met" if self.is_met(measured) else self.shortfall(measured),
        ]

    def is_met(self, measured: Samples) -> bool:
        """Tell whether the median is on the right side of the limit."""
        return measured.median >= self.limit if self.at_least else measured.median <= self.limit

    def shortfall(self, measured: Samples) -> str:
        """Say that it was missed, and by how much."""
        missed = 1 - measured.median / self.limit if self.at_least else measured.median / self.limit - 1
        return f"**not met**, by {number(missed * 100)} %"


def targets(plan: Plan) -> list[Target]:
    """Return all targets."""
    faster = [
        Target(f"creates a second ÷ {name}, just started", f"creates / {name}", limit, at_least=True)
        for name, limit in {
            "WireMock": 1.5,
            "Prism": 2.5,
            "Mockoon": 5,
            "json-server": 5,
            "bare Flask": 0.8,
        }.items()
    ]
    warm = [
        Target(f"creates a second ÷ {name}, fully warmed up", f"warm creates / {name}", limit, at_least=True)
        for name, limit in {"WireMock": 1.5, "Prism": 2.5, "bare Flask": 0.8}.items()
    ]
    sooner = [
        Target(f"start to first answer ÷ {name}", f"start / {name}", limit)
        for name, limit in {"json-server": 1.3, "Prism": 1, "Mockoon": 1, "WireMock": 1, "moto": 1}.items()
    ]
    return [
        *faster,
        *warm,
        Target("list of 20 accounts ÷ create", "list / create", 0.7, at_least=True),
        *sooner,
        Target(f"memory after {plan.accounts:,} accounts, MB", "memory of zinc-mock", 90),
        *(
            Target(f"{name}, dearest size ÷ cheapest", f"flat: {name}", 1.3)
            for name in (
                "create, accounts of the key",
                "update, accounts of the key",
                "delete, accounts of the key",
                "submit, queued orders of the account",
            )
        ),
        Target(f"p99 ÷ p50 at {plan.rate} creates a second", "p99 / p50", 5),
    ]
