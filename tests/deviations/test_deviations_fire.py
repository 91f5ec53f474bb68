"""Each deviation does what it says: its code runs, a client sees it, and switched off it leaves no trace."""

import functools
from importlib import import_module

import pytest
from traffic import KEY, OTHER_KEY, PARTS_OF, Traffic, exercise, mock

from mock_server.deviations.catalogue import AREAS, deviations
from mock_server.deviations.deviation import Deviation

BROKEN = (b"The mock failed", b"The mock's own answer broke")


AREA_OF = {
    value.name: area
    for area in AREAS
    for value in vars(import_module(f"mock_server.deviations.{area}")).values()
    if isinstance(value, Deviation)
}


@pytest.fixture(scope="module")
def app():
    return mock()


def seen_with(app, parts, *names):
    """What a client sees of parts of the script with some deviations on, in sandboxes of a first use."""
    traffic = Traffic(app)
    for key in (KEY, OTHER_KEY):
        traffic.control("POST", "/reset", key=key)
        traffic.control("PUT", "/deviations", list(names), key=key)
    return exercise(app, parts)


@pytest.fixture(scope="module")
def seen_without(app):
    return functools.cache(lambda parts: seen_with(app, parts))


@pytest.mark.parametrize("deviation", deviations(), ids=lambda deviation: deviation.name)
def test_a_client_sees_it_and_its_code_counts_it(deviation, app, seen_without):
    parts = PARTS_OF[AREA_OF[deviation.name]]
    expected = seen_without(parts)
    seen = seen_with(app, parts, deviation.name)
    tenants = [*app.store.everyone(), app.anonymous]
    memories = [tenant.deviation_state.get(deviation.name) for tenant in tenants]
    assert seen != expected
    assert sum(memory.fired for memory in memories if memory) > 0
    answers = [answer for answer in seen if isinstance(answer, tuple)]
    assert not [answer for answer in answers if any(broken in answer[2] for broken in BROKEN)]
