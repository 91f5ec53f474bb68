"""What a deviation is. With none switched on, none of this runs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mock_server.exchange import Answer, Exchange, Perform


@dataclass(frozen=True, slots=True)
class Deviation:
    """One named departure from the contract.

    Args:
        name: what it is switched on by.
        requirement: the id of the one requirement that it breaks.
        about: one sentence: what it does, and why that matters to a client.
        wrap: performs an exchange in the deviating way; it is given the true way as its second argument.
        keyless: it concerns requests that are not let in, which belong to no key; they meet it as soon as any key
            has it on.
        parallel: it shows when requests overlap, so each request gets a thread of its own while it is on.
    """

    name: str
    requirement: str
    about: str
    wrap: Callable[["Exchange", "Perform"], "Answer"]
    keyless: bool = False
    parallel: bool = False
