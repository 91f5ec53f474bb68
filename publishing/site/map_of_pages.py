"""Which pages the site has, in the order in which the navigation shows them."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Entry:
    """One page: its name in the navigation, where it stands on the site, and the file that it is made of.

    Pages that are made of data have the file of docs/ in whose place they stand, so that links to it find them. A page
    that makes no sense without another file `needs` it.
    """

    title: str
    path: str
    source: str
    needs: str = ""

    @property
    def is_there(self) -> bool:
        """Whether its files are: figures come when they have been measured."""
        return (ROOT / self.source).exists() and (ROOT / self.needs).exists()


@dataclass(frozen=True, slots=True)
class Section:
    """Pages under one heading of the navigation."""

    title: str
    entries: tuple[Entry, ...]


_SECTIONS = (
    Section("Begin", (Entry("Tutorial", "tutorial.html", "docs/tutorial.md"),)),
    Section(
        "How to",
        (
            Entry("Check a real server", "how-to/check-a-server.html", "docs/how-to/check-a-server.md"),
            Entry("Run in CI", "how-to/run-in-ci.html", "docs/how-to/run-in-ci.md"),
            Entry("Use the console", "how-to/use-the-console.html", "docs/how-to/use-the-console.md"),
            Entry("Simulate trouble", "how-to/simulate-trouble.html", "docs/how-to/simulate-trouble.md"),
            Entry("Control time", "how-to/control-time.html", "docs/how-to/control-time.md"),
            Entry(
                "Begin from a known state", "how-to/fixtures.html", "docs/how-to/fixtures-and-snapshots.md"
            ),
            Entry("Grade your tests", "how-to/grade-your-tests.html", "docs/how-to/grade-your-tests.md"),
            Entry("Read a report", "how-to/read-a-report.html", "docs/how-to/read-a-report.md"),
            Entry("Extend the kit", "how-to/extend-the-kit.html", "docs/how-to/extend-the-kit.md"),
        ),
    ),
    Section(
        "Reference",
        (
            Entry("API", "reference/api.html", "openapi.yaml"),
            Entry("Requirements", "reference/requirements.html", "docs/reference/requirements.md"),
            Entry("Open questions", "reference/open-questions.html", "docs/reference/open-questions.md"),
            Entry("Commands", "reference/commands.html", "docs/reference/commands.md"),
            Entry("Environment variables", "reference/environment.html", "docs/reference/environment.md"),
            Entry("Control plane", "reference/control-plane.html", "docs/reference/control-plane.md"),
            Entry("Errors", "reference/errors.html", "docs/reference/errors.md"),
            Entry("Fixtures for pytest", "reference/pytest.html", "docs/reference/pytest.md"),
            Entry("Deviations", "reference/deviations.html", "docs/reference/deviations.md"),
            Entry("JSON report", "reference/report.html", "docs/reference/report.md"),
            Entry("Fixtures", "reference/fixtures.html", "fixtures/README.md"),
        ),
    ),
    Section(
        "Explanation",
        (
            Entry("Levels of certainty", "explanation/levels.html", "docs/explanation/levels.md"),
            Entry(
                "Following the specification",
                "explanation/specification.html",
                "docs/explanation/specification.md",
            ),
            Entry("How locking works", "explanation/locking.html", "docs/explanation/locking.md"),
            Entry("Secrets", "explanation/secrets.html", "docs/explanation/secrets.md"),
            Entry("Design", "explanation/design.html", "docs/explanation/design.md"),
        ),
    ),
    Section(
        "Figures",
        (
            Entry("Calibration", "figures/calibration.html", "docs/calibration.md"),
            Entry("Benchmarks", "figures/benchmarks.html", "benchmarks/RESULTS.md"),
            Entry(
                "How they are made",
                "figures/making-benchmarks.html",
                "benchmarks/README.md",
                "benchmarks/RESULTS.md",
            ),
        ),
    ),
    Section(
        "Project",
        (
            Entry("Overview", "project/readme.html", "README.md"),
            Entry("All pages", "project/docs.html", "docs/index.md"),
            Entry("Changelog", "project/changelog.html", "CHANGELOG.md"),
            Entry("Contributing", "project/contributing.html", "CONTRIBUTING.md"),
            Entry("Dependencies", "project/dependencies.html", "docs/dependencies.md"),
            Entry("Example in Python", "project/example-python.html", "examples/python/README.md"),
            Entry(
                "Example in TypeScript", "project/example-typescript.html", "examples/typescript/README.md"
            ),
            Entry("Example in shell", "project/example-shell.html", "examples/shell/README.md"),
        ),
    ),
)


def sections() -> Iterator[Section]:
    """Yield the sections with those pages that are there."""
    for section in _SECTIONS:
        entries = tuple(entry for entry in section.entries if entry.is_there)
        if entries:
            yield Section(section.title, entries)


def entries() -> Iterator[Entry]:
    """Yield all pages, in the order of the navigation."""
    for section in sections():
        yield from section.entries
