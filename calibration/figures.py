"""The figures as text: on the terminal, and as the page of the documentation; and the smoke set as data."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import yaml

from calibration.forks import Lost
from calibration.judging import Judged, JudgedVariant, coupled
from calibration.outcome import Outcome, Share, levels, title_of
from calibration.smoke import Smoke

COMMAND = "make calibrate"
DOCUMENT = Path("docs/calibration.md")
SMOKE = Path("contract_tests/catalogue/smoke.yaml")


def terminal(outcome: Outcome) -> str:
    """Return the figures for a terminal."""
    lines = [
        f"Sensitivity  {outcome.sensitivity()} deviations make the check exit 1",
        f"Attribution  {outcome.attribution()} are caught for the right reason and no other",
        f"Specificity  {outcome.specificity} trials of legal variants called nothing wrong",
        f"Stock Schemathesis finds {outcome.by_stock()}",
        f"The smoke set catches {_of_smoke(outcome.smoke)} of accounts with {_requests(outcome)} requests",
        *(f"NOT CAUGHT   {_described(one)}" for one in outcome.survivors),
        *(f"CALLED WRONG {_of_variant(one)}" for one in outcome.variants if one.called_wrong),
        *(f"MISREAD      {one.variant.name}, seed {one.seed}: {one.misread}" for one in outcome.misread),
        f"{outcome.seconds / 60:.1f} minutes, {outcome.workers} workers",
    ]
    return "\n".join(lines)


def _of_smoke(smoke: Smoke) -> Share:
    return Share(len(smoke.caught), len(smoke.caught) + len(smoke.missed))


def _requests(outcome: Outcome) -> int:
    """Return how many requests a run of the smoke set sends, with what it needs to begin and to end."""
    return outcome.smoke.requests + outcome.true.overhead


def _described(one: Judged) -> str:
    """Return a survivor with what became of it."""
    about = f"{one.deviation.name} ({one.deviation.requirement}, {one.requirement.level}): {one.verdict}"
    if isinstance(one.trial, Lost):
        return f"{about}; {one.trial}"
    if one.unrelated:
        about += "; also failed: " + ", ".join(sorted(one.unrelated))
    return about + "".join(f"; {error}" for error in one.trial.errors[:1])


def _of_variant(one: JudgedVariant) -> str:
    if isinstance(one.trial, Lost):
        return f"{one.variant.name}, seed {one.seed}: {one.trial}"
    wrong = "; ".join(f"{name}: {one.trial.messages.get(name)}" for name in sorted(one.trial.failed))
    return f"{one.variant.name}, seed {one.seed}: {wrong}"


def write(outcome: Outcome, root: Path) -> None:
    """Write the page of figures and the smoke set of a whole run into the project."""
    (root / DOCUMENT).write_text("\n".join(_page(outcome)) + "\n")
    (root / SMOKE).write_text(smoke_document(outcome.smoke))


def smoke_document(smoke: Smoke) -> str:
    """Return the smoke set as data."""
    head = (
        "# The checks of `zinc-contract check --smoke`, chosen by `make calibrate` (docs/calibration.md).\n"
    )
    return head + yaml.safe_dump({"checks": list(smoke.checks)}, sort_keys=False, width=120)


def _page(outcome: Outcome) -> Iterator[str]:
    variants = len({one.variant.name for one in outcome.variants})
    seeds = len({one.seed for one in outcome.variants})
    yield from _PREFACE.format(
        date=f"{datetime.now(UTC):%Y-%m-%d}",
        command=COMMAND,
        minutes=f"{outcome.seconds / 60:.0f}",
        workers=outcome.workers,
        deviations=len(outcome.judged),
        variants=variants,
        seeds=seeds,
        specificity=outcome.specificity,
    ).splitlines()
    yield ""
    yield from _table(
        ("Level", "Deviations", "Sensitivity", "Attribution", "Stock Schemathesis"),
        (
            (
                str(level or "all"),
                str(outcome.count(level, bool).whole),
                str(outcome.sensitivity(level)),
                str(outcome.attribution(level)),
                str(outcome.by_stock(level)),
            )
            for level in levels()
        ),
    )
    yield from _stock(outcome)
    yield from _survivors(outcome)
    yield from _variants(outcome)
    yield from _smoke(outcome)
    yield from _coupled(outcome)


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    head = list(head)
    yield f"| {' | '.join(head)} |"
    yield "|" + "---|" * len(head)
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', '&#124;') for cell in row)} |"
    yield ""


def _stock(outcome: Outcome) -> Iterator[str]:
    only_stock = [one for one in outcome.survivors if one.seen_by_stock]
    yield from _STOCK.splitlines()
    yield ""
    yield (
        f"Of the deviations that the kit did not catch, it found {len(only_stock)}"
        + "".join(f"; {one.deviation.name}" for one in only_stock)
        + f". {outcome.stock_lost} of its runs ended without a result."
    )
    yield ""


def _survivors(outcome: Outcome) -> Iterator[str]:
    yield "## What was not caught"
    yield ""
    if not outcome.survivors:
        yield "Nothing: every deviation was caught, for the right reason and no other."
    yield from (f"- {_described(one)}" for one in outcome.survivors)
    yield ""


def _variants(outcome: Outcome) -> Iterator[str]:
    yield "## Legal servers"
    yield ""
    names = {one.variant.name: one.variant for one in outcome.variants}
    rows = []
    for name, variant in names.items():
        trials = [one for one in outcome.variants if one.variant.name == name]
        incomplete = sum(not isinstance(one.trial, Lost) and one.trial.status == 2 for one in trials)
        says = "wrong" if any(one.called_wrong for one in trials) else "conforms"
        if says == "conforms" and incomplete:
            says = f"not called wrong; {incomplete} of {len(trials)} runs incomplete"
        rows.append((name, variant.about, says))
    yield from _table(("Variant", "What is special about it", "The kit says"), rows)


def _smoke(outcome: Outcome) -> Iterator[str]:
    smoke, cover = outcome.smoke, outcome.cover
    yield from _SMOKE.format(
        share=_of_smoke(smoke),
        requests=_requests(outcome),
        checks=len(cover.checks),
        all_requests=cover.requests + outcome.true.overhead,
    ).splitlines()
    yield ""
    yield from (f"- {check}" for check in smoke.checks)
    yield ""
    if smoke.missed:
        yield f"Out of its reach: {', '.join(smoke.missed)}."
        yield ""


def _coupled(outcome: Outcome) -> Iterator[str]:
    yield from _COUPLED.splitlines()
    yield ""
    yield from _table(
        ("Deviation", "Fails as well", "Because"),
        ((name, ", ".join(sorted(entry.requirements)), entry.because) for name, entry in coupled().items()),
    )
    nobody = [name for name, one in outcome.alone.items() if one is None]
    if nobody:
        yield "Requirements without a deviation that they alone catch:"
        yield ""
        reasons = {one.deviation.requirement: one for one in outcome.judged}
        yield from (f"- {name}: {title_of(name)} {_why_not_alone(reasons.get(name))}" for name in nobody)
        yield ""


def _why_not_alone(one: Judged | None) -> str:
    if one is None:
        return "(No deviation breaks it.)"
    entry = coupled().get(one.deviation.name)
    return f"({entry.because.capitalize()}.)" if entry else f"({one.verdict}.)"


_PREFACE = """\
# Calibration

How far can the verdict of `zinc-contract check` be trusted? It is measured from both sides: on servers that are
known to be wrong, each in one way, and on servers that are known to be right, each in a way of its own.

Measured on {date} with `{command}`: {minutes} minutes, {workers} processes at a time. The command prints the figures,
writes this page, and draws the matrix of requirements against deviations in `reports/calibration.html`.

- **Sensitivity**: the share of deviations because of which the check exits 1, asked at the level of the statement that
  the deviation breaks.
- **Attribution**: the share of deviations that are caught for the right reason. The check exits 1, the requirement that
  the deviation breaks failed, the deviating code ran, and no other requirement failed, except those that cannot hold
  without the one (below, each with its reason).
- **Specificity**: the share of runs against legal variants in which nothing was called wrong at level documented:
  {specificity}, {variants} variants with {seeds} seeds each.

There are {deviations} deviations; `zinc-mock --list-deviations` prints them. Each is one trial of the whole kit with
`--max-examples 1`. Deviations of orders are tried with the requirements of orders and locking alone.
"""

_STOCK = """\
The last column is stock Schemathesis 4.32 with this project's specification, its default checks and phases, five
examples an operation, on the same servers: a deviation counts as found when it reports a failure that it does not
report for the true mock; from run to run that moves by a few, with the same seed. It knows schemas and statuses; it
does not know what a list owes to the creates before it. The kit runs it, too, behind its guard, and lays what it finds
to requirements.
"""

_SMOKE = """\
## The smoke set

The smallest set of checks that was found to catch every deviation of accounts that the whole kit catches has
{checks} checks and sends {all_requests} requests. `zinc-contract check --smoke` is for those who want to send far
fewer: it makes the checks that catch the most for their requests, deviations of documented statements before all
others, and with {requests} requests in all catches {share}:
"""

_COUPLED = """\
## What cannot be told apart

Some statements cannot be broken alone. Where a deviation is on, these fail as well, and count as right:
"""
