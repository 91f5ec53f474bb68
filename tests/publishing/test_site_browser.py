"""The site in a real browser, from the file system: at each width, in light and dark, by keyboard."""

import pytest

from publishing.site.map_of_pages import entries

PAGES = ["index.html", *(entry.path for entry in entries())]


@pytest.fixture
def opened(browser, site):
    """Open pages of the site; at the end nothing may have been blocked, raised or asked elsewhere."""
    tabs = []

    def open_page(path: str, width: int = 1280, *, dark: bool = False, scripts: bool = True):
        tab = browser.page(width, 900, dark=dark, scripts=scripts)
        tabs.append(tab)
        tab.open((site / path).as_uri())
        return tab

    yield open_page
    for tab in tabs:
        assert tab.complaints() == []
        assert [url for url in tab.requested() if not url.startswith(("file:", "data:"))] == []
        tab.close()


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_no_page_is_wider_than_the_screen(opened, site, width):
    tab = opened(PAGES[0], width)
    wide = []
    for path in PAGES:
        tab.open((site / path).as_uri())
        if tab.run("document.documentElement.scrollWidth") > width:
            wide.append(path)
    assert wide == []


def test_search_finds_a_requirement_and_leads_to_it_by_keyboard(opened):
    tab = opened("tutorial.html")
    tab.run("document.querySelector('#search').focus()")
    tab.type("ma-delete-204")
    tab.until("document.querySelectorAll('#found [role=option]').length === 1")
    assert tab.run("document.querySelector('#search').getAttribute('aria-expanded')") == "true"
    tab.press("Enter")
    tab.until(
        "location.pathname.endsWith('/reference/requirements.html') && location.hash === '#MA-DELETE-204'"
    )


def test_search_goes_away_with_escape(opened):
    tab = opened("tutorial.html")
    tab.run("document.querySelector('#search').focus()")
    tab.type("lock")
    tab.until("!document.querySelector('#found').hidden")
    tab.press("Escape")
    tab.until("document.querySelector('#found').hidden")


def test_requirements_are_filtered_by_level_and_words(opened):
    tab = opened("reference/requirements.html")
    shown = "[...document.querySelectorAll('.requirements > li')].filter(entry => !entry.hidden)"
    every = tab.run(f"{shown}.length")
    tab.click("input[value=inferred]")
    tab.until(f"{shown}.length < {every}")
    assert set(tab.run(f"{shown}.map(entry => entry.dataset.level)")) == {"documented", "related"}
    tab.run("document.querySelector('[name=text]').focus()")
    tab.type("MA-LOCK-")
    tab.until(f"{shown}.every(entry => entry.id.startsWith('MA-LOCK-'))")
    assert tab.run(f"{shown}.length") > 0


def test_a_long_table_is_filtered(opened):
    tab = opened("reference/deviations.html")
    tab.run("document.querySelector('.table-filter').focus()")
    tab.type("delete-answers-200")
    rows = "[...document.querySelectorAll('tbody tr')].filter(row => !row.hidden)"
    tab.until(f"{rows}.length === 1")


def test_copying_a_terminal_takes_what_was_typed_and_no_output(opened):
    tab = opened("project/readme.html")
    typed = tab.run(
        "typed([...document.querySelectorAll('[data-language=console] code')]"
        ".map(code => code.textContent).find(text => text.includes('order() {')))"
    )
    assert typed.startswith('call() { curl -s "http://127.0.0.1:8080$1"')
    assert '"${@:2}"; }\norder() { call /orders' in typed
    assert "zn_acct_peaqkl4z" not in typed


def test_everything_can_be_read_without_scripts(opened):
    tab = opened("reference/requirements.html", scripts=False)
    html = tab.call("DOM.getDocument")["root"]["nodeId"]
    found = tab.call("DOM.querySelectorAll", nodeId=html, selector=".requirements > li:not([hidden])")[
        "nodeIds"
    ]
    assert len(found) > 200


def test_dark_is_dark_and_light_is_light(opened):
    ground = "getComputedStyle(document.body).backgroundColor"
    assert opened("tutorial.html").run(ground) == "rgb(255, 255, 255)"
    assert opened("tutorial.html", dark=True).run(ground) == "rgb(15, 20, 19)"
