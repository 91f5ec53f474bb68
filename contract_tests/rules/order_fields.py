"""What every order looks like, wherever it is shown, and that it shows what its create sent."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from contract_tests.answers import instant, is_uuid
from contract_tests.exchange import Exchange
from contract_tests.judgement import Judgement, show
from contract_tests.order_answers import REFERENCE, Order

ITEM_STATUSES = ("pending", "processing", "ordered", "shipped", "delivered", "cancelled", "failed")
TRACKING_FIELDS = ("id", "carrier", "tracking_number", "created_at")


def is_integer(value: object) -> bool:
    """Whether a value is an integer, which true and false are not."""
    return isinstance(value, int) and not isinstance(value, bool)


def _is_count(value: Any) -> bool:
    return is_integer(value) and value >= 0


def _is_object_list(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(entry, dict) for entry in value)


def _is_text_or_null(value: object) -> bool:
    return value is None or isinstance(value, str)


def _is_object(value: object) -> bool:
    return isinstance(value, dict)


def _is_instant(value: object) -> bool:
    return instant(value) is not None


# field -> (requirement, what its value must be, whether a value is that)
_FORMS: dict[str, tuple[str, str, Callable[[Any], bool]]] = {
    "id": ("MA-ORDERS-FIELD-ID", "a UUID", is_uuid),
    "max_price": ("MA-ORDERS-FIELD-MAX-PRICE", "an integer", is_integer),
    "attempts": ("MA-ORDERS-FIELD-ATTEMPTS", "an integer from 0 up", _is_count),
    "items": ("MA-ORDERS-FIELD-ITEMS", "an array of objects", _is_object_list),
    "shipping_address": ("MA-ORDERS-FIELD-ADDRESS", "an object", _is_object),
    "metadata": ("MA-ORDERS-FIELD-METADATA", "an object", _is_object),
    "po_number": ("MA-ORDERS-FIELD-PO-NUMBER", "a string or null", _is_text_or_null),
    "retailer_credentials_id": ("MA-ORDERS-FIELD-CREDENTIALS", "a string or null", _is_text_or_null),
    "tracking_numbers": ("MA-ORDERS-FIELD-TRACKING", "an array of objects", _is_object_list),
    "created_at": ("MA-ORDERS-FIELD-TIMES", "an ISO 8601 date and time", _is_instant),
    "updated_at": ("MA-ORDERS-FIELD-TIMES", "an ISO 8601 date and time", _is_instant),
}
# What an order shows where its create gave nothing; a create has to give the other fields
_ECHOED: dict[str, Any] = {"max_price": None, "shipping_address": None, "metadata": {}, "po_number": None}


def judge_form(order: Order, former: Order | None, evidence: list[Exchange]) -> Iterator[Judgement]:
    """Judge the form of one order that an answer shows.

    Args:
        order: as it is shown.
        former: as the same operation showed it before; None where it did not.
        evidence: the exchanges that show it.
    """
    for name, (requirement, form, fits) in _FORMS.items():
        holds = name in order and fits(order[name])
        seen = show(order[name]) if name in order else f"no field {name}"
        yield Judgement(requirement, holds, f"{name}: {form}", seen, evidence)
    if _is_object_list(order.get("items")):
        yield from _judge_items(order["items"], evidence)
    if _is_object_list(order.get("tracking_numbers")):
        yield from _judge_tracking(order["tracking_numbers"], evidence)
    yield from _judge_times(order, former, evidence)


def judge_status(order: Order, evidence: list[Exchange]) -> Iterator[Judgement]:
    """Judge the word for an order's status."""
    status = order.get("status")
    yield Judgement(
        "MA-ORDERS-FIELD-STATUS",
        isinstance(status, str) and status in REFERENCE,
        "status: pending, in_progress, order_placed, order_failed or cancelled",
        show(status) if "status" in order else "no field status",
        evidence,
    )


def judge_echo(order: Order, sent: Mapping[str, Any], evidence: list[Exchange]) -> Iterator[Judgement]:
    """Judge whether an order shows what its create sent.

    Args:
        order: as it is shown.
        sent: the fields of its create, which was one that the vendor describes.
        evidence: the exchanges that show it.
    """
    for name, default in _ECHOED.items():
        requirement, _, fits = _FORMS[name]
        wanted = sent.get(name, default)
        if name in order and fits(order[name]) and fits(wanted):
            seen = show(order[name])
            yield Judgement(requirement, order[name] == wanted, f"{name} {show(wanted)}", seen, evidence)
    if _is_object_list(order.get("items")):
        yield from _judge_products(order["items"], sent["products"], evidence)


def _judge_items(items: list[dict[str, Any]], evidence: list[Exchange]) -> Iterator[Judgement]:
    for item in items:
        status = item.get("status")
        yield Judgement(
            "MA-ORDERS-FIELD-ITEM-STATUS",
            status in ITEM_STATUSES,
            f"an item's status: {', '.join(ITEM_STATUSES)}",
            show(status),
            evidence,
        )
        missing = [name for name in ("created_at", "updated_at") if not _is_instant(item.get(name))]
        missing += [] if isinstance(item.get("id"), str) and item["id"] else ["id"]
        yield Judgement(
            "MA-ORDERS-FIELD-ITEM-IDENTITY",
            not missing,
            "an item with id, created_at and updated_at",
            f"{', '.join(missing)}: {', '.join(show(item.get(name)) for name in missing)}",
            evidence,
        )


def _judge_products(
    items: list[dict[str, Any]], products: list[dict[str, Any]], evidence: list[Exchange]
) -> Iterator[Judgement]:
    urls = [item.get("url") for item in items]
    ordered = [product.get("url") for product in products]
    same = urls == ordered
    yield Judgement("MA-ORDERS-FIELD-ITEMS", same, f"items of {show(ordered)}", show(urls), evidence)
    if not same:
        return
    for item, product in zip(items, products, strict=True):
        quantity = product.get("quantity", 1)
        requirement = (
            "MA-ORDERS-FIELD-ITEM-QUANTITY" if "quantity" in product else "MA-ORDERS-QUANTITY-DEFAULT"
        )
        shown = item.get("quantity")
        is_same = is_integer(shown) and shown == quantity
        yield Judgement(requirement, is_same, f"quantity {quantity}", show(shown), evidence)
        variant, shown = product.get("variant"), item.get("variant")
        is_same = "variant" in item and shown == variant
        seen = show(shown) if "variant" in item else "no field variant"
        yield Judgement("MA-ORDERS-FIELD-ITEM-VARIANT", is_same, f"variant {show(variant)}", seen, evidence)


def _judge_tracking(numbers: list[dict[str, Any]], evidence: list[Exchange]) -> Iterator[Judgement]:
    for number in numbers:
        missing = [name for name in TRACKING_FIELDS[:3] if not isinstance(number.get(name), str)]
        missing += [] if _is_instant(number.get("created_at")) else ["created_at"]
        yield Judgement(
            "MA-ORDERS-TRACKING-FIELDS",
            not missing,
            f"a tracking number with {', '.join(TRACKING_FIELDS)}",
            f"{', '.join(missing)}: {', '.join(show(number.get(name)) for name in missing)}",
            evidence,
        )


def _judge_times(order: Order, former: Order | None, evidence: list[Exchange]) -> Iterator[Judgement]:
    created, updated = instant(order.get("created_at")), instant(order.get("updated_at"))
    if created is None or updated is None:
        return
    before = instant(former.get("updated_at")) if former else None
    earliest = max(created, before) if before else created
    yield Judgement(
        "MA-ORDERS-TIMES-ORDERED",
        updated >= earliest,
        f"updated_at {earliest.isoformat()} or later",
        show(order["updated_at"]),
        evidence,
    )
