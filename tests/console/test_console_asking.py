"""How the console asks the mock: with a key that stays in the tab, and only while someone looks."""

from console_sandbox import OpenConsole, Sandbox
from devtools import Browser

from mock_server import create_app
from mock_server.server import Server


def test_key_is_kept_in_the_tab_and_never_in_the_address(console: OpenConsole, sandbox: Sandbox) -> None:
    other = Sandbox(sandbox.url, "zn_test_of_another_client")
    other.call("POST", "/_mock/reset")
    other.account("other@example.com")
    sandbox.account("mine@example.com")
    page = console()
    page.run("document.querySelector('#key').select()")
    page.type(other.key)
    page.press("Enter")
    page.until("document.querySelector('.who b')?.innerText === 'other@example.com'")
    assert page.run("sessionStorage.getItem('zinc-mock.key')") == other.key
    assert page.run("localStorage.length") == 0
    assert page.run("document.cookie") == ""
    assert not any(other.key in url for url in page.requested())
    assert "mine@example.com" not in page.text("body")


def test_live_key_stands_in_no_curl_line(browser: Browser, mock: str) -> None:
    with browser.page() as page:
        page.before_scripts("sessionStorage.setItem('zinc-mock.key', 'zn_live_canary')")
        page.open(mock)
        page.until("document.querySelector('.first').checkVisibility()")
        assert "$ZINC_API_KEY" in page.text("#first-account")
        assert "zn_live_canary" not in page.text("#first-account")


def test_refused_key_is_told(browser: Browser) -> None:
    with Server(create_app(api_keys=("zn_test_let_in",))) as server, browser.page() as page:
        page.open(server.url)
        page.until("document.querySelector('#live').dataset.mood === 'bad'")
        assert "Give a key that this mock lets in" in page.text("#lanes")
        page.run("document.querySelector('#key').select()")
        page.type("zn_test_let_in")
        page.press("Enter")
        page.until("document.querySelector('#live').dataset.mood === 'live'")
        assert "Nothing here yet" in page.text("#lanes")


def test_page_asks_only_while_it_is_live(console: OpenConsole, sandbox: Sandbox) -> None:
    page = console()
    page.click("#live")
    page.until("document.querySelector('#live').innerText === 'Paused'")
    page.wait(0.3)
    asked = len(page.requested())
    sandbox.account()
    page.wait(1.5)
    assert len(page.requested()) == asked
    page.click("#live")
    page.until("document.querySelector('.lane')")


def test_page_asks_only_while_it_is_seen(console: OpenConsole, sandbox: Sandbox) -> None:
    page = console()
    page.run(
        "Object.defineProperty(document, 'hidden', {configurable: true, value: true});"
        "document.dispatchEvent(new Event('visibilitychange'))"
    )
    page.wait(0.3)
    asked = len(page.requested())
    sandbox.account()
    page.wait(1.5)
    assert len(page.requested()) == asked
    page.run("delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))")
    page.until("document.querySelector('.lane')")


def test_lost_mock_is_told_and_found_again(console: OpenConsole) -> None:
    page = console()
    page.run("globalThis.real = fetch; globalThis.fetch = () => Promise.reject(new TypeError('lost'))")
    page.until("document.querySelector('#live').innerText === 'No answer'")
    page.run("globalThis.fetch = real")
    page.until("document.querySelector('#live').innerText === 'Live'")


def test_without_scripts_the_page_says_what_it_is(browser: Browser, mock: str) -> None:
    with browser.page(scripts=False) as page:
        page.open(mock)
        nodes = page.call("Accessibility.getFullAXTree")["nodes"]
        seen = {str(node.get("name", {}).get("value", "")) for node in nodes}
    assert "This is a mock of Zinc Managed Accounts API" in seen
    assert "the reference of the API" in seen
    assert "Submit order" not in seen
