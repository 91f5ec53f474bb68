"""The console's faults and deviations."""

import json
from typing import Any

import pytest
from console_sandbox import OpenConsole, Sandbox

AFTER = {"phase": "after", "operation": "createOrder"}


@pytest.mark.parametrize(
    ("effect", "filled", "wanted"),
    [
        ("status", {"status": "503", "times": "2"}, {"status": 503, "times": 2, "phase": "before"}),
        (
            "delay_ms",
            {"delay_ms": "1500", "rate": "0.25", "seed": "7"},
            {"delay_ms": 1500, "rate": 0.25, "seed": 7},
        ),
        ("drop", AFTER, {"drop": True, **AFTER}),
    ],
)
def test_fault_is_added_and_cleared(
    console: OpenConsole, sandbox: Sandbox, effect: str, filled: dict[str, str], wanted: dict[str, Any]
) -> None:
    page = console()
    page.choose("[name=effect]", effect)
    for name, value in filled.items():
        page.run(f"document.forms['fault-form'].elements[{json.dumps(name)}].value = {json.dumps(value)}")
    page.click("#fault-form .primary")
    page.until("document.querySelector('#fault-list li')")
    (fault,) = sandbox.call("GET", "/_mock/faults")["faults"]
    assert fault | wanted == fault
    assert wanted.get("operation", "Every operation") in page.text("#fault-list")
    page.click("#faults-clear")
    page.until("!document.querySelector('#fault-list li')")
    assert sandbox.call("GET", "/_mock/faults")["faults"] == []


def test_fault_that_makes_no_sense_is_not_sent(console: OpenConsole, sandbox: Sandbox) -> None:
    page = console()
    page.run("document.forms['fault-form'].elements.status.value = '200'")
    page.click("#fault-form .primary")
    assert page.run("document.querySelector('[name=status]').validity.valid") is False
    assert sandbox.call("GET", "/_mock/faults")["faults"] == []


def test_fault_counts_how_often_it_fired(console: OpenConsole, sandbox: Sandbox) -> None:
    sandbox.call("POST", "/_mock/faults", {"operation": "listOrders", "status": 503, "times": 1})
    page = console()
    assert page.text(".fired") == "fired 0 of 1"
    sandbox.call("GET", "/orders")
    page.until("document.querySelector('.fired').innerText === 'fired 1 of 1'")
    assert page.count("#fault-list .spent") == 1


def test_deviation_is_found_and_switched(console: OpenConsole, sandbox: Sandbox) -> None:
    available = sandbox.call("GET", "/_mock/deviations")["available"]
    assert available
    name = available[-1]["name"]
    page = console()
    assert page.count("#deviation-list li") == len(available)
    page.click("#deviations-filter")
    page.type(f"{name} {available[-1]['requirement'].lower()}")
    page.until("document.querySelectorAll('#deviation-list li').length === 1")
    page.click("#deviation-list input")
    page.until("document.querySelector('#deviations-count').innerText.startsWith('1 of')")
    assert sandbox.call("GET", "/_mock/deviations")["active"] == [name]
    page.click("#deviations-clear")
    page.until("!document.querySelector('#deviation-list input').checked")
    assert sandbox.call("GET", "/_mock/deviations")["active"] == []


def test_deviation_that_a_test_switched_on_shows_up(console: OpenConsole, sandbox: Sandbox) -> None:
    name = sandbox.call("GET", "/_mock/deviations")["available"][0]["name"]
    page = console()
    sandbox.call("PUT", "/_mock/deviations", [name])
    page.until("document.querySelector('#deviation-list input').checked")
    page.click("#deviations-on")
    page.until("document.querySelectorAll('#deviation-list li').length === 1")
