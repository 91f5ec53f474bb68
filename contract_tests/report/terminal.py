"""The report for people at a terminal: progress while it runs, then failures first."""

import sys
import textwrap
from typing import TextIO

from contract_tests.report.evidence import Redaction
from contract_tests.report.json_report import expected, seen
from contract_tests.verdict import CONFORMS, VIOLATES, Report, Row

WIDTH = 100
_COLOURS = {"red": "31", "green": "32", "yellow": "33", "dim": "2", "bold": "1"}


class Pen:
    """Writes to a stream, in colour if it is a terminal."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.is_terminal = stream.isatty()

    def paint(self, colour: str, text: str) -> str:
        """The text in a colour."""
        return f"\033[{_COLOURS[colour]}m{text}\033[0m" if self.is_terminal else text

    def line(self, text: str = "") -> None:
        """Write a line."""
        print(text, file=self.stream)


class Progress:
    """A bar on a terminal; elsewhere one line an area."""

    def __init__(self, pen: Pen) -> None:
        self._pen = pen
        self._total = 0
        self._done = 0
        self._area = ""

    def start(self, area: str, total: int, base_url: str) -> None:
        """Show that a check of an area begins."""
        if not self._area:
            self._total = total
            self._pen.line(f"Checking {base_url}: {total} check{'s' * (total != 1)}")
        if area != self._area and not self._pen.is_terminal:
            self._pen.line(f"  {self._done:>4}/{self._total}  {area}")
        self._area = area

    def step(self) -> None:
        """Show that one more check is done."""
        self._done += 1
        if self._pen.is_terminal:
            filled = 30 * self._done // max(self._total, 1)
            bar = "█" * filled + "░" * (30 - filled)
            self._pen.stream.write(f"\r{bar} {self._done}/{self._total} {self._area:<12}")
            self._pen.stream.flush()

    def end(self) -> None:
        """Take the bar away."""
        if self._pen.is_terminal:
            self._pen.stream.write("\r\033[K")


def print_report(report: Report, redaction: Redaction, stream: TextIO | None = None) -> None:
    """Print the report, failures first and the verdict last."""
    pen = Pen(stream or sys.stdout)
    for row in report.failures:
        _print_failure(pen, row, redaction, "red", "✗")
    if report.differences:
        pen.line()
        pen.line(f"Below the asked level ({report.level}), this server differs; that does not count:")
        for row in report.differences:
            _print_failure(pen, row, redaction, "yellow", "≠")
    _print_areas(pen, report)
    _print_questions(pen, report, redaction)
    _print_untested(pen, report, redaction)
    _print_census(pen, report, redaction)
    _print_verdict(pen, report, redaction)


def _print_failure(pen: Pen, row: Row, redaction: Redaction, colour: str, sign: str) -> None:
    requirement = row.requirement
    pen.line()
    source = pen.paint("dim", f"{requirement.level}, {requirement.source}")
    pen.line(f"{pen.paint(colour, f'{sign} {requirement.id}')}  {source}")
    _print_wrapped(pen, requirement.title, "  ")
    violation = next(violation for finding in row.findings for violation in finding.violations)
    _print_wrapped(pen, f"expected   {expected(violation, redaction)}", "  ", hang=11)
    times = f"{row.broken} of {row.exercised} times"
    _print_wrapped(pen, f"seen       {seen(violation, redaction)} ({times})", "  ", hang=11)
    checks = [finding.check for finding in row.findings if finding.broken]
    _print_wrapped(pen, f"found by   {', '.join(checks)}", "  ", hang=11)
    for number, shown in enumerate(redaction.show(violation.evidence)):
        pen.line(f"  {'reproduce' if number == 0 else '         '}  {shown['curl']}")
        pen.line(f"             {pen.paint('dim', '# ' + _answer(shown))}")


def _answer(shown: dict[str, dict[str, object]]) -> str:
    response = shown["response"]
    body = str(response["body"]).replace("\n", " ")
    return f"{response['status']} {response['reason']}  {body[:100]}{'…' if len(body) > 100 else ''}".rstrip()


def _print_wrapped(pen: Pen, text: str, indent: str, hang: int = 0) -> None:
    wrapped = textwrap.wrap(
        text, WIDTH, initial_indent=indent, subsequent_indent=indent + " " * hang, break_long_words=False
    )
    for line in wrapped:
        pen.line(line)


def _print_areas(pen: Pen, report: Report) -> None:
    pen.line()
    pen.line(f"{'area':<12}{'passed':>8}{'failed':>8}{'not tested':>12}")
    for area in dict.fromkeys(row.requirement.area for row in report.rows):
        rows = [row for row in report.rows if row.requirement.area is area]
        counts = [
            sum(row.outcome == outcome for row in rows) for outcome in ("passed", "failed", "not_tested")
        ]
        text = f"{area!s:<12}{counts[0]:>8}{counts[1]:>8}{counts[2]:>12}"
        pen.line(pen.paint("dim", text) if counts[0] == counts[1] == 0 else text)


def _print_questions(pen: Pen, report: Report, redaction: Redaction) -> None:
    answered = [
        (question, report.questions.answers[question.id])
        for question in report.questions.questions.values()
        if question.id in report.questions.answers
    ]
    if not answered:
        return
    pen.line()
    pen.line("What the page leaves open, and how this server answers:")
    width = max(len(question.title) for question, _ in answered) + 2
    for question, answer in answered:
        more = f" ({redaction.text(answer.seen)})" if answer.seen else ""
        pen.line(f"  {question.title:<{width}}{report.questions.says(question.id)}{more}")


def _print_untested(pen: Pen, report: Report, redaction: Redaction) -> None:
    by_reason: dict[str, list[str]] = {}
    for row in report.rows:
        if row.outcome == "not_tested":
            by_reason.setdefault(redaction.text(row.reason or ""), []).append(row.requirement.id)
    if by_reason:
        pen.line()
        pen.line("Not tested:")
    for reason, ids in by_reason.items():
        named = ", ".join(ids) if len(ids) <= 4 else f"{len(ids)} requirements"
        _print_wrapped(pen, f"{named}: {reason}", "  ", hang=2)


def _print_census(pen: Pen, report: Report, redaction: Redaction) -> None:
    census = report.census
    pen.line()
    if census.trouble:
        pen.line(f"Accounts of others could not be counted: {redaction.text(census.trouble)}")
    else:
        pen.line(f"Accounts of others: {census.before} before, {census.after} after{_changes(report)}")
    left = ", ".join(census.left_behind)
    pen.line(f"Left behind: {pen.paint('red', left) if left else 'none'}")


def _changes(report: Report) -> str:
    census = report.census
    if census.unchanged:
        return ", unchanged"
    kinds = {"changed": census.changed, "new": census.appeared, "gone": census.disappeared}
    parts = [f"{len(names)} {kind}" for kind, names in kinds.items() if names]
    return f"; {', '.join(parts)} by someone else's doing: this run sends nothing that could do it"


def _print_verdict(pen: Pen, report: Report, redaction: Redaction) -> None:
    for error in report.run_errors:
        _print_wrapped(pen, f"The run was not whole: {redaction.text(error)}", "")
    counting = sum(row.counts for row in report.rows)
    held = sum(row.counts and row.outcome == "passed" for row in report.rows)
    colour = {CONFORMS: "green", VIOLATES: "red"}.get(report.verdict, "yellow")
    pen.line()
    pen.line(
        f"{pen.paint(colour, report.verdict.upper())} at level {report.level}: {held} of {counting} requirements held, "
        f"{len(report.failures)} broken, {len(report.missing)} not tested"
        f" ({report.requests} requests, seed {report.seed})"
    )
