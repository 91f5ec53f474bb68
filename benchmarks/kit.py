"""How long the contract check takes, and where its time goes: into the server, or into the kit."""

import json
import resource
import subprocess
import time
from dataclasses import dataclass

from benchmarks.figures import samples, with_spread
from benchmarks.installed import program
from benchmarks.part import BenchmarkError, Part
from benchmarks.peers import OURS
from benchmarks.plan import BENCH, HOST, Plan
from benchmarks.processes import Running

_CHECKS = {
    "all but orders": (),
    "with orders": ("--orders",),
    "--only 'MA-DELETE*'": ("--only", "MA-DELETE*"),
}
_KEYS = ("--api-key", "zn_test_benchmark", "--second-api-key", "zn_test_benchmark_2")
_TIME_LIMIT = 300
_QUICK_ORDERS = (
    "--processing-time",
    "0.25",
)  # as the embedded mock has it: the waits are not what is measured


@dataclass(frozen=True)
class _Check:
    """One check: how long it took, whose processor time it used, and what it found."""

    seconds: float
    in_kit: float
    in_mock: float
    verdict: str

    @property
    def share(self) -> float:
        """The mock's share of the processor time."""
        return self.in_mock / (self.in_kit + self.in_mock)


def kit(plan: Plan) -> Part:
    """Check a mock that runs beside the kit, so that the processor time of the two can be told apart."""
    rows, figures = [], {}
    for name, options in _CHECKS.items():
        checks = [_checked(options) for _ in range(min(plan.rounds, 3))]
        figures[f"check, {name}: seconds"] = seconds = samples(check.seconds for check in checks)
        in_kit, in_mock = (
            samples(check.in_kit for check in checks),
            samples(check.in_mock for check in checks),
        )
        share = samples(check.share * 100 for check in checks)
        verdict = " / ".join(sorted({check.verdict for check in checks}))
        rows.append([name, *map(with_spread, (seconds, in_kit, in_mock)), f"{share.median:.0f} %", verdict])
    return Part(
        title="The contract check",
        about="`zinc-contract check` against a mock in another process, whose orders take 0.25 s: seconds from start "
        "to end, processor seconds of the kit and of the mock, and the mock's share of the two together.",
        columns=["check", "seconds", "processor: kit", "processor: mock", "mock's share", "verdict"],
        rows=rows,
        figures=figures,
    )


def _checked(options: tuple[str, ...]) -> _Check:
    """Make one check.

    Raises:
        BenchmarkError: it came to no verdict.
    """
    report = BENCH / "check.json"
    report.unlink(missing_ok=True)
    with Running(OURS, _QUICK_ORDERS) as running:
        command = [
            program("kit", "zinc-contract"),
            "check",
            f"http://{HOST}:{running.port}",
            *_KEYS,
            *options,
        ]
        mock_before, kit_before, began = running.cpu_seconds, _children_seconds(), time.perf_counter()
        done = subprocess.run(
            [*command, "--report-json", str(report)],
            cwd=BENCH,
            capture_output=True,
            text=True,
            check=False,
            timeout=_TIME_LIMIT,
        )
        seconds = time.perf_counter() - began
        in_kit, in_mock = _children_seconds() - kit_before, running.cpu_seconds - mock_before
    if not report.exists():
        last = (done.stdout + done.stderr).strip().splitlines()[-1:]
        raise BenchmarkError(f"zinc-contract check ended with status {done.returncode}: {' '.join(last)}")
    return _Check(seconds, in_kit, in_mock, json.loads(report.read_text())["verdict"])


def _children_seconds() -> float:
    """Return the processor time of all ended children; the mock is still running."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
