"""What a comparison finds."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum


class Side(Enum):
    """Who writes what a schema describes: a client its requests, the server its answers."""

    REQUEST = "request"
    ANSWER = "answer"


class Effect(Enum):
    """What a change does to the set of values that a schema allows."""

    NARROWER = "narrower"
    WIDER = "wider"
    UNKNOWN = "not judged"

    def breaks(self, side: Side) -> bool:
        """Whether clients notice: what they send may be refused, or what they get may be new to them."""
        harmless = Effect.WIDER if side is Side.REQUEST else Effect.NARROWER
        return self is not harmless


@dataclass(frozen=True, slots=True, order=True)
class Change:
    """One change: the place, what happened there, and whether it breaks clients."""

    place: str
    what: str
    breaking: bool


Changes = Iterator[Change]
