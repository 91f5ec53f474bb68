"""The operations of the specification as a table."""

from publishing.generated.documents import published
from publishing.generated.tables import table


def operations() -> str:
    """Return the operations, each with its path and the status of its success."""
    document = published().document
    rows = []
    for one in published().operations.values():
        level = document["paths"][one.path][one.method.lower()]["x-provenance"]["level"]
        rows.append((f"`{one.id}`", f"`{one.method} {one.path}`", one.summary, one.success.status, level))
    return table(("operation", "request", "does", "success", "level"), rows)
