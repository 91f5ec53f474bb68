"""The report on a client's suite, in the form that its file's ending asks for: JSON, JUnit XML, or text."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from mock_server.grading.findings import RULES, Level

Document = dict[str, Any]


def write(document: Document, path: Path) -> None:
    """Write a report.

    Args:
        document: what `mock_server.grading.coverage.coverage` returned.
        path: `.json` and `.xml` (JUnit) name their forms; any other ending gets text.

    Raises:
        OSError: the file cannot be written.
    """
    forms: dict[str, Callable[[Document], str]] = {".json": as_json, ".xml": as_junit}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(forms.get(path.suffix.lower(), as_text)(document), encoding="utf-8")


def as_json(document: Document) -> str:
    """Return the document itself, for programs."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def summary(document: Document) -> str:
    """Return one line: what was exercised, and how many warnings there are."""
    shares = ", ".join(
        f"{name.replace('_', ' ')} {share['exercised']} of {share['documented']}"
        for name, share in document["summary"].items()
    )
    warnings = sum(1 for _ in findings(document, Level.WARNING))
    return f"exercised {shares}; {warnings or 'no'} warning{'s' * (warnings != 1)}"


def findings(document: Document, *levels: Level) -> Iterator[Document]:
    """Yield the findings of some levels."""
    return (finding for finding in document["findings"] if finding["level"] in levels)


# Text


def as_text(document: Document) -> str:
    """Return the report for people at a terminal."""
    requests, keys = document["requests"], document["keys"]
    lines = [
        f"{requests} request{'s' * (requests != 1)} with {keys} API key{'s' * (keys != 1)}",
        summary(document),
        "",
    ]
    for operation in document["operations"]:
        lines += _operation_lines(operation)
    lines += _listed("Moves of an order", map(_move_line, document["transitions"]))
    lines += _listed("Not in the specification", map(_undocumented_line, document["undocumented"]))
    lines += _listed("Findings", map(_finding_line, document["findings"])) or ["No findings", ""]
    return "\n".join(lines[:-1]) + "\n"


def _operation_lines(operation: Document) -> list[str]:
    answers = list(_answers(operation))
    seen = [f"{name} ({count})" for name, count in answers if count]
    if operation["dropped"]:
        seen.append(f"dropped ({operation['dropped']})")
    unseen = [name for name, count in answers if not count]
    return [
        operation["operation"],
        f"  exercised:     {', '.join(seen) or 'nothing'}",
        f"  not exercised: {', '.join(unseen) or 'nothing'}",
        "",
    ]


def _listed(title: str, lines: Iterator[str]) -> list[str]:
    shown = [f"  {line}" for line in lines]
    return [title, *shown, ""] if shown else []


def _move_line(move: Document) -> str:
    return f"{_move_name(move)}: {move['count'] or 'not exercised'}"


def _move_name(move: Document) -> str:
    return f"{move['from']} -> {move['to']}"


def _undocumented_line(answer: Document) -> str:
    what = answer["operation"] or "an unknown path"
    return f"{what}: {answer['status']} {answer['code'] or ''}".rstrip() + f" ({answer['count']})"


def _finding_line(finding: Document) -> str:
    requests = f" [{', '.join(finding['requests'])}]" if finding["requests"] else ""
    return f"{finding['level']} {finding['rule']} ({finding['count']}): {finding['message']}{requests}"


def _answers(operation: Document) -> Iterator[tuple[str, int]]:
    """Yield each documented answer of an operation with its count: a status, or one of its error codes."""
    for status in operation["statuses"]:
        if not status["codes"]:
            yield str(status["status"]), status["count"]
        for code in status["codes"]:
            yield f"{status['status']} {code['code']}", code["count"]


# JUnit


def as_junit(document: Document) -> str:
    """Return JUnit XML: a test case a rule, which warnings fail, and one a documented answer and move."""
    root = ElementTree.Element("testsuites", name="zinc-mock exec")
    _findings_suite(root, document)
    answers = [
        (operation["operation"], name, count)
        for operation in document["operations"]
        for name, count in _answers(operation)
    ]
    _coverage_suite(root, "operations", answers)
    moves = [("order", _move_name(move), move["count"]) for move in document["transitions"]]
    _coverage_suite(root, "transitions", moves)
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _findings_suite(root: ElementTree.Element, document: Document) -> None:
    suite = ElementTree.SubElement(root, "testsuite", name="findings")
    failures = 0
    for rule in RULES:
        case = ElementTree.SubElement(suite, "testcase", classname="findings", name=rule.name)
        lines = [_finding_line(finding) for finding in document["findings"] if finding["rule"] == rule.name]
        if lines and rule.level is Level.WARNING:
            failures += 1
            ElementTree.SubElement(case, "failure", message=rule.about).text = "\n".join(lines)
        elif lines:
            ElementTree.SubElement(case, "system-out").text = "\n".join(lines)
    suite.attrib |= {"tests": str(len(RULES)), "failures": str(failures), "skipped": "0"}


def _coverage_suite(root: ElementTree.Element, name: str, counts: list[tuple[str, str, int]]) -> None:
    suite = ElementTree.SubElement(root, "testsuite", name=name)
    for subject, case_name, count in counts:
        case = ElementTree.SubElement(suite, "testcase", classname=subject, name=case_name)
        if not count:
            ElementTree.SubElement(case, "skipped", message="not exercised")
    skipped = sum(1 for _, _, count in counts if not count)
    suite.attrib |= {"tests": str(len(counts)), "failures": "0", "skipped": str(skipped)}
