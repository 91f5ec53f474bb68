"""Which retailer sells a product, and what is no product at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.domain.errors import InvalidField
from mock_server.domain.products import host_of, retailer_of


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://www.amazon.com/dp/1", "www.amazon.com"),
        ("http://AMAZON.co.uk", "amazon.co.uk"),
        ("https://shop.example:8443/x?y#z", "shop.example"),
        ("https://user:secret@shop.example/", "shop.example"),
    ],
)
def test_the_host_of_a_product_is_in_lower_case_and_without_its_port(url, host):
    assert host_of(url, "products") == host


@pytest.mark.parametrize(
    "url", ["", "amazon", "//amazon.com/x", "ftp://amazon.com", "https://", "https://[::1/"]
)
def test_what_is_no_address_of_a_product_is_refused(url):
    with pytest.raises(InvalidField, match="absolute http or https URL") as refusal:
        host_of(url, "products")
    assert refusal.value.field == "products"


@pytest.mark.parametrize(
    ("host", "retailer"),
    [
        ("www.amazon.com", "amazon"),
        ("amazon.com", "amazon"),
        ("www.amazon.co.uk", "amazon"),
        ("smile.amazon.de", "amazon"),
        ("notamazon.com", "notamazon"),
        ("www.walmart.com.", "walmart"),
        ("localhost", "localhost"),
        ("co.uk", "co"),
        ("127.0.0.1", "127.0.0.1"),
    ],
)
def test_the_retailer_of_a_host_is_the_label_before_its_public_ending(host, retailer):
    assert retailer_of(host) == retailer


@given(st.text())
def test_any_text_has_a_host_or_is_refused(url):
    try:
        host = host_of(url, "products")
    except InvalidField:
        return
    assert retailer_of(host) in host
