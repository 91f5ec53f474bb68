"""A sandbox's clock: real, or manual and standing until it is told to move. It never goes back."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum


class Mode(StrEnum):
    """How a clock moves."""

    REAL = "real"
    MANUAL = "manual"


class ClockError(ValueError):
    """The clock cannot be set like that; the message says why."""


class Clock:
    """Tells one sandbox what time it is.

    Args:
        start: the instant at which a manual clock stands; None makes a real clock.
    """

    def __init__(self, start: datetime | None = None) -> None:
        self.mode = Mode.REAL if start is None else Mode.MANUAL
        self._last = start or datetime.now(UTC)
        self._ahead = timedelta(0)  # how far a real clock runs ahead, after a manual one had passed it

    @property
    def is_manual(self) -> bool:
        """Whether the clock stands until it is told to move."""
        return self.mode is Mode.MANUAL

    def now(self) -> datetime:
        """Return the present instant, in UTC; never an earlier one than before."""
        if self.mode is Mode.REAL:
            self._last = max(self._last, self._running())
        return self._last

    def _running(self) -> datetime:
        try:
            return datetime.now(UTC) + self._ahead
        except OverflowError:
            return self._last  # the calendar ends here, and with it time

    def stand(self, at: datetime | None = None) -> None:
        """Make the clock a manual one that stands at an instant (default: the present one).

        Raises:
            ClockError: the instant is before the present one.
        """
        now = self.now()
        if at is not None and at < now:
            raise ClockError(f"is before the present instant, and a clock never goes back: {now.isoformat()}")
        self.mode = Mode.MANUAL
        self._last = at or now

    def run(self) -> None:
        """Make the clock a real one; if it had been set ahead of real time, it runs on from there."""
        self._ahead = max(timedelta(0), self.now() - datetime.now(UTC))
        self.mode = Mode.REAL

    def advance(self, seconds: float) -> None:
        """Move a manual clock forward.

        Raises:
            ClockError: the clock is real, or would pass the end of the calendar.
        """
        if self.mode is Mode.REAL:
            raise ClockError("the clock is real and moves by itself; make it manual first: PUT /_mock/clock")
        try:
            self._last += timedelta(seconds=seconds)
        except OverflowError as error:
            raise ClockError("passes the end of the calendar (the year 9999)") from error
