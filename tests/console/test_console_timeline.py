"""Where orders stand on the console's line of time: the module's own functions, run by the browser."""

import json
from itertools import pairwise
from typing import Any

import pytest
from console_sandbox import START, OpenConsole
from devtools import Page

SECOND = 1000


@pytest.fixture
def page(console: OpenConsole) -> Page:
    return console()


def timeline(page: Page, call: str) -> Any:
    return page.run(f"import('/_console/timeline.js').then(timeline => timeline.{call})")


def order(created: str, finished: str | None) -> dict[str, Any]:
    return {"created_at": created, "started_at": created, "finished_at": finished}


OLD = order("2030-01-15T09:00:00Z", "2030-01-15T09:00:02Z")
LATELY = order("2030-01-15T10:29:40Z", "2030-01-15T10:29:42Z")
RUNNING = order("2030-01-15T10:29:50Z", None)


def test_rows_are_few_and_nothing_touches(page: Page) -> None:
    spans = [
        {"from": 0, "to": 10},
        {"from": 5, "to": 8},
        {"from": 8, "to": 9},
        {"from": 10, "to": 10},
        {"from": 10, "to": 12},
    ]
    assert timeline(page, f"rowsOf({json.dumps(spans)}, 1)") == [0, 1, 1, 0, 1]


@pytest.mark.parametrize(
    ("orders", "seconds", "earliest", "latest"),
    [
        pytest.param([OLD, LATELY, RUNNING], 0, 20, 0, id="what happened lately, up to now"),
        pytest.param([OLD, LATELY], 0, 23, 18, id="nothing is running: up to the last end"),
        pytest.param([], 0, 30, 0, id="nothing happened yet"),
        pytest.param([OLD, LATELY], 120, 120, 0, id="a length that was asked for"),
    ],
)
def test_window_shows(
    page: Page, orders: list[dict[str, Any]], seconds: int, earliest: int, latest: int
) -> None:
    now = page.run(f"Date.parse('{START}')")
    shown = timeline(page, f"windowOf({json.dumps(orders)}, {now}, {seconds})")
    length = (earliest - latest) * SECOND
    assert shown["from"] == pytest.approx(now - earliest * SECOND, abs=0.1 * length)
    assert shown["to"] == pytest.approx(now - latest * SECOND, abs=0.1 * length)
    assert shown["to"] > now - latest * SECOND


@pytest.mark.parametrize("length", [4_000, 31_000, 250_000, 90_000_000])
def test_ticks_are_round_and_few(page: Page, length: int) -> None:
    found = timeline(page, f"ticks({{from: 1000123, to: {1_000_123 + length}}}, 8)")
    assert 2 <= len(found) <= 9
    assert all(at % SECOND == 0 and 1_000_123 <= at < 1_000_123 + length for at in found)
    assert len({after - before for before, after in pairwise(found)}) == 1
