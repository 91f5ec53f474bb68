"""Every link between pages, and from a page to a file or a heading, leads somewhere."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
from doc_pages import PAGES, ROOT, name_of, tokens_of

from publishing.generated import DOCS


def links_of(page: Path) -> list[str]:
    """The targets of the links and pictures of a page that lead to this repository."""
    inline = [child for token in tokens_of(page) for child in token.children or ()]
    targets = [
        child.attrGet("href") or child.attrGet("src")
        for child in inline
        if child.type in ("link_open", "image")
    ]
    return [str(target) for target in targets if not re.match(r"https?:|mailto:", str(target))]


def anchors_of(page: Path) -> set[str]:
    """The names of a page's headings, as the forge that shows them makes them."""
    tokens = tokens_of(page)
    titles = [
        "".join(child.content for child in following.children or () if child.type in ("text", "code_inline"))
        for token, following in pairwise(tokens)
        if token.type == "heading_open"
    ]
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_leads_somewhere(page):
    for link in links_of(page):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), f"{name_of(page)}: {link}"
        assert target.is_relative_to(ROOT), f"{name_of(page)}: {link}"
        if anchor and target.suffix == ".md":
            assert anchor in anchors_of(target), f"{name_of(page)}: {link}"


def test_every_page_of_docs_can_be_reached_from_the_index():
    reached, ahead = set(), [DOCS / "index.md"]
    while ahead:
        page = ahead.pop()
        reached.add(page)
        paths = {(page.parent / link.partition("#")[0]).resolve() for link in links_of(page)}
        ahead += [path for path in paths if path.suffix == ".md" and path not in reached and path.exists()]
    assert {name_of(path) for path in DOCS.rglob("*.md")} - {name_of(path) for path in reached} == set()


def test_the_readme_is_short():
    assert len((ROOT / "README.md").read_text("utf-8").splitlines()) < 285
