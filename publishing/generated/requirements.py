"""The catalogue of requirements as tables, one an area."""

from collections import Counter

from contract_tests.catalogue import Area, Level, load_requirements
from publishing.generated.tables import table


def requirements() -> str:
    """Return all requirements, in the order of the catalogue."""
    return "\n\n".join(_area(area) for area in Area)


def _area(area: Area) -> str:
    rows = [
        (f"`{entry.id}`", entry.title + (f" *{entry.note}*" if entry.note else ""), entry.level, entry.source)
        for entry in load_requirements()
        if entry.area is area
    ]
    return f"## {area}\n\n" + table(("id", "the server …", "level", "source"), rows)


def requirement_counts() -> str:
    """Return how many requirements there are, by area and level."""
    counts = Counter((entry.area, entry.level) for entry in load_requirements())
    rows: list[tuple[object, ...]] = [
        (
            f"[{area}](#{area})",
            *(counts[area, level] for level in Level),
            sum(counts[area, level] for level in Level),
        )
        for area in Area
    ]
    sums = [sum(counts[area, level] for area in Area) for level in Level]
    rows.append(("**all**", *sums, sum(sums)))
    return table(("area", *Level, "all"), rows)
