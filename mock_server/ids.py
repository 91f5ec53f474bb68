"""Where ids come from: random, or drawn from a seed so that two runs give the same."""

import random
import string

_ALPHABET = string.ascii_lowercase + string.digits

# A UUID of version 4 says so in six of its bits (RFC 9562, section 5.4).
_VERSION_4 = 0x00000000_0000_4000_8000_000000000000
_RANDOM_BITS = 0xFFFFFFFF_FFFF_0FFF_3FFF_FFFFFFFFFFFF


class Ids:
    """One sandbox's source of ids.

    Args:
        seed: with a seed (and the sandbox's key) the sequence is always the same; without, it never is.
        key: the API key of the sandbox, so that two sandboxes of one seed draw different ids.
    """

    def __init__(self, seed: int | None = None, key: str = "") -> None:
        self._random = random.Random() if seed is None else random.Random(f"{seed}:{key}")

    def uuid(self) -> str:
        """Return a version 4 UUID in its usual text form."""
        bits = self._random.getrandbits(128) & _RANDOM_BITS | _VERSION_4
        digits = f"{bits:032x}"
        return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"

    def short_id(self) -> str:
        """Return `zn_acct_` and eight of a-z0-9 (the page, Response Fields)."""
        return "zn_acct_" + "".join(self._random.choices(_ALPHABET, k=8))
