"""Writes the site: every page of the map, the source files that pages link to, and the raw files."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from publishing.site.api import Reference
from publishing.site.catalogue import areas, explained, questions
from publishing.site.links import RAW, Links, relative, source_page
from publishing.site.map_of_pages import ROOT, Entry, entries, sections
from publishing.site.markdown import Heading, Page, inline, rendered
from publishing.site.sources import files_of, source_of

_STATIC = Path(__file__).parent / "static"
_FIXTURES = "files/fixtures"


@dataclass(frozen=True, slots=True)
class Found:
    """An entry of the search: its words, what it is, and where it leads."""

    words: str
    kind: str
    place: str


class Site:
    """The site, written into a directory that is emptied first.

    Args:
        out: the directory.
    """

    def __init__(self, out: Path) -> None:
        self._out = out
        self._links = Links()
        self._found: list[Found] = []
        self._explained = explained()
        self._document: dict[str, Any] = yaml.safe_load((ROOT / "openapi.yaml").read_text("utf-8"))
        self._environment = Environment(
            loader=PackageLoader("publishing.site"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters["line"] = lambda text: Markup(inline(text))  # noqa: S704 (our own files)
        self._environment.filters["text"] = lambda text: Markup(rendered(text).body)  # noqa: S704

    def write(self) -> None:
        """Write all of it."""
        if self._out.exists():
            shutil.rmtree(self._out)
        self._write_raw_files()
        self._write_page("index.html", "home.html", "Zinc Managed Accounts kit", self._home())
        for entry in entries():
            self._write_entry(entry)
        self._write_sources()
        for source, place in self._links.pictures.items():
            self._copy(ROOT / source, place)
        for path in _STATIC.iterdir():
            self._copy(path, f"static/{path.name}")
        found = json.dumps([asdict(one) for one in self._found], ensure_ascii=False)
        self._put("static/search-index.js", f"window.searchIndex = {found};\n")

    # Pages

    def _home(self) -> dict[str, Any]:
        shown = areas()
        return {
            "counts": {
                "requirements": sum(len(area.requirements) for area in shown),
                "questions": len(questions()),
                "deviations": sum(len(one.deviations) for area in shown for one in area.requirements),
                "operations": sum(len(group.operations) for group in Reference(self._document).groups),
            },
            "figures": [
                entry for section in sections() if section.title == "Figures" for entry in section.entries
            ],
        }

    def _write_entry(self, entry: Entry) -> None:
        self._found.append(Found(entry.title, "page", entry.path))
        made_of_data = {
            "openapi.yaml": ("api.html", self._api),
            "docs/reference/requirements.md": ("requirements.html", self._requirements),
            "docs/reference/open-questions.md": ("questions.html", self._questions),
        }
        if entry.source in made_of_data:
            template, values = made_of_data[entry.source]
            self._write_page(entry.path, template, entry.title, values(entry))
            return
        page = self._page(entry)
        for heading in page.headings:
            self._found.append(Found(heading.text, page.title, f"{entry.path}#{heading.anchor}"))
        self._write_page(
            entry.path, "page.html", page.title or entry.title, {"page": page, "headings": page.headings}
        )

    def _page(self, entry: Entry) -> Page:
        text = (ROOT / entry.source).read_text("utf-8")
        return rendered(
            text,
            lambda link: self._links.turned(link, entry.source, entry.path),
            lambda name: relative(place, entry.path) if (place := self._explained.get(name)) else None,
        )

    def _api(self, entry: Entry) -> dict[str, Any]:
        reference = Reference(self._document)
        headings = []
        for group in reference.groups:
            headings.append(Heading(2, group.name.lower().replace(" ", "-"), group.name))
            for operation in group.operations:
                headings.append(Heading(3, operation.anchor, operation.summary))
                words = f"{operation.summary} {operation.id} {operation.method} {operation.path}"
                self._found.append(Found(words, "operation", f"{entry.path}#{operation.anchor}"))
        headings.append(Heading(2, "schemas", "Schemas"))
        headings += [Heading(3, f"schema-{schema.name}", schema.name) for schema in reference.schemas]
        return {"reference": reference, "headings": headings}

    def _requirements(self, entry: Entry) -> dict[str, Any]:
        shown = areas()
        for area in shown:
            for one in area.requirements:
                words = f"{one.requirement.id} {one.requirement.title}"
                self._found.append(Found(words, "requirement", f"{entry.path}#{one.requirement.id}"))
        return {"areas": shown, "headings": [Heading(2, str(area.area), area.about) for area in shown]}

    def _questions(self, entry: Entry) -> dict[str, Any]:
        for question in questions():
            words = f"{question.title} {question.id}"
            self._found.append(Found(words, "open question", f"{entry.path}#{question.id}"))
        headings = [Heading(3, question.id, question.title) for question in questions()]
        return {"questions": questions(), "headings": headings}

    # Files

    def _write_sources(self) -> None:
        for name in sorted(self._links.sources):
            if (ROOT / name).is_dir():
                files = files_of(name)
                for file, _ in files:
                    self._write_source(f"{name}/{file}")
                self._write_page(
                    source_page(name), "directory.html", f"{name}/", {"files": files, "headings": []}
                )
            else:
                self._write_source(name)

    def _write_source(self, name: str) -> None:
        values = {"code": Markup(source_of(name)), "headings": []}  # noqa: S704 (escaped by the highlighter)
        self._write_page(source_page(name), "source.html", name, values)

    def _write_raw_files(self) -> None:
        for source, place in RAW.items():
            self._copy(ROOT / source, place)
        self._put("files/openapi.json", json.dumps(self._document, indent=2, ensure_ascii=False) + "\n")
        for path in sorted((ROOT / "fixtures").rglob("*.json")):
            self._copy(path, f"{_FIXTURES}/{path.relative_to(ROOT / 'fixtures').as_posix()}")

    def _write_page(self, path: str, template: str, title: str, values: dict[str, Any]) -> None:
        def to(place: str) -> str:
            return relative(place, path)

        html = self._environment.get_template(template).render(
            {"title": title, "path": path, "to": to, "sections": list(sections()), **values}
        )
        self._put(path, html)

    def _put(self, place: str, text: str) -> None:
        path = self._out / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

    def _copy(self, source: Path, place: str) -> None:
        path = self._out / place
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, path)


def pages_of(out: Path) -> Iterator[Path]:
    """Yield the pages of a site that was written."""
    yield from sorted(out.rglob("*.html"))
