"""The calls of the control plane as a table."""

from publishing.generated.documents import control
from publishing.generated.tables import table


def control_plane() -> str:
    """Return the calls by subject, each with what it does and its statuses."""
    document = control().document
    parts = []
    for tag in document["tags"]:
        rows = [
            (f"`{one.method} {one.path}`", f"{one.summary}.", ", ".join(map(str, one.responses)))
            for one in control().operations.values()
            if tag["name"] in document["paths"][one.path][one.method.lower()]["tags"]
        ]
        parts.append(
            f"## {tag['name']}\n\n{tag['description']}\n\n" + table(("call", "does", "answers"), rows)
        )
    return "\n\n".join(parts)
