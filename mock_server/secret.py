"""The type that holds a secret and cannot be printed; at rest it is encrypted (the page, Create Credentials)."""

import itertools

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

# The key lives and dies with the process: a memory dump of a stopped mock, a snapshot or a log opens nothing.
_CIPHER = AESGCM(AESGCM.generate_key(bit_length=256))
_NONCE_BYTES = 12
_NUMBERS = itertools.count()  # a nonce must never come twice under one key (NIST SP 800-38D, section 8.2.1)


class Secret:
    """A text that shows itself nowhere: not in `repr`, `str`, formatting, JSON, pickles or exceptions.

    Args:
        text: the secret, which is encrypted at once.
    """

    __slots__ = ("_sealed",)

    def __init__(self, text: str) -> None:
        nonce = next(_NUMBERS).to_bytes(_NONCE_BYTES)
        self._sealed = nonce + _CIPHER.encrypt(nonce, text.encode("utf-8", "surrogatepass"), None)

    def matches(self, text: str) -> bool:
        """Tell whether this is the secret, without giving it away."""
        opened = _CIPHER.decrypt(self._sealed[:_NONCE_BYTES], self._sealed[_NONCE_BYTES:], None)
        return opened == text.encode("utf-8", "surrogatepass")

    def __repr__(self) -> str:
        return "Secret(…)"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return repr(self)

    def __reduce__(self) -> str:
        raise TypeError("a Secret cannot be copied out of the process")
