"""From the start of the process to the first right answer."""

from benchmarks.figures import number, samples, with_spread
from benchmarks.part import Part
from benchmarks.peers import ALL, OURS
from benchmarks.plan import Plan
from benchmarks.processes import Running
from benchmarks.throughput import rotated


def starts(plan: Plan) -> Part:
    """Start every server again and again, in turn, and ask for a create until it is answered."""
    seconds: dict[str, list[float]] = {server.name: [] for server in ALL}
    for server in ALL:  # what lies on disk is in memory before anything is timed
        Running(server).stop()
    for _, server in rotated(ALL, plan.starts):
        with Running(server) as running:
            seconds[server.name].append(running.seconds_to_answer)
    measured = {name: samples(of) for name, of in seconds.items()}
    ours = measured[OURS.name]
    return Part(
        title="Start to first answer",
        about=f"Seconds from the start of a new process to the first right answer to a create; one connection attempt "
        f"every 2 ms. {plan.starts} starts of each, in turn, in rotating order.",
        columns=["server", "seconds", "slowest", f"{OURS.name} takes … times as long"],
        rows=[
            [name, with_spread(of), number(of.spread[1]), with_spread(ours.over(of))]
            for name, of in measured.items()
        ],
        figures={f"start / {name}": ours.over(of) for name, of in measured.items()},
    )
