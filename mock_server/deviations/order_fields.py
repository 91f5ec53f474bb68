"""Deviations of the fields that an order shows."""

from typing import Any
from uuid import UUID

from mock_server.deviations.building import (
    CREATE_ORDER,
    GET_ORDER,
    LIST_ORDERS,
    deviation,
    orders,
    requests,
)
from mock_server.deviations.turn import Turn
from mock_server.exchange import Answer
from mock_server.instants import parse_instant

_SHOWN = (CREATE_ORDER, LIST_ORDERS, GET_ORDER)
_UUID_DIGITS = 32
_TEST_PRODUCT = "https://zinc.com/shop/products/test-"

Shown = dict[str, Any]


# Fields


@deviation("order-id-without-dashes", "MA-ORDERS-FIELD-ID")
def order_id_without_dashes(turn: Turn) -> Answer:
    """An order's id is 32 digits without dashes: a client that checks for a UUID refuses it."""
    if turn.operation == GET_ORDER and len(turn.subject) == _UUID_DIGITS and turn.subject.isalnum():
        turn.redirect(str(UUID(turn.subject)))
    return _with_short_id(turn)


@orders(*_SHOWN)
def _with_short_id(order: Shown, _: Turn) -> None:
    order["id"] = order["id"].replace("-", "")


@deviation("order-status-in-prose-words", "MA-ORDERS-FIELD-STATUS")
@orders(*_SHOWN)
def order_status_in_prose_words(order: Shown, _: Turn) -> None:
    """Finished orders have the status ordered or failed: a client of the reference waits for order_placed."""
    words = {"order_placed": "ordered", "order_failed": "failed"}
    order["status"] = words.get(order["status"], order["status"])


@deviation("max-price-in-dollars", "MA-ORDERS-FIELD-MAX-PRICE")
@orders(*_SHOWN)
def max_price_in_dollars(order: Shown, _: Turn) -> None:
    """An order shows its max_price in dollars: a client that reads cents shows a hundredth."""
    order["max_price"] = order["max_price"] / 100


@deviation("attempts-missing", "MA-ORDERS-FIELD-ATTEMPTS")
@orders(*_SHOWN)
def attempts_missing(order: Shown, _: Turn) -> None:
    """Orders lack attempts: a client with types refuses every order."""
    del order["attempts"]


@deviation("items-in-reverse", "MA-ORDERS-FIELD-ITEMS")
@orders(*_SHOWN)
def items_in_reverse(order: Shown, _: Turn) -> None:
    """The items of an order stand in reverse: a client that goes by their place mixes them up."""
    order["items"].reverse()


@deviation("item-quantity-always-one", "MA-ORDERS-FIELD-ITEM-QUANTITY")
@orders(*_SHOWN)
def item_quantity_always_one(order: Shown, _: Turn) -> None:
    """Each item shows the quantity 1: a client counts fewer things than were paid."""
    for item in order["items"]:
        item["quantity"] = 1


@deviation("item-without-variant", "MA-ORDERS-FIELD-ITEM-VARIANT")
@orders(*_SHOWN)
def item_without_variant(order: Shown, _: Turn) -> None:
    """Items show no variant although one was sent: a client cannot tell what was ordered."""
    for item in order["items"]:
        item["variant"] = None


@deviation("item-status-of-another-list", "MA-ORDERS-FIELD-ITEM-STATUS")
@orders(*_SHOWN)
def item_status_of_another_list(order: Shown, _: Turn) -> None:
    """Items have the words of orders as status: a client that knows seven words meets an eighth."""
    for item in order["items"]:
        item["status"] = "in_progress" if item["status"] == "processing" else f"item_{item['status']}"


@deviation("item-without-id", "MA-ORDERS-FIELD-ITEM-IDENTITY")
@orders(*_SHOWN)
def item_without_id(order: Shown, _: Turn) -> None:
    """Items have no id: a client cannot say which of two equal ones was delivered."""
    for item in order["items"]:
        del item["id"]


@deviation("address-in-capitals", "MA-ORDERS-FIELD-ADDRESS")
@orders(*_SHOWN)
def address_in_capitals(order: Shown, _: Turn) -> None:
    """An order shows its address in capitals: a client that compares it believes that it was changed."""
    order["shipping_address"] = {
        name: value.upper() if isinstance(value, str) else value
        for name, value in order["shipping_address"].items()
    }


@deviation("metadata-null-when-empty", "MA-ORDERS-FIELD-METADATA")
@orders(*_SHOWN)
def metadata_null_when_empty(order: Shown, _: Turn) -> None:
    """An order without metadata shows null instead of an empty object: a client that reads a key in it fails."""
    order["metadata"] = order["metadata"] or None


@deviation("metadata-dropped", "MA-ORDERS-FIELD-METADATA")
@requests(CREATE_ORDER)
def metadata_dropped(fields: Shown, _: Turn) -> None:
    """The metadata of an order is dropped: a client that files its own number there has lost it."""
    if isinstance(fields.get("metadata"), dict):
        fields["metadata"] = {}


@deviation("po-number-dropped", "MA-ORDERS-FIELD-PO-NUMBER")
@orders(*_SHOWN)
def po_number_dropped(order: Shown, _: Turn) -> None:
    """An order shows no po_number although one was sent: a bookkeeper cannot match it."""
    order["po_number"] = None


@deviation("credentials-id-missing-when-null", "MA-ORDERS-FIELD-CREDENTIALS")
@orders(*_SHOWN)
def credentials_id_missing_when_null(order: Shown, _: Turn) -> None:
    """An order that no account serves lacks retailer_credentials_id: a client with types refuses it."""
    if order["retailer_credentials_id"] is None:
        del order["retailer_credentials_id"]


@deviation("tracking-null-until-shipped", "MA-ORDERS-FIELD-TRACKING")
@orders(*_SHOWN)
def tracking_null_until_shipped(order: Shown, _: Turn) -> None:
    """tracking_numbers is null until something is shipped: a client that counts them fails."""
    order["tracking_numbers"] = order["tracking_numbers"] or None


@deviation("order-times-in-seconds", "MA-ORDERS-FIELD-TIMES")
@orders(*_SHOWN)
def order_times_in_seconds(order: Shown, _: Turn) -> None:
    """The timestamps of an order are numbers of seconds: a client that parses dates fails."""
    for name in ("created_at", "updated_at"):
        order[name] = int(parse_instant(order[name]).timestamp())


@deviation("credentials-id-is-the-uuid", "MA-ORDERS-WITH-ACCOUNT")
@orders(*_SHOWN)
def credentials_id_is_the_uuid(order: Shown, turn: Turn) -> None:
    """An order shows the id of its account in place of the short_id: a client that looks it up finds nothing."""
    account = turn.sandbox.accounts.get(order["retailer_credentials_id"] or "")
    if account is not None:
        order["retailer_credentials_id"] = account.id


@deviation("order-without-account-refused", "MA-ORDERS-WITHOUT-ACCOUNT")
def order_without_account_refused(turn: Turn) -> Answer:
    """A key without accounts cannot order: a new customer has to set one up before the first trial."""
    if turn.operation == CREATE_ORDER and not turn.sandbox.accounts and turn.exchange.refusal is None:
        return turn.refuse(400, "bad_request", "Create a managed account first.")
    return turn.perform()
