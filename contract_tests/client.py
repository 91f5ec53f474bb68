"""The one HTTP client of a run: it sends, waits where the server asks for it, and shows every exchange around."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.client import BadStatusLine, RemoteDisconnected

import requests
from requests.structures import CaseInsensitiveDict
from requests.utils import default_headers, get_environ_proxies

from contract_tests import __version__
from contract_tests.errors import BudgetSpent, GuardRefused, RunError, Unreachable
from contract_tests.exchange import Exchange, Intent, Key, Request, Response
from contract_tests.guard import Guard
from contract_tests.interruption import interruption
from contract_tests.transport import GuardedAdapter

LONGEST_WAIT = 300.0  # seconds that a server may ask us to wait in all, for one request

Observer = Callable[[Exchange], None]


class Client:
    """Sends the requests of a run, all through the guard.

    It uses no session of its HTTP library: cookies, redirects and credentials from a .netrc have no place here.
    Redirects are not followed and nothing is sent twice, except after a 429: that one was not carried out.

    Args:
        base_url: the server, without a slash at its end.
        keys: the API keys.
        guard: decides what may leave.
        timeout: seconds to wait for an answer to begin, and then for it to end.
        rate_limit: requests per second that may be sent; None for no limit.
        time_budget: seconds from now after which nothing is sent any more; None for no limit.
    """

    def __init__(
        self,
        base_url: str,
        keys: Mapping[Key, str],
        guard: Guard,
        *,
        timeout: float,
        rate_limit: float | None = None,
        time_budget: float | None = None,
    ) -> None:
        self.base_url = base_url
        self.keys = keys
        self.check = ""
        self.sent = 0
        self.observers: list[Observer] = []
        self.lost: list[Callable[[Intent], None]] = []
        self._interval = 1 / rate_limit if rate_limit else 0.0
        self._deadline = None if time_budget is None else time.monotonic() + time_budget
        self._next_departure = 0.0
        self._transport = GuardedAdapter(guard, timeout)
        self._proxies = get_environ_proxies(base_url)
        self._headers = default_headers()
        self._headers["User-Agent"] = f"zinc-contract/{__version__}"
        self._lock = threading.RLock()

    def send(
        self,
        method: str,
        path: str,
        *,
        intent: Intent,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Exchange:
        """Send one request and show the exchange to the observers.

        Args:
            method: in capitals.
            path: below the base URL, encoded, with its query.
            intent: why it is sent.
            body: the bytes of the body.
            headers: in place of what the client would send: the authorization of the intent's key, and
                `application/json` for a body.

        Raises:
            Unreachable: no answer came.
            GuardRefused: the guard did not let it out.
            BudgetSpent: the run's time is over.
        """
        if headers is None:
            headers = self.usual_headers(intent.key, has_body=body is not None)
        request = Request(method, path, dict(headers), body)
        waited = 0.0
        while True:
            self._await_departure()
            with interruption.put_off():
                exchange = self._exchange(request, intent)
            if exchange.response.status != 429:
                return exchange
            waited += self._sit_out(exchange, waited)

    def usual_headers(self, key: Key, *, has_body: bool) -> dict[str, str]:
        """The headers of an ordinary request under a key."""
        headers = {"Authorization": f"Bearer {self.keys[key]}"} if key in self.keys else {}
        return headers | ({"Content-Type": "application/json"} if has_body else {})

    @contextmanager
    def past_the_deadline(self) -> Iterator[None]:
        """Allow requests after the time budget, to clean up."""
        deadline, self._deadline = self._deadline, None
        try:
            yield
        finally:
            self._deadline = deadline

    def check_budget(self) -> None:
        """Raise BudgetSpent when the run's time is over."""
        if self._deadline is not None and time.monotonic() >= self._deadline:
            raise BudgetSpent("the time budget is spent")

    def _exchange(self, request: Request, intent: Intent) -> Exchange:
        started_at, start = datetime.now(UTC), time.monotonic()
        try:
            headers = CaseInsensitiveDict(self._headers)
            headers.update(request.headers)
            url = self.base_url + request.path
            prepared = requests.Request(request.method, url, headers=headers, data=request.body).prepare()
            answer = self._transport.send(prepared, proxies=self._proxies)
            # urllib3 keeps headers of the same name apart; requests joins them
            answered = tuple((str(name), str(value)) for name, value in answer.raw.headers.items())
            response = Response(answer.status_code, answer.reason or "", answered, answer.content)
        except GuardRefused:
            raise
        except requests.RequestException as error:
            self._lose(intent)
            reason = _why(error)
            raise Unreachable(f"{request.method} {self.base_url}{request.path}: {reason}", reason) from error
        except (
            BaseException
        ):  # an interruption: whether the request was carried out is as open as after a time-out
            self._lose(intent)
            raise
        with self._lock:
            self.sent += 1
            elapsed = time.monotonic() - start
            exchange = Exchange(self.sent, request, intent, response, started_at, elapsed, self.check)
            for observe in self.observers:
                observe(exchange)
        return exchange

    def _lose(self, intent: Intent) -> None:
        for note in self.lost:
            note(intent)

    def _await_departure(self) -> None:
        self.check_budget()
        with self._lock:
            departure = max(time.monotonic(), self._next_departure)
            self._next_departure = departure + self._interval
        wait = departure - time.monotonic()
        if wait > 0:  # also a sleep of no time gives the processor away
            time.sleep(wait)

    def _sit_out(self, exchange: Exchange, waited: float) -> float:
        """Wait as long as a 429 asks for. Raises BudgetSpent or RunError when that is longer than there is time."""
        wait = retry_after(exchange.response, default=min(1.0 + waited, 30.0))
        if self._deadline is not None and time.monotonic() + wait >= self._deadline:
            raise BudgetSpent("the server asks to wait for longer than the time budget lasts")
        if waited + wait > LONGEST_WAIT:
            raise RunError(f"the server answered 429 for {waited:.0f} s and asks for {wait:.0f} s more")
        time.sleep(wait)
        return wait


def retry_after(response: Response, *, default: float) -> float:
    """The seconds that `Retry-After` asks for: a number, or an instant by the server's own clock."""
    value = response.header("Retry-After")
    if value is None:
        return default
    if value.strip().isdecimal():
        return float(value)
    try:
        now = parsedate_to_datetime(response.header("Date") or "")
        return max(0.0, (parsedate_to_datetime(value) - now).total_seconds())
    except (TypeError, ValueError):
        return default


def _why(error: requests.RequestException) -> str:
    if isinstance(error, requests.Timeout):
        return "no answer in time"
    cause: BaseException = error
    while cause.__cause__ or cause.__context__ or (cause.args and isinstance(cause.args[0], BaseException)):
        inner = cause.__cause__ or cause.__context__ or cause.args[0]
        if not isinstance(inner, BaseException) or inner is cause:
            break
        cause = inner
    if isinstance(cause, BadStatusLine) and not isinstance(cause, RemoteDisconnected):
        return "what answers does not speak HTTP"
    return getattr(cause, "strerror", None) or str(cause) or type(cause).__name__
