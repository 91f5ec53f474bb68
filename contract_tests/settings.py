"""What a user can set on a check, described once for the command and for pytest."""

import argparse
import ipaddress
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from contract_tests.catalogue import Level
from contract_tests.errors import BadArguments

TEST_MODE = "zn_test_"  # how a key begins whose orders buy nothing
_KEY = re.compile(r"[!-~]+")  # what can stand in a header as it is


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The options of one check of one server.

    Args:
        base_url: the server, without a slash at its end; None for the embedded mock.
        api_key: the bearer key that the run uses; for the embedded mock one is made.
        second_api_key: another key, for what keys must not see of each other.
        spec: the OpenAPI document to follow; None for the published one.
        level: the verdict counts requirements of this level and firmer ones.
        orders: whether orders may be sent.
        read_only: send nothing but reads.
        smoke: make only the few checks that find the most for their requests.
        only: pattern of the ids of requirements that are asked for, such as `MA-DELETE*`.
        max_examples: random walks and generated requests to try.
        seed: the same seed makes the same requests, apart from the marker of the run.
        time_budget: seconds that the run may take.
        rate_limit: requests per second that the run may send.
        timeout: seconds to wait for one answer.
        report_json, report_html, junit: where to write the reports.
    """

    base_url: str | None = None
    api_key: str | None = None
    second_api_key: str | None = None
    spec: Path | None = None
    level: Level = Level.DOCUMENTED
    orders: bool = False
    read_only: bool = False
    smoke: bool = False
    only: str | None = None
    max_examples: int = 20
    seed: int = 0
    time_budget: float | None = None
    rate_limit: float | None = None
    timeout: float = 30.0
    report_json: Path | None = None
    report_html: Path | None = None
    junit: Path | None = None

    def __post_init__(self) -> None:
        if self.base_url is not None:
            _check_address(self.base_url)
            if not self.api_key:
                raise BadArguments("no API key: give --api-key or set ZINC_API_KEY")
        for option, key in (("--api-key", self.api_key), ("--second-api-key", self.second_api_key)):
            if key and not _KEY.fullmatch(key):
                raise BadArguments(f"{option}: a key is ASCII characters without a space")
        if self.second_api_key is not None and self.second_api_key == self.api_key:
            raise BadArguments("--second-api-key: give a key that is not the first one")
        if self.orders and self.read_only:
            raise BadArguments("--orders and --read-only exclude each other")
        if self.smoke and (self.orders or self.only):
            raise BadArguments("--smoke is a set of checks of its own: leave out --orders and --only")
        if self.orders:
            self._check_that_orders_are_safe()

    def _check_that_orders_are_safe(self) -> None:
        if self.base_url is None or is_loopback(self.base_url):
            return
        if not (self.api_key or "").startswith(TEST_MODE):
            raise BadArguments(
                "--orders: orders cost money; against a server that is not on this machine the key must begin with"
                f" {TEST_MODE}"
            )

    def asks_for(self, requirement: str) -> bool:
        """Whether `--only` lets this requirement id through."""
        return self.only is None or fnmatchcase(requirement, self.only)


def is_loopback(base_url: str) -> bool:
    """Whether the address names this very machine."""
    host = urlsplit(base_url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:  # a name: one that begins like an address of this machine may be anyone's
        return host == "localhost"


def _as_sent(base_url: str) -> str:
    """An address as it is spelled when it is sent, without a slash at its end: the guard sees no other spelling."""
    import requests  # of the extra [contract]: the command without it has to be able to say so

    request = requests.PreparedRequest()
    try:
        request.prepare_url(base_url, None)
        (urlsplit(str(request.url)).hostname or "").encode("idna")  # what no name server can be asked for
    except (requests.RequestException, ValueError) as error:
        raise BadArguments(f"{base_url!r} is no http or https address") from error
    return str(request.url).rstrip("/")


def _check_address(base_url: str) -> None:
    parts = urlsplit(base_url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise BadArguments(f"{base_url!r} is no http or https address")
    if parts.query or parts.fragment or parts.username:
        raise BadArguments(f"{base_url!r}: give scheme, host, port and path alone")


def _number_from(lowest: float, kind: type[int] | type[float]) -> Any:
    def parse(text: str) -> int | float:
        number = kind(text)
        if not lowest <= number < float("inf"):
            raise argparse.ArgumentTypeError(f"{text} is not a number from {lowest:g} up")
        return number

    parse.__name__ = "number"
    return parse


# One row an option: its flag and what argparse and pytest's parser both need to know of it.
OPTIONS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("--api-key", {"metavar": "KEY", "help": "bearer key to use [environment: ZINC_API_KEY]"}),
    (
        "--second-api-key",
        {"metavar": "KEY", "help": "another key, to test isolation [environment: ZINC_SECOND_API_KEY]"},
    ),
    ("--spec", {"metavar": "FILE", "type": Path, "help": "OpenAPI document to follow [the published one]"}),
    (
        "--level",
        {
            "type": Level,
            "choices": list(Level),
            "default": Level.DOCUMENTED,
            "metavar": "{documented,related,inferred}",
            "help": "the verdict counts requirements of this level and firmer ones [documented]",
        },
    ),
    ("--orders", {"action": "store_true", "help": "place orders of test products too"}),
    ("--read-only", {"action": "store_true", "help": "send nothing but reads"}),
    ("--smoke", {"action": "store_true", "help": "make only the few checks that find the most"}),
    ("--only", {"metavar": "GLOB", "help": "test only requirements whose id fits, such as 'MA-DELETE*'"}),
    (
        "--max-examples",
        {
            "metavar": "N",
            "type": _number_from(1, int),
            "default": 20,
            "help": "random walks and generated requests for each operation [20]",
        },
    ),
    (
        "--seed",
        {"metavar": "N", "type": int, "default": 0, "help": "the same seed makes the same requests [0]"},
    ),
    (
        "--time-budget",
        {"metavar": "SECONDS", "type": _number_from(0, float), "help": "end the checks after this long"},
    ),
    (
        "--rate-limit",
        {
            "metavar": "PER_SECOND",
            "type": _number_from(0.01, float),
            "help": "send no more requests than this",
        },
    ),
    (
        "--timeout",
        {
            "metavar": "SECONDS",
            "type": _number_from(0.01, float),
            "default": 30.0,
            "help": "wait this long for an answer [30]",
        },
    ),
    ("--report-json", {"metavar": "FILE", "type": Path, "help": "write the report as JSON"}),
    ("--report-html", {"metavar": "FILE", "type": Path, "help": "write the report as one HTML page"}),
    ("--junit", {"metavar": "FILE", "type": Path, "help": "write one JUnit test case a requirement"}),
)


def settings_from(values: Mapping[str, Any], environment: Mapping[str, str] = os.environ) -> Settings:
    """Make settings from parsed options, with the environment behind them.

    Args:
        values: option names without dashes in front, with underscores; None where an option was not given.
        environment: where keys are looked up that were not given as options.

    Raises:
        BadArguments: an option, or what options mean together, makes no sense.
    """
    base_url = values.get("base_url")
    return Settings(
        base_url=_as_sent(base_url) if base_url else None,
        api_key=values.get("api_key") or environment.get("ZINC_API_KEY") or None,
        second_api_key=values.get("second_api_key") or environment.get("ZINC_SECOND_API_KEY") or None,
        **{name: values[name] for name in _PLAIN if values.get(name) is not None},
    )


_PLAIN = (
    "spec", "level", "orders", "read_only", "smoke", "only", "max_examples", "seed", "time_budget", "rate_limit",
    "timeout", "report_json", "report_html", "junit",
)  # fmt: skip
