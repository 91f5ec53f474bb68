"""Products: which retailer sells one, and the vendor's test products (related: Test products)."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from mock_server.domain.errors import InvalidField

_TEST_PRODUCT_PREFIX = "https://zinc.com/shop/products/"

# In names such as amazon.co.uk the retailer stands before these.
_SECOND_LEVEL = frozenset({"ac", "co", "com", "edu", "gov", "net", "org"})


@dataclass(frozen=True, slots=True)
class TestProduct:
    """A product of the vendor whose orders end in a known way.

    `error` is None for the order that is placed; `refused` tells an order that is never created from one that
    is created and fails later.
    """

    __test__ = False  # not a test class, whatever pytest thinks of its name

    name: str
    error: str | None
    message: str
    refused: bool = False


_CATALOGUE = (
    TestProduct("test-success", None, ""),
    TestProduct("test-out-of-stock", "product_out_of_stock", "The product is out of stock."),
    TestProduct("test-price-exceeded", "max_price_exceeded", "The product costs more than max_price."),
    TestProduct("test-invalid-variant", "invalid_variant", "The product has no such variant."),
    TestProduct("test-shipping-unavailable", "shipping_unavailable", "The retailer does not ship there."),
    TestProduct(
        "test-invalid-address", "invalid_shipping_address", "The shipping address is not valid.", True
    ),
    TestProduct("test-url-unreachable", "url_unreachable", "The product's page cannot be reached.", True),
    TestProduct(
        "test-insufficient-funds", "insufficient_funds", "The wallet does not cover this order.", True
    ),
)

TEST_PRODUCTS = {_TEST_PRODUCT_PREFIX + product.name: product for product in _CATALOGUE}


def host_of(url: str, field: str) -> str:
    """Return the host of a product's address, in lower case.

    Raises:
        InvalidField: the address is not an absolute http or https URL.
    """
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        host = None
    if not host or parts.scheme not in ("http", "https"):
        raise InvalidField(field, "must be an absolute http or https URL of a product")
    return host


def retailer_of(host: str) -> str:
    """Return the label of a host that names its retailer: `amazon` for www.amazon.co.uk (inferred)."""
    labels = host.rstrip(".").split(".")
    if labels[-1].isdigit() or len(labels) == 1:
        return host
    names = labels[:-1]
    if len(names) > 1 and names[-1] in _SECOND_LEVEL:
        names.pop()
    return names[-1]
