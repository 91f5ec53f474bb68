"""A name that is spelt wrong is told: passed over, it would mean something else than was meant."""

import pytest
from caller import reasons


@pytest.mark.parametrize(
    ("method", "path", "body", "name"),
    [
        ("post", "/_mock/faults", {"operaton": "listOrders", "status": 500}, "operaton"),
        ("put", "/_mock/clock", {"mode": "manual", "Now": "2026-01-15T10:30:00Z"}, "Now"),
        ("put", "/_mock/snapshot", {"acounts": []}, "acounts"),
    ],
)
def test_an_unknown_name_is_refused_and_nothing_changes(call, method, path, body, name):
    before = call.get("/_mock/snapshot").get_json()["accounts"], call.get("/_mock/faults").get_json()
    answer = getattr(call, method)(path, body)
    assert reasons(answer) == {name: "is not a field of this request"}
    after = call.get("/_mock/snapshot").get_json()["accounts"], call.get("/_mock/faults").get_json()
    assert after == before
