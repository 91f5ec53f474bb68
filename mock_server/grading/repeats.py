"""The rule about repeating a create after its answer was lost: the fault that finds double orders."""

from collections import deque
from collections.abc import Iterator
from typing import TYPE_CHECKING

from mock_server.grading.findings import BLIND_REPEAT, Finding, Findings

if TYPE_CHECKING:
    from mock_server.control.journal import Entry

# What two creates have in common when one repeats the other; a key or a note of the client's own may differ.
_SAME = {
    "createManagedAccount": ("email", "retailer"),
    "createOrder": ("products", "shipping_address", "max_price", "retailer_credentials_id"),
}
_LOOK = {"listManagedAccounts": "createManagedAccount", "listOrders": "createOrder"}
_REMEMBERED = 50


class BlindRepeats:
    """A create sent again after its answer was lost, in a way that may have made two.

    An answer is lost when the connection drops, when it says 5xx, or when the client does not wait for it. The
    way out for an order is the same `idempotency_key`; for an account, which has none, a look at the list first.
    """

    def __init__(self) -> None:
        self._found = Findings(BLIND_REPEAT)
        self._lost: list[Entry] = []
        self._recent: deque[Entry] = deque(maxlen=_REMEMBERED)

    def take(self, entry: "Entry") -> None:
        """Judge the next request."""
        if entry.operation not in _SAME:
            if self._lost and entry.operation in _LOOK:
                looked = _LOOK[entry.operation]
                self._lost = [lost for lost in self._lost if lost.operation != looked]
            return
        if self._lost:
            self._compare(entry)
        if entry.dropped or entry.status >= 500:
            self._lost = [*self._lost[1 - _REMEMBERED :], entry]
        elif entry.notes:
            self._compare_unanswered(entry)
        self._recent.append(entry)

    def _compare(self, entry: "Entry") -> None:
        for lost in self._lost:
            if self._is_same(entry, lost):
                self._lost.remove(lost)
                if not _is_safe(entry, lost):
                    self._note(entry, "after its answer was lost")
                return

    def _compare_unanswered(self, entry: "Entry") -> None:
        """Look for a repeat that came while this one, which a fault delayed, was still unanswered."""
        fault = entry.notes.get("fault")
        if not fault or not fault["delay_ms"]:
            return
        for other in self._recent:
            apart = (entry.at - other.at).total_seconds() * 1000
            if not 0 < apart < entry.milliseconds - other.milliseconds:
                continue  # it began earlier; or the clock stands and cannot tell
            if self._is_same(other, entry) and not _is_safe(other, entry):
                self._note(other, "while the first was still unanswered")

    def _is_same(self, entry: "Entry", first: "Entry") -> bool:
        """Tell whether two creates ask for the same, as far as their bodies are known."""
        if entry.operation != first.operation or not entry.body or not first.body:
            return False
        names = _SAME[str(entry.operation)]
        return all(entry.body.get(name) == first.body.get(name) for name in names)

    def _note(self, entry: "Entry", when: str) -> None:
        operation = str(entry.operation)
        safe = "the same idempotency_key or " if operation == "createOrder" else ""
        look = next(name for name, create in _LOOK.items() if create == operation)
        message = f"{operation} was repeated {when}, without {safe}{look} first: there may be two now."
        self._found.of(operation, message).seen(entry.id)

    def break_off(self) -> None:
        """Forget what the next request would have been compared with: a tester stepped in."""
        self._lost.clear()
        self._recent.clear()

    def findings(self) -> Iterator[Finding]:
        """Yield what was found so far."""
        yield from self._found


def _is_safe(repeat: "Entry", first: "Entry") -> bool:
    key = first.body.get("idempotency_key")
    return key is not None and repeat.body.get("idempotency_key") == key
