"""A sandbox of a running mock as a test in Python holds it: plain methods instead of calls to `/_mock`.

It knows nothing of your client and needs none but Python's own HTTP library. The pytest fixture `zinc_sandbox` hands
out a fresh one for each test; without pytest, `Sandbox.fresh(base_url)` makes one for any mock that runs.
"""

import http.client
import json
import secrets
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal, Self
from urllib.parse import quote, urlsplit

Json = dict[str, Any]

_LONGEST_WAIT = 330.0  # seconds; `settle` may wait 300


class ControlError(Exception):
    """The mock refused a call of its control plane.

    Args:
        status: the status that it answered.
        problem: the body: `code`, `message` and perhaps `details`.
    """

    def __init__(self, status: int, problem: Json) -> None:
        details = f" {json.dumps(problem['details'])}" if "details" in problem else ""
        super().__init__(f"{status} {problem.get('code')}: {problem.get('message')}{details}")
        self.status = status
        self.problem = problem


class _Control:
    """Calls the control plane for one key."""

    def __init__(self, base_url: str, headers: dict[str, str]) -> None:
        self._address = urlsplit(base_url)
        self._headers = headers

    def __call__(self, method: str, path: str, body: Any = None) -> Any:
        content, headers = None, dict(self._headers)
        if body is not None:
            content = json.dumps(body)
            headers["Content-Type"] = "application/json"
        # Not urllib: a proxy that the environment names is no way to a mock on this machine.
        connection = http.client.HTTPConnection(
            str(self._address.hostname), self._address.port, timeout=_LONGEST_WAIT
        )
        try:
            connection.request(method, f"/_mock/{path}", content, headers)
            answer = connection.getresponse()
            given = answer.read()
        finally:
            connection.close()
        shown = json.loads(given) if given else None
        if answer.status >= 400:
            raise ControlError(answer.status, shown or {})
        return shown


class Sandbox:
    """Everything that one API key owns on a mock, and what a tester may turn there.

    Args:
        base_url: where the mock is, without a slash at the end.
        api_key: the key; any key is a sandbox of its own.
    """

    def __init__(self, base_url: str, api_key: str) -> None:
        self.base_url = base_url
        self.api_key = api_key
        self._control = _Control(base_url, self.headers)
        self.clock = Clock(self._control)
        self.faults = Faults(self._control)
        self.deviations = Deviations(self._control)

    @classmethod
    def fresh(cls, base_url: str) -> Self:
        """Return a sandbox of a key that nobody has used."""
        return cls(base_url, f"zn_test_{secrets.token_hex(12)}")

    @property
    def headers(self) -> dict[str, str]:
        """The header that authenticates a request of this key."""
        return {"Authorization": f"Bearer {self.api_key}"}

    def settle(self, timeout: float = 5.0) -> list[Json]:
        """Go on until no order is waiting or running, and return what happened.

        A manual clock is moved just far enough; on a real clock this waits, at most `timeout` seconds.

        Returns:
            The transitions in order, each with `at`, `order_id`, `from` and `to`.

        Raises:
            ControlError: on a real clock, orders were still running when the time was up.
        """
        moved: list[Json] = self._control("POST", f"settle?timeout={timeout}")["transitions"]
        return moved

    @property
    def queues(self) -> list[Json]:
        """Of each account, its `short_id`, the order `in_progress` (or None) and those `waiting`, in order."""
        queues: list[Json] = self._control("GET", "queues")["queues"]
        return queues

    def set_health(self, short_id: str, state: Literal["ok", "login_failed", "account_locked"]) -> None:
        """Say whether the retailer lets an account log in; orders that start from now on meet it."""
        self._control("PUT", f"accounts/{quote(short_id, safe='')}/health", {"state": state})

    @property
    def journal(self) -> list[Json]:
        """The requests of this key and their answers, oldest first, secrets redacted."""
        requests: list[Json] = self._control("GET", "requests")["requests"]
        return requests

    def clear_journal(self) -> None:
        """Forget the requests so far."""
        self._control("DELETE", "requests")

    def explain(self, request_id: str) -> Json:
        """Return why an answer was what it was; its `X-Request-Id` header names it."""
        reasons: Json = self._control("GET", f"requests/{quote(request_id, safe='')}/explain")
        return reasons

    @property
    def coverage(self) -> Json:
        """What the client exercised so far, and what it should not have done."""
        coverage: Json = self._control("GET", "coverage")
        return coverage

    def snapshot(self) -> Json:
        """Return accounts, orders and clock as one document, without secrets."""
        document: Json = self._control("GET", "snapshot")
        return document

    def restore(self, document: Json) -> Json:
        """Put a snapshot back, of this sandbox or another, and return the sandbox as it is now."""
        restored: Json = self._control("PUT", "snapshot", document)
        return restored

    def reset(self) -> None:
        """Give the key the sandbox of a first use."""
        self._control("POST", "reset")


class Clock:
    """The sandbox's clock. It never goes back."""

    def __init__(self, control: _Control) -> None:
        self._control = control

    @property
    def now(self) -> datetime:
        """The present instant of the sandbox, in UTC."""
        return datetime.fromisoformat(self._control("GET", "clock")["now"])

    @property
    def is_manual(self) -> bool:
        """Whether the clock stands until it is told to move."""
        return bool(self._control("GET", "clock")["mode"] == "manual")

    def freeze(self, at: datetime | str | None = None) -> datetime:
        """Make time stand, at an instant (default: the present one) that is not in the past; return it."""
        wanted = {"mode": "manual"}
        if at is not None:
            wanted["now"] = at.isoformat() if isinstance(at, datetime) else at
        return datetime.fromisoformat(self._control("PUT", "clock", wanted)["now"])

    def advance(self, seconds: float | timedelta) -> list[Json]:
        """Move a frozen clock forward; everything that was due has happened when this returns.

        Give it to a client that polls as the function it sleeps with, and no test ever waits.

        Returns:
            The transitions in order, each with `at`, `order_id`, `from` and `to`.

        Raises:
            ControlError: the clock runs by itself; freeze it first.
        """
        span = seconds.total_seconds() if isinstance(seconds, timedelta) else seconds
        moved: list[Json] = self._control("POST", "clock/advance", {"seconds": span})["transitions"]
        return moved

    def run(self) -> None:
        """Let time go by itself again."""
        self._control("PUT", "clock", {"mode": "real"})


class Faults:
    """Trouble that this key's requests meet."""

    def __init__(self, control: _Control) -> None:
        self._control = control

    def __iter__(self) -> Iterator[Json]:
        return iter(self._control("GET", "faults")["faults"])

    def add(
        self,
        operation: str | None = None,
        *,
        status: int | None = None,
        code: str | None = None,
        delay_ms: int | None = None,
        drop: bool | None = None,
        phase: Literal["before", "after"] | None = None,
        times: int | None = None,
        rate: float | None = None,
        seed: int | None = None,
    ) -> Json:
        """Ask for trouble: a status, an error code, a delay, or a dropped connection.

        Args:
            operation: the operationId that meets it; None means every one.
            status: the status to answer, with its documented error.
            code: the error code to answer, with its documented status.
            delay_ms: how long the answer takes.
            drop: close the connection without an answer.
            phase: "before" the operation is performed, or "after": the change is made and its answer lost.
            times: how often, before it heals; None means always.
            rate: how probably, from 0 to 1.
            seed: makes the rate reproducible.

        Returns:
            The fault; those listed later count in `fired` how often they struck.

        Raises:
            ControlError: the fault makes no sense.
        """
        wanted = {
            "operation": operation,
            "status": status,
            "code": code,
            "delay_ms": delay_ms,
            "drop": drop,
            "phase": phase,
            "times": times,
            "rate": rate,
            "seed": seed,
        }
        given = {name: value for name, value in wanted.items() if value is not None}
        fault: Json = self._control("POST", "faults", given)
        return fault

    def clear(self) -> None:
        """Remove all of them."""
        self._control("DELETE", "faults")


class Deviations:
    """Named departures from the contract: does the client survive a server that is a little wrong?"""

    def __init__(self, control: _Control) -> None:
        self._control = control

    @property
    def active(self) -> list[str]:
        """The names of those that are on."""
        names: list[str] = self._control("GET", "deviations")["active"]
        return names

    @property
    def available(self) -> list[Json]:
        """All that there are, each with `name`, `requirement` and `about`."""
        catalogue: list[Json] = self._control("GET", "deviations")["available"]
        return catalogue

    def set(self, names: Sequence[str]) -> None:
        """Switch on these, and all others off.

        Raises:
            ControlError: there is none of such a name.
        """
        self._control("PUT", "deviations", list(names))
