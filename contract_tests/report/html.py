"""The report as one self-contained page: for people who decide, and for people who repair."""

from collections.abc import Iterable, Iterator, Mapping
from html import escape
from importlib.resources import files
from typing import Any

from contract_tests.report.lanes import draw_lanes

Entry = Mapping[str, Any]

_VERDICTS = {
    "conforms": "conforms to the contract",
    "violates": "breaks the contract",
    "incomplete": "could not be judged completely",
}
_SIGNS = {"passed": "✓", "failed": "✗", "not_tested": "–"}
_WORDS = {"passed": "passed", "failed": "failed", "not_tested": "not tested"}
_OUTCOMES = ("passed", "failed", "not_tested")


def to_html(report: Entry) -> str:
    """The page.

    Args:
        report: the report as `json_report.to_json` makes it.
    """
    parts = [
        _head(report),
        _verdict(report),
        _failures(report),
        _overview(report),
        _questions(report),
        _lanes(report),
        *(_area(report, area) for area in _areas(report)),
        _run(report),
    ]
    return "\n".join(["<!doctype html>", '<html lang="en">', *parts, "</main></body></html>", ""])


def _head(report: Entry) -> str:
    style = files("contract_tests.report").joinpath("report.css").read_text(encoding="utf-8")
    title = f"{report['base_url'] or 'The server'} {_VERDICTS[report['verdict']]}"
    return (
        '<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta name="color-scheme" content="light dark"><title>{escape(title)}</title><style>{style}</style></head>'
        "<body><main>"
    )


def _verdict(report: Entry) -> str:
    counting = [row for row in report["requirements"] if row["counts"]]
    held = sum(row["outcome"] == "passed" for row in counting)
    broken = sum(row["outcome"] == "failed" for row in counting)
    untested = len(counting) - held - broken
    server = "The embedded mock" if report["embedded"] else report["base_url"]
    return (
        f'<header class="verdict {report["verdict"]}">'
        f"<p class=what>Managed Accounts API · contract check</p>"
        f"<h1>{escape(server)}<br><strong>{_VERDICTS[report['verdict']]}</strong></h1>"
        f"<p>Of {len(counting)} requirements at level <b>{escape(report['level'])}</b> or firmer, {held} held, "
        f"{broken} were broken and {untested} could not be tested.</p>"
        f"<p class=fine>{escape(report['started_at'])} · {report['requests']} requests · seed {report['seed']} · "
        f"specification {escape(report['spec_version'])} · kit {escape(report['kit_version'])}</p></header>"
    )


def _failures(report: Entry) -> str:
    failed = [row for row in report["requirements"] if row["outcome"] == "failed"]
    broken = [row for row in failed if row["counts"]]
    different = [row for row in failed if not row["counts"]]
    text = ""
    if broken:
        text += "<section><h2>What is broken</h2>" + "".join(map(_failure, broken)) + "</section>"
    if different:
        text += (
            "<section><h2>Differences below the asked level</h2><p>Readings of the vendor's other pages, or of this "
            "kit, that this server does not share. They do not count.</p>"
        )
        text += "".join(map(_failure, different)) + "</section>"
    return text


def _failure(row: Entry) -> str:
    check = next(check for check in row["checks"] if check["outcome"] == "failed")
    return (
        f'<article class="failure{"" if row["counts"] else " difference"}" id="{row["id"]}">'
        f"<h3><code>{row['id']}</code> {_level(row)}</h3>"
        f"<p>{escape(row['title'])}</p><p class=message>{escape(_sentence(check['message']))}</p>"
        f"<p class=fine>{row['broken']} of {row['exercised']} times · {escape(row['source'])} · found by "
        f"{escape(', '.join(found['name'] for found in row['checks'] if found['outcome'] == 'failed'))}</p>"
        f"{_evidence(check['evidence'], is_open=True)}</article>"
    )


def _sentence(text: str) -> str:
    """A text that begins with a capital, unless it begins with a name that has none."""
    first = text.partition(" ")[0].rstrip(";:,")
    return text[:1].upper() + text[1:] if first.isalpha() else text


def _overview(report: Entry) -> str:
    rows = []
    for area in _areas(report):
        counts = _counts(row for row in report["requirements"] if row["area"] == area)
        bar = "".join(
            f'<i class="{outcome}" style="flex:{counts[outcome]}" title="{counts[outcome]} {_WORDS[outcome]}"></i>'
            for outcome in _OUTCOMES
            if counts[outcome]
        )
        numbers = "".join(f"<td class=number>{counts[outcome] or ''}</td>" for outcome in _OUTCOMES)
        rows.append(
            f'<tr><th><a href="#area-{area}">{area}</a></th><td class=bar><div>{bar}</div></td>{numbers}</tr>'
        )
    levels = "".join(
        f"<tr><th>{level}</th>"
        + "".join(f"<td class=number>{counts[outcome] or ''}</td>" for outcome in _OUTCOMES)
        + "</tr>"
        for level in ("documented", "related", "inferred")
        for counts in [_counts(row for row in report["requirements"] if row["level"] == level)]
    )
    heads = "".join(f"<th class=number>{_WORDS[outcome]}</th>" for outcome in _OUTCOMES)
    return (
        "<section><h2>By area and level</h2><div class=columns>"
        f"<table class=areas><thead><tr><th>area</th><th></th>{heads}</tr></thead>"
        f"<tbody>{''.join(rows)}</tbody></table>"
        f"<table><thead><tr><th>level</th>{heads}</tr></thead><tbody>{levels}</tbody></table></div>"
        "<p class=fine><b>documented</b>: the Managed accounts page says it. <b>related</b>: another page of the "
        "vendor says it. <b>inferred</b>: no page says it, it is this kit's reading.</p></section>"
    )


def _counts(rows: Iterable[Entry]) -> dict[str, int]:
    counts = dict.fromkeys(_OUTCOMES, 0)
    for row in rows:
        counts[row["outcome"]] += 1
    return counts


def _areas(report: Entry) -> list[str]:
    return list(dict.fromkeys(row["area"] for row in report["requirements"]))


def _questions(report: Entry) -> str:
    answered = [question for question in report["questions"] if question["answer"] is not None]
    if not answered:
        return ""
    rows = "".join(
        f"<tr><td>{escape(question['title'])}<p class=fine>{escape(question['why'])}</p></td>"
        f"<td><b>{escape(_sentence(question['says']))}</b>{_more(question['seen'])}"
        f"{_evidence(question['evidence'])}</td></tr>"
        for question in answered
    )
    return (
        "<section><h2>Open questions</h2><p>The vendor's pages are silent about these, or disagree. Any answer "
        f"conforms; this server's are:</p><table class=questions><tbody>{rows}</tbody></table></section>"
    )


def _more(seen: str | None) -> str:
    return f" <span class=fine>{escape(seen)}</span>" if seen else ""


def _lanes(report: Entry) -> str:
    timelines = report.get("timelines")
    if not timelines:
        return ""
    return (
        "<section><h2>The queue as it was seen</h2><p>One lane an account, one bar an order, from the first answer "
        f"that showed it to the last.</p>{draw_lanes(timelines)}</section>"
    )


def _area(report: Entry, area: str) -> str:
    rows = [row for row in report["requirements"] if row["area"] == area]
    counts = _counts(rows)
    summary = ", ".join(f"{counts[outcome]} {_WORDS[outcome]}" for outcome in _OUTCOMES if counts[outcome])
    items = "".join(map(_requirement, rows))
    return (
        f'<section><details id="area-{area}" class=area><summary><h2>{area}</h2> <span class=fine>{summary}</span>'
        f"</summary>{items}</details></section>"
    )


def _requirement(row: Entry) -> str:
    exercised = f"{row['exercised']} times" if row["exercised"] else escape(row["reason"] or "")
    checks = "".join(map(_check, row["checks"]))
    return (
        f'<details class="requirement {row["outcome"]}"><summary><span class=sign title="{_WORDS[row["outcome"]]}">'
        f"{_SIGNS[row['outcome']]}</span> <span class=title>{escape(row['title'])}</span> {_level(row)}</summary>"
        f"<p class=fine><code>{row['id']}</code> · {escape(row['source'])} · {exercised}</p>{checks}</details>"
    )


def _check(check: Entry) -> str:
    return (
        f'<div class=check><p><span class="sign {check["outcome"]}">{_SIGNS[check["outcome"]]}</span> '
        f"{escape(check['name'])}: {escape(check['message'])}</p>{_evidence(check['evidence'])}</div>"
    )


def _level(row: Entry) -> str:
    return f'<span class="level {row["level"]}">{row["level"]}</span>'


def _evidence(evidence: list[Entry], *, is_open: bool = False) -> str:
    if not evidence:
        return ""
    steps = "".join(map(_exchange, evidence))
    lines = "\n".join(escape(step["curl"]) for step in evidence)
    return (
        f"<details class=evidence{' open' if is_open else ''}><summary>evidence</summary>"
        f"<pre class=curl>{lines}</pre>"
        f"<details><summary>what was sent and answered</summary>{steps}</details></details>"
    )


def _exchange(step: Entry) -> str:
    request, response = step["request"], step["response"]
    sent = "\n".join(
        [f"{request['method']} {request['url']}", *_head_lines(request), "", request["body"] or ""]
    )
    got = "\n".join(
        [f"{response['status']} {response['reason']}", *_head_lines(response), "", response["body"] or ""]
    )
    return f"<div class=exchange><pre>{escape(sent.strip())}</pre><pre>{escape(got.strip())}</pre></div>"


def _head_lines(message: Entry) -> Iterator[str]:
    return (f"{name}: {value}" for name, value in message["headers"].items())


def _run(report: Entry) -> str:
    census = report["census"]
    if census["trouble"]:
        others = f"could not be counted: {census['trouble']}"
    elif census["unchanged"]:
        others = f"{census['others_before']} before the run, {census['others_after']} after it, unchanged"
    else:
        others = (
            f"{census['others_before']} before the run, {census['others_after']} after it; {len(census['changed'])} "
            f"changed, {len(census['appeared'])} appeared, {len(census['disappeared'])} went, by someone else's doing"
        )
    left = ", ".join(census["left_behind"]) or "none"
    errors = "".join(f"<li>{escape(error)}</li>" for error in report["run_errors"])
    trouble = f"<h3>What kept the run from being whole</h3><ul>{errors}</ul>" if errors else ""
    return (
        f"<section><h2>The run</h2><dl><dt>Accounts of others</dt><dd>{escape(others)}</dd>"
        f"<dt>Left behind</dt><dd>{escape(left)}</dd></dl>{trouble}</section>"
    )
