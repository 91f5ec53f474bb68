"""The catalogue of deviations as a table."""

from mock_server.deviations.catalogue import deviations as catalogue
from publishing.generated.tables import table


def deviations() -> str:
    """Return all deviations, in the order of the catalogue."""
    rows = [(f"`{one.name}`", f"`{one.requirement}`", one.about) for one in catalogue()]
    return f"{len(rows)} deviations:\n\n" + table(
        ("name", "breaks", "what it does, and to whom that matters"), rows
    )
