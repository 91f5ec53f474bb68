"""How fast a client polls and retries: judged by the instants in the journal, so these tests say what they were."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from graded_client import Client

from mock_server.control.journal import Entry
from mock_server.grading.conduct import Conduct
from mock_server.grading.findings import Finding

START = datetime(2026, 1, 15, 10, 30, tzinfo=UTC)
ONE, OTHER = "/orders/7c9e6679-7425-40de-944b-e07fc1f90ae7", "/orders/7c9e6679-7425-40de-944b-e07fc1f90ae8"


class Suite:
    """Plays a client's requests to a conduct; `after` is the pause before each, in seconds."""

    def __init__(self) -> None:
        self.conduct = Conduct()
        self._now = START
        self._count = 0

    def ask(
        self,
        operation: str,
        path: str,
        after: float,
        *,
        method: str = "GET",
        status: int = 200,
        **fields: Any,
    ) -> None:
        took = fields.pop("took", 0.001)
        self._count += 1
        self._now += timedelta(seconds=after + took)
        given: dict[str, Any] = {
            "id": f"req_{self._count}",
            "at": self._now,
            "method": method,
            "path": path,
            "query": {},
            "operation": operation,
            "body": None,
            "ignored": [],
            "notes": {},
            "status": status,
            "headers": {},
            "answer": {},
            "size": 2,
            "dropped": False,
            "milliseconds": took * 1000,
        }
        self.conduct.take(Entry(**(given | fields)))

    def poll(self, times: int, after: float, path: str = ONE, **fields: Any) -> None:
        for _ in range(times):
            self.ask("getOrder", path, after, **fields)

    @property
    def findings(self) -> list[Finding]:
        return list(self.conduct.findings())


@pytest.fixture
def suite() -> Suite:
    return Suite()


# Polling


def test_polling_without_a_pause_is_told_with_its_pace(suite: Suite) -> None:
    suite.poll(8, after=0.002)

    (finding,) = suite.findings
    assert (finding.rule.name, finding.subject, finding.count) == ("polling-without-pause", "getOrder", 8)
    assert finding.message == "getOrder was polled 8 times in a row, every 3.0 ms."


def test_the_longest_run_speaks_for_all(suite: Suite) -> None:
    suite.poll(5, after=0.001)
    suite.poll(20, after=0.004, path=OTHER)
    suite.poll(6, after=0.001)

    (finding,) = suite.findings
    assert finding.message == "getOrder was polled 20 times in a row, every 5.0 ms."


def test_polling_the_list_is_polling(suite: Suite) -> None:
    for _ in range(5):
        suite.ask("listOrders", "/orders", 0.001)

    assert [finding.subject for finding in suite.findings] == ["listOrders"]


def test_polls_of_several_orders_in_turn_are_polls_of_each(suite: Suite) -> None:
    for _ in range(5):
        suite.poll(1, after=0.001)
        suite.poll(1, after=0.001, path=OTHER)

    assert [finding.count for finding in suite.findings] == [10]


def test_a_slow_answer_is_no_pause(suite: Suite) -> None:
    suite.poll(5, after=0.001, took=0.2)

    assert len(suite.findings) == 1


@pytest.mark.parametrize("pause", [0.06, 1, 30])
def test_polling_with_a_pause_is_fine(suite: Suite, pause: float) -> None:
    suite.poll(50, after=pause)

    assert suite.findings == []


def test_a_few_looks_are_no_polling(suite: Suite) -> None:
    suite.poll(4, after=0.001)
    suite.poll(4, after=0.001, path=OTHER)

    assert suite.findings == []


def test_looking_after_each_change_is_no_polling(suite: Suite) -> None:
    for _ in range(8):
        suite.ask("createOrder", "/orders", 0.001, method="POST", status=201)
        suite.ask("listOrders", "/orders", 0.001)

    assert suite.findings == []


def test_a_clock_that_stands_cannot_tell_a_pace(suite: Suite) -> None:
    suite.poll(50, after=0, took=0)

    assert suite.findings == []


def test_a_tester_who_steps_in_ends_a_run(suite: Suite) -> None:
    for _ in range(8):
        suite.poll(3, after=0.001)
        suite.conduct.break_off()

    assert suite.findings == []


# Retry-After


def refused(suite: Suite, retry_after: str = "2") -> None:
    suite.ask("listOrders", "/orders", 1, status=429, headers={"Retry-After": retry_after})


def test_coming_back_too_early_is_told(suite: Suite) -> None:
    refused(suite)

    suite.ask("listOrders", "/orders", 0.5)

    (finding,) = suite.findings
    assert (finding.rule.name, finding.requests) == ("retry-after-ignored", ["req_2"])
    assert finding.message == "listOrders came again although Retry-After had asked for 2 s."


def test_coming_back_in_time_is_fine(suite: Suite) -> None:
    refused(suite)

    suite.ask("listOrders", "/orders", 2)

    assert suite.findings == []


def test_each_operation_has_its_own_patience(suite: Suite) -> None:
    refused(suite)

    suite.ask("listTestProducts", "/orders/test-products", 0.1)

    assert suite.findings == []


def test_only_the_next_request_is_compared(suite: Suite) -> None:
    refused(suite)

    suite.ask("listOrders", "/orders", 2)
    suite.ask("listOrders", "/orders", 0.01)

    assert suite.findings == []


def test_a_clock_that_stands_cannot_tell_patience(suite: Suite) -> None:
    refused(suite)

    suite.ask("listOrders", "/orders", 0, took=0)

    assert suite.findings == []


def test_a_date_in_retry_after_is_not_understood_and_not_held_against_anyone(suite: Suite) -> None:
    refused(suite, "Fri, 31 Dec 1999 23:59:59 GMT")

    suite.ask("listOrders", "/orders", 0.01)

    assert suite.findings == []


# Through the mock


def test_the_mock_tells_both(real_time: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mock_server.grading.rules.Polling.pause_seconds", 3600)
    real_time.fault(operation="listManagedAccounts", status=429, times=1)
    monkeypatch.setattr("mock_server.grading.rules.ImpatientRetries.tolerance_seconds", -3600)

    for _ in range(5):
        real_time.call("GET", "/orders")
    real_time.call("GET", "/users/managed-accounts")
    real_time.call("GET", "/users/managed-accounts")

    assert list(real_time.findings()) == ["polling-without-pause", "retry-after-ignored"]
