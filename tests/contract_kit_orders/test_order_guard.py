"""Orders cost money: what may leave for a server that is not on this machine, and what never does."""

import json
import subprocess
import sys

import pytest
import requests

from contract_tests.errors import BadArguments, GuardRefused
from contract_tests.guard import Guard
from contract_tests.journal import Journal, Marker
from contract_tests.products import TEST_PRODUCTS
from contract_tests.settings import Settings, is_loopback

FAR, NEAR = "https://api.example.com", "http://127.0.0.1:8080"
OURS, FOREIGN = "zn_acct_oooooooo", "zn_acct_ffffffff"
TEST_KEY, LIVE_KEY = "zn_test_key", "zn_live_key"
SUCCESS = "https://zinc.com/shop/products/test-success"
AMAZON = "https://www.amazon.com/dp/B0EXAMPLE1"


@pytest.fixture
def journal(tmp_path):
    journal = Journal(FAR, tmp_path)
    yield journal
    journal.close(clean=True)


def guard(journal, url=FAR, *, orders=True, others=False):
    """A guard that has seen the run make an account, and perhaps one of someone else."""
    paths = {"accounts_path": "/users/managed-accounts", "orders_path": "/orders"}
    made = Guard(url, **paths, api_keys=(TEST_KEY, LIVE_KEY), journal=journal, orders=orders)
    listed = [{"short_id": OURS, "email": Marker(journal.run, 1).email}]
    listed += [{"short_id": FOREIGN, "email": "someone@example.com"}] if others else []
    answer = requests.Response()
    answer.status_code = 200
    answer._content = json.dumps({"credentials": listed}).encode()
    made.take_note("GET", f"{url}/users/managed-accounts", b"", TEST_KEY, answer)
    return made


def submit(guard, body, key=TEST_KEY, url=FAR):
    guard.let_out(
        "POST", f"{url}/orders", body if isinstance(body, bytes) else json.dumps(body).encode(), key
    )


def order(url=SUCCESS, account=OURS, **more):
    named = {"retailer_credentials_id": account} if account else {}
    return (
        {"products": [{"url": url}], "shipping_address": {"city": "Springfield"}, "max_price": 1}
        | named
        | more
    )


@pytest.mark.parametrize("product", TEST_PRODUCTS, ids=lambda product: product.name)
def test_an_order_of_a_test_product_leaves(journal, product):
    submit(guard(journal), order(product.url))


@pytest.mark.parametrize(
    "body",
    [
        order(AMAZON),
        order("www.amazon.com/dp/B0EXAMPLE1"),
        order("amazon.com"),
        order(SUCCESS + "-2"),
        order(SUCCESS + "?to=" + AMAZON),
        order("https://zinc.com/shop/products/test-unheard-of"),
        order() | {"products": [{"url": SUCCESS}, {"url": AMAZON}]},
        order() | {"products": [AMAZON]},
        order() | {"products": {"url": AMAZON}},
        order() | {"products": [{"url": SUCCESS, "link": "//www.amazon.com/dp/B0EXAMPLE1"}]},
        order(metadata={"more": [{"url": "amazon.com/dp/B0EXAMPLE1"}]}),
        b'{"products": [{"url": "' + AMAZON.encode() + b'"}], ',
    ],
    ids=range(12),
)
def test_an_order_of_anything_else_does_not_leave(journal, body):
    with pytest.raises(GuardRefused, match="no test product"):
        submit(guard(journal), body)
    submit(guard(journal, NEAR), body, url=NEAR)


def test_an_order_without_a_product_leaves(journal):
    for wrong in ({"products": []}, {}, {"products": [{"url": 42}]}, {"products": None}):
        submit(guard(journal), {"max_price": 1, "retailer_credentials_id": OURS} | wrong)


def test_no_order_leaves_under_a_live_key(journal):
    with pytest.raises(GuardRefused, match="not of test mode"):
        submit(guard(journal), order(), key=LIVE_KEY)
    submit(guard(journal, NEAR), order(), key=LIVE_KEY, url=NEAR)
    submit(guard(journal), order(), key=None)  # without a key there is nothing to pay with


def test_no_order_leaves_unless_asked_for(journal):
    for url in (FAR, NEAR):
        with pytest.raises(GuardRefused, match="--orders"):
            submit(guard(journal, url, orders=False), order(), url=url)


def test_an_order_leaves_for_accounts_of_the_run_alone(journal):
    made = guard(journal, others=True)
    submit(made, order())
    for account in (FOREIGN, "zn_acct_whoknows"):
        with pytest.raises(GuardRefused, match="no account that this run made"):
            submit(made, order(account=account))


def test_an_order_that_names_no_account_leaves_where_none_of_someone_else_could_serve_it(journal):
    submit(guard(journal), order(account=None))
    for body in (order(account=None), order(account=None, retailer_credentials_id=None)):
        with pytest.raises(GuardRefused, match="someone else"):
            submit(guard(journal, others=True), body)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1", "http://127.8.9.1:80", "http://localhost:1", "http://[::1]:80"]
)
def test_this_machine_is_known_by_its_address(url):
    assert is_loopback(url)
    assert Settings(base_url=url, api_key=LIVE_KEY, orders=True).orders


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1.example.com",
        "http://127.example.com",
        "http://localhost.example.com",
        "http://10.0.0.1",
        "http://[2001:db8::1]",
        "https://api.zinc.com",
    ],
)
def test_an_address_that_looks_like_this_machine_is_another_one(url):
    assert not is_loopback(url)
    with pytest.raises(BadArguments, match="zn_test_"):
        Settings(base_url=url, api_key=LIVE_KEY, orders=True)
    assert Settings(base_url=url, api_key=TEST_KEY, orders=True).orders
    assert Settings(base_url=url, api_key=LIVE_KEY).orders is False


def test_the_command_refuses_orders_under_a_live_key_in_one_line():
    arguments = ("check", "https://api.example.com", "--api-key", LIVE_KEY, "--orders")
    done = subprocess.run(
        [sys.executable, "-m", "contract_tests", *arguments], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert "zn_test_" in done.stderr
