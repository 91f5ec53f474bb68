import time

import pytest
from kit_servers import serve

from contract_tests.client import Client
from contract_tests.errors import Unreachable
from contract_tests.exchange import Intent, Key, Operation
from contract_tests.guard import Guard


def test_a_body_that_stalls_is_no_answer_in_time():
    def app(_, start_response):
        start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", "100")])
        yield b"{"
        time.sleep(1)

    with serve(app) as url:
        guard = Guard(url, accounts_path="/a", orders_path="/o", api_keys=("k",), journal=None, orders=False)
        client = Client(url, {Key.FIRST: "k"}, guard, timeout=0.2)
        with pytest.raises(Unreachable, match="no answer in time"):
            client.send("GET", "/a", intent=Intent(operation=Operation.LIST))
