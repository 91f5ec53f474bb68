"""Resident memory of the whole process tree: just started, and with many accounts."""

from benchmarks.client import send_all
from benchmarks.figures import Samples, samples
from benchmarks.part import Part
from benchmarks.peers import ALL, Server
from benchmarks.plan import Plan
from benchmarks.processes import Running


def memory(plan: Plan) -> Part:
    """Weigh every server idle and after its accounts were made."""
    rows, figures = [], {}
    for server in ALL:
        idle, filled = _weighed(server, plan)
        rows.append([server.name, f"{idle.median:.0f}", f"{filled.median:.0f}"])
        figures[f"memory of {server.name}"] = filled
    return Part(
        title="Memory",
        about="Resident memory (RSS) of the process and its descendants, in MB (10^6 bytes): after the first answer, "
        f"and after {plan.accounts:,} creates.",
        columns=["server", "idle", f"after {plan.accounts:,} creates"],
        rows=rows,
        figures=figures,
    )


def _weighed(server: Server, plan: Plan) -> tuple[Samples, Samples]:
    with Running(server) as running:
        idle = running.memory_mb
        requests = (server.create.encoded(n) for n in range(1, plan.accounts + 1))
        send_all(running.port, requests, server.create.status, connections=1)
        return samples([idle]), samples([running.memory_mb])
