"""All trials of a calibration, one after the other or side by side."""

import gc
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
from calibration.servers import mock, try_deviations, try_variant
from calibration.smoke import catches, smallest
from calibration.stock import failures
from calibration.trial import Check, Trial, try_server
from calibration.variants.variant import Variant
from calibration.variants.wire import served_by_threads
from contract_tests import checks as contract_checks
from contract_tests.catalogue import Level
from mock_server.deviations.deviation import Deviation

ORDER_REQUIREMENTS = "MA-[OL][RO]*"  # MA-ORDERS-… and MA-LOCK-…
SMOKE_REQUESTS = 40
# What stock Schemathesis imports only once it runs
_OF_STOCK = ("schemathesis.cli.commands.run.executor", "schemathesis.specs.openapi.auth_inference")
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
    """Do now what each trial would do for itself: import, and fill the caches by one trial, of a server in threads."""
    for module in pkgutil.iter_modules(contract_checks.__path__, "contract_tests.checks."):
        importlib.import_module(module.name)
    for name in ("contract_tests.fuzzing", "contract_tests.walk", "mock_server.server", *_OF_STOCK):
        importlib.import_module(name)
    try_server(served_by_threads(mock().wsgi_app), Check(level=Level.DOCUMENTED))
    gc.collect()
    gc.freeze()  # what is here stays: no trial need look through it


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
    true: Trial = results["true"]
    caught = catches(judged)
    documented = frozenset(one.deviation.name for one in judged if one.requirement.level is Level.DOCUMENTED)
    cover = smallest(caught, true.sent)
    smoke = smallest(caught, true.sent, SMOKE_REQUESTS - true.overhead, first=documented)
    seconds = time.monotonic() - began
    return Outcome(true, judged, variants, cover, smoke, seconds, campaign.workers)


def _new(found: Any, of_the_true: Any) -> Any:
    return (
        found - of_the_true if isinstance(found, frozenset) and isinstance(of_the_true, frozenset) else found
    )


def _tasks(campaign: Campaign) -> Iterator[Task]:
    yield "true", partial(try_deviations, (), Check(level=Level.INFERRED, orders=True))
    waiting = [*_of_variants(campaign, orders=True), *_of_deviations(campaign, orders=True)]
    working = [*_of_variants(campaign, orders=False), *_of_deviations(campaign, orders=False)]
    working += _of_stock(campaign) if campaign.stock else []
    yield from spread(waiting, working)


def spread(waiting: Sequence[Task], working: Sequence[Task]) -> Iterator[Task]:
    """Lay tasks that mostly wait evenly among those that keep a processor busy, so that none is ever idle.

    Those that wait come a little early: at the end nobody should wait for them alone.
    """
    places = [
        (early * number / len(tasks), task)
        for early, tasks in ((0.95, waiting), (1, working))
        for number, task in enumerate(tasks)
    ]
    yield from (task for _, task in sorted(places, key=lambda place: place[0]))


def check_for(deviation: Deviation) -> Check:
    """Return how a server with this deviation is checked: by what accounts are held to, or by what orders are."""
    orders = needs_orders(deviation)
    return Check(
        level=requirements()[deviation.requirement].level,
        orders=orders,
        only=ORDER_REQUIREMENTS if orders else None,
    )


def _of_deviations(campaign: Campaign, *, orders: bool) -> Iterator[Task]:
    for one in campaign.deviations:
        if needs_orders(one) is orders:
            yield f"deviation {one.name}", partial(try_deviations, (one,), check_for(one))


def _of_variants(campaign: Campaign, *, orders: bool) -> Iterator[Task]:
    for one in campaign.variants:
        for seed in range(campaign.seeds):
            if one.orders is orders:
                check = Check(level=Level.DOCUMENTED, orders=orders, seed=seed)
                yield f"variant {one.name} {seed}", partial(try_variant, one, check)


def _of_stock(campaign: Campaign) -> Iterator[Task]:
    for orders in (False, True):
        yield f"stock true {orders}", partial(failures, (), orders=orders)
    for one in campaign.deviations:
        yield f"stock {one.name}", partial(failures, (one,), orders=needs_orders(one))
