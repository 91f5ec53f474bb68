"""The load generator: wrk, as fast as it goes over a few connections, for a few seconds."""

import re
import subprocess
from dataclasses import dataclass

from benchmarks.part import BenchmarkError
from benchmarks.plan import BENCH, HOST
from benchmarks.request import Request, as_lua

_SCRIPT = BENCH / "request.lua"
_UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}


@dataclass(frozen=True)
class Load:
    """What wrk saw.

    `wrong` counts answers that were not 2xx, `broken` connections that failed; both are 0 in a valid measurement.
    """

    rate: float
    p50_ms: float
    p99_ms: float
    wrong: int
    broken: int


def run(port: int, request: Request, *, connections: int, seconds: float, first: int) -> Load:
    """Send a request over and over, and return how it went.

    Args:
        port: where the server listens.
        request: what is sent.
        connections: how many at a time; one thread drives them all.
        seconds: for how long.
        first: the number in the first request, so that no two runs send the same.

    Raises:
        BenchmarkError: an answer was not 2xx, or a connection failed.
    """
    _SCRIPT.write_text(as_lua(request, first))
    # wrk takes whole seconds only; it ends itself.
    command = ["wrk", "-t1", f"-c{connections}", f"-d{max(1, round(seconds))}s", "--latency"]
    command += ["-s", str(_SCRIPT), f"http://{HOST}:{port}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=seconds + 30)
    if done.returncode != 0:
        raise BenchmarkError(f"wrk ended with status {done.returncode}: {done.stderr.strip()}")
    load = parsed(done.stdout)
    if load.wrong or load.broken:
        raise BenchmarkError(f"{load.wrong} answers were not 2xx and {load.broken} connections failed")
    return load


def parsed(output: str) -> Load:
    """Read what wrk prints.

    Raises:
        BenchmarkError: it is not what wrk prints.
    """
    rate = re.search(r"^Requests/sec:\s+([\d.]+)", output, re.MULTILINE)
    if rate is None:
        raise BenchmarkError("wrk printed no rate")
    wrong = re.search(r"Non-2xx or 3xx responses: (\d+)", output)
    broken = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", output)
    return Load(
        rate=float(rate[1]),
        p50_ms=_latency(output, "50"),
        p99_ms=_latency(output, "99"),
        wrong=int(wrong[1]) if wrong else 0,
        broken=sum(map(int, broken.groups())) if broken else 0,
    )


def _latency(output: str, share: str) -> float:
    found = re.search(rf"^\s+{share}%\s+([\d.]+)(us|ms|s|m)$", output, re.MULTILINE)
    if found is None:
        raise BenchmarkError(f"wrk printed no latency at {share} %")
    return float(found[1]) * _UNITS[found[2]]
