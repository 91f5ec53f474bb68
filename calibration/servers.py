"""The servers that are checked: the mock, true or deviating, and the legal variants of it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from calibration.trial import KEY, OTHER_KEY, PROCESSING_TIME, Check, Trial, try_server
from calibration.variants.variant import Variant
from calibration.variants.wire import served_by_threads
from mock_server import create_app
from mock_server.app import MockApp
from mock_server.deviations.deviation import Deviation
from mock_server.server import Server
from mock_server.store import Tenant


def mock(*deviations: Deviation, processing_time: float = PROCESSING_TIME) -> MockApp:
    """Make a mock with these deviations on for every request, whose ids are the same each time."""
    app = create_app(api_keys=(KEY, OTHER_KEY), processing_time=processing_time, seed=1)
    for tenant in _tenants(app):
        tenant.deviations = list(deviations)
    return app


def _tenants(app: MockApp) -> tuple[Tenant, ...]:
    return app.store.tenant(KEY), app.store.tenant(OTHER_KEY), app.anonymous


@contextmanager
def serving(app: MockApp) -> Iterator[str]:
    """Serve a mock on a free port."""
    with Server(app) as server:
        yield server.url


def try_deviations(deviations: Sequence[Deviation], check: Check) -> Trial:
    """Check the mock with these deviations on, and count how often their code changed something."""
    app = mock(*deviations)
    trial = try_server(serving(app), check)
    for tenant in _tenants(app):
        trial.fired += sum(memory.fired for memory in tenant.deviation_state.values())
    return trial


def try_variant(variant: Variant, check: Check) -> Trial:
    """Check a legal variant of the mock."""
    app = mock(*variant.changes, processing_time=variant.processing_time)
    if variant.wire is not None:
        app.wsgi_app = variant.wire(app.wsgi_app)  # type: ignore[assignment, method-assign]
    return try_server(served_by_threads(app.wsgi_app) if variant.threaded else serving(app), check)
