"""From what a run found to what it says: outcomes, the verdict, the exit status."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from contract_tests import __version__
from contract_tests.catalogue import Level, Requirement
from contract_tests.census import Census
from contract_tests.findings import Finding, Findings
from contract_tests.grounds import in_the_way
from contract_tests.questions import Questionnaire

CONFORMS, VIOLATES, INCOMPLETE = "conforms", "violates", "incomplete"
EXIT_STATUSES = {CONFORMS: 0, VIOLATES: 1, INCOMPLETE: 2}


@dataclass(frozen=True)
class Row:
    """One requirement with what became of it.

    Args:
        requirement: as the catalogue has it.
        outcome: "passed", "failed" or "not_tested".
        asked_for: whether the options asked for it; what was not asked for does not count.
        counts: whether it stands at the asked level or a firmer one, and was asked for.
        reason: why it was not tested; None when it was.
        findings: what each check found.
    """

    requirement: Requirement
    outcome: str
    asked_for: bool
    counts: bool
    reason: str | None
    findings: tuple[Finding, ...]

    @property
    def exercised(self) -> int:
        """How often it was held against something."""
        return sum(finding.exercised for finding in self.findings)

    @property
    def broken(self) -> int:
        """How often it did not hold."""
        return sum(finding.broken for finding in self.findings)


@dataclass(frozen=True)
class Report:
    """Everything that the reports show.

    Args:
        base_url: the server.
        embedded: whether it was the embedded mock.
        spec_version: version of the specification that was followed.
        level: the asked level.
        seed: of the run.
        started_at, finished_at: RFC 3339, UTC.
        requests: how many were sent.
        rows: the catalogue with outcomes, in its order.
        questions: the open questions with answers.
        census: accounts of others, and what was left behind.
        run_errors: what kept the run from being whole.
        timelines: observed lives of orders, for drawing; empty without orders.
    """

    base_url: str
    embedded: bool
    spec_version: str
    level: Level
    seed: int
    started_at: str
    finished_at: str
    requests: int
    rows: tuple[Row, ...]
    questions: Questionnaire
    census: Census
    run_errors: tuple[str, ...] = ()
    timelines: Mapping[str, object] = field(default_factory=dict)
    kit_version: str = __version__

    @property
    def verdict(self) -> str:
        """One of "conforms", "violates" and "incomplete".

        What was found broken stays broken, whatever else went wrong; nothing conforms that was not tried.
        """
        counting = [row.outcome for row in self.rows if row.counts]
        if "failed" in counting:
            return VIOLATES
        if self.run_errors or "not_tested" in counting or not counting:
            return INCOMPLETE
        return CONFORMS

    @property
    def exit_status(self) -> int:
        """The exit status of the command."""
        return EXIT_STATUSES[self.verdict]

    @property
    def failures(self) -> list[Row]:
        """Broken requirements that count."""
        return [row for row in self.rows if row.counts and row.outcome == "failed"]

    @property
    def differences(self) -> list[Row]:
        """Broken requirements below the asked level."""
        return [row for row in self.rows if row.asked_for and not row.counts and row.outcome == "failed"]

    @property
    def missing(self) -> list[Row]:
        """Requirements that count and were never exercised."""
        return [row for row in self.rows if row.counts and row.outcome == "not_tested"]

    def count(self, outcome: str) -> int:
        """How many requirements have an outcome."""
        return sum(row.outcome == outcome for row in self.rows)


def make_rows(
    requirements: tuple[Requirement, ...], findings: Findings, not_asked: Mapping[str, str], level: Level
) -> tuple[Row, ...]:
    """Fold the findings of a run into one row a requirement.

    Args:
        requirements: the catalogue.
        findings: of the run.
        not_asked: ids of requirements that the options leave out, each with the reason.
        level: the asked level.
    """
    rows = []
    levels = {requirement.id: requirement.level for requirement in requirements}
    failed = {
        name: level
        for name, level in levels.items()
        if name not in not_asked and findings.outcome(name) == "failed"
    }
    for requirement in requirements:
        found = tuple(findings.by_requirement[requirement.id].values())
        asked_for = requirement.id not in not_asked
        outcome = findings.outcome(requirement.id) if asked_for else "not_tested"
        reason = None
        if outcome == "failed" and (grounds := in_the_way(requirement.id, failed, levels)):
            outcome, reason = "not_tested", f"builds on what is broken: {', '.join(grounds)}"
        elif outcome == "not_tested":
            reasons = [finding.reason for finding in found if finding.reason]
            reason = (
                not_asked.get(requirement.id) or "; ".join(dict.fromkeys(reasons)) or "nothing exercised it"
            )
        counts = asked_for and requirement.level.at_or_firmer(level)
        rows.append(Row(requirement, outcome, asked_for, counts, reason, found if asked_for else ()))
    return tuple(rows)
