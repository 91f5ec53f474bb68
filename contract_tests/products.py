"""The vendor's test products: the only ones that this kit orders from anything but its own machine."""

from dataclasses import dataclass

_PREFIX = "https://zinc.com/shop/products/"
HOST_LABEL = "zinc"  # the label of the test products' host that could name a retailer


@dataclass(frozen=True)
class TestProduct:
    """A product whose orders end in a known way.

    Args:
        name: the last part of its address.
        error: how its orders fail; None for the one whose orders are placed.
        refused: whether its orders are refused at once, rather than accepted and failed later.
    """

    __test__ = False  # not a test class, whatever pytest thinks of its name

    name: str
    error: str | None = None
    refused: bool = False

    @property
    def url(self) -> str:
        """What an order gives as the address of the product."""
        return _PREFIX + self.name

    @property
    def requirement(self) -> str:
        """The requirement that says what becomes of its orders."""
        return f"MA-ORDERS-{self.name.upper()}"


SUCCESS = TestProduct("test-success")
OUT_OF_STOCK = TestProduct("test-out-of-stock", "product_out_of_stock")

TEST_PRODUCTS: tuple[TestProduct, ...] = (
    SUCCESS,
    OUT_OF_STOCK,
    TestProduct("test-price-exceeded", "max_price_exceeded"),
    TestProduct("test-invalid-variant", "invalid_variant"),
    TestProduct("test-shipping-unavailable", "shipping_unavailable"),
    TestProduct("test-invalid-address", "invalid_shipping_address", refused=True),
    TestProduct("test-url-unreachable", "url_unreachable", refused=True),
    TestProduct("test-insufficient-funds", "insufficient_funds", refused=True),
)
BY_URL = {product.url: product for product in TEST_PRODUCTS}
