"""Where the time of one create goes: why our mock is as fast as it is, and no faster."""

import json
import subprocess
from pathlib import Path

from benchmarks.figures import number, samples
from benchmarks.installed import program
from benchmarks.part import Part
from benchmarks.peers import OURS
from benchmarks.plan import BENCH, Plan
from benchmarks.processes import Running
from benchmarks.throughput import loaded

_SAMPLED = Path(__file__).with_name("sampled.py")


def profile(plan: Plan) -> Part:
    """Sample creates without a server, and measure them with one: what is left is the server's and the machine's."""
    with Running(OURS) as running:
        served = 1e6 / loaded(running, OURS.create, plan, 1).rate
    # -P: the mock that is installed is sampled, not the one that lies here.
    command = [program("ours", "python"), "-P", str(_SAMPLED), str(10 * plan.accounts)]
    done = subprocess.run(command, cwd=BENCH, capture_output=True, text=True, check=True)
    sampled = json.loads(done.stdout)
    alone, met = sampled["microseconds"], sampled["met"]
    looks = sum(met.values())
    parts = {name: alone * count / looks for name, count in sorted(met.items(), key=lambda one: -one[1])}
    parts["granian, the kernel, and two more threads on the same two cores"] = served - alone
    return Part(
        title="Where the time of a create goes",
        about=f"{10 * plan.accounts:,} creates in one process without a server, its stack looked at every 2 ms: "
        f"{number(alone)} µs each. With the server, under the load of the first table: {number(served)} µs each.",
        columns=["work", "µs", "share"],
        rows=[[name, number(us), f"{us / served * 100:.0f} %"] for name, us in parts.items()],
        figures={"µs of a create": samples([served])},
    )
