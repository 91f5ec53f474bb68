"""Whether an operation costs the same however much there is of something.

One process a size, all alive at once; the sizes take turns, so that each meets the same machine. One connection
sends one request after the other; the cost is the time of an answer as a client sees it.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from statistics import mean, median

from benchmarks.client import Connection
from benchmarks.experiments import EXPERIMENTS, Bench, Experiment
from benchmarks.figures import number, samples
from benchmarks.part import Curve, Part
from benchmarks.peers import OURS
from benchmarks.plan import Plan
from benchmarks.processes import Running

_TURNS = 5  # a round: the shorter they are, the more alike are the moments that the sizes meet
_Average = Callable[[Sequence[float]], float]


def curves(plan: Plan) -> Part:
    """Measure all curves."""
    drawn: list[Curve] = []
    means: list[Curve] = []
    for experiment in EXPERIMENTS:
        benches = _measured(experiment, plan)
        drawn += _curves(experiment, benches, median)
        means += _curves(experiment, benches, mean)
    sizes = sorted({size for curve in drawn for size, _ in curve.points})
    return Part(
        title="Cost against size",
        about="Median milliseconds of an answer over one connection, one request after the other; the dearest size "
        "over the cheapest; and that of the mean times, which hold every pause of the garbage collector and of the "
        "machine. "
        f"{_TURNS * plan.rounds} turns of {plan.samples // _TURNS} samples at each size.",
        columns=["operation, against", *(f"{size:,}" for size in sizes), "dearest / cheapest", "of means"],
        rows=[
            [
                f"{curve.name}, {curve.against}",
                *(number(dict(curve.points)[size]) if size in dict(curve.points) else "" for size in sizes),
                number(curve.unevenness),
                number(of_means.unevenness),
            ]
            for curve, of_means in zip(drawn, means, strict=True)
        ],
        figures={f"flat: {curve.name}, {curve.against}": samples([curve.unevenness]) for curve in drawn},
        curves=drawn,
    )


def _measured(experiment: Experiment, plan: Plan) -> list[Bench]:
    with ExitStack() as stack:
        benches: list[Bench] = []
        for size in _sizes(plan.largest * experiment.share):
            running = stack.enter_context(Running(OURS, experiment.options))
            bench = Bench(size, running, Connection(running.port))
            stack.callback(bench.connection.close)
            if experiment.prepare:
                experiment.prepare(bench)
            benches.append(bench)
        for turn in range(_TURNS * plan.rounds + 1):
            for bench in benches:
                experiment.measure(bench, plan.samples // _TURNS)
                if turn == 0:
                    bench.seconds.clear()  # a round to warm up
    return benches


def _sizes(largest: float) -> Iterator[int]:
    size = 1
    while size <= largest:
        yield size
        size *= 10


def _curves(experiment: Experiment, benches: list[Bench], average: _Average) -> list[Curve]:
    return [
        Curve(
            operation,
            experiment.name,
            tuple((bench.size, average(bench.seconds[operation]) * 1000) for bench in benches),
        )
        for operation in benches[0].seconds
    ]
