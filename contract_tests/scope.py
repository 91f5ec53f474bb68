"""Which checks a run makes, and why requirements are left out that no check of the run is bound to."""

from collections.abc import Iterable, Mapping

import pytest

from contract_tests.catalogue import Area, Requirement, load_smoke
from contract_tests.settings import Settings

_AREAS = [str(area) for area in Area]


def select(
    checks: Iterable[pytest.Item], settings: Settings, *, second_key: bool
) -> tuple[list[pytest.Item], dict[pytest.Item, str]]:
    """Sort checks into those to make, by area, and those to leave out, each with the reason."""
    selected: list[pytest.Item] = []
    left_out: dict[pytest.Item, str] = {}
    for check in checks:
        reason = _why_left_out(check, settings, second_key)
        if reason:
            left_out[check] = reason
        else:
            selected.append(check)
    return sorted(selected, key=_place), left_out


def _place(check: pytest.Item) -> int:
    """The place of a check: by area in the order of the report, what spans areas after them, what others need first."""
    if check.get_closest_marker("first"):
        return -1
    area = check.path.stem.removeprefix("test_")
    return _AREAS.index(area) if area in _AREAS else len(_AREAS)


def requirements_of(item: pytest.Item) -> list[str]:
    """The ids that a check is bound to, in the order of its markers."""
    return list(dict.fromkeys(name for marker in item.iter_markers("requirement") for name in marker.args))


def check_name(node: pytest.Item | pytest.Collector) -> str:
    """The name of a check in words: that of its function, without test_ and underscores."""
    name, bracket, parameter = node.name.removeprefix("test_").partition("[")
    return name.replace("_", " ") + (f" ({parameter.removesuffix(']')})" if bracket else "")


def _why_left_out(check: pytest.Item, settings: Settings, second_key: bool) -> str | None:
    requirements = requirements_of(check)
    if not any(settings.asks_for(requirement) for requirement in requirements):
        return "not asked for (--only)"
    if settings.smoke and check_name(check) not in load_smoke():
        return "not asked for (--smoke)"
    if check.get_closest_marker("places_orders") and not settings.orders:
        return "orders are placed only with --orders"
    if settings.read_only and not check.get_closest_marker("reads_only"):
        return "needs changes, and this run only reads (--read-only)"
    if "others" in getattr(check, "fixturenames", ()) and not second_key:
        return "needs a second API key (--second-api-key)"
    return None


def not_asked(
    requirements: Iterable[Requirement],
    selected: Iterable[pytest.Item],
    left_out: Mapping[pytest.Item, str],
    settings: Settings,
) -> dict[str, str]:
    """The requirements that the options leave out, each with the reason."""
    covered = {name for check in selected for name in requirements_of(check)}
    reasons = {name: reason for check, reason in left_out.items() for name in requirements_of(check)}
    return {
        requirement.id: reasons.get(requirement.id, "not asked for (--only)")
        for requirement in requirements
        if not settings.asks_for(requirement.id)
        or (requirement.id not in covered and requirement.id in reasons)
    }
