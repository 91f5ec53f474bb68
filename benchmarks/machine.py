"""What the figures were measured on: the machine, its load, and the versions of everything."""

import os
import platform
import subprocess
import time
from pathlib import Path

from benchmarks.installed import python_version
from benchmarks.peers import ALL, FLASK, WSGI
from benchmarks.plan import PROJECT

IDLE = 0.5  # load average below which nothing else is going on
_PATIENCE = 300  # seconds


def machine() -> list[tuple[str, str]]:
    """Return the machine as lines of a table."""
    return [
        ("processor", f"{_processor()}, {os.cpu_count()} cores"),
        ("memory", f"{_memory_gb():.0f} GB"),
        ("system", f"{platform.system()} {platform.release()}, {platform.machine()}"),
        ("commit", _commit()),
        ("Python", platform.python_version()),
        ("Node.js", _first_line(["node", "--version"])),
        ("Java", _first_line(["java", "-version"])),
        ("load generator", _first_line(["wrk", "--version"]).partition(" Copyright")[0]),
        *((server.name, server.version()) for server in ALL if server not in (FLASK, WSGI)),
        *((name, python_version("ours", name)) for name in ("flask", "granian", "jsonschema", "werkzeug")),
    ]


def load_at_rest() -> float:
    """Wait until the machine is idle, for a few minutes at most.

    Returns:
        How many processes wanted to run, on average over the last minute; `IDLE` or more if it did not come to rest.
    """
    deadline = time.monotonic() + _PATIENCE
    while (load := os.getloadavg()[0]) >= IDLE and time.monotonic() < deadline:
        time.sleep(1)
    return load


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor() or "unknown"


def _memory_gb() -> float:
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 1e9


def _commit() -> str:
    revision = _first_line(["git", "-C", str(PROJECT), "rev-parse", "--short", "HEAD"])
    changed = _first_line(
        ["git", "-C", str(PROJECT), "status", "--porcelain", "--", "mock_server", "contract_tests"]
    )
    return f"{revision} with changes" if changed else revision


def _first_line(command: list[str]) -> str:
    # wrk and java say their versions on standard error, wrk with a status of its own.
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return next(iter((done.stdout or done.stderr).splitlines()), "")
