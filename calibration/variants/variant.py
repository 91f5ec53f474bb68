"""What a legal variant is."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from mock_server.deviations.deviation import Deviation

Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]


@dataclass(frozen=True, kw_only=True)
class Variant:
    """A server that conforms at level documented.

    Args:
        name: of the variant.
        about: what is special about it, in one sentence.
        answers: what it answers to open questions, by their ids: the check has to find the same.
        changes: what it does otherwise than the mock: deviations from what no page documents.
        wire: what stands between the mock and its client.
        orders: whether it is checked with orders.
        processing_time: seconds that an order takes.
        threaded: whether the standard library's HTTP server serves it instead of the mock's own.
    """

    name: str
    about: str
    answers: Mapping[str, str] = field(default_factory=dict)
    changes: tuple[Deviation, ...] = ()
    wire: Callable[[Wsgi], Wsgi] | None = None
    orders: bool = False
    processing_time: float = 0.25
    threaded: bool = False
