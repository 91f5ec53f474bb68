"""Exchanges as reports show them: without keys, without secrets, without the accounts of others, and short."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from contract_tests.answers import Account, listed_accounts, looks_like_account
from contract_tests.canaries import Canaries
from contract_tests.curl import VARIABLES, CurlWriter
from contract_tests.exchange import NOT_JSON, Exchange, Key, Operation, Response
from contract_tests.journal import markers_in
from contract_tests.order_answers import Order, answered_order, listed_orders
from contract_tests.order_book import markers_of

LONGEST_BODY = 4000
LONGEST_TEXT = 100  # characters of a text beside a list: enough for a code or a message, too few for accounts
FEW = 30  # accounts of a list that are shown
FEW_ORDERS = 4  # orders of a list that are shown, those first that the evidence is about


@dataclass(frozen=True)
class Redaction:
    """Takes out of evidence what no report may show.

    Args:
        base_url: the server.
        keys: the API keys.
        canaries: the secrets that were sent.
        run: id of the run, which its own accounts carry.
    """

    base_url: str
    keys: Mapping[Key, str]
    canaries: Canaries
    run: str

    def text(self, text: str) -> str:
        """A text without keys and secrets."""
        for key, value in sorted(self.keys.items(), key=lambda pair: -len(pair[1])):
            text = text.replace(value, VARIABLES[key])  # one key may be the beginning of another
        return self.canaries.redact(text)

    def show(self, evidence: Sequence[Exchange]) -> list[dict[str, Any]]:
        """Evidence as JSON, each exchange with a curl line that repeats it."""
        lines = CurlWriter(self.base_url, self.keys, self.canaries).lines(evidence)
        creates = [made for made in evidence if made.intent.operation is Operation.CREATE_ORDER]
        about = {str((answered_order(made.response) or {}).get("id")) for made in creates}
        return [
            {
                "curl": line,
                "check": exchange.check,
                "request": self._request(exchange),
                "response": self._response(exchange, about),
            }
            for line, exchange in zip(lines, evidence, strict=True)
        ]

    def _request(self, exchange: Exchange) -> dict[str, Any]:
        request = exchange.request
        return {
            "method": request.method,
            "url": self.text(self.base_url + request.path),
            "headers": {name: self.text(value) for name, value in request.headers.items()},
            "body": None if request.body is None else self._body(request.body),
        }

    def _response(self, exchange: Exchange, about: Collection[str]) -> dict[str, Any]:
        response = exchange.response
        body = response.body
        if exchange.intent.operation is Operation.LIST_ORDERS:
            listed = listed_orders(response)
            body = self._without_others(response, listed, listed and self._few_orders(listed, about))
        elif exchange.intent.operation in (Operation.LIST, None):  # the list may lie at other paths, too
            listed = listed_accounts(response)
            body = self._without_others(response, listed, listed and self._our_accounts(listed))
        return {
            "status": response.status,
            "reason": self.text(response.reason),
            "headers": {name: self.text(value) for name, value in response.headers},
            "body": self._body(body),
            "received_after_seconds": round(exchange.elapsed, 4),
        }

    def _body(self, body: bytes) -> str:
        text = self.text(body.decode("utf-8", "replace"))
        return text if len(text) <= LONGEST_BODY else f"{text[:LONGEST_BODY]}… ({len(text)} characters)"

    def _without_others(
        self, response: Response, listed: Sequence[Any] | None, shown: Sequence[Any] | None
    ) -> bytes:
        """An answer with what may be shown of its list, and of all else that may hold accounts or orders its size.

        They are nobody's business but their owner's. A refusal is shown as it is, unless there are some in it.
        """
        content = response.json
        if response.status >= 400 and not any(map(_has_an_owner, _objects_in(content))):
            return response.body
        if content is NOT_JSON:
            harmless = self._is_harmless(response.body.decode("utf-8", "replace"))
            return response.body if harmless else f"… {len(response.body)} bytes, not shown".encode()
        if isinstance(content, dict):
            tidied: Any = {
                self._beside(name): shown if value is listed else self._beside(value)
                for name, value in content.items()
            }
        else:
            tidied = shown if content is listed else self._beside(content)
        return response.body if tidied == content else json.dumps(tidied).encode()

    def _our_accounts(self, listed: Sequence[Account]) -> list[Any]:
        """The accounts of this run, of many only some; those of others are only counted."""
        ours = [account for account in listed if self._marks(str(account.get("email")))]
        others = len(listed) - len(ours)
        shown = [*ours[:FEW], *([f"… and {len(ours) - FEW} more of this run"] if len(ours) > FEW else [])]
        return [*shown, f"… and {others} of others, not shown"] if others else shown

    def _few_orders(self, listed: Sequence[Order], about: Collection[str]) -> list[Any]:
        """A few orders of this run; the rest, of whomever, is only counted."""
        ours = [order for order in listed if any(marker.run == self.run for marker in markers_of(order))]
        ours.sort(key=lambda order: str(order.get("id")) not in about)
        few = {id(order) for order in ours[:FEW_ORDERS]}
        shown = [order for order in listed if id(order) in few]
        more = len(listed) - len(shown)
        return [*shown, f"… and {more} more, not shown"] if more else shown

    def _beside(self, value: Any) -> Any:
        """What stands beside a list, or in its place: as it is where it can hold no account of someone else."""
        if isinstance(value, dict | list) and value:
            kind = "object" if isinstance(value, dict) else "array"
            return f"… an {kind} of {len(value)}, not shown"
        if isinstance(value, str) and not self._is_harmless(value):
            return f"… {len(value)} characters, not shown"
        return value

    def _is_harmless(self, text: str) -> bool:
        """Whether a text is short and has no e-mail address but such as are of this run."""
        return len(text) <= LONGEST_TEXT and text.count("@") <= self._marks(text)

    def _marks(self, text: str) -> int:
        """How often a text names this run."""
        return sum(marker.run == self.run for marker in markers_in(text))


def _objects_in(content: Any) -> Iterator[Mapping[str, Any]]:
    """All objects in a JSON value, at any depth."""
    rest = [content]
    while rest:
        value = rest.pop()
        if isinstance(value, dict):
            yield value
            rest += value.values()
        elif isinstance(value, list):
            rest += value


def _has_an_owner(content: Mapping[str, Any]) -> bool:
    """Whether an object is an account or an order, rather than a part of an error body."""
    is_order = sum(field in content for field in ("id", "items", "shipping_address", "attempts")) >= 2
    return is_order or looks_like_account(content)
