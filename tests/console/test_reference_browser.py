"""The reference pages in a real browser."""

from collections.abc import Iterator

import pytest
from devtools import Browser, Page

from mock_server import create_app

OPERATIONS = [
    (operation.id, operation.summary) for operation in create_app().specification.operations.values()
]


@pytest.fixture
def page(browser: Browser, mock: str) -> Iterator[Page]:
    with browser.page() as page:
        yield page
        assert page.complaints() == []
        outside = [
            url for url in page.requested() if not url.startswith((f"{mock}/", "data:", f"blob:{mock}/"))
        ]
        assert outside == []


def test_reference_shows_the_specification_and_how_sure_it_is(page: Page, mock: str) -> None:
    page.open(f"{mock}/docs")
    page.until("document.querySelector('h1')")
    assert "Zinc Managed Accounts API" in page.text("h1")
    assert "How sure each statement is" in page.text("#main")


@pytest.mark.parametrize(("name", "summary"), OPERATIONS)
def test_console_links_to_each_operation(page: Page, mock: str, name: str, summary: str) -> None:
    page.open(mock)
    link = page.run(f"[...document.querySelectorAll('option')].find(o => o.value === '{name}').dataset.link")
    page.open(mock + link)
    page.until(
        f"[...document.querySelectorAll('h2')].some(heading => heading.innerText.startsWith('{summary}'))"
    )


def test_fields_tell_level_and_source(page: Page, mock: str) -> None:
    page.open(f"{mock}/docs#/managed-accounts/createmanagedaccount")
    page.until("document.querySelector('.schema-property-item')")
    shown = page.text(".schema-property-item")
    assert "email" in shown
    assert "documented: Managed accounts, Create Credentials, Request Fields." in page.text("#main")
    assert page.run("[...document.querySelectorAll('.tag-green')].some(badge => badge.checkVisibility())")
    assert "The vendor's pages disagree" in page.text("#main")


def test_names_in_tables_stay_in_one_piece(page: Page, mock: str) -> None:
    page.open(f"{mock}/docs")
    page.until("document.querySelector('td code')")
    codes = "[...document.querySelectorAll('td:first-child code')]"
    assert (
        page.run(f"{codes}.filter(code => code.getClientRects().length > 1).map(code => code.innerText)")
        == []
    )


def test_fault_is_described_field_by_field(page: Page, mock: str) -> None:
    page.open(f"{mock}/docs/control#/trouble/addfault")
    page.until("document.querySelector('.schema-property-item')")
    shown = page.text("#main")
    assert "A dropped connection" in shown
    assert "when the change is made and its answer lost" in shown


def test_curl_line_calls_this_mock(page: Page, mock: str) -> None:
    page.open(f"{mock}/docs#/managed-accounts/createmanagedaccount")
    page.until(f"document.querySelector('#main').innerText.includes({f'{mock}/users/managed-accounts'!r})")


def test_control_plane_has_its_page(page: Page, mock: str) -> None:
    page.open(f"{mock}/docs/control#/clock/advanceclock")
    page.until("document.querySelector('#main').innerText.includes('/_mock/clock/advance')")
    assert "Move a manual clock forward" in page.text("#main")


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [1280, 768, 360])
def test_reference_follows_the_reader(browser: Browser, mock: str, width: int, dark: bool) -> None:
    with browser.page(width, 800, dark=dark) as page:
        page.open(f"{mock}/docs")
        page.until("document.querySelector('h1')")
        light = page.run(
            "(c => c.reduce((sum, v) => sum + Number(v), 0) / 765)"
            "(getComputedStyle(document.querySelector('.bar')).backgroundColor.match(/[0-9.]+/g).slice(0, 3))"
        )
        assert (light < 0.2) is dark
        assert page.run("document.documentElement.classList.contains('dark')") is dark
        assert page.run("document.documentElement.scrollWidth") <= width
