"""A served mock, a sandbox on it with a clock that stands, and a browser where one is installed."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from console_sandbox import START, OpenConsole, Sandbox
from devtools import Browser, Page, installed

from mock_server import create_app
from mock_server.server import Server


@pytest.fixture(scope="session")
def mock() -> Iterator[str]:
    with Server(create_app(seed=7)) as server:
        yield server.url


@pytest.fixture
def sandbox(mock: str, request: pytest.FixtureRequest) -> Sandbox:
    """A sandbox of the test's own, whose clock stands."""
    name = "".join(letter if letter.isalnum() else "_" for letter in request.node.name)
    sandbox = Sandbox(mock, f"zn_test_{name}"[:80])
    sandbox.call("POST", "/_mock/reset")
    sandbox.call("PUT", "/_mock/clock", {"mode": "manual", "now": START})
    return sandbox


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    program = installed()
    if program is None:
        pytest.skip("no Chromium on this machine")
    profile: Path = tmp_path_factory.mktemp("chromium")
    with Browser(program, profile) as browser:
        yield browser


@pytest.fixture
def console(browser: Browser, sandbox: Sandbox) -> Iterator[OpenConsole]:
    """Open the console on the test's sandbox; at the end nothing may have been blocked, raised or asked elsewhere."""
    opened: list[Page] = []

    def open_console(width: int = 1280, height: int = 800, *, dark: bool = False) -> Page:
        page = browser.page(width, height, dark=dark)
        opened.append(page)
        page.before_scripts(f"sessionStorage.setItem('zinc-mock.key', {json.dumps(sandbox.key)})")
        page.open(sandbox.url)
        page.until("document.querySelector('#live').dataset.mood === 'live'")
        return page

    yield open_console
    for page in opened:
        assert page.complaints() == []
        assert [url for url in page.requested() if not url.startswith(f"{sandbox.url}/")] == []
        page.close()
