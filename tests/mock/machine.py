"""The state machine of accounts, orders, locks and time: what it does, and what must hold after each step.

It drives anything that takes the commands of `Driver` and compares every answer with the naive model.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, rule
from naive_model import FINAL, PRODUCTS, NaiveModel

START = datetime(2026, 1, 15, 10, 30, tzinfo=UTC)
PROCESSING = timedelta(seconds=2)

Answer = tuple[int, Any]

RETAILERS = st.sampled_from([None, "amazon", "walmart", "www", "zinc", "com"])
EMAILS = st.sampled_from(["a@example.com", "b@example.com"])
PASSWORDS = st.sampled_from(["hunter2", "", "\N{SNOWMAN}"])
CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "email": st.none() | EMAILS,
        "password": st.none() | PASSWORDS,
        "retailer": RETAILERS,
    },
)
PLACED_LATER = sorted(url for url, (_, _, at_once) in PRODUCTS.items() if not at_once)
ORDERS = st.fixed_dictionaries(
    {
        "products": st.lists(
            st.fixed_dictionaries(
                {"url": st.sampled_from(PLACED_LATER) | st.sampled_from(sorted(PRODUCTS))},
                optional={
                    "quantity": st.integers(1, 100),
                    "variant": st.sampled_from([None, [], [{"label": "Size", "value": "L"}]]),
                },
            ),
            min_size=1,
            max_size=2,
        ),
        "shipping_address": st.sampled_from([{}, {"city": "Springfield", "zip": 62701}]),
        "max_price": st.integers(0, 10_000),
    },
    optional={
        "idempotency_key": st.sampled_from(["k1", "k2", "k3", ""]),
        "metadata": st.sampled_from([{}, {"cart": ["A", 17, None]}]),
        "po_number": st.sampled_from([None, "PO-1"]),
    },
)
# Steps that miss, meet and pass the instants at which orders end, and some of a year.
STEPS = st.one_of(
    st.sampled_from([0, 1, 500_000, 1_999_999, 2_000_000, 2_000_001, 4_000_000, 31_536_000_000_000]),
    st.integers(0, 15_000_000),
).map(lambda microseconds: timedelta(microseconds=microseconds))


class Driver(Protocol):
    """Takes each command to a mock and brings back `(status, body)`, the body as the API shows it."""

    def create_account(self, given: dict[str, Any]) -> Answer: ...
    def update_account(self, short_id: str, changes: dict[str, Any]) -> Answer: ...
    def delete_account(self, short_id: str) -> Answer: ...
    def set_health(self, short_id: str, state: str) -> Answer: ...
    def list_accounts(self) -> Answer: ...
    def create_order(self, given: dict[str, Any]) -> Answer: ...
    def get_order(self, order_id: str) -> Answer: ...
    def list_orders(self, part: str = "") -> Answer: ...
    def queues(self) -> Answer: ...
    def advance(self, by: timedelta) -> Answer: ...
    def settle(self) -> Answer: ...


class SandboxMachine(RuleBasedStateMachine):
    """Give it a `driver` of a mock whose clock stands at START and whose orders take PROCESSING."""

    accounts = Bundle("accounts")
    orders = Bundle("orders")
    driver: Driver

    def __init__(self) -> None:
        super().__init__()
        self.model = NaiveModel(START, PROCESSING)
        self.finals: dict[str, Any] = {}
        self.last_seen: dict[str, Any] = {}

    def same(self, answer: Answer, expected: Answer) -> None:
        status, body = answer
        if status >= 400:
            assert set(body) <= {"code", "message", "details"}
            assert body["message"]
            assert (status, body["code"]) == expected
            return
        if isinstance(body, dict) and "orders" in body:
            body = {"orders": [_without_prices(order) for order in body["orders"]]}
        elif isinstance(body, dict) and "items" in body:
            body = _without_prices(body)
        assert (status, body) == expected

    # What may happen

    @initialize(target=accounts)
    def unknown_account(self):
        return "zn_acct_unknown0"

    @rule(
        target=accounts,
        email=EMAILS,
        more=st.fixed_dictionaries({}, optional={"password": st.none() | PASSWORDS, "retailer": RETAILERS}),
    )
    def create_account(self, email, more):
        given = {"email": email, **more}
        answer = self.driver.create_account(given)
        self.same(answer, self.model.create_account(given, answer[1]))
        return answer[1]["short_id"]

    @rule(short_id=accounts, changes=CHANGES)
    def update_account(self, short_id, changes):
        self.same(self.driver.update_account(short_id, changes), self.model.update_account(short_id, changes))

    @rule(short_id=accounts)
    def delete_account(self, short_id):
        self.same(self.driver.delete_account(short_id), self.model.delete_account(short_id))

    @rule(short_id=accounts, state=st.sampled_from(["ok", "login_failed", "account_locked"]))
    def set_health(self, short_id, state):
        self.same(self.driver.set_health(short_id, state), self.model.set_health(short_id, state))

    @rule(target=orders, given=ORDERS)
    def create_order(self, given):
        return self._submitted(given)

    @rule(target=orders, given=ORDERS, short_ids=st.lists(accounts, min_size=1, max_size=6))
    def create_orders_for_accounts(self, given, short_ids):
        orders = [self._submitted({**given, "retailer_credentials_id": short_id}) for short_id in short_ids]
        return multiple(*(order for order in orders if isinstance(order, str)))

    def _submitted(self, given: dict[str, Any]):
        answer = self.driver.create_order(given)
        self.same(answer, self.model.create_order(given, answer[1]))
        return answer[1]["id"] if answer[0] == 201 else multiple()

    @rule(order_id=orders, part=st.slices(36))
    def look_at_an_order(self, order_id, part):
        self.same(self.driver.get_order(order_id), self.model.get_order(order_id))
        self.same(self.driver.list_orders(order_id[part]), self.model.list_orders(order_id[part]))

    @rule(by=STEPS)
    def time_passes(self, by):
        self.same(self.driver.advance(by), self.model.advance(by))

    @rule()
    def settle(self):
        self.same(self.driver.settle(), self.model.settle())

    # What must hold

    @invariant()
    def every_answer_is_the_models(self):
        self.same(self.driver.list_accounts(), self.model.list_accounts())
        self.same(self.driver.list_orders(), self.model.list_orders())
        self.same(self.driver.queues(), self.model.queues())

    @invariant()
    def locks_are_kept_and_nothing_is_stuck(self):
        """Of one account, oldest first: ended orders, then at most one in progress, then the waiting ones."""
        by_account: dict[str | None, list[str]] = {}
        for order in self._listed():
            by_account.setdefault(order["retailer_credentials_id"], []).insert(0, order["status"])
        unlocked = by_account.pop(None, [])
        assert "pending" not in unlocked
        for statuses in by_account.values():
            line = " ".join(statuses)
            assert re.fullmatch(r"((order_placed|order_failed) ?)*(in_progress ?( ?pending)*)?", line), line

    @invariant()
    def no_order_is_lost_or_changed_after_its_end(self):
        listed = {order["id"]: order for order in self._listed()}
        assert listed.keys() >= self.last_seen.keys()
        for order_id, before in self.finals.items():
            assert listed[order_id] == before
        for order_id, order in listed.items():
            before = self.last_seen.get(order_id, order)
            assert before["created_at"] == order["created_at"]
            instants = [order["created_at"], before["updated_at"], order["updated_at"]]
            assert sorted(instants, key=datetime.fromisoformat) == instants
            assert [item["id"] for item in before["items"]] == [item["id"] for item in order["items"]]
            assert order["attempts"] == (order["status"] != "pending") or order["status"] == "order_failed"
            if order["status"] in FINAL:
                self.finals[order_id] = order
        self.last_seen = listed

    @invariant()
    def reading_twice_changes_nothing(self):
        for read in (self.driver.list_accounts, self.driver.list_orders, self.driver.queues):
            assert read() == read()

    def _listed(self) -> list[dict[str, Any]]:
        return self.driver.list_orders()[1]["orders"]


def _without_prices(order: dict[str, Any]) -> dict[str, Any]:
    """Checks the prices of a placed order, which are the server's choice, and returns the order without them."""
    assert ("price_components" in order) == (order["status"] == "order_placed")
    if "price_components" in order:
        prices = order["price_components"]
        assert prices.keys() == {"subtotal", "tax", "shipping", "total"}
        parts = [prices["subtotal"], prices["tax"], prices["shipping"]]
        assert min(parts) >= 0
        assert sum(parts) == prices["total"] <= order["max_price"]
    return {name: value for name, value in order.items() if name != "price_components"}
