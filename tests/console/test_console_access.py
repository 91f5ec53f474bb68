"""The console for everyone: by keyboard, by screen reader, in each size, light and dark, without jumps."""

import pytest
from console_sandbox import OpenConsole, Sandbox

LOOKS = [(width, dark) for width in (1280, 768, 360) for dark in (False, True)]

# Text whose contrast with what is behind it is under 4.5 : 1 (WCAG 2.2, 1.4.3, which exempts disabled controls).
FAINT_TEXTS = """(() => {
  const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const rgba = (color) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const linear = (v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  const behind = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const color = rgba(getComputedStyle(e).backgroundColor);
      if (color[3] === 255) return color;
    }
    return [255, 255, 255];
  };
  const found = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.trim();
    const element = walker.currentNode.parentElement;
    if (!text || !element.checkVisibility() || element.closest(':disabled, .quiet, .skip, option')) continue;
    const lights = [light(rgba(getComputedStyle(element).color)), light(behind(element))];
    const ratio = (Math.max(...lights) + 0.05) / (Math.min(...lights) + 0.05);
    if (ratio < 4.5) found.add(`${ratio.toFixed(2)} ${element.tagName}.${element.className}: ${text.slice(0, 40)}`);
  }
  return [...found];
})()"""

# Where everything stands that a reader may be about to press.
PLACES = """JSON.stringify([...document.querySelectorAll('.bar *, .strip *, .views *, section > header, #fault-form *')]
  .filter((e) => e.checkVisibility()).map((e) => [e.tagName, e.getBoundingClientRect()]))"""

# Curl lines of which a part is hidden by the button that copies them.
UNDER_COPY = """[...document.querySelectorAll('figure')].filter((figure) => {
  if (!figure.checkVisibility()) return false;
  const button = figure.querySelector('.copy').getBoundingClientRect();
  const lines = document.createRange();
  lines.selectNodeContents(figure.querySelector('pre'));
  return [...lines.getClientRects()].some((line) => line.right > button.left && line.top < button.bottom);
}).map((figure) => figure.innerText)"""


def test_everything_is_reached_with_the_keyboard(console: OpenConsole, sandbox: Sandbox) -> None:
    sandbox.fill()
    page = console()
    reached: list[tuple[str, str]] = []
    for _ in range(80):
        page.press("Tab")
        focused = page.run(
            "(e => e === document.body ? null : [e.id || e.className || e.name || e.tagName,"
            "getComputedStyle(e.type === 'radio' ? e.nextElementSibling : e).outlineStyle])(document.activeElement)"
        )
        if focused is None:
            break
        reached.append(tuple(focused))
    names = [name for name, _ in reached]
    assert names[0] == "skip"
    wanted = ("brand", "key", "live", "mode", "settle", "order", "reset", "range", "health", "journal-filter")
    assert [names.index(name) for name in wanted] == sorted(names.index(name) for name in wanted)
    assert {"effect", "deviations-filter"} <= set(names)
    assert [name for name, outline in reached if outline == "none"] == []
    assert sum(name.startswith("order ") for name in names) == 3, "one stop a lane"


def test_skip_link_leads_past_the_bars(console: OpenConsole) -> None:
    page = console()
    page.press("Tab")
    page.press("Enter")
    assert page.run("document.activeElement.id") == "main"


def test_arrow_keys_walk_the_orders_of_a_lane(console: OpenConsole, sandbox: Sandbox) -> None:
    sandbox.account()
    first, second = sandbox.order(), sandbox.order()
    page = console()
    page.run("document.querySelector('.order').focus()")
    assert first["id"][:8] in page.run("document.activeElement.title")
    page.press("ArrowRight")
    assert second["id"][:8] in page.run("document.activeElement.title")
    page.press("Enter")
    assert second["id"][:8] in page.text("#drawer-title")
    page.press("Escape")
    page.until("!document.querySelector('#drawer').open")
    assert second["id"][:8] in page.run("document.activeElement.title")


def test_new_orders_add_no_stops_for_the_tab_key(console: OpenConsole, sandbox: Sandbox) -> None:
    sandbox.account()
    sandbox.order()
    page = console()
    page.run("document.querySelector('.order').focus()")
    sandbox.order()
    page.until("document.querySelectorAll('.order').length === 2")
    assert page.run("[...document.querySelectorAll('.order')].map(order => order.tabIndex)") == [0, -1]


def test_every_control_has_a_name(console: OpenConsole, sandbox: Sandbox) -> None:
    sandbox.fill()
    page = console()
    controls = {
        "button",
        "textbox",
        "searchbox",
        "combobox",
        "switch",
        "checkbox",
        "radio",
        "spinbutton",
        "link",
    }
    nodes = page.call("Accessibility.getFullAXTree")["nodes"]
    found = [
        node for node in nodes if node.get("role", {}).get("value") in controls and not node.get("ignored")
    ]
    assert len(found) > 40
    assert [node["role"]["value"] for node in found if not node.get("name", {}).get("value")] == []


@pytest.mark.parametrize(("width", "dark"), LOOKS)
def test_nothing_sticks_out_and_all_text_is_legible(
    console: OpenConsole, sandbox: Sandbox, width: int, dark: bool
) -> None:
    sandbox.fill()
    page = console(width, 800, dark=dark)
    for view in ("queues", "journal", "faults", "deviations"):
        page.run(f"document.querySelector('.views [data-view={view}]').click()")
        assert page.run(f"document.querySelector('#{view}').checkVisibility()")
        assert page.run("document.documentElement.scrollWidth") == width
        assert page.run(FAINT_TEXTS) == []
    page.run("document.querySelector('#journal-rows button').click()")
    page.until("document.querySelector('#drawer .summary')")
    assert page.run("document.querySelector('#drawer').getBoundingClientRect().left") >= 0
    assert page.run("document.querySelector('#drawer-body').scrollWidth") <= width
    assert page.run(FAINT_TEXTS) == []


def test_nothing_sticks_out_at_any_width_of_a_phone(console: OpenConsole, sandbox: Sandbox) -> None:
    sandbox.fill()
    page = console(320)
    for width in range(320, 660, 20):
        page.resize(width, 800)
        assert page.run("document.documentElement.scrollWidth") == width


@pytest.mark.parametrize("width", [1280, 390])
def test_no_curl_line_runs_under_its_copy_button(console: OpenConsole, sandbox: Sandbox, width: int) -> None:
    page = console(width)
    page.until("document.querySelector('.first').checkVisibility()")
    assert page.run(UNDER_COPY) == []
    sandbox.account()
    sandbox.order()
    page.until("document.querySelector('.order')")
    page.run("document.querySelector('.order').click()")
    assert page.run(UNDER_COPY) == []


@pytest.mark.parametrize("width", [1280, 768, 360])
def test_nothing_jumps(console: OpenConsole, sandbox: Sandbox, width: int) -> None:
    sandbox.fill()
    page = console(width)
    shifts = page.run(
        "new Promise(done => { new PerformanceObserver(list => done(list.getEntries().map(e => e.value)))"
        ".observe({type: 'layout-shift', buffered: true}); setTimeout(() => done([]), 200); })"
    )
    assert sum(shifts) < 0.01
    before = page.run(PLACES)
    sandbox.advance(1)
    sandbox.call("POST", "/_mock/faults", {"status": 500, "times": 9})
    sandbox.call("GET", "/users/managed-accounts")
    page.until(
        "document.querySelector('#fault-list').textContent.includes('0 of 9') || "
        "document.querySelector('#fault-list').textContent.includes('1 of 9')"
    )
    assert page.run(PLACES) == before
