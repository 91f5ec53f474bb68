"""Secrets that a run sends, each one of a kind, and the search for them in everything that comes back.

A canary is `Zc-` + the run's mark + its own part. The mark is the same in all canaries of a run, so that a few
fixed byte strings find any of them in any encoding, however many there are; the search for parts, which cannot
lean on the mark, looks only at runs of the alphabet below. The alphabet has no vowels and none of a-f: words,
UUIDs and hexadecimal digests hold no long run of it.
"""

import base64
import hashlib
import html
import json
import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote

ALPHABET = "ghjkmnpqrstvwxz234567"
MARK_LENGTH = 8
OWN_LENGTH = 16
PART_LENGTH = 8  # the shortest piece of a secret that counts as a leak

# Both cases by name: ignoring the case of each character takes several times as long.
_RUNS = re.compile(f"[{ALPHABET}{ALPHABET.upper()}]{{{PART_LENGTH},}}")
# What can hold a run, an encoded mark or a digest; the rest of a text, which is most of it, holds none.
_TOKENS = re.compile(rf"[A-Za-z0-9+/_-]{{{PART_LENGTH},}}={{0,2}}")
# What may stand between a digest and the rest of its token, or in the midst of it where it is base64.
_APART = str.maketrans(dict.fromkeys("+/_-=", " "))
_DIGESTS = (hashlib.md5, hashlib.sha1, hashlib.sha256, hashlib.sha384, hashlib.sha512)
_WORDS = re.compile(r"[^\s\"'<>(){}\[\],;:]+")
KINDS = ("password", "totp_secret")
REDACTED = "[secret]"
AS_SENT = "as sent"
_REMEMBERED = 256  # texts: a server that is asked again and again says the same again and again


@dataclass(frozen=True)
class Leak:
    """One finding: which kind of secret was found ("password" or "totp_secret"), and in which form."""

    kind: str
    form: str

    @property
    def verbatim(self) -> bool:
        """Whether the secret stood there just as it was sent."""
        return self.form == AS_SENT


class Canaries:
    """All secrets of one run.

    Args:
        seed: what the secrets are made from.
    """

    def __init__(self, seed: str) -> None:
        self._random = random.Random(seed)
        self._marks = {kind: self._letters(MARK_LENGTH) for kind in KINDS}
        self._spellings: dict[str, str] = {}  # secret, as sent and as JSON spells it -> kind
        self._parts: dict[str, str] = {}  # piece, forwards and backwards -> kind
        self._digests: dict[str, dict[str, Leak]] = {}  # longest part, in small letters -> digests with it
        self._harmless: set[str] = set()  # texts without any trace of the secrets that there are so far
        self._encoded_marks = [
            (Leak(kind, form), tuple(texts))
            for kind, mark in self._marks.items()
            for form, texts in _encodings(mark)
        ]

    def password(self) -> str:
        """A new password, used for nothing else in the run."""
        return self._new("password", before="Zc-")

    def awkward_password(self) -> str:
        """A new password with characters that encodings change: quotes, backslash, percent, non-ASCII."""
        return self._new("password", before='Zc-é"\\/%&<\u2028')

    def long_password(self, length: int) -> str:
        """A new password of `length` characters."""
        return self._new("password", before="y" * (length - MARK_LENGTH - OWN_LENGTH))

    def totp_secret(self) -> str:
        """A new TOTP secret, in base 32."""
        return self._new("totp_secret").upper()

    def _letters(self, count: int) -> str:
        return "".join(self._random.choices(ALPHABET, k=count))

    def _new(self, kind: str, before: str = "") -> str:
        self._harmless.clear()
        letters = self._marks[kind] + self._letters(OWN_LENGTH)
        value = before + letters
        for cased in (value, value.upper()):
            for spelling in (cased, json.dumps(cased)[1:-1], json.dumps(cased, ensure_ascii=False)[1:-1]):
                self._spellings[spelling] = kind
            for digest in _DIGESTS:
                made = digest(cased.encode())
                leak = Leak(kind, made.name)
                self._digests[made.hexdigest()] = {made.hexdigest(): leak}
                encoded = base64.b64encode(made.digest()).decode().rstrip("=")
                url_safe = encoded.replace("+", "-").replace("/", "_")
                part = max(encoded.replace("/", "+").split("+"), key=len).lower()
                self._digests[part] = {encoded: leak, url_safe: leak}
        for text in (letters, letters[::-1]):
            for start in range(len(text) - PART_LENGTH + 1):
                self._parts[text[start : start + PART_LENGTH]] = kind
        return value

    def scan(self, text: str) -> list[Leak]:
        """Every form in which any secret of the run, or a part of one, stands in a text."""
        if text in self._harmless:
            return []
        leaks = {Leak(kind, AS_SENT) for _, kind in self._verbatim(text)}
        condensed = "\n".join({*_TOKENS.findall(text)})
        if not leaks:
            leaks.update(self._marked(condensed))
        for view in (condensed, *_decoded(text)):
            leaks.update(self._pieces(view, known=bool(leaks)))
        leaks.update(self._digested(condensed))
        if not leaks:
            if len(self._harmless) >= _REMEMBERED:
                self._harmless.clear()
            self._harmless.add(text)
        return sorted(leaks, key=lambda leak: (leak.kind, leak.form))

    def _verbatim(self, text: str) -> Iterator[tuple[str, str]]:
        if any(mark in text or mark.upper() in text for mark in self._marks.values()):
            yield from ((value, kind) for value, kind in tuple(self._spellings.items()) if value in text)

    def _marked(self, text: str) -> Iterator[Leak]:
        for leak, texts in self._encoded_marks:
            if any(mark in text for mark in texts):
                yield leak

    def _pieces(self, text: str, *, known: bool) -> Iterator[Leak]:
        if known:  # a secret that stands there whole stands there in parts too: one finding is enough
            return
        for run in _RUNS.findall(text):
            run = run.lower()
            for start in range(len(run) - PART_LENGTH + 1):
                kind = self._parts.get(run[start : start + PART_LENGTH])
                if kind:
                    yield Leak(kind, "in part, reversed or in another case")
                    break

    def _digested(self, text: str) -> Iterator[Leak]:
        lowered = text.lower()
        for part in self._digests.keys() & {*lowered.translate(_APART).split()}:
            for digest, leak in self._digests[part].items():
                if digest in text or digest in lowered:
                    yield leak

    def redact(self, text: str) -> str:
        """The text without any trace of a secret, for reports.

        Secrets that stand there as sent are cut out; of any other form, the whole word that holds it is. What still
        shows a trace after that is withheld altogether.
        """
        if text in self._harmless:
            return text
        for value, _ in self._verbatim(text):
            text = text.replace(value, REDACTED)
        if not self.scan(text):
            return text
        text = _WORDS.sub(lambda word: REDACTED if self.scan(word[0]) else word[0], text)
        return "[withheld: it holds a secret in another form]" if self.scan(text) else text


def _decoded(text: str) -> Iterator[str]:
    """What a text says once it is decoded, where it looks encoded."""
    if "%" in text:
        yield unquote(text)
    if "\\u" in text:
        yield re.sub(r"\\u([0-9a-fA-F]{4})", lambda escape: chr(int(escape[1], 16)), text)
    if "&#" in text:
        yield html.unescape(text)


def _encodings(mark: str) -> Iterator[tuple[str, Iterable[str]]]:
    yield "hexadecimal", (mark.encode().hex(), mark.encode().hex().upper())
    yield "base64", [text for cased in (mark, mark.upper()) for text in _base64_middles(cased)]
    yield "base32", [text for cased in (mark, mark.upper()) for text in _base32_middles(cased)]


def _base64_middles(mark: str) -> Iterator[str]:
    """The characters that base64 gives for the mark alone, at each of its three alignments."""
    for before in range(3):
        encoded = base64.b64encode(b"\0" * before + mark.encode()).decode().rstrip("=")
        first = -(-before * 8 // 6)  # characters that hold bits of what stands before
        whole = (before + len(mark)) * 8 // 6  # characters that hold no bits of what stands after
        yield encoded[first:whole]


def _base32_middles(mark: str) -> Iterator[str]:
    for before in range(5):
        encoded = base64.b32encode(b"\0" * before + mark.encode()).decode().rstrip("=")
        first = -(-before * 8 // 5)
        whole = (before + len(mark)) * 8 // 5
        yield encoded[first:whole]
        yield encoded[first:whole].lower()
