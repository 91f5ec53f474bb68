"""What a run found out, requirement by requirement: how often each was really exercised, and how often broken."""

import threading
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from contract_tests.catalogue import Requirement
from contract_tests.errors import BudgetSpent, NotEstablished
from contract_tests.exchange import Exchange
from contract_tests.judgement import Judgement

EVERY_ANSWER = "every answer"
KEPT = 3  # violations of one check that are kept with their evidence; the others are counted


@dataclass
class Finding:
    """What one check found out about one requirement.

    Args:
        check: name of the check, or `EVERY_ANSWER` for what was found outside of the checks bound to it.
        exercised: how often the requirement was held against something.
        broken: how often it did not hold.
        violations: the first ones, with evidence.
        confirmations: one that held, with evidence.
        reason: why the check came to no judgement.
    """

    check: str
    exercised: int = 0
    broken: int = 0
    violations: list[Judgement] = field(default_factory=list)
    confirmations: list[Judgement] = field(default_factory=list)
    reason: str | None = None

    @property
    def outcome(self) -> str:
        """One of "passed", "failed" and "not_tested"."""
        if self.broken:
            return "failed"
        return "passed" if self.exercised else "not_tested"

    def add(self, judgement: Judgement) -> None:
        """Count a judgement, and keep it if it is one of the first."""
        self.exercised += 1
        self.broken += not judgement.holds
        kept, room = (self.confirmations, 1) if judgement.holds else (self.violations, KEPT)
        if len(kept) < room and (judgement.evidence or not judgement.holds):
            kept.append(judgement)


class Findings:
    """Collects the judgements of a run.

    Args:
        requirements: the catalogue.
    """

    def __init__(self, requirements: Iterable[Requirement]) -> None:
        self.by_requirement: dict[str, dict[str, Finding]] = {
            requirement.id: {} for requirement in requirements
        }
        self.run_errors: list[str] = []
        self.broken: Counter[str] = Counter()  # how often each requirement did not hold
        self._check: str | None = None
        self._bound: frozenset[str] = frozenset()
        self._lock = threading.RLock()

    def record(self, judgement: Judgement) -> None:
        """Enter one judgement. Raises KeyError for a requirement that is not in the catalogue."""
        check = self._check if self._check and judgement.requirement in self._bound else EVERY_ANSWER
        with self._lock:
            self._finding(judgement.requirement, check).add(judgement)
            if not judgement.holds:
                self.broken[judgement.requirement] += 1

    def _finding(self, requirement: str, check: str) -> Finding:
        found = self.by_requirement[requirement]
        if check not in found:
            found[check] = Finding(check)
        return found[check]

    @contextmanager
    def check(self, name: str, requirements: Collection[str]) -> Iterator[None]:
        """Lay judgements of these requirements to a check while it runs.

        A check that ends without a judgement on one of its requirements leaves a reason for it.

        Raises:
            KeyError: a requirement is not in the catalogue.
        """
        findings = {requirement: self._finding(requirement, name) for requirement in requirements}
        self._check, self._bound = name, frozenset(requirements)
        reason = "the check came to its end without anything to judge"
        try:
            yield
        except (NotEstablished, BudgetSpent) as missing:
            reason = str(missing)
            raise
        finally:
            self._check, self._bound = None, frozenset()
            for finding in findings.values():
                if not finding.exercised:
                    finding.reason = finding.reason or reason

    def not_run(self, name: str, requirements: Collection[str], reason: str) -> None:
        """Note that a check was not begun, and why."""
        for requirement in requirements:
            finding = self._finding(requirement, name)
            finding.reason = finding.reason or reason

    def violations_in(self, name: str) -> list[Judgement]:
        """What a check found broken among its requirements."""
        return [
            violation
            for by_check in self.by_requirement.values()
            if name in by_check
            for violation in by_check[name].violations
        ]

    def exercised(self) -> list[str]:
        """The ids of the requirements that were held against something."""
        return [name for name in self.by_requirement if self.outcome(name) != "not_tested"]

    def outcome(self, requirement: str) -> str:
        """The outcome: "failed" if it was broken once, "passed" if it was exercised and held, else "not_tested"."""
        outcomes = {finding.outcome for finding in self.by_requirement[requirement].values()}
        return next((outcome for outcome in ("failed", "passed") if outcome in outcomes), "not_tested")


class Expect:
    """What a check says of the answers that it asked for: `expect("MA-…", it holds, expected=…, seen=…, evidence=…)`.

    Args:
        findings: where it is entered.
        requirements: the requirements that the check is bound to.
    """

    def __init__(self, findings: Findings, requirements: Collection[str]) -> None:
        self._findings = findings
        self._requirements = requirements

    def __call__(
        self,
        requirement: str,
        holds: object,
        *,
        expected: str,
        seen: object,
        evidence: Exchange | Iterable[Exchange],
    ) -> bool:
        """Enter one judgement and go on.

        Args:
            requirement: id, one that the check is bound to.
            holds: whether it was kept, by its truth.
            expected: what is asked for, in few words.
            seen: what the server did.
            evidence: the exchanges that show it.

        Returns:
            Whether it was kept.
        """
        if requirement not in self._requirements:
            raise KeyError(f"this check is not bound to {requirement}")
        exchanges = [evidence] if isinstance(evidence, Exchange) else list(evidence)
        self._findings.record(Judgement(requirement, bool(holds), expected, str(seen), exchanges))
        return bool(holds)
