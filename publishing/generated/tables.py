"""Tables in Markdown."""

from collections.abc import Iterable, Sequence


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table; a cell that would break it is written so that it does not."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines)


def _cell(value: object) -> str:
    parts = " ".join(str(value).split()).replace("|", "\\|").split("`")
    # Outside code a bracket would begin a tag.
    return "`".join(part if number % 2 else part.replace("<", "\\<") for number, part in enumerate(parts))
