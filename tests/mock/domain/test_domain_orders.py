"""The life of an order is its table of moves, and nothing else."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.domain.orders import ITEM_STATUS, MOVES, IllegalMove, Move, Order, OrderStatus

NOON = datetime(2026, 1, 15, 12, tzinfo=UTC)
LATER = NOON + timedelta(seconds=1)


def order(status: OrderStatus = OrderStatus.PENDING, max_price: int = 1000) -> Order:
    return Order(
        id="7c9e6679-7425-40de-944b-e07fc1f90ae7",
        number=1,
        products=[{"url": "https://www.amazon.com/dp/1", "quantity": 1, "variant": None}],
        max_price=max_price,
        shipping_address={},
        metadata={},
        po_number=None,
        idempotency_key=None,
        retailer_credentials_id=None,
        created_at=NOON,
        updated_at=NOON,
        status=status,
    )


LEGAL = {
    (OrderStatus.PENDING, Move.START): OrderStatus.IN_PROGRESS,
    (OrderStatus.PENDING, Move.FAIL): OrderStatus.ORDER_FAILED,
    (OrderStatus.IN_PROGRESS, Move.PLACE): OrderStatus.ORDER_PLACED,
    (OrderStatus.IN_PROGRESS, Move.FAIL): OrderStatus.ORDER_FAILED,
}


@pytest.mark.parametrize(("status", "move"), [*itertools.product(OrderStatus, Move)])
def test_an_order_makes_the_moves_of_the_table_and_no_other(status, move):
    moved = order(status)
    if (status, move) in LEGAL:
        moved.move(move, LATER)
        assert (moved.status, moved.updated_at) == (LEGAL[status, move], LATER)
    else:
        with pytest.raises(IllegalMove, match=f"is {status}: it cannot {move}"):
            moved.move(move, LATER)
        assert (moved.status, moved.updated_at) == (status, NOON)


def test_placed_and_failed_are_final_and_nothing_else_is():
    assert {status for status in OrderStatus if order(status).is_final} == {
        OrderStatus.ORDER_PLACED,
        OrderStatus.ORDER_FAILED,
    }
    assert MOVES.keys() == ITEM_STATUS.keys() == set(OrderStatus)


def test_an_order_tells_when_it_started_and_when_it_ended():
    moved = order()
    assert (moved.attempts, moved.started_at, moved.finished_at) == (0, None, None)
    moved.move(Move.START, NOON)
    assert (moved.attempts, moved.started_at, moved.finished_at) == (1, NOON, None)
    moved.move(Move.PLACE, LATER)
    assert (moved.attempts, moved.started_at, moved.finished_at) == (1, NOON, LATER)


@given(st.integers(0, 2**53 - 1))
def test_the_price_of_a_placed_order_adds_up_and_never_passes_the_most(max_price):
    prices = order(max_price=max_price).price_components
    assert prices["subtotal"] + prices["tax"] + prices["shipping"] == prices["total"] <= max_price
    assert min(prices.values()) >= 0


def test_what_is_derived_of_an_order_is_the_same_at_each_reading():
    one, again = order(), order()
    assert one.merchant_order_id == again.merchant_order_id
    assert one.merchant_order_id.startswith("TEST-")
    assert one.tracking == again.tracking
    assert one.item_id(0) == again.item_id(0) != one.item_id(1)
