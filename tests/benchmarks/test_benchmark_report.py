"""What is written: tables, verdicts on the targets, the plot."""

from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest

from benchmarks import report
from benchmarks.figures import Samples
from benchmarks.part import Curve, Part, table
from benchmarks.peers import ALL, OURS
from benchmarks.plan import Plan
from benchmarks.plot import svg
from benchmarks.targets import Target, targets
from benchmarks.throughput import rotated

AT_LEAST = Target("creates ÷ Prism", "creates / Prism", 2.5, at_least=True)
AT_MOST = Target("p99 ÷ p50", "p99 / p50", 5)


def test_a_table_has_one_line_a_row_and_numbers_to_the_right() -> None:
    assert table(["server", "rate"], [["a", "1"], ["b", "2"]]).splitlines() == [
        "| server | rate |",
        "| --- | ---: |",
        "| a | 1 |",
        "| b | 2 |",
    ]


@pytest.mark.parametrize(
    ("target", "measured", "verdict"),
    [
        (AT_LEAST, (2.6, 2.5, 9), "met"),
        (AT_LEAST, (2.0, 1.9, 9), "**not met**, by 20.0 %"),
        (AT_MOST, (4, 5, 9), "met"),
        (AT_MOST, (4, 6, 9), "**not met**, by 20.0 %"),
    ],
)
def test_the_median_decides_whether_a_target_is_met(
    target: Target, measured: tuple[float, ...], verdict: str
) -> None:
    assert target.line({target.figure: Samples(measured)})[-1] == verdict


def test_a_target_without_measurement_is_not_met_in_silence() -> None:
    assert AT_MOST.line({})[-1] == "not measured"


def test_every_target_about_another_server_names_one_that_is_measured() -> None:
    servers = {server.name for server in ALL}
    named = {
        target.figure.partition(" / ")[2]
        for target in targets(Plan())
        if target.figure.startswith(("creates /", "warm creates /", "start /"))
    }

    assert named
    assert named <= servers - {OURS.name}


def test_each_round_begins_with_another_one_and_has_them_all() -> None:
    turns = list(rotated("abc", 4))

    assert "".join(thing for _, thing in turns) == "abc" + "bca" + "cab" + "abc"
    assert [turn for turn, _ in turns] == [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3]


def test_the_report_shows_targets_parts_and_how_it_was_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "machine", lambda: [("processor", "abacus, 2 cores")])
    part = Part(
        "Memory", "Weighed.", ["server", "MB"], [["zinc-mock", "70"]], {"memory of zinc-mock": Samples((70,))}
    )
    run = report.Run("make bench", datetime(2026, 1, 15, 10, 30, tzinfo=UTC), minutes=12.3, load=0.1)

    written = report.document(run, Plan(), [part])

    assert "`make bench` on 2026-01-15 10:30 UTC in 12 minutes" in written
    assert "| memory after 10,000 accounts, MB | ≤ 90 | 70.0 (70.0 to 70.0) | met |" in written
    assert "## Memory\n\nWeighed.\n\n| server | MB |" in written
    assert "| processor | abacus, 2 cores |" in written
    assert "not worth much" not in written


def test_a_run_on_a_busy_machine_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "machine", list)
    run = report.Run("make bench", datetime(2026, 1, 15, tzinfo=UTC), minutes=12, load=4.2)

    assert "not worth much" in report.document(run, Plan(), [])


def test_a_flat_curve_has_no_unevenness() -> None:
    assert Curve("create", "accounts", ((1, 0.5), (10, 0.5))).unevenness == 1
    assert Curve("create", "accounts", ((1, 0.5), (10, 0.25), (100, 1))).unevenness == 4


def test_the_plot_is_a_picture_with_every_point_inside_it() -> None:
    curves = [
        Curve("create", "accounts", ((1, 0.02), (100, 0.4), (100_000, 30))),
        Curve("delete", "accounts", ((1, 0.2), (100, 0.3), (100_000, 0.4))),
        Curve("submit", "orders <queued>", ((1, 0.4),)),
    ]

    drawn = ElementTree.fromstring(svg(curves))

    name = "{http://www.w3.org/2000/svg}"
    width, height = map(float, drawn.attrib["viewBox"].split()[2:])
    panels = drawn.findall(f"{name}g")
    points = [
        circle for panel in panels for circle in panel.iter(f"{name}circle") if circle.attrib["r"] == "3"
    ]
    assert (len(panels), len(points)) == (2, 7)
    assert all(0 < float(p.attrib["cx"]) < width and 0 < float(p.attrib["cy"]) < height for p in points)
