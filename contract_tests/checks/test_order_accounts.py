"""Which managed account an order uses; one that names none is sent only where no account of others could serve it."""

import pytest

from contract_tests.accounts import RETAILER, Accounts, Made
from contract_tests.checks.refusals import succeeds
from contract_tests.checks.waiting import must_end
from contract_tests.errors import NotEstablished
from contract_tests.exchange import Exchange
from contract_tests.findings import Expect
from contract_tests.order_book import KnownOrder
from contract_tests.orders import Orders
from contract_tests.products import HOST_LABEL, SUCCESS
from contract_tests.questions import Questionnaire
from contract_tests.run import Run
from contract_tests.settings import is_loopback

requirement = pytest.mark.requirement
pytestmark = pytest.mark.places_orders


@requirement("MA-ORDERS-WITH-ACCOUNT", "MA-ORDERS-FIELD-CREDENTIALS", "MA-ORDERS-NO-PASSWORD")
def test_an_order_shows_the_account_that_it_names(accounts: Accounts, orders: Orders) -> None:
    """The youngest of three default ones, so that no other way of choosing comes to the same."""
    account = [_default(accounts) for _ in range(3)][-1]
    order = orders.established(orders.submit(account=account))
    orders.watch([order])
    orders.read(order)


@requirement("MA-ORDERS-WITHOUT-ACCOUNT")
def test_a_key_without_accounts_can_order(accounts: Accounts, orders: Orders, expect: Expect) -> None:
    """As it could while it had one. Its order comes to its end, and shows no account."""
    orders.names_none()
    account = _accepted_for_one_of_ours(accounts, orders)
    orders.let_end()
    accounts.gone(account)
    if accounts.listing().accounts:
        raise NotEstablished("the key has accounts")
    answer = orders.submit()
    if not succeeds(expect, "MA-ORDERS-WITHOUT-ACCOUNT", answer):
        return
    order = orders.established(answer)
    watched = orders.watch([order])
    must_end(watched)
    shown = order.shown.get("retailer_credentials_id")
    seen = f"status {order.shown.get('status')}, retailer_credentials_id {shown!r}"
    evidence = [order.origin, watched.snapshots[-1].exchange]
    expected = "an order that comes to its end, with retailer_credentials_id null"
    holds = order.ended and shown is None
    expect("MA-ORDERS-WITHOUT-ACCOUNT", holds, expected=expected, seen=seen, evidence=evidence)


@requirement("MA-ORDERS-CHOICE-RETAILER")
def test_the_oldest_account_that_fits_the_host_serves(
    accounts: Accounts, orders: Orders, expect: Expect, ask: Questionnaire
) -> None:
    """A default account and one of another retailer are older still."""
    orders.names_none()
    _default(accounts)
    _of(accounts, RETAILER)
    fitting = [_of(accounts, HOST_LABEL) for _ in range(3)]
    order = orders.established(orders.submit())
    _judge_choice(expect, "MA-ORDERS-CHOICE-RETAILER", accounts, order, fitting[0])
    _ask_of_choice(ask, order, fitting)


@requirement("MA-ORDERS-CHOICE-DEFAULT")
def test_the_oldest_default_account_serves_what_none_fits(
    accounts: Accounts, orders: Orders, expect: Expect, ask: Questionnaire
) -> None:
    """An account of another retailer is older still."""
    orders.names_none()
    _of(accounts, RETAILER)
    defaults = [_default(accounts) for _ in range(3)]
    order = orders.established(orders.submit())
    _judge_choice(expect, "MA-ORDERS-CHOICE-DEFAULT", accounts, order, defaults[0])
    _ask_of_choice(ask, order, defaults)


@requirement("MA-ORDERS-CHOICE-LABEL")
def test_a_retailer_fits_a_whole_label_of_a_host(
    run: Run, accounts: Accounts, orders: Orders, expect: Expect
) -> None:
    """Beside a default account, which serves every order that no retailer fits. Ordinary hosts only on this machine."""
    orders.names_none()
    default = _default(accounts)
    fitting = _of(accounts, HOST_LABEL)
    for part in (HOST_LABEL[:-1], f"{HOST_LABEL}com"):
        _of(accounts, part)
    cases = [(SUCCESS.url, fitting)]
    if is_loopback(run.base_url):
        shop = _of(accounts, RETAILER)
        hosts = {
            "www.amazon.co.uk": shop,
            "amazon.com": shop,
            "notamazon.com": default,
            "amazon-x.com": default,
        }
        cases += [(f"https://{host}/dp/B0EXAMPLE1", account) for host, account in hosts.items()]
    for url, account in cases:
        order = orders.established(orders.submit(url))
        _judge_choice(expect, "MA-ORDERS-CHOICE-LABEL", accounts, order, account)


@requirement("MA-ORDERS-CHOICE-EXPLICIT")
def test_an_account_that_is_named_serves_any_host(accounts: Accounts, orders: Orders, expect: Expect) -> None:
    """One whose retailer does not fit, beside a default account and one that fits."""
    default = _default(accounts)
    orders.established(orders.submit(account=default))
    _of(accounts, HOST_LABEL)
    account = _of(accounts, RETAILER)
    answer = orders.submit(account=account)
    if answer.response.refused:
        evidence = [account.created, answer]
        expected = f"accepted for {account.short_id}"
        expect("MA-ORDERS-CHOICE-EXPLICIT", False, expected=expected, seen=answer.response, evidence=evidence)
        return
    order = orders.established(answer)
    _judge_choice(expect, "MA-ORDERS-CHOICE-EXPLICIT", accounts, order, account)


def _judge_choice(
    expect: Expect, requirement: str, accounts: Accounts, order: KnownOrder, account: Made
) -> None:
    shown = order.shown.get("retailer_credentials_id")
    if shown is not None and shown not in accounts.mint.guard.made:
        raise NotEstablished(f"the order shows {shown!r}, which is the short_id of no account")
    expect(
        requirement,
        shown == account.short_id,
        expected=f"retailer_credentials_id {account.short_id!r}",
        seen=repr(shown),
        evidence=[account.created, order.origin],
    )


def _ask_of_choice(ask: Questionnaire, order: KnownOrder, fitting: list[Made]) -> None:
    shown = order.shown.get("retailer_credentials_id")
    name = {fitting[0].short_id: "oldest", fitting[-1].short_id: "newest"}.get(str(shown), "other")
    ask.answer("Q-ACCOUNT-CHOICE", name, [*(account.created for account in fitting), order.origin])


def _default(accounts: Accounts) -> Made:
    return accounts.make(without=("retailer",))


def _of(accounts: Accounts, retailer: str) -> Made:
    return accounts.established(accounts.create(retailer=retailer))


# Accounts that are not there


@requirement("MA-ORDERS-ACCOUNT-UNKNOWN-404")
def test_an_order_for_an_unknown_account_is_refused(
    accounts: Accounts, orders: Orders, expect: Expect
) -> None:
    """A name that the run made up."""
    _accepted_for_one_of_ours(accounts, orders)
    answer = orders.send(orders.fields(account=accounts.mint.unknown_id()))
    _is_not_found(expect, "MA-ORDERS-ACCOUNT-UNKNOWN-404", answer)
    orders.list()


@requirement("MA-ORDERS-ACCOUNT-DELETED-404")
def test_an_order_for_a_deleted_account_is_refused(
    accounts: Accounts, orders: Orders, expect: Expect
) -> None:
    """One that served an order before."""
    _default(accounts)  # another one, so that the key is not without any
    account = _accepted_for_one_of_ours(accounts, orders)
    orders.let_end()
    accounts.gone(account)
    answer = orders.send(orders.fields(account=account))
    _is_not_found(expect, "MA-ORDERS-ACCOUNT-DELETED-404", answer, account.created)
    orders.list()


@requirement("MA-ORDERS-ACCOUNT-FOREIGN-404")
def test_an_order_for_an_account_of_another_key_is_refused(
    accounts: Accounts, others: Accounts, orders: Orders, expect: Expect
) -> None:
    """The account exists."""
    _accepted_for_one_of_ours(accounts, orders)
    account = others.make(without=("retailer",))
    answer = orders.send(orders.fields(account=account))
    _is_not_found(expect, "MA-ORDERS-ACCOUNT-FOREIGN-404", answer, account.created)
    orders.list()


def _accepted_for_one_of_ours(accounts: Accounts, orders: Orders) -> Made:
    account = _default(accounts)
    orders.established(orders.submit(account=account))
    return account


def _is_not_found(expect: Expect, requirement: str, answer: Exchange, *evidence: Exchange) -> None:
    expect(
        requirement,
        answer.response.status == 404,
        expected="404",
        seen=answer.response,
        evidence=[*evidence, answer],
    )
