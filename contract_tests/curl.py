"""Exchanges as curl lines that do the same again when they are pasted into a shell.

Keys stand as `$ZINC_API_KEY` and `$ZINC_SECOND_API_KEY`. An account that an earlier line makes stands as `$SHORT_ID`,
an order as `$ORDER_ID`, so that the lines of one piece of evidence work together on new ones.
"""

import re
import shlex
from collections.abc import Iterator, Mapping, Sequence

from contract_tests.answers import answered_account
from contract_tests.canaries import REDACTED, Canaries
from contract_tests.exchange import Exchange, Key, Operation
from contract_tests.order_answers import answered_order

VARIABLES = {Key.FIRST: "$ZINC_API_KEY", Key.SECOND: "$ZINC_SECOND_API_KEY"}
DUMMY_PASSWORD = "a-password-of-yours"  # noqa: S105 - no secret: what a reader puts in its place
# The variable that what a create makes stands as, and the command that finds it in the answer
_NAMES = {
    Operation.CREATE: ("SHORT_ID", r"""sed -n 's/.*"short_id": *"\([^"]*\)".*/\1/p'"""),
    Operation.CREATE_ORDER: ("ORDER_ID", r"""grep -o '"id": *"[^"]*"' | head -n 1 | cut -d '"' -f 4"""),
}
_RUN = re.compile(r"(.)\1{199,}", re.DOTALL)  # the same character 200 times or more
_SPECIAL = re.compile(r'([\\"$`])')  # to a shell, between double quotes
_NO_UTF8 = re.compile(r"[\udc80-\udcff]")  # a byte that is none, as surrogateescape decodes it


class CurlWriter:
    """Writes the lines of one piece of evidence.

    Args:
        base_url: the server.
        keys: the API keys, to put variables in their place.
        canaries: the passwords, to put a dummy in their place.
    """

    def __init__(self, base_url: str, keys: Mapping[Key, str], canaries: Canaries) -> None:
        self._base_url = base_url
        self._keys = keys
        self._canaries = canaries

    def lines(self, evidence: Sequence[Exchange]) -> list[str]:
        """One line an exchange, in their order."""
        needed = {name for exchange in evidence for name in _named_by(exchange)}
        names: dict[str, str] = {}
        written = []
        for exchange in evidence:
            made = self._made_by(exchange)
            is_new = made in needed and made not in names
            line = self._line(exchange, names, quiet=is_new)
            if made and is_new:
                variable, finding = _NAMES[exchange.intent.operation]  # type: ignore[index]
                before = sum(name.startswith(variable) for name in names.values())
                names[made] = f"{variable}_{before + 1}" if before else variable
                line = f"{names[made]}=$({line} | {finding})"
            written.append(line)
        return written

    def _made_by(self, exchange: Exchange) -> str | None:
        if not exchange.response.succeeded:
            return None
        if exchange.intent.operation is Operation.CREATE:
            name = (answered_account(exchange.response) or {}).get("short_id")
        elif exchange.intent.operation is Operation.CREATE_ORDER:
            name = (answered_order(exchange.response) or {}).get("id")
        else:
            return None
        return name if isinstance(name, str) else None

    def _line(self, exchange: Exchange, names: Mapping[str, str], *, quiet: bool) -> str:
        request = exchange.request
        words = ["curl", "-sS" if quiet else "-sSi", "-X", request.method]
        words.append(self._word(self._base_url + request.path, names))
        for name, value in request.headers.items():
            words += ["-H", self._word(f"{name}: {value}" if value else f"{name};", names)]
        if request.body is not None and "content-type" not in {name.lower() for name in request.headers}:
            words += ["-H", "'Content-Type:'"]  # or curl would add one of its own
        before = ""
        if request.body is not None:
            text = request.body.decode("utf-8", "surrogateescape")
            if _NO_UTF8.search(text):
                before, data = f"printf %b {self._word(_with_octal_bytes(text), names)} | ", "@-"
            elif _RUN.search(text):
                before, data = f"{self._printing(text, names)} | ", "@-"
            else:
                data = self._word(text, names)
            words += ["--data-binary", data]
        return before + " ".join(words)

    def _printing(self, text: str, names: Mapping[str, str]) -> str:
        """A command that prints a long text, its long runs of one character written shortly."""
        commands, end = [], 0
        for run in _RUN.finditer(text):
            commands.append(f"printf %s {self._word(text[end : run.start()], names)}")
            commands.append(f"head -c {len(run[0])} /dev/zero | tr '\\0' {shlex.quote(run[1])}")
            end = run.end()
        commands.append(f"printf %s {self._word(text[end:], names)}")
        return "{ " + "; ".join(commands) + "; }"

    def _word(self, text: str, names: Mapping[str, str]) -> str:
        """A shell word that stands for a text, with variables for keys and accounts and a dummy for passwords."""
        text = self._canaries.redact(text).replace(REDACTED, DUMMY_PASSWORD)
        variables = {value: VARIABLES[key] for key, value in self._keys.items() if value in text}
        variables |= {short_id: f"${name}" for short_id, name in names.items() if short_id in text}
        if not variables:
            return shlex.quote(text)
        longest_first = sorted(variables, key=len, reverse=True)  # one may be the beginning of another
        pieces = []
        for piece in re.split(f"({'|'.join(map(re.escape, longest_first))})", text):
            named = piece in variables
            pieces.append("${" + variables[piece][1:] + "}" if named else _SPECIAL.sub(r"\\\1", piece))
        return f'"{"".join(pieces)}"'


def _with_octal_bytes(text: str) -> str:
    r"""A text as the format %b of printf takes it: what is no UTF-8 as `\\0` and octal digits."""
    text = text.replace("\\", "\\\\")
    return _NO_UTF8.sub(lambda byte: f"\\0{ord(byte[0]) - 0xDC00:o}", text)


def _named_by(exchange: Exchange) -> Iterator[str]:
    """The accounts and orders that a request names."""
    account = (exchange.intent.fields or {}).get("retailer_credentials_id")
    yield from (name for name in (exchange.intent.target, account) if isinstance(name, str))
