"""The report for machines; its shape is part of the product's surface."""

from typing import Any

from contract_tests.findings import Finding
from contract_tests.judgement import Judgement
from contract_tests.report.evidence import Redaction
from contract_tests.verdict import Report, Row


def to_json(report: Report, redaction: Redaction) -> dict[str, Any]:
    """The whole report as JSON values."""
    return {
        "kit_version": report.kit_version,
        "spec_version": report.spec_version,
        "base_url": report.base_url,
        "level": str(report.level),
        "seed": report.seed,
        "started_at": report.started_at,
        "finished_at": report.finished_at,
        "verdict": report.verdict,
        "summary": {outcome: report.count(outcome) for outcome in ("passed", "failed", "not_tested")},
        "requirements": [_row(row, redaction) for row in report.rows],
        "questions": _questions(report, redaction),
        "census": _census(report, redaction),
        "requests": report.requests,
        "embedded": report.embedded,
        "run_errors": [redaction.text(error) for error in report.run_errors],
        "timelines": report.timelines,
    }


def _row(row: Row, redaction: Redaction) -> dict[str, Any]:
    requirement = row.requirement
    return {
        "id": requirement.id,
        "title": requirement.title,
        "area": str(requirement.area),
        "level": str(requirement.level),
        "source": requirement.source,
        "outcome": row.outcome,
        "reason": redaction.text(row.reason) if row.reason else None,
        "asked_for": row.asked_for,
        "counts": row.counts,
        "exercised": row.exercised,
        "broken": row.broken,
        "checks": [_check(finding, redaction) for finding in row.findings],
    }


def _check(finding: Finding, redaction: Redaction) -> dict[str, Any]:
    # A violation is shown with all that led to it, a confirmation with the answer that confirms
    shown = [*finding.violations[0].evidence] if finding.violations else []
    if finding.confirmations and not shown:
        shown = [*finding.confirmations[0].evidence][-1:]
    return {
        "name": finding.check,
        "outcome": finding.outcome,
        "message": message(finding, redaction),
        "exercised": finding.exercised,
        "broken": finding.broken,
        "evidence": redaction.show(shown),
    }


def message(finding: Finding, redaction: Redaction) -> str:
    """What a check has to say of a requirement, in one sentence."""
    if finding.violations:
        violation = finding.violations[0]
        return f"expected {expected(violation, redaction)}; seen {seen(violation, redaction)}"
    if finding.exercised:
        return f"held {finding.exercised} times"
    return redaction.text(finding.reason or "")


def expected(judgement: Judgement, redaction: Redaction) -> str:
    """What was asked for."""
    return redaction.text(judgement.expected)


def seen(judgement: Judgement, redaction: Redaction) -> str:
    """What the server did."""
    return redaction.text(judgement.seen)


def _questions(report: Report, redaction: Redaction) -> list[dict[str, Any]]:
    shown = []
    for question in report.questions.questions.values():
        answered = report.questions.answers.get(question.id)
        shown.append(
            {
                "id": question.id,
                "title": question.title,
                "area": str(question.area),
                "why": question.why,
                "answer": answered.name if answered else None,
                "says": report.questions.says(question.id),
                "seen": redaction.text(answered.seen) if answered else None,
                "evidence": redaction.show(answered.evidence) if answered else [],
            }
        )
    return shown


def _census(report: Report, redaction: Redaction) -> dict[str, Any]:
    census = report.census
    return {
        "others_before": census.before,
        "others_after": census.after,
        "unchanged": census.unchanged,
        "changed": list(census.changed),
        "appeared": list(census.appeared),
        "disappeared": list(census.disappeared),
        "left_behind": list(census.left_behind),
        "trouble": redaction.text(census.trouble) if census.trouble else None,
    }
