"""Markdown as HTML, with the headings that a page's contents list needs."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from html import escape
from itertools import pairwise
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name

from contract_tests.catalogue import Level

_FORMATTER = HtmlFormatter(nowrap=True)
_NAMES = {
    "console": "console",
    "python": "python",
    "json": "json",
    "yaml": "yaml",
    "toml": "toml",
    "typescript": "ts",
}
_LEVELS = {str(level) for level in Level}
_LANGUAGES_SAID = {"console": "terminal"}


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a page: how deep it is, its anchor and its words."""

    depth: int
    anchor: str
    text: str


@dataclass(slots=True)
class Page:
    """A page as HTML: its title apart from its body, and the headings in the body."""

    title: str = ""
    body: str = ""
    headings: list[Heading] = field(default_factory=list)


def rendered(
    text: str, turn: Callable[[str], str] = str, place_of: Callable[[str], str | None] = lambda _: None
) -> Page:
    """Return a page of Markdown as HTML.

    Args:
        text: the Markdown; what stands in HTML comments is left out.
        turn: given a link, returns the link for the site.
        place_of: given what stands in code, returns where that is explained, if it is.
    """
    parser = MarkdownIt("commonmark", renderer_cls=_Renderer).enable("table")
    tokens = [token for token in parser.parse(text) if not _is_comment(token)]
    page = Page()
    for token in tokens:
        _take_literally(token)
        _turn_links(token, turn)
        _link_code(token, place_of)
    if tokens and tokens[0].type == "heading_open" and tokens[0].tag == "h1":
        page.title = text_of(tokens[1])
        tokens = tokens[3:]
    _give_anchors(tokens, page.headings)
    _label_cells(tokens)
    page.body = str(parser.renderer.render(tokens, parser.options, {}))
    return page


def inline(text: str) -> str:
    """Return a line of Markdown as HTML."""
    return str(MarkdownIt("commonmark").renderInline(text))


def highlighted(text: str, language: str) -> str:
    """Return a code block's text as HTML with classes for colours."""
    name = _NAMES.get(language)
    if name is None:
        return escape(text)
    return str(highlight(text, get_lexer_by_name(name, stripnl=False), _FORMATTER))


def text_of(token: Token) -> str:
    """Return the words of a heading."""
    return "".join(child.content for child in token.children or () if child.type in ("text", "code_inline"))


def slug(text: str) -> str:
    """Return the anchor of a heading, as the forges make it."""
    return re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-")


def _is_comment(token: Token) -> bool:
    return token.type == "html_block" and token.content.lstrip().startswith("<!--")


def _take_literally(token: Token) -> None:
    """Make text of what looks like a tag: pages are Markdown alone."""
    for child in token.children or ():
        if child.type == "html_inline":
            child.type = "text"


def _turn_links(token: Token, turn: Callable[[str], str]) -> None:
    for child in token.children or ():
        for name in ("href", "src"):
            link = child.attrGet(name)
            if link is not None:
                child.attrSet(name, turn(str(link)))


def _link_code(token: Token, place_of: Callable[[str], str | None]) -> None:
    """Make links of the names in code that are explained elsewhere, unless they stand in a link already."""
    children = token.children or []
    if any(child.type == "link_open" for child in children):
        return
    for index in reversed(range(len(children))):
        place = place_of(children[index].content) if children[index].type == "code_inline" else None
        if place is not None:
            opened = Token("link_open", "a", 1, attrs={"href": place})
            children[index : index + 1] = [opened, children[index], Token("link_close", "a", -1)]


def _give_anchors(tokens: list[Token], headings: list[Heading]) -> None:
    used: dict[str, int] = {}
    for token, words in pairwise(tokens):
        if token.type != "heading_open":
            continue
        text = text_of(words)
        anchor = slug(text)
        used[anchor] = used.get(anchor, -1) + 1
        anchor += f"-{used[anchor]}" if used[anchor] else ""
        token.attrSet("id", anchor)
        headings.append(Heading(int(token.tag[1]), anchor, text))


def _label_cells(tokens: list[Token]) -> None:
    """Give each cell of a table its column's head, for when a narrow screen stacks the cells of a row."""
    heads: list[str] = []
    column = 0
    for token, words in pairwise(tokens):
        if token.type == "thead_open":
            heads = []
        elif token.type == "th_open":
            heads.append(text_of(words))
        elif token.type == "tr_open":
            column = 0
        elif token.type == "td_open":
            token.attrSet("data-head", heads[column])
            if words.content in _LEVELS:
                token.attrSet("class", f"level {words.content}")
            column += 1


class _Renderer(RendererHTML):
    """Colours in examples, tables that scroll by themselves, and levels that stand out."""

    def fence(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:  # noqa: ARG002
        """Write a code block with a line above it that says what it is."""
        language, _, word = tokens[idx].info.partition(" ")
        name = word.removeprefix("file=") if word.startswith("file=") else ""
        return _figure(tokens[idx].content, language, name or _LANGUAGES_SAID.get(language, language))

    def code_block(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:  # noqa: ARG002
        """Write an indented block in the same way."""
        return _figure(tokens[idx].content, "", "")

    def table_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:  # noqa: ARG002
        """Put a table into a box that scrolls."""
        return '<div class="table" tabindex="0" role="region" aria-label="Table"><table>\n'

    def table_close(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:  # noqa: ARG002
        """End the box."""
        return "</table></div>\n"


def _figure(text: str, language: str, title: str) -> str:
    head = f"<figcaption>{escape(title)}</figcaption>" if title else ""
    return (
        f'<figure class="code" data-language="{escape(language)}">{head}'
        f'<pre tabindex="0"><code>{highlighted(text, language)}</code></pre></figure>\n'
    )
