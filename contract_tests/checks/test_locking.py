"""One order at a time for each managed account. What a list of orders proves is said in `rules.locking`.

Every check submits a few orders without waiting, then reads the list until they have ended. Nothing else is known of
the server: where it was too quick for its queue to be seen, the requirement is not tested.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from contract_tests.accounts import RETAILER, Accounts, Made
from contract_tests.checks.waiting import all_end, must_end, until_seen
from contract_tests.errors import NotEstablished
from contract_tests.exchange import Exchange, Operation
from contract_tests.findings import Expect
from contract_tests.order_answers import Phase, is_failed, job_error
from contract_tests.order_book import KnownOrder
from contract_tests.orders import Orders
from contract_tests.products import OUT_OF_STOCK, SUCCESS
from contract_tests.questions import Questionnaire
from contract_tests.run import Run
from contract_tests.watching import Company, Snapshot, each_by_itself, side_by_side

requirement = pytest.mark.requirement
pytestmark = pytest.mark.places_orders

_SEQUENCES = {"passed": "submitted", "failed": "other", "not_tested": "unseen"}


@requirement("MA-LOCK-ONE-AT-A-TIME", "MA-LOCK-QUEUED", "MA-LOCK-NONE-LOST", "MA-LOCK-ALL-FINISH")
@requirement("MA-LOCK-FIFO", "MA-LOCK-WAITING-PENDING", "MA-LOCK-RUN-ONCE", "MA-ORDERS-MOVES")
def test_the_orders_of_one_account_are_processed_one_after_the_other(
    run: Run, accounts: Accounts, orders: Orders, expect: Expect, ask: Questionnaire
) -> None:
    """A queue of orders, and a look at them after their end."""
    account = _default(accounts)

    def experiment(size: int) -> Snapshot | None:
        watched = orders.watch(orders.queue(account, *[SUCCESS] * size))
        orders.list()
        all_end(expect, watched)
        seen = watched.queue_seen()
        last = watched.snapshots[-1].exchange
        ask.answer("Q-OVERLAP-SEEN", "seen" if seen else "unseen", seen.exchange if seen else last)
        ask.answer("Q-QUEUE-ORDER", _SEQUENCES[run.findings.outcome("MA-LOCK-FIFO")], last)
        return seen

    until_seen(experiment)


@requirement("MA-LOCK-ONE-AT-A-TIME", "MA-LOCK-ALL-FINISH")
def test_orders_that_default_credentials_serve_are_processed_one_after_the_other(
    accounts: Accounts, orders: Orders, expect: Expect
) -> None:
    """They name no account, and show the one that serves them."""
    orders.names_none()
    account = _default(accounts)

    def experiment(size: int) -> Snapshot | None:
        queue = [orders.established(orders.submit()) for _ in range(size)]
        watched = orders.watch(queue)
        all_end(expect, watched)
        if any(known.account != account.short_id for known in queue):
            raise NotEstablished("the default account serves no order that names none")
        return watched.queue_seen()

    until_seen(experiment)


@requirement("MA-LOCK-FREED-AFTER-FAILURE", "MA-LOCK-ALL-FINISH", "MA-LOCK-ONE-AT-A-TIME")
def test_an_order_that_fails_frees_its_account(accounts: Accounts, orders: Orders, expect: Expect) -> None:
    """The first order fails, and one in the middle of the queue."""
    products = (OUT_OF_STOCK, SUCCESS, OUT_OF_STOCK, SUCCESS)
    watched = orders.watch(orders.queue(_default(accounts), *products))
    must_end(watched)
    failed = [known for known in watched.orders if is_failed(known.shown.get("status"))]
    if not failed:
        raise NotEstablished("no order failed")
    behind = [known for known in watched.orders if known.number > failed[0].number]
    stuck_behind = [known for known in watched.stuck if known in behind]
    ended = [known for known in watched.orders if known.ended]
    if stuck_behind and not is_failed(ended[-1].shown.get("status")):
        all_end(expect, watched)  # it was a placed order that did not free the account
        return
    seen = f"{len(stuck_behind)} of {len(behind)} orders behind {failed[0].id} never ended"
    evidence = [failed[0].origin, behind[-1].origin, watched.snapshots[-1].exchange]
    expected = "the orders behind a failed one come to their end"
    expect("MA-LOCK-FREED-AFTER-FAILURE", not stuck_behind, expected=expected, seen=seen, evidence=evidence)


@requirement("MA-LOCK-PARALLEL-SUBMIT", "MA-LOCK-ALL-FINISH", "MA-LOCK-QUEUED", "MA-LOCK-NONE-LOST")
def test_orders_submitted_at_the_same_moment_are_processed_one_at_a_time(
    run: Run, accounts: Accounts, orders: Orders, expect: Expect
) -> None:
    """Each from a connection of its own; orders that overlap when submitted one by one say nothing of this."""
    if run.findings.outcome("MA-LOCK-ONE-AT-A-TIME") == "failed":
        raise NotEstablished("orders overlap already when they are submitted one after the other")
    account = _default(accounts)

    def experiment(size: int) -> Snapshot | None:
        answers = _at_once(orders, size, account)
        queue = [orders.established(answer) for answer in answers if answer.response.succeeded]
        if not queue:
            raise NotEstablished(f"no order was accepted: {answers[0].response}")
        refused = next((answer for answer in answers if answer.response.refused), None)
        if refused:
            evidence = [queue[0].origin, refused]
            expect("MA-LOCK-QUEUED", False, expected="accepted", seen=refused.response, evidence=evidence)
        watched = orders.watch(queue)
        all_end(expect, watched)
        return watched.queue_seen()

    until_seen(experiment)


def _at_once(orders: Orders, size: int, account: Made | None = None) -> list[Exchange]:
    """Submit orders at the same moment, each on a connection of its own that is open already."""
    start = Barrier(size)

    def submit() -> Exchange:
        orders.test_products()
        start.wait()
        return orders.submit(account=account, racing=True)

    with ThreadPoolExecutor(size) as pool:
        sending = [pool.submit(submit) for _ in range(size)]
    return [sent.result() for sent in sending]


# Accounts beside each other


@requirement("MA-LOCK-PER-ACCOUNT")
def test_a_busy_account_holds_up_no_other(accounts: Accounts, orders: Orders, expect: Expect) -> None:
    """Two accounts that share neither email nor retailer, three orders each, submitted in turns."""
    _judge_company(expect, "MA-LOCK-PER-ACCOUNT", orders, _default(accounts), accounts.make())


@requirement("MA-LOCK-SAME-EMAIL")
def test_accounts_with_the_same_email_do_not_share_a_lock(
    run: Run, accounts: Accounts, orders: Orders, expect: Expect
) -> None:
    """Their retailers differ."""
    _unless_all_accounts_share_one(run)
    one = _default(accounts)
    fields = {"email": one.email, "password": accounts.mint.password(), "retailer": RETAILER}
    other = accounts.established(accounts.send(Operation.CREATE, fields=fields))
    _judge_company(expect, "MA-LOCK-SAME-EMAIL", orders, one, other)


@requirement("MA-LOCK-SAME-RETAILER")
def test_accounts_with_the_same_retailer_do_not_share_a_lock(
    run: Run, accounts: Accounts, orders: Orders, expect: Expect
) -> None:
    """Their emails differ."""
    _unless_all_accounts_share_one(run)
    one = accounts.make()
    retailer = (one.created.intent.fields or {}).get("retailer")
    fields = {"email": accounts.mint.email(), "password": accounts.mint.password(), "retailer": retailer}
    other = accounts.established(accounts.send(Operation.CREATE, fields=fields))
    _judge_company(expect, "MA-LOCK-SAME-RETAILER", orders, one, other)


def _judge_company(expect: Expect, requirement: str, orders: Orders, one: Made, other: Made) -> None:
    def experiment(size: int) -> Company | None:
        here: list[KnownOrder] = []
        there: list[KnownOrder] = []
        for _ in range(size * 3 // 4):
            here += orders.queue(one, SUCCESS)
            there += orders.queue(other, SUCCESS)
        watched = orders.watch([*here, *there])
        must_end(watched)
        return side_by_side(watched, here, there)

    _expect_company(expect, requirement, until_seen(experiment), [one.created, other.created])


def _expect_company(
    expect: Expect, requirement: str, company: Company, accounts: Sequence[Exchange] = ()
) -> None:
    evidence = [*accounts, *company.evidence]
    expected = "orders in progress at the same time"
    expect(requirement, company.holds, expected=expected, seen=company.seen, evidence=evidence)


def _unless_all_accounts_share_one(run: Run) -> None:
    if run.findings.outcome("MA-LOCK-PER-ACCOUNT") == "failed":
        raise NotEstablished("accounts that share nothing hold each other up already")


@requirement("MA-LOCK-UNSERVED-NEVER-WAITS")
def test_an_order_that_no_account_serves_waits_for_no_other(
    run: Run, accounts: Accounts, orders: Orders, expect: Expect
) -> None:
    """Such orders beside each other, and beside an account that does not fit and is busy."""
    _unless_all_accounts_share_one(run)
    orders.names_none()
    account = accounts.make()

    def experiment(size: int) -> list[Company] | None:
        busy = orders.queue(account, *[SUCCESS] * size)
        unserved = [orders.established(answer) for answer in _at_once(orders, size)]
        watched = orders.watch([*busy, *unserved])
        must_end(watched)
        if any(known.shown.get("retailer_credentials_id") for known in unserved):
            raise NotEstablished("an account serves the orders that name none")
        seen = each_by_itself(watched, unserved), side_by_side(watched, busy, unserved)
        return [company for company in seen if company] if all(seen) else None

    for company in until_seen(experiment):
        _expect_company(expect, "MA-LOCK-UNSERVED-NEVER-WAITS", company)


# Changes of busy accounts


@requirement("MA-LOCK-UPDATE-KEEPS")
def test_an_update_does_not_free_a_busy_account(
    accounts: Accounts, orders: Orders, ask: Questionnaire
) -> None:
    """A new password, while one order is in progress and others wait."""
    account = _default(accounts)

    def experiment(size: int) -> Snapshot | None:
        queue = _busy(orders, account, size)
        if queue is None:
            return None
        fields = {"password": accounts.mint.password()}
        _ask_of_changes(ask, accounts.send(Operation.UPDATE, target=account, fields=fields))
        return orders.watch(queue).queue_seen()

    until_seen(experiment)


@requirement("MA-LOCK-DELETE-FREES", "MA-ORDERS-DELETED-ACCOUNT-FAILS", "MA-ORDERS-NO-PASSWORD")
def test_deleting_a_busy_account_leaves_no_order_on_it(
    accounts: Accounts, orders: Orders, expect: Expect, ask: Questionnaire
) -> None:
    """One order is in progress and others wait; in the end none does, each for want of a login."""
    account = _default(accounts)
    queue = until_seen(lambda size: _busy(orders, account, size))
    answer = accounts.send(Operation.DELETE, target=account)
    _ask_of_changes(ask, answer)
    watched = orders.watch(queue)
    must_end(watched)
    evidence = [account.created, *(known.origin for known in queue), answer, watched.snapshots[-1].exchange]
    seen = f"{', '.join(known.id for known in watched.stuck)} never ended"
    expected = "no order running or waiting"
    expect("MA-LOCK-DELETE-FREES", not watched.stuck, expected=expected, seen=seen, evidence=evidence)
    # The first ones may have ended before the deletion, the last one behind two others has not
    after = watched.snapshots[0]
    unfinished = [*after.standing(queue, Phase.RUNNING), *after.standing(queue, Phase.WAITING)]
    ends = [known for known in queue if known.ended and (known in unfinished or known is queue[-1])]
    ways = [(known.shown.get("status"), job_error(known.shown)) for known in ends]
    if ways and not watched.stuck:
        failed = all(is_failed(status) and error == "login_failed" for status, error in ways)
        seen = ", ".join(f"{status} with {error}" for status, error in ways)
        expected = "order_failed with login_failed"
        expect("MA-ORDERS-DELETED-ACCOUNT-FAILS", failed, expected=expected, seen=seen, evidence=evidence)


def _ask_of_changes(ask: Questionnaire, answer: Exchange) -> None:
    response = answer.response
    if response.refused:
        ask.answer("Q-LOCKED-ACCOUNT-CHANGES", "refused", answer, seen=str(response))
    if not response.succeeded:
        raise NotEstablished(f"a busy account cannot be changed: {response}")
    ask.answer("Q-LOCKED-ACCOUNT-CHANGES", "accepted", answer)


def _busy(orders: Orders, account: Made, size: int) -> list[KnownOrder] | None:
    """The orders of an account of which one is in progress and at least two wait, by the last list; None without."""
    orders.queue(account, *[SUCCESS] * size)
    orders.list()
    queue = orders.book.unfinished(account.short_id)
    running = [known for known in queue if known.phase is Phase.RUNNING]
    waiting = [known for known in queue if known.phase is Phase.WAITING]
    return queue if len(running) == 1 and len(waiting) > 1 else None


def _default(accounts: Accounts) -> Made:
    """An account that may serve any order: the default one."""
    return accounts.make(without=("retailer",))
