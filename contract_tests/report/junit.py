"""The report for CI systems: one JUnit test case a requirement."""

import re
from xml.etree import ElementTree

from contract_tests.report.evidence import Redaction
from contract_tests.report.json_report import message
from contract_tests.verdict import Report, Row

# XML has no way to write these at all, not even escaped
_FORBIDDEN = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def to_junit(report: Report, redaction: Redaction) -> bytes:
    """The report as a JUnit document; a requirement below the asked level that failed is a skipped case."""
    suites = ElementTree.Element("testsuites", name="zinc-contract", time="0")
    areas = dict.fromkeys(row.requirement.area for row in report.rows)
    for area in areas:
        rows = [row for row in report.rows if row.requirement.area is area]
        failed = sum(_failed(row) for row in rows)
        suite = ElementTree.SubElement(
            suites,
            "testsuite",
            name=str(area),
            tests=str(len(rows)),
            failures=str(failed),
            errors="0",
            skipped=str(sum(row.outcome != "passed" for row in rows) - failed),
            timestamp=report.started_at,
        )
        for row in rows:
            _add_case(suite, row, redaction)
    if report.run_errors:
        errors = len(report.run_errors)
        suite = ElementTree.SubElement(suites, "testsuite", name="run", tests=str(errors), errors=str(errors))
        for error in report.run_errors:
            case = ElementTree.SubElement(suite, "testcase", classname="run", name="the run is whole")
            ElementTree.SubElement(case, "error", message=_clean(redaction.text(error)))
    ElementTree.indent(suites)
    document: bytes = ElementTree.tostring(suites, encoding="utf-8", xml_declaration=True)
    return document


def _failed(row: Row) -> bool:
    return row.counts and row.outcome == "failed"


def _add_case(suite: ElementTree.Element, row: Row, redaction: Redaction) -> None:
    requirement = row.requirement
    case = ElementTree.SubElement(
        suite, "testcase", classname=f"zinc-contract.{requirement.area}", name=requirement.id, time="0"
    )
    properties = ElementTree.SubElement(case, "properties")
    for name, value in (
        ("level", requirement.level),
        ("source", requirement.source),
        ("title", requirement.title),
    ):
        ElementTree.SubElement(properties, "property", name=name, value=_clean(str(value)))
    broken = next((finding for finding in row.findings if finding.broken), None)
    if row.outcome == "not_tested":
        ElementTree.SubElement(case, "skipped", message=_clean(redaction.text(row.reason or "")))
    elif broken:
        text = _clean(message(broken, redaction))
        kind, prefix = ("failure", "") if row.counts else ("skipped", "difference below the asked level: ")
        element = ElementTree.SubElement(case, kind, message=prefix + text)
        element.text = "\n".join(
            _clean(shown["curl"]) for shown in redaction.show(broken.violations[0].evidence)
        )


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("\ufffd", text)
