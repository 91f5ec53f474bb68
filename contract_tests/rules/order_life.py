"""How an order lives, as answer after answer shows it: forward, to one end, and to the end that its product has.

Lists are compared with lists and reads with reads: that both agree is a requirement of its own.
"""

from collections.abc import Iterator

from contract_tests.exchange import Exchange
from contract_tests.judgement import Judgement, show
from contract_tests.order_answers import Order, Phase, is_failed, is_placed, job_error, phase_of, stays_ended
from contract_tests.order_book import KnownOrder, OrderBook
from contract_tests.products import BY_URL, TestProduct
from contract_tests.rules.order_fields import is_integer

# What fails an order for its account's sake, whatever its product
OF_THE_ACCOUNT = frozenset(
    {"login_failed", "session_expired", "account_locked", "account_verification_required"}
)


def judge_life(
    order: Order, former: Order | None, known: KnownOrder, exchange: Exchange, book: OrderBook
) -> Iterator[Judgement]:
    """Judge what an answer shows of an order's life.

    Args:
        order: as it is shown.
        former: as the same operation, or else its create, showed it before; None where nothing did.
        known: what is known of it.
        exchange: the answer.
        book: everything that is known.
    """
    evidence = [known.origin, exchange]
    if former is not None:
        yield from _judge_move(order, former, evidence)
    if phase_of(order.get("status")) is Phase.ENDED and known.ended_in is None:
        yield from _judge_end(order, known, evidence, book)


def _judge_move(order: Order, former: Order, evidence: list[Exchange]) -> Iterator[Judgement]:
    before, after = former.get("status"), order.get("status")
    was, is_now = phase_of(before), phase_of(after)
    if was is Phase.ENDED:
        yield from _judge_after_end(order, former, evidence)
    elif was is not None and is_now is not None and before != after:
        expected = f"{before}, then on towards the end"
        yield Judgement("MA-ORDERS-MOVES", is_now > was, expected, f"{before}, then {after}", evidence)


def _judge_after_end(order: Order, former: Order, evidence: list[Exchange]) -> Iterator[Judgement]:
    """An order that is processed again has more attempts; its status then moves for that reason."""
    tried, tries = former.get("attempts"), order.get("attempts")
    ran_again = False
    if is_integer(tried) and is_integer(tries):
        ran_again = tries > tried  # type: ignore[operator]
        seen = f"attempts {tries}, status {order.get('status')}"
        expected = f"attempts {tried}, as at its end ({former.get('status')})"
        yield Judgement("MA-LOCK-RUN-ONCE", not ran_again, expected, seen, evidence)
    if not ran_again:
        before, after = former.get("status"), order.get("status")
        holds = stays_ended(before, after)
        yield Judgement(
            "MA-ORDERS-FINAL", holds, f"status {before} for good", f"{before}, then {after}", evidence
        )


def _judge_end(
    order: Order, known: KnownOrder, evidence: list[Exchange], book: OrderBook
) -> Iterator[Judgement]:
    """An order of one test product has to end as the product says, unless its account is in the way."""
    product = BY_URL.get(str(known.urls[0])) if len(known.urls) == 1 else None
    error = job_error(order)
    has_account = order.get("retailer_credentials_id") is not None or known.named is not None
    if product is None or book.is_served_by_deleted(known) or (has_account and error in OF_THE_ACCOUNT):
        return
    holds, expected = _ends_as_it_should(order, product, error)
    seen = f"{order.get('status')}" + (f" with {error}" if error else "")
    yield Judgement(product.requirement, holds, expected, seen, evidence)


def _ends_as_it_should(order: Order, product: TestProduct, error: str | None) -> tuple[bool, str]:
    status = order.get("status")
    if product.error is None:
        return is_placed(status), "order_placed"
    # A failed order that gives no reason lacks a job_result, which is judged by itself
    return is_failed(status) and error in (None, product.error), f"order_failed with {product.error}"


def judge_result(order: Order, evidence: list[Exchange]) -> Iterator[Judgement]:
    """Judge what an ended order that was read by itself says of its end."""
    status = order.get("status")
    if is_failed(status):
        result = order.get("job_result")
        named = isinstance(result, dict) and all(
            isinstance(result.get(name), str) and result[name] for name in ("error_type", "error")
        )
        expected = "job_result with error_type and error"
        yield Judgement("MA-ORDERS-FAILED-JOB-RESULT", named, expected, show(result), evidence)
    elif is_placed(status):
        seen = show(order["job_result"]) if "job_result" in order else "no field job_result"
        holds = seen == "null"
        yield Judgement("MA-ORDERS-PLACED-JOB-RESULT", holds, "job_result null", seen, evidence)
        components = order.get("price_components")
        priced = isinstance(components, dict) and all(
            is_integer(components.get(name)) for name in ("subtotal", "tax", "shipping", "total")
        )
        expected = "price_components with integers subtotal, tax, shipping and total"
        yield Judgement("MA-ORDERS-PRICE-COMPONENTS", priced, expected, show(components), evidence)
