"""Evidence about orders can be pasted into a shell, and shows the orders that it is about."""

import json
import os
import subprocess

import pytest

from contract_tests.curl import CurlWriter
from contract_tests.exchange import Key
from contract_tests.report.evidence import Redaction
from contract_tests.run import new_findings, open_run
from contract_tests.settings import Settings


@pytest.fixture
def run():
    with open_run(Settings(orders=True), new_findings()) as run:
        run.begin()
        yield run
        run.finish()


def test_the_lines_make_an_account_and_an_order_of_their_own(run):
    account = run.accounts[Key.FIRST].make()
    orders = run.orders[Key.FIRST]
    order = orders.place(account=account)
    evidence = [account.created, order.origin, orders.read(order)]
    lines = CurlWriter(run.base_url, run.keys, run.canaries).lines(evidence)
    assert not any(name in line for line in lines for name in (account.short_id, order.id))
    script = "set -eu\n" + "\n".join([*lines, "echo", "echo $SHORT_ID $ORDER_ID"])
    environment = os.environ | {"ZINC_API_KEY": run.keys[Key.FIRST]}
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, env=environment, check=True)
    short_id, order_id = done.stdout.splitlines()[-1].split()
    assert short_id.startswith("zn_acct_")
    assert short_id != account.short_id
    answer = next(
        json.loads(line[: line.rindex("}") + 1]) for line in done.stdout.splitlines() if line[:1] == "{"
    )
    assert (answer["id"], answer["retailer_credentials_id"]) == (order_id, short_id)
    run.accounts[Key.FIRST].listing()  # so that the run knows the account that the shell made


def test_a_list_shows_the_orders_that_the_evidence_is_about(run):
    orders = run.orders[Key.FIRST]
    placed = [orders.place() for _ in range(8)]
    redaction = Redaction(run.base_url, run.keys, run.canaries, run.journal.run)
    evidence = [placed[0].origin, placed[3].origin, orders.list()]
    shown = json.loads(redaction.show(evidence)[-1]["response"]["body"])["orders"]
    ids = [order["id"] for order in shown if isinstance(order, dict)]
    assert {placed[0].id, placed[3].id} <= set(ids)
    assert shown[-1].endswith("more, not shown")
