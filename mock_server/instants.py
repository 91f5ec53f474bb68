"""Instants as the API writes them: RFC 3339, UTC, `Z`, a fraction only where the instant has one."""

from datetime import UTC, datetime

from rfc3339_validator import validate_rfc3339


def format_instant(instant: datetime) -> str:
    """Write an instant of the zone UTC, such as `2026-01-15T10:30:00Z`."""
    return instant.isoformat()[:-6] + "Z"


def parse_instant(text: str) -> datetime:
    """Read an RFC 3339 date-time of any offset; finer than microseconds is cut off.

    Raises:
        ValueError: the text is no such instant.
    """
    problem = f"{text!r} is no RFC 3339 instant such as 2026-01-15T10:30:00Z"
    text = text.upper()  # "t" and "z" are as good (RFC 3339, section 5.6)
    if not validate_rfc3339(text):
        raise ValueError(problem)
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ValueError(problem) from error
