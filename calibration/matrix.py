"""The matrix of requirements against deviations, as one page that needs nothing else."""

from collections.abc import Iterator
from datetime import UTC, datetime
from html import escape

from calibration.figures import COMMAND
from calibration.judging import Judged, Verdict, requirements
from calibration.outcome import Outcome, levels
from contract_tests.catalogue import Area, Requirement

_MARKS = {
    "right": ("●", "the requirement that the deviation breaks failed"),
    "coupled": ("○", "failed as well, of necessity"),
    "unrelated": ("✕", "failed and has nothing to do with it"),
    "missing": ("–", "should have failed and did not"),
}


def page(outcome: Outcome) -> str:
    """Return the page."""
    return "\n".join(_page(outcome))


def _page(outcome: Outcome) -> Iterator[str]:
    yield '<!doctype html><html lang="en"><head><meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>Calibration</title><style>{_STYLE}</style></head><body><main>"
    yield "<h1>Calibration</h1>"
    yield f"<p>{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, <code>{COMMAND}</code>, {outcome.seconds / 60:.1f} minutes.</p>"
    yield from _figures(outcome)
    yield '<p class="legend">'
    yield " ".join(f'<span class="{name}">{mark}</span> {says}.' for name, (mark, says) in _MARKS.items())
    yield "</p>"
    for area in Area:
        yield from _area(outcome, area)
    yield from _variants(outcome)
    yield "</main></body></html>"


def _figures(outcome: Outcome) -> Iterator[str]:
    yield "<table><thead><tr><th>Level<th>Sensitivity<th>Attribution<th>Stock Schemathesis</thead><tbody>"
    for level in levels():
        cells = (outcome.sensitivity(level), outcome.attribution(level), outcome.by_stock(level))
        yield f"<tr><th>{level or 'all'}" + "".join(f"<td>{cell}" for cell in cells)
    yield f"</tbody></table><p>Specificity: {outcome.specificity} runs against legal variants.</p>"


def _area(outcome: Outcome, area: Area) -> Iterator[str]:
    rows = [requirement for requirement in requirements().values() if requirement.area == area]
    columns = [one for one in outcome.judged if one.requirement.area == area]
    failed_here = {name for one in columns for name in one.failed}
    rows += [entry for name, entry in requirements().items() if name in failed_here and entry.area != area]
    if not columns:
        return
    yield f"<h2>{area}</h2><div class='wide'><table class='matrix'><thead><tr><th>"
    for one in columns:
        yield f'<th class="{_state(one)}" title="{escape(_about(one))}"><div>{escape(one.deviation.name)}</div>'
    yield "</thead><tbody>"
    for requirement in rows:
        yield f'<tr><th title="{escape(requirement.title)}">{requirement.id}<small>{requirement.level}</small>'
        yield "".join(_cell(one, requirement) for one in columns)
    yield "<tr><th>Stock Schemathesis" + "".join("<td>◆" if one.seen_by_stock else "<td>" for one in columns)
    yield "</tbody></table></div>"


def _state(one: Judged) -> str:
    return "good" if one.verdict is Verdict.CAUGHT else "bad"


def _about(one: Judged) -> str:
    return f"{one.verdict}: {one.deviation.about}"


def _cell(one: Judged, requirement: Requirement) -> str:
    kind = _kind(one, requirement.id)
    return f'<td class="{kind}">{_MARKS[kind][0]}' if kind else "<td>"


def _kind(one: Judged, requirement: str) -> str | None:
    if requirement == one.deviation.requirement:
        return "right" if requirement in one.failed else "missing"
    if requirement not in one.failed:
        return None
    return "unrelated" if requirement in one.unrelated else "coupled"


def _variants(outcome: Outcome) -> Iterator[str]:
    yield "<h2>Legal variants</h2><table><thead><tr><th>Variant<th>What is special about it<th>Seeds</thead><tbody>"
    for name, variant in {one.variant.name: one.variant for one in outcome.variants}.items():
        trials = [one for one in outcome.variants if one.variant.name == name]
        marks = " ".join('<span class="bad">✕</span>' if one.called_wrong else "✓" for one in trials)
        yield f"<tr><th>{escape(name)}<td>{escape(variant.about)}<td>{marks}"
    yield "</tbody></table>"


_STYLE = """
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #667; --paper: #fff; --line: #d8dce3; --good: #14713d;
  --bad: #b3261e; --other: #9a6700; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e9ee; --soft: #9aa3b2; --paper: #14171c; --line: #333a45; --good: #5cd08f; --bad: #ff8a80;
    --other: #e3b341; } }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 75rem; margin: 0 auto; padding: 2rem 1rem; }
h2 { margin-top: 2.5rem; text-transform: capitalize; }
table { border-collapse: collapse; } th, td { border: 1px solid var(--line); padding: .15rem .5rem; }
th { text-align: left; font-weight: 600; } small { color: var(--soft); font-weight: 400; margin-left: .5em; }
.wide { overflow-x: auto; } .matrix { font-size: 12px; }
.matrix td { text-align: center; min-width: 1.1rem; padding: 0; }
.matrix tbody th { position: sticky; left: 0; background: var(--paper); white-space: nowrap; }
.matrix thead th { vertical-align: bottom; padding: .3rem .1rem; }
.matrix thead div { writing-mode: vertical-rl; transform: rotate(180deg); white-space: nowrap; font-weight: 400; }
.right, .good div { color: var(--good); } .coupled { color: var(--other); }
.unrelated, .missing, .bad, .bad div { color: var(--bad); }
tbody tr:hover td, tbody tr:hover th { background: color-mix(in srgb, var(--line) 45%, var(--paper)); }
.legend span { margin-left: 1em; }
"""
