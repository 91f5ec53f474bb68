"""How long a create takes under a steady load that leaves a server time to breathe."""

from dataclasses import dataclass
from time import perf_counter

from benchmarks.client import send_all
from benchmarks.figures import number, percentile, samples
from benchmarks.part import Part
from benchmarks.peers import ALL, OURS, Server
from benchmarks.plan import Plan
from benchmarks.processes import Running
from benchmarks.throughput import rotated

_SHARES = (0.5, 0.9, 0.99)
_CONNECTIONS = 32  # enough that a request is rarely late because all are taken


@dataclass(frozen=True)
class _Round:
    """Milliseconds at each share, and the rate at which answers came."""

    milliseconds: tuple[float, ...]
    rate: float


def latency(plan: Plan) -> Part:
    """Send creates at a steady rate to everybody in turn."""
    rounds: dict[str, list[_Round]] = {server.name: [] for server in ALL}
    for _, server in rotated(ALL, plan.rounds):
        rounds[server.name].append(_measured(server, plan))
    ours = rounds[OURS.name]
    return Part(
        title=f"Latency at {plan.rate} creates a second",
        about="An open load: each request is due at its instant whether or not those before it have been answered, and "
        f"its time counts from then. {plan.rounds} rounds of {plan.seconds:g} s after {plan.warm_up:g} s; medians of "
        "the rounds, in milliseconds. A server that answers fewer than are sent falls behind ever further.",
        columns=["server", "p50", "p90", "p99", "p99 / p50", "answers a second"],
        rows=[_row(name, of) for name, of in rounds.items()],
        figures={"p99 / p50": samples(one.milliseconds[2] / one.milliseconds[0] for one in ours)},
    )


def _row(name: str, rounds: list[_Round]) -> list[str]:
    p50, p90, p99 = (samples(one.milliseconds[i] for one in rounds).median for i in range(len(_SHARES)))
    rate = samples(one.rate for one in rounds).median
    return [name, number(p50), number(p90), number(p99), number(p99 / p50), f"{rate:,.0f}"]


def _measured(server: Server, plan: Plan) -> _Round:
    with Running(server) as running:
        _steadily(running, plan, 1, plan.warm_up)
        began = perf_counter()
        taken = _steadily(running, plan, 1_000_000, plan.seconds)
        rate = len(taken) / (perf_counter() - began)
    ordered = sorted(taken)
    return _Round(tuple(percentile(ordered, share) * 1000 for share in _SHARES), rate)


def _steadily(running: Running, plan: Plan, first: int, seconds: float) -> list[float]:
    create = running.server.create
    requests = [create.encoded(n) for n in range(first, first + round(plan.rate * seconds))]
    return send_all(running.port, requests, create.status, connections=_CONNECTIONS, rate=plan.rate)
