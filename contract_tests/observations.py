"""What a server was seen to do where the page leaves it open, gathered from all its answers."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from contract_tests.answers import ACCOUNT_FIELDS, Account, error_shape, fraction_of, instant, offset_of
from contract_tests.exchange import Exchange
from contract_tests.judgement import Judgement
from contract_tests.questions import Questionnaire
from contract_tests.rules.errors import PUBLISHED_SHAPES
from contract_tests.rules.fields import accounts_to_judge

# The fields that the later revision of the page names
LATER_FIELDS = {"has_totp", "has_forwarding", "forwarding_email", "retailer_config"}


class Observations:
    """Collects, over a run, what was seen of each kind of thing, with the first exchange that shows it."""

    def __init__(self) -> None:
        self.error_shapes: dict[str, Exchange] = {}
        self.media_types: dict[str, Exchange] = {}
        self.more_fields: dict[str, Exchange] = {}
        self.short_id_forms: dict[str, Exchange] = {}
        self.offsets: dict[str, Exchange] = {}
        self.fraction_lengths: dict[str, Exchange] = {}

    def judge(self, exchange: Exchange) -> Iterator[Judgement]:
        """Take up what an answer shows, and say whether errors still agree with each other."""
        response = exchange.response
        if response.succeeded and response.body:
            self.media_types.setdefault((response.header("Content-Type") or "").lower(), exchange)
        for account in accounts_to_judge(exchange):
            self._take_up(account, exchange)
        if not response.refused or response.status == 429:
            return
        shape = error_shape(response)
        self.error_shapes.setdefault(shape, exchange)
        if shape in PUBLISHED_SHAPES:
            published = self._published_shapes()
            evidence = [self.error_shapes[published[0]], exchange]
            kept = len(published) == 1
            yield Judgement(
                "MA-ERRORS-CONSISTENT", kept, "one shape for all errors", ", ".join(published), evidence
            )

    def _take_up(self, account: Account, exchange: Exchange) -> None:
        for name in account:
            if name not in ACCOUNT_FIELDS:
                self.more_fields.setdefault(name, exchange)
        self.short_id_forms.setdefault(_short_id_form(account.get("short_id")), exchange)
        for name in ("created_at", "updated_at"):
            if instant(account.get(name)):
                self.offsets.setdefault(_offset_name(offset_of(account[name])), exchange)
                digits = len(fraction_of(account[name])[1:])
                self.fraction_lengths.setdefault(f"{digits} digits", exchange)

    def _published_shapes(self) -> list[str]:
        return [name for name in self.error_shapes if name in PUBLISHED_SHAPES]

    def conclude(self) -> Iterator[Judgement]:
        """What can be said only at the end: that errors agree on another shape than that of the Error handling page."""
        published = self._published_shapes()
        if len(published) == 1 and published[0] != "flat":
            evidence = [self.error_shapes[published[0]]]
            yield Judgement(
                "MA-ERRORS-SHAPE", False, "an object with code and message", published[0], evidence
            )

    def answer(self, questionnaire: Questionnaire) -> None:
        """Answer the open questions that ordinary answers answer."""
        questions: list[tuple[str, dict[str, Exchange], Callable[[set[str]], str]]] = [
            ("Q-ERROR-SHAPE", self.error_shapes, _one_or("mixed")),
            ("Q-CONTENT-TYPE-PARAMETERS", self.media_types, _parameters),
            ("Q-SHORT-ID-FORM", self.short_id_forms, _one_or("other")),
            ("Q-TIME-OFFSET", self.offsets, _one_or("numeric")),
            ("Q-TIME-FRACTION", self.fraction_lengths, _fractions),
        ]
        for question, seen, name in questions:
            if seen:
                questionnaire.answer(question, name(set(seen)), seen.values(), seen=", ".join(seen))
        if self.short_id_forms:  # accounts were seen
            name_of_fields = _more_fields(set(self.more_fields))
            evidence = list((self.more_fields or self.short_id_forms).values())[:1]
            questionnaire.answer("Q-MORE-FIELDS", name_of_fields, evidence, seen=", ".join(self.more_fields))


def _one_or(several: str) -> Callable[[set[str]], str]:
    return lambda names: names.pop() if len(names) == 1 else several


def _parameters(media_types: set[str]) -> str:
    if any(name.partition(";")[0].strip() != "application/json" for name in media_types):
        return "other"
    return "charset" if any(";" in name for name in media_types) else "plain"


def _fractions(lengths: set[str]) -> str:
    if lengths == {"0 digits"}:
        return "never"
    return "always" if len(lengths) == 1 else "where-needed"


def _more_fields(names: set[str]) -> str:
    if not names:
        return "six"
    return "later-revision" if names <= LATER_FIELDS else "others"


def _short_id_form(short_id: Any) -> str:
    if re.fullmatch(r"zn_acct_[a-z0-9]{8}", str(short_id)):
        return "as-example"
    return "prefixed" if str(short_id).startswith("zn_acct_") else "other"


def _offset_name(offset: str) -> str:
    if offset in ("", "Z"):
        return offset or "absent"
    return "numeric-zero" if set(offset) <= set("+-:0") else "numeric"
