"""The names that others build on: changing one of these is a change of the product."""

import dataclasses
import importlib
import inspect

import pytest

import mock_server
from mock_server.settings import Settings

NAMES = {
    "mock_server": ["__version__", "create_app"],
    "mock_server.domain.errors": ["AlreadyExists", "DomainError", "InvalidField", "NotFound", "OrderRefused"],
    "mock_server.domain.orders": ["Failure", "IllegalMove", "MOVES", "Move", "Order", "OrderStatus"],
    "mock_server.domain.queueing": ["Lane", "Queues", "Transition"],
    "mock_server.domain.sandbox": ["IdSource", "Sandbox"],
    "mock_server.secret": ["Secret"],
    "mock_server.server": ["Server", "ServerError"],
    "mock_server.settings": ["Settings", "SettingsError"],
    "mock_server.specification": ["Operation", "Response", "Schema", "Specification", "SpecificationError"],
}


@pytest.mark.parametrize("module", NAMES)
def test_a_public_module_has_its_names(module):
    made = importlib.import_module(module)
    assert [name for name in NAMES[module] if not hasattr(made, name)] == []


def test_the_package_offers_these_names_and_no_others():
    assert sorted(mock_server.__all__) == NAMES["mock_server"]


def test_the_options_of_a_mock_are_these():
    assert [field.name for field in dataclasses.fields(Settings)] == [
        "spec",
        "fixtures",
        "api_keys",
        "processing_time",
        "clock",
        "seed",
        "store",
        "deviations",
        "strict",
    ]
    assert {
        parameter.kind for parameter in inspect.signature(Settings).parameters.values()
    } == {inspect.Parameter.KEYWORD_ONLY}  # fmt: skip


def test_the_door_of_the_domain_has_these_commands():
    from mock_server.domain.sandbox import Sandbox

    commands = {
        name: list(inspect.signature(made).parameters)[1:]
        for name, made in inspect.getmembers(Sandbox, inspect.isfunction)
        if not name.startswith("_")
    }
    assert commands == {
        "create_account": ["email", "password", "retailer", "now"],
        "adopt_account": ["account"],
        "account": ["short_id"],
        "update_account": ["short_id", "changes", "now"],
        "delete_account": ["short_id", "now"],
        "set_health": ["short_id", "health", "now"],
        "submit_order": ["request", "now"],
        "adopt_order": ["order"],
        "order": ["order_id"],
        "newest_orders": ["part_of_id"],
        "settle": ["now"],
    }
