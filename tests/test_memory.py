"""A mock runs for months: what is dropped is freed at once, by counting references (see `mock_server.cli`)."""

import gc
import weakref

from mock_server import create_app

KEY = {"Authorization": "Bearer zn_test_memory"}
ORDER = {"products": [{"url": "https://amazon.com/dp/1"}], "max_price": 100, "shipping_address": {}}


def test_a_sandbox_that_is_reset_is_freed_without_the_garbage_collector() -> None:
    app = create_app(clock="2026-01-15T10:30:00Z")
    client = app.test_client()
    client.post("/users/managed-accounts", json={"email": "a@example.com"}, headers=KEY)
    client.post("/orders", json=ORDER, headers=KEY)
    client.post("/orders", json={}, headers=KEY)
    sandbox = weakref.ref(app.store.tenant("zn_test_memory").sandbox)
    gc.disable()
    try:
        client.post("/_mock/reset", headers=KEY)

        assert sandbox() is None
    finally:
        gc.enable()


def test_only_so_many_sandboxes_are_kept_and_the_longest_unused_goes_first() -> None:
    app = create_app()
    app.store.most = 3
    client = app.test_client()

    for number in range(5):
        headers = {"Authorization": f"Bearer key-{number}"}
        client.post("/users/managed-accounts", json={"email": "a@example.com"}, headers=headers)

    assert len(app.store) == 3
    kept = client.get("/users/managed-accounts", headers={"Authorization": "Bearer key-4"})
    assert kept.get_json()["total"] == 1
    dropped = client.get("/users/managed-accounts", headers={"Authorization": "Bearer key-0"})
    assert dropped.get_json()["total"] == 0


def test_a_sandbox_that_nobody_has_used_for_long_is_dropped_when_another_key_comes() -> None:
    app = create_app()
    client = app.test_client()
    client.post("/users/managed-accounts", json={"email": "a@example.com"}, headers=KEY)
    app.store.idle_seconds = 0

    client.get("/users/managed-accounts", headers={"Authorization": "Bearer another"})

    assert len(app.store) == 1
    begun_anew = client.get("/users/managed-accounts", headers=KEY)
    assert begun_anew.get_json()["total"] == 0
