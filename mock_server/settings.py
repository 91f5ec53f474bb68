"""What can be set on a mock, checked once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from mock_server.instants import parse_instant


class SettingsError(Exception):
    """An option has a value that makes no sense; the message says which and what would."""


def default_specification() -> Path:
    """Return the path of the published document: beside the package in a checkout, inside it in a wheel."""
    package = Path(__file__).parent
    packaged = package / "openapi.yaml"
    return packaged if packaged.exists() else package.parent / "openapi.yaml"


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The options of one mock.

    Args:
        spec: path of the OpenAPI document that the mock follows.
        fixtures: path of a snapshot document that every new sandbox starts from.
        api_keys: the only keys that are let in; none means that every key is.
        processing_time: seconds that an order is in progress.
        clock: "real", or an RFC 3339 instant at which each new sandbox's manual clock stands.
        seed: makes ids reproducible; None makes them random.
        store: where sandboxes live; only "memory".
        deviations: names of departures from the contract that each new sandbox starts with.
        strict: refuse unknown fields of requests instead of ignoring them.
    """

    spec: Path = field(default_factory=default_specification)
    fixtures: Path | None = None
    api_keys: tuple[str, ...] = ()
    processing_time: float = 2.0
    clock: str = "real"
    seed: int | None = None
    store: str = "memory"
    deviations: tuple[str, ...] = ()
    strict: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.processing_time <= 86_400:
            raise SettingsError(f"processing time: {self.processing_time} is not between 0 and 86400 seconds")
        if self.store != "memory":
            raise SettingsError(f"store: {self.store!r} is not supported; the only store is 'memory'")
        for number, key in enumerate(self.api_keys, start=1):
            if not (key.isascii() and key.isprintable() and key.split() == [key]):
                raise SettingsError(
                    f"api key {number}: a key has visible ASCII characters alone, and no space"
                )
        if self.clock != "real":
            try:
                parse_instant(self.clock)
            except ValueError as error:
                raise SettingsError(f"clock: {error}; give 'real' or an instant") from error

    @property
    def start(self) -> datetime | None:
        """The instant at which manual clocks start, or None for real clocks."""
        return None if self.clock == "real" else parse_instant(self.clock)


def environment_name(option: str) -> str:
    """Return the environment variable of a command-line option: `ZINC_MOCK_PORT` for `--port`."""
    return "ZINC_MOCK_" + option.lstrip("-").replace("-", "_").upper()


def values_from(environment: Mapping[str, str], option: str) -> list[str]:
    """Return the values that the environment gives for an option that may be given several times."""
    return environment.get(environment_name(option), "").split()
