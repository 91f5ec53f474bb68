"""All trials of a calibration, one after the other or side by side."""

import importlib
import pkgutil
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TextIO

from calibration.forks import Forks, Lost
from calibration.judging import Judged, JudgedVariant, needs_orders, requirements
from calibration.outcome import Outcome
from calibration.servers import try_deviations, try_variant
from calibration.smoke import catches, smallest
from calibration.stock import failures
from calibration.trial import Check
from calibration.variants.variant import Variant
from contract_tests import checks as contract_checks
from contract_tests.catalogue import Level
from mock_server.deviations.deviation import Deviation

ORDER_REQUIREMENTS = "MA-[OL][RO]*"  # MA-ORDERS-… and MA-LOCK-…
SMOKE_REQUESTS = 40
_SECONDS = 240.0  # after which a trial is given up

Task = tuple[str, Callable[[], Any]]


@dataclass(frozen=True)
class Campaign:
    """What is tried.

    Args:
        deviations: each in one trial, at the level of the requirement that it breaks.
        variants: each in one trial a seed, at level documented.
        seeds: how many.
        workers: how many trials at a time.
        stock: whether stock Schemathesis tries the deviations, too.
    """

    deviations: Sequence[Deviation]
    variants: Sequence[Variant]
    seeds: int
    workers: int
    stock: bool


def preload() -> None:
    """Import now what each trial would import for itself."""
    for module in pkgutil.iter_modules(contract_checks.__path__, "contract_tests.checks."):
        importlib.import_module(module.name)
    for name in ("contract_tests.fuzzing", "contract_tests.walk", "schemathesis.cli", "mock_server.server"):
        importlib.import_module(name)


def calibrate(campaign: Campaign, progress: TextIO) -> Outcome | Lost:
    """Make all trials.

    Returns:
        What they found; `Lost` when the true mock itself could not be tried.
    """
    began = time.monotonic()
    results: dict[str, Any] = {}
    tasks = list(_tasks(campaign))
    for number, (name, result) in enumerate(Forks(campaign.workers, _SECONDS).run(tasks), start=1):
        results[name] = result
        note = " LOST" if isinstance(result, Lost) else ""
        progress.write(f"{number}/{len(tasks)} {time.monotonic() - began:.0f} s {name}{note}\n")
        progress.flush()
    if isinstance(results["true"], Lost):
        return results["true"]
    true_stock = {orders: results.get(f"stock true {orders}", frozenset()) for orders in (False, True)}
    judged = [
        Judged(
            one,
            results[f"deviation {one.name}"],
            _new(results.get(f"stock {one.name}"), true_stock[needs_orders(one)]),
        )
        for one in campaign.deviations
    ]
    variants = [
        JudgedVariant(one, seed, results[f"variant {one.name} {seed}"])
        for one in campaign.variants
        for seed in range(campaign.seeds)
    ]
    smoke = smallest(catches(judged), results["true"].sent, SMOKE_REQUESTS)
    seconds = time.monotonic() - began
    return Outcome(results["true"], judged, variants, smoke, seconds, campaign.workers)


def _new(found: Any, of_the_true: Any) -> Any:
    return (
        found - of_the_true if isinstance(found, frozenset) and isinstance(of_the_true, frozenset) else found
    )


def _tasks(campaign: Campaign) -> Iterator[Task]:
    yield "true", partial(try_deviations, (), Check(level=Level.INFERRED, orders=True))
    # The longest first, so that none is left alone at the end.
    yield from sorted(_of_variants(campaign), key=lambda task: "orders" not in task[0])
    yield from _of_deviations(campaign)
    if campaign.stock:
        yield from _of_stock(campaign)


def _of_deviations(campaign: Campaign) -> Iterator[Task]:
    for one in sorted(campaign.deviations, key=needs_orders, reverse=True):
        orders = needs_orders(one)
        check = Check(
            level=requirements()[one.requirement].level,
            orders=orders,
            only=ORDER_REQUIREMENTS if orders else None,
        )
        yield f"deviation {one.name}", partial(try_deviations, (one,), check)


def _of_variants(campaign: Campaign) -> Iterator[Task]:
    for one in campaign.variants:
        for seed in range(campaign.seeds):
            check = Check(level=Level.DOCUMENTED, orders=one.orders, seed=seed)
            yield f"variant {one.name} {seed}", partial(try_variant, one, check)


def _of_stock(campaign: Campaign) -> Iterator[Task]:
    for orders in (False, True):
        yield f"stock true {orders}", partial(failures, (), orders=orders)
    for one in campaign.deviations:
        yield f"stock {one.name}", partial(failures, (one,), orders=needs_orders(one))
