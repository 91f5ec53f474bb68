"""How many creates a second: everybody in turn, round after round; then again fully warmed up; then our list."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from typing import TypeVar

from benchmarks import wrk
from benchmarks.figures import Samples, number, samples, with_spread
from benchmarks.part import Part
from benchmarks.peers import ALL, FLASK, OURS, PEERS, PRISM, WIREMOCK, WSGI
from benchmarks.plan import Plan
from benchmarks.processes import Running
from benchmarks.request import Request

_A_ROUND = 10_000_000  # more requests than one load sends: their numbers never meet
_LISTED = 20
T = TypeVar("T")


def rotated(things: Sequence[T], rounds: int) -> Iterator[tuple[int, T]]:
    """Yield each thing in each round, every round beginning with another one."""
    for turn in range(rounds):
        start = turn % len(things)
        for thing in [*things[start:], *things[:start]]:
            yield turn, thing


def creates(plan: Plan) -> Part:
    """Measure creates on servers that have just been started, as a test run meets them."""
    loads: dict[str, list[wrk.Load]] = {server.name: [] for server in ALL}
    for _, server in rotated(ALL, plan.rounds):
        with Running(server) as running:
            loads[server.name].append(loaded(running, server.create, plan, 1))
    rates = {name: samples(load.rate for load in of) for name, of in loads.items()}
    ours = rates[OURS.name]
    return Part(
        title="Creates a second",
        about=f"wrk with {plan.connections} connections and one thread. In each of {plan.rounds} rounds, in rotating "
        f"order, each server is started afresh, warmed up with {plan.warm_up:g} s of load, and measured for "
        f"{plan.seconds:g} s. Medians, and in brackets the lowest and the highest; ratios are taken round by round.",
        columns=[
            "server",
            "what it does",
            "creates a second",
            f"{OURS.name} is … times as fast",
            "p50 ms",
            "p99 ms",
        ],
        rows=[
            [
                server.name,
                server.does,
                with_spread(rates[server.name]),
                with_spread(ours.over(rates[server.name])),
                number(samples(load.p50_ms for load in loads[server.name]).median),
                number(samples(load.p99_ms for load in loads[server.name]).median),
            ]
            for server in ALL
        ],
        figures={
            f"creates / {server.name}": ours.over(rates[server.name]) for server in (*PEERS, FLASK, WSGI)
        },
    )


def warmed_up(plan: Plan) -> Part:
    """Measure creates again after a long load: compilers that work while a server runs need that long."""
    compared = (OURS, WIREMOCK, PRISM, FLASK)
    rates: dict[str, list[float]] = {server.name: [] for server in compared}
    with ExitStack() as stack:
        running = [stack.enter_context(Running(server)) for server in compared]
        for one in running:
            _load(one, one.server.create, plan, 1, plan.long_warm_up)
        for turn, one in rotated(running, plan.rounds):
            rates[one.server.name].append(loaded(one, one.server.create, plan, (turn + 2) * _A_ROUND).rate)
    measured = {name: samples(of) for name, of in rates.items()}
    ours = measured[OURS.name]
    return Part(
        title="Creates a second, fully warmed up",
        about=f"The same after {plan.long_warm_up:g} s of load on each, in processes that are kept over the rounds. "
        "Java and JavaScript compile what runs often: a test run that ends within seconds never sees these figures, a "
        "mock that is kept running does.",
        columns=["server", "creates a second", f"{OURS.name} is … times as fast"],
        rows=[[name, with_spread(of), with_spread(ours.over(of))] for name, of in measured.items()],
        figures={f"warm creates / {name}": ours.over(of) for name, of in measured.items()},
    )


def listing(plan: Plan) -> Part:
    """Measure our list of a few accounts beside our create, in one process."""
    headers = {"Authorization": "Bearer zn_test_of_twenty"}
    listed = Request("GET", OURS.create.path, headers)
    rates: dict[str, list[float]] = {"create": [], "list": []}
    with Running(OURS) as running:
        one = Request("POST", OURS.create.path, {**OURS.create.headers, **headers}, OURS.create.body, 201)
        for n in range(_LISTED):
            running.ask(one.encoded(n))
        for turn, name in rotated(list(rates), plan.rounds):
            request = listed if name == "list" else OURS.create
            rates[name].append(loaded(running, request, plan, (turn + 1) * _A_ROUND).rate)
    measured: dict[str, Samples] = {name: samples(of) for name, of in rates.items()}
    ratio = measured["list"].over(measured["create"])
    return Part(
        title=f"List of {_LISTED} accounts beside create",
        about=f"`GET {listed.path}` of a key with {_LISTED} accounts, and creates with another key, in one process.",
        columns=["operation", "answers a second", "of create"],
        rows=[
            ["create", with_spread(measured["create"]), "1"],
            [f"list of {_LISTED}", with_spread(measured["list"]), with_spread(ratio)],
        ],
        figures={"list / create": ratio},
    )


def loaded(running: Running, request: Request, plan: Plan, first: int) -> wrk.Load:
    """Warm a server up, then measure it.

    Args:
        running: the server.
        request: what is sent.
        plan: for how long, and over how many connections.
        first: the number in the first request.
    """
    _load(running, request, plan, first, plan.warm_up)
    return _load(running, request, plan, first + _A_ROUND // 2, plan.seconds)


def _load(running: Running, request: Request, plan: Plan, first: int, seconds: float) -> wrk.Load:
    return wrk.run(running.port, request, connections=plan.connections, seconds=seconds, first=first)
