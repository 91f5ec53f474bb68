"""The console's journal: live, explained, and careful with what clients send."""

import json

from console_sandbox import OpenConsole, Sandbox
from devtools import Page

MARKUP = '"><img src=x onerror=globalThis.pwned=1>'


def explain_each(page: Page) -> list[str]:
    """Open the explanation of each row and return what the whole page then holds."""
    held = []
    for row in range(page.count("#journal-rows tr")):
        page.run(f"document.querySelectorAll('#journal-rows button')[{row}].click()")
        page.until("document.querySelector('#drawer .summary')")
        held.append(page.run("document.documentElement.outerHTML"))
        page.run(
            "document.querySelector('#drawer').close(), document.querySelector('#drawer-body').replaceChildren()"
        )
    return held


def test_journal_is_live_and_explains(console: OpenConsole, sandbox: Sandbox) -> None:
    page = console()
    assert "No request with this key yet" in page.text("#journal")
    body = {"email": "no address", "retailer": 3, "colour": "blue"}
    sandbox.call("POST", "/users/managed-accounts", body)
    page.until("document.querySelector('#journal-rows tr')")
    assert page.texts(".mark") == ["invalid: email, retailer", "ignored: colour"]
    page.click("#journal-rows td:nth-child(4)")
    page.until("document.querySelector('#drawer .summary')")
    reasons = " ".join(page.text("#drawer-body").split())
    assert "email must be a valid email format" in reasons
    assert "#/components/schemas/ManagedAccountCreate/properties/email/format" in reasons
    assert "Nearest valid request curl -X POST" in reasons
    assert f'-H "Authorization: Bearer {sandbox.key}" -H \'Content-Type' in reasons, (
        "it can be pasted as it is"
    )
    link = page.run("document.querySelector('#drawer a').getAttribute('href')")
    assert link == "/docs#/managed-accounts/createmanagedaccount"


def test_journal_tells_which_fault_fired(console: OpenConsole, sandbox: Sandbox) -> None:
    fault = sandbox.call("POST", "/_mock/faults", {"operation": "listOrders", "status": 503})
    sandbox.call("GET", "/orders")
    page = console()
    assert fault["id"] in page.texts(".mark")
    assert page.texts("#journal .pill") == ["503"]


def test_journal_is_filtered_and_cleared(console: OpenConsole, sandbox: Sandbox) -> None:
    sandbox.fill()
    page = console()
    assert page.count("#journal-rows tr") > 10
    page.click("#journal-filter")
    page.type("4xx createManaged")
    page.until("document.querySelectorAll('#journal-rows tr').length === 1")
    page.click("#journal-clear")
    page.until("!document.querySelector('#journal-rows tr')")
    assert sandbox.call("GET", "/_mock/requests")["requests"] == []


def test_row_keeps_the_focus_while_others_come_in(console: OpenConsole, sandbox: Sandbox) -> None:
    sandbox.account()
    page = console()
    page.run("document.querySelector('#journal-rows button').focus()")
    sandbox.order()
    page.until("document.querySelectorAll('#journal-rows tr').length === 2")
    assert "managed-accounts" in page.run("document.activeElement.innerText")


def test_row_of_before_a_reset_is_not_taken_for_one_after_it(console: OpenConsole, sandbox: Sandbox) -> None:
    sandbox.account()
    (entry,) = sandbox.call("GET", "/_mock/requests")["requests"]
    later = entry | {"operation": "listOrders", "duration_ms": entry["duration_ms"] + 1}  # ids begin anew
    page = console()
    page.click("#live")
    for shown in (entry, later):
        page.run(
            f"import('/_console/journal.js').then(journal => journal.showJournal([{json.dumps(shown)}]))"
        )
    assert page.texts("#journal-rows .operation") == ["listOrders"]


def test_what_a_client_sends_is_shown_as_text(console: OpenConsole, sandbox: Sandbox) -> None:
    account = sandbox.account(f"{MARKUP}@example.com", f"<b>{MARKUP}</b>")
    sandbox.order(metadata={MARKUP: MARKUP}, po_number=MARKUP, retailer_credentials_id=account)
    sandbox.call("POST", "/users/managed-accounts", {"email": MARKUP, MARKUP: 1})
    sandbox.call("GET", f"/orders?order_id={MARKUP}")
    sandbox.call("GET", f"/orders/{MARKUP}")
    page = console()
    assert page.text(".who b") == f"{MARKUP}@example.com"
    assert page.text(".retailer") == f"<b>{MARKUP}</b>"
    assert f"ignored: {MARKUP}" in page.texts(".mark")
    assert len(explain_each(page)) == 5
    page.click(".order")
    assert (
        page.run("JSON.parse([...document.querySelectorAll('#drawer .json')].at(-1).textContent).po_number")
        == MARKUP
    )
    assert page.count("img[src=x]") == 0
    assert page.run("globalThis.pwned") is None


def test_password_is_nowhere_on_the_page(console: OpenConsole, sandbox: Sandbox) -> None:
    account, *_ = sandbox.fill()
    sandbox.call("PUT", f"/users/managed-accounts/{account}", {"password": "canary-9d1e"})
    sandbox.call("POST", "/users/managed-accounts", {"email": 1, "password": "canary-2c44"})
    held = explain_each(console())
    assert len(held) > 10
    assert not any(
        canary in html for html in held for canary in ("canary-7f3a", "canary-9d1e", "canary-2c44")
    )
