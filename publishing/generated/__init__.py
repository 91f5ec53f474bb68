"""The parts of docs/ that say again what stands elsewhere, written from there: `make docs`.

A page holds a generated part between `<!-- generated: NAME -->` and `<!-- end -->`; `PARTS` has the function that makes
it. `FILES` are files that are generated as a whole. A test fails when one of them is out of date.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from publishing.generated.control_plane import control_plane
from publishing.generated.deviations import deviations
from publishing.generated.errors import errors
from publishing.generated.findings import findings
from publishing.generated.operations import operations
from publishing.generated.order_life import order_life, order_life_picture
from publishing.generated.questions import questions
from publishing.generated.requirements import requirement_counts, requirements
from publishing.generated.targets import targets
from publishing.generated.testing import python_sandbox

DOCS = Path(__file__).parents[2] / "docs"

PARTS: dict[str, Callable[[], str]] = {
    "control plane": control_plane,
    "deviations": deviations,
    "errors": errors,
    "findings": findings,
    "operations": operations,
    "order life": order_life,
    "python sandbox": python_sandbox,
    "questions": questions,
    "requirement counts": requirement_counts,
    "requirements": requirements,
    "targets": targets,
}
FILES: dict[str, Callable[[], str]] = {"explanation/order-life.svg": order_life_picture}

_PART = re.compile(r"(<!-- generated: ([a-z ]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def written(text: str) -> str:
    """Return a page's text with its generated parts as they ought to be.

    Raises:
        KeyError: it asks for a part that there is not.
    """
    return _PART.sub(lambda part: f"{part[1]}\n{PARTS[part[2]]().strip()}\n\n{part[3]}", text)


def documents() -> Iterator[tuple[Path, str]]:
    """Yield each page or file with something generated in it, and what it ought to hold."""
    for path in sorted(DOCS.rglob("*.md")):
        text = path.read_text("utf-8")
        if _PART.search(text):
            yield path, written(text)
    for name, make in FILES.items():
        yield DOCS / name, make()
