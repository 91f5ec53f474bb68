"""The targets of the Makefile as a table."""

import re
from pathlib import Path

from publishing.generated.tables import table

_MAKEFILE = Path(__file__).parents[2] / "Makefile"


def targets() -> str:
    """Return the targets that `make help` lists, in alphabetical order."""
    found = re.findall(r"^([a-z-]+):.*?## (.*)$", _MAKEFILE.read_text("utf-8"), flags=re.MULTILINE)
    return table(("target", "does"), [(f"`make {name}`", about) for name, about in sorted(found)])
