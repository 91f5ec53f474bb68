"""The site, built once, and a browser where one is installed."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from publishing.site.building import Site

# The browser of the console's tests serves here, too.
sys.path.append(str(Path(__file__).parents[1] / "console"))
from chromium import installed
from devtools import Browser


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The directory of a site that was built."""
    out = tmp_path_factory.mktemp("published") / "site"
    Site(out).write()
    return out


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    program = installed()
    if program is None:
        pytest.skip("no Chromium on this machine")
    with Browser(program, tmp_path_factory.mktemp("chromium")) as browser:
        yield browser
