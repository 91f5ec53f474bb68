"""Exchanges as reports show them: without keys, without secrets, without the accounts of others, and short."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from contract_tests.answers import listed_accounts
from contract_tests.canaries import Canaries
from contract_tests.curl import VARIABLES, CurlWriter
from contract_tests.exchange import Exchange, Key, Operation, Response
from contract_tests.journal import markers_in
from contract_tests.order_answers import answered_order, listed_orders
from contract_tests.order_book import markers_of

LONGEST_BODY = 4000
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
        for key, value in self.keys.items():
            text = text.replace(value, VARIABLES[key])
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
        if exchange.intent.operation is Operation.LIST:
            body = self._without_others(response)
        elif exchange.intent.operation is Operation.LIST_ORDERS:
            body = self._without_other_orders(response, about)
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

    def _without_others(self, response: Response) -> bytes:
        """A list answer whose accounts of others are only counted: they are nobody's business but their owner's."""
        listed = listed_accounts(response)
        if listed is None:
            return response.body
        ours = [
            account
            for account in listed
            if any(marker.run == self.run for marker in markers_in(str(account.get("email"))))
        ]
        others = len(listed) - len(ours)
        if not others and len(ours) <= FEW:
            return response.body
        shown = [*ours[:FEW], *([f"… and {len(ours) - FEW} more of this run"] if len(ours) > FEW else [])]
        shown += [f"… and {others} of others, not shown"] if others else []
        content = response.json
        if isinstance(content, dict):
            rest = {name: value for name, value in content.items() if not isinstance(value, list)}
            return json.dumps({"credentials": shown} | rest).encode()
        return json.dumps(shown).encode()

    def _without_other_orders(self, response: Response, about: Collection[str]) -> bytes:
        """A list answer with a few orders of this run; the rest, of whomever, is only counted."""
        listed = listed_orders(response)
        if listed is None:
            return response.body
        ours = [order for order in listed if any(marker.run == self.run for marker in markers_of(order))]
        ours.sort(key=lambda order: str(order.get("id")) not in about)
        few = {id(order) for order in ours[:FEW_ORDERS]}
        shown: list[Any] = [order for order in listed if id(order) in few]
        more = len(listed) - len(shown)
        if not more:
            return response.body
        shown.append(f"… and {more} more, not shown")
        content = response.json
        if isinstance(content, dict):
            kept = {name: shown if value is listed else value for name, value in content.items()}
            return json.dumps(kept).encode()
        return json.dumps(shown).encode()
