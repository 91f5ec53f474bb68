"""How the sandbox of a key's first use is made."""

from collections.abc import Iterable
from datetime import timedelta
from functools import cached_property
from typing import Any

from mock_server.control.clock import Clock
from mock_server.deviations.catalogue import deviation_named
from mock_server.deviations.deviation import Deviation
from mock_server.domain.sandbox import Sandbox
from mock_server.ids import Ids
from mock_server.settings import Settings
from mock_server.store import Tenant


class TenantMaker:
    """Makes tenants as the settings say.

    Args:
        settings: the options of the mock.
        fixture: the snapshot document that every new sandbox starts from, already validated.
    """

    def __init__(self, settings: Settings, fixture: dict[str, Any] | None = None) -> None:
        self._settings = settings
        self._fixture = fixture

    @cached_property
    def anonymous(self) -> Tenant:
        """The tenant of requests that name no key: it is never let in, but has a journal."""
        return self.tenant("")

    def share(self, tenants: Iterable[Tenant]) -> None:
        """Let requests that are not let in meet those deviations of all keys that concern such requests."""
        shared = [deviation for tenant in tenants for deviation in tenant.deviations if deviation.keyless]
        self.anonymous.deviations = list(dict.fromkeys(self._deviations() + shared))

    def sandbox(self, key: str) -> tuple[Sandbox, Ids]:
        """Return an empty sandbox for a key, and the source of its ids."""
        ids = Ids(self._settings.seed, key)
        return Sandbox(ids, timedelta(seconds=self._settings.processing_time)), ids

    def tenant(self, key: str) -> Tenant:
        """Return the tenant of a key's first use."""
        sandbox, ids = self.sandbox(key)
        tenant = Tenant(key, sandbox, Clock(self._settings.start), self._deviations())
        if self._fixture is not None:
            # Most mocks start empty, and must be ready at once.
            from mock_server.control.snapshot import restore, restored_clock
            from mock_server.grading.conduct import Conduct

            tenant.clock = restored_clock(self._fixture, tenant.clock)
            restore(self._fixture, sandbox, ids, tenant.clock.now())
            tenant.journal.continue_with(Conduct(came_with=sandbox.orders.values()))
        return tenant

    def _deviations(self) -> list[Deviation]:
        return [deviation_named(name) for name in self._settings.deviations]
