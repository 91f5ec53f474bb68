"""What a check would send, found out by a rehearsal on the embedded mock: nothing leaves for the server."""

import sys
from collections import Counter
from dataclasses import replace

from contract_tests.answers import listed_accounts
from contract_tests.exchange import Exchange, Operation
from contract_tests.journal import markers_in
from contract_tests.report.terminal import Pen
from contract_tests.session import check
from contract_tests.settings import Settings

_LINES = {
    Operation.CREATE: "accounts created, each deleted again",
    Operation.UPDATE: "updates of accounts of its own, or of names that no account has",
    Operation.DELETE: "deletes of accounts of its own, or of names that no account has",
    Operation.CREATE_ORDER: "orders of test products submitted",
}


class _Tally:
    """Counts what a rehearsal sends, and what of it took effect."""

    def __init__(self) -> None:
        self.sent: Counter[Operation | None] = Counter()
        self.succeeded: Counter[Operation | None] = Counter()
        self.most_at_once = 0

    def __call__(self, exchange: Exchange) -> None:
        operation = exchange.intent.operation
        self.sent[operation] += 1
        self.succeeded[operation] += exchange.response.succeeded
        if operation is Operation.LIST:
            listed = listed_accounts(exchange.response) or []
            ours = sum(any(markers_in(str(account.get("email")))) for account in listed)
            self.most_at_once = max(self.most_at_once, ours)


def print_plan(settings: Settings) -> int:
    """Print what a check with these settings sends to a server that conforms.

    Returns:
        0, or 2 when the rehearsal could not be made.
    """
    tally = _Tally()
    rehearsal = replace(
        settings,
        base_url=None,
        second_api_key=None,
        report_json=None,
        report_html=None,
        junit=None,
        rate_limit=None,
    )
    second_key = bool(settings.second_api_key) or settings.base_url is None
    checks = check(rehearsal, second_key=second_key, observers=[tally])
    if checks.trouble:
        Pen(sys.stderr).line(f"zinc-contract: {checks.trouble}")
        return 2
    _print(tally, settings.rate_limit, Pen(sys.stdout))
    return 0


def _print(tally: _Tally, rate_limit: float | None, pen: Pen) -> None:
    total = sum(tally.sent.values())
    changes = sum(tally.sent[operation] for operation in _LINES)
    pen.line(f"On a server that conforms, this run sends {total} requests:")
    pen.line(f"  {total - changes:>5}  reads")
    for operation, text in _LINES.items():
        refused = tally.sent[operation] - tally.succeeded[operation]
        more = f", and {refused} more that have to be refused" if refused else ""
        pen.line(f"  {tally.succeeded[operation]:>5}  {text}{more}")
    pen.line(f"At most {tally.most_at_once} accounts of its own exist at once.")
    pen.line("Accounts of others are listed, never changed.")
    if rate_limit:
        pen.line(f"At {rate_limit:g} requests per second it takes {total / rate_limit:.0f} s.")
