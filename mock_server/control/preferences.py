"""`Prefer: code=500` and `Prefer: delay=2`: a fault for one request alone (RFC 7240)."""

import re
from typing import NamedTuple

from mock_server.control.faults import Fault

_LONGEST_DELAY = 60.0


class Preferences(NamedTuple):
    """What a request prefers. Unknown preferences, and values that make no sense, are ignored (RFC 7240)."""

    code: int | None = None
    delay: float | None = None

    @classmethod
    def of(cls, header: str) -> "Preferences":
        """Read the value of a `Prefer` header."""
        code, delay = None, None
        for preference in re.split(r"[,;]", header):
            name, _, value = (part.strip(' "') for part in preference.partition("="))
            if name.lower() == "code" and re.fullmatch(r"[45]\d\d", value):
                code = int(value)
            if name.lower() == "delay" and re.fullmatch(r"\d{1,2}(\.\d{1,3})?", value):
                delay = min(float(value), _LONGEST_DELAY)
        return cls(code, delay)

    @property
    def applied(self) -> str:
        """The value of `Preference-Applied`; empty when nothing was."""
        code = "" if self.code is None else f"code={self.code}"
        delay = "" if self.delay is None else f"delay={self.delay:g}"
        return ", ".join(filter(None, (code, delay)))

    def fault(self) -> Fault | None:
        """Return the fault that is preferred, if one is."""
        if not self.applied:
            return None
        return Fault(id="Prefer", status=self.code, delay_ms=int((self.delay or 0) * 1000), times=1, fired=1)
