"""Where a link of a page of the repository leads on the site."""

import os
import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from publishing.site.map_of_pages import ROOT, entries

_ELSEWHERE = re.compile(r"[a-z]+:|//")
_PICTURES = {".svg", ".png"}

# Files that are published as they are: the file of the repository, and its name on the site.
RAW = {"openapi.yaml": "files/openapi.yaml", "mock_server/control/openapi.yaml": "files/control-plane.yaml"}


class LinkError(Exception):
    """A link of a page leads to nothing that there is."""


@dataclass
class Links:
    """Turns links, and remembers which source files and pictures they want on the site.

    `sources` are files and directories of the repository that get a page of their own; `pictures` maps files to where
    they are copied.
    """

    pages: Mapping[str, str] = field(
        default_factory=lambda: {entry.source: entry.path for entry in entries()}
    )
    sources: set[str] = field(default_factory=set)
    pictures: dict[str, str] = field(default_factory=dict)

    def turned(self, link: str, source: str, path: str) -> str:
        """Return a link as a page of the site has it.

        Args:
            link: as it stands in the file.
            source: the file, from the top of the repository.
            path: the page's place on the site.

        Raises:
            LinkError: it leads nowhere.
        """
        if _ELSEWHERE.match(link) or link.startswith("#"):
            return link
        name, _, anchor = link.partition("#")
        target = posixpath.normpath(posixpath.join(posixpath.dirname(source), name))
        if not (ROOT / target).exists():
            raise LinkError(f"{source}: {link} leads nowhere")
        place = relative(self._place_of(target, path), path)
        return f"{place}#{anchor}" if anchor else place

    def _place_of(self, target: str, path: str) -> str:
        if target in self.pages:
            return self.pages[target]
        if Path(target).suffix in _PICTURES:
            self.pictures[target] = posixpath.join(posixpath.dirname(path), posixpath.basename(target))
            return self.pictures[target]
        self.sources.add(target)
        return source_page(target)


def source_page(target: str) -> str:
    """Return where the page of a source file or directory stands."""
    return f"source/{target}/index.html" if (ROOT / target).is_dir() else f"source/{target}.html"


def relative(place: str, path: str) -> str:
    """Return the way from one page of the site to another place of it."""
    return os.path.relpath(place, posixpath.dirname(path) or ".").replace(os.sep, "/")
