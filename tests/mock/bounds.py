"""How much hypothesis tries: always the same examples, so that a verdict is the same on each run."""

from hypothesis import HealthCheck, settings

BOUNDED = settings(
    derandomize=True,
    deadline=None,
    database=None,
    report_multiple_bugs=False,
    max_examples=60,
    stateful_step_count=40,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
