"""The site's pages are whole: every link leads somewhere, nothing comes from elsewhere, and all can read them."""

import json
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

import pytest
import yaml

from contract_tests.catalogue import load_questions, load_requirements
from publishing.site.links import LinkError, Links
from publishing.site.map_of_pages import ROOT, entries
from publishing.site.markdown import rendered

VOID = {"meta", "link", "input", "img", "br", "hr"}


@dataclass
class Reader(HTMLParser):
    """What of a page the tests look at."""

    links: list[str] = field(default_factory=list)
    loaded: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    headings: list[int] = field(default_factory=list)
    pictures: list[dict[str, str | None]] = field(default_factory=list)
    open_tags: list[str] = field(default_factory=list)
    language: str | None = None
    title: str = ""

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, given: list[tuple[str, str | None]]) -> None:
        attributes = dict(given)
        if tag not in VOID and tag not in ("path", "rect"):
            self.open_tags.append(tag)
        if "id" in attributes:
            self.ids.append(str(attributes["id"]))
        if tag == "a" and "href" in attributes:
            self.links.append(str(attributes["href"]))
        if tag in ("link", "script", "img") and (place := attributes.get("src") or attributes.get("href")):
            self.loaded.append(place)
        if tag == "img":
            self.pictures.append(attributes)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag == "html":
            self.language = attributes.get("lang")

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID and tag not in ("path", "rect"):
            assert self.open_tags.pop() == tag, f"</{tag}> closes something else"

    def handle_data(self, data: str) -> None:
        if self.open_tags[-1:] == ["title"] and "svg" not in self.open_tags:
            self.title += data


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[Path, Reader]:
    read = {}
    for path in sorted(site.rglob("*.html")):
        read[path] = Reader()
        read[path].feed(path.read_text("utf-8"))
    return read


def test_every_link_of_every_page_leads_somewhere(pages):
    lost = []
    for path, page in pages.items():
        for link in [*page.links, *page.loaded]:
            if re.match(r"https?:|data:", link):
                continue
            name, _, anchor = unquote(link).partition("#")
            target = (path.parent / name).resolve() if name else path
            known = pages[target].ids if target in pages else []
            if not target.exists() or (anchor and anchor not in known):
                lost.append(f"{path}: {link}")
    assert lost == []


def test_nothing_comes_from_elsewhere(site, pages):
    elsewhere = [place for page in pages.values() for place in page.loaded if re.match(r"https?:|//", place)]
    assert elsewhere == []
    for style in (site / "static").glob("*.css"):
        assert not re.search(r"@import|url\(", style.read_text("utf-8"))


def test_every_page_has_a_language_a_title_and_one_first_heading(pages):
    for path, page in pages.items():
        assert page.language == "en", path
        assert page.title.strip(), path
        assert page.headings.count(1) == 1, path
        assert page.open_tags == [], path


def test_no_heading_leaves_out_a_level(pages):
    for path, page in pages.items():
        inside = page.headings[page.headings.index(1) :]
        assert all(below <= above + 1 for above, below in pairwise(inside)), path


def test_no_name_stands_twice_on_a_page(pages):
    for path, page in pages.items():
        assert len(page.ids) == len(set(page.ids)), path


def test_every_picture_says_what_it_shows(pages):
    pictures = [picture for page in pages.values() for picture in page.pictures]
    assert pictures
    assert all(picture.get("alt") for picture in pictures)


def test_every_page_of_the_map_is_there(site):
    assert [entry.path for entry in entries() if not (site / entry.path).exists()] == []


def test_every_page_of_docs_is_on_the_map():
    on_it = {entry.source for entry in entries()}
    there = {path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").rglob("*.md")}
    assert there - on_it == set()


def test_every_operation_requirement_and_question_is_explained(site, pages):
    document = yaml.safe_load((ROOT / "openapi.yaml").read_text("utf-8"))
    operations = {
        operation["operationId"].lower()
        for item in document["paths"].values()
        for name, operation in item.items()
        if name in ("get", "put", "post", "delete")
    }
    assert operations <= set(pages[site / "reference/api.html"].ids)
    assert {f"schema-{name}" for name in document["components"]["schemas"]} <= set(
        pages[site / "reference/api.html"].ids
    )
    assert {one.id for one in load_requirements()} <= set(pages[site / "reference/requirements.html"].ids)
    assert {one.id for one in load_questions()} <= set(pages[site / "reference/open-questions.html"].ids)


def test_every_statement_of_the_specification_shows_how_sure_it_is(site):
    page = (site / "reference" / "api.html").read_text("utf-8")
    document = yaml.safe_load((ROOT / "openapi.yaml").read_text("utf-8"))
    account = document["components"]["schemas"]["ManagedAccount"]
    part = page.partition('id="schema-ManagedAccount"')[2].partition("<h3")[0]
    assert part.count('<p class="provenance">') == len(account["properties"]) + 1
    assert account["properties"]["short_id"]["x-provenance"]["note"] in part


def test_the_raw_files_are_those_of_the_project(site):
    assert (site / "files/openapi.yaml").read_bytes() == (ROOT / "openapi.yaml").read_bytes()
    document = yaml.safe_load((ROOT / "openapi.yaml").read_text("utf-8"))
    assert json.loads((site / "files/openapi.json").read_text("utf-8")) == document
    fixtures = {path.relative_to(ROOT / "fixtures") for path in (ROOT / "fixtures").rglob("*.json")}
    assert {
        path.relative_to(site / "files/fixtures") for path in (site / "files/fixtures").rglob("*.json")
    } == fixtures


def test_a_link_that_leads_nowhere_is_refused():
    with pytest.raises(LinkError, match="nowhere"):
        Links().turned("nowhere.md", "docs/index.md", "project/docs.html")


@pytest.mark.parametrize(
    ("link", "turned"),
    [
        ("https://example.com/a", "https://example.com/a"),
        ("#part", "#part"),
        ("tutorial.md#install", "../tutorial.html#install"),
        ("../openapi.yaml", "../reference/api.html"),
        ("../mock_server/domain/orders.py", "../source/mock_server/domain/orders.py.html"),
        ("../contract_tests/checks", "../source/contract_tests/checks/index.html"),
    ],
)
def test_a_link_is_turned_to_where_its_file_is_on_the_site(link, turned):
    assert Links().turned(link, "docs/index.md", "project/docs.html") == turned


def test_what_stands_in_a_page_is_escaped():
    page = rendered(
        "# A\n\n```console\n$ echo '<script>alert(1)</script>'\n```\n\n`<b>`\n\n<!-- left out -->\n"
    )
    assert page.title == "A"
    assert "<script>" not in page.body
    assert "<b>" not in page.body
    assert "left out" not in page.body


# Colours


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def themes() -> dict[str, dict[str, str]]:
    style = (ROOT / "publishing/site/static/site.css").read_text("utf-8")
    blocks = re.findall(r":root \{(.*?)\}", style, flags=re.DOTALL)
    light, dark = (dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", block)) for block in blocks)
    return {"light": light, "dark": {**light, **dark}}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_text_can_be_told_from_its_ground(theme):
    colours = themes()[theme]
    pairs = [(text, ground) for text in ("text", "soft", "accent", "bad") for ground in ("ground", "raised")]
    pairs += [(text, "code-ground") for text in colours if text.startswith("token-")]
    pairs += [(level, f"{level}-ground") for level in ("documented", "related", "inferred", "bad")]
    pairs += [
        ("accent", "accent-ground"),
        ("text", "accent-ground"),
        ("text", "inferred-ground"),
        ("soft", "code-ground"),
    ]
    weak = {pair: round(contrast(colours[pair[0]], colours[pair[1]]), 2) for pair in pairs}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 4.5} == {}
