"""What a judge says of an answer."""

from collections.abc import Sequence
from typing import NamedTuple

from contract_tests.exchange import Exchange


class Judgement(NamedTuple):
    """One requirement held against what was seen once.

    Args:
        requirement: id in the catalogue.
        holds: whether it was kept.
        expected: what the requirement asks for, in few words.
        seen: what the server did.
        evidence: the exchanges that show it, in the order in which they happened.
    """

    requirement: str
    holds: bool
    expected: str = ""
    seen: str = ""
    evidence: Sequence[Exchange] = ()


def show(value: object, limit: int = 120) -> str:
    """A value as messages show it: JSON-like, and short."""
    text = "null" if value is None else repr(value)
    return text if len(text) <= limit else f"{text[: limit - 1]}…"
