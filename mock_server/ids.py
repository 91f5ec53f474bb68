"""Where ids come from: random, or drawn from a seed so that two runs give the same."""

import random
import string
from uuid import UUID

_ALPHABET = string.ascii_lowercase + string.digits


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
        return str(UUID(int=self._random.getrandbits(128), version=4))

    def short_id(self) -> str:
        """Return `zn_acct_` and eight of a-z0-9 (the page, Response Fields)."""
        return "zn_acct_" + "".join(self._random.choices(_ALPHABET, k=8))
