"""Tabs of a browser, used as a person would: look, click, type."""

import base64
import json
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from chromium import PATIENCE, BrowserError, DevTools, installed

__all__ = ["Browser", "BrowserError", "Page", "installed"]

_KEYS = {
    "Tab": (9, ""),
    "Enter": (13, "\r"),
    "Escape": (27, ""),
    " ": (32, " "),
    "ArrowLeft": (37, ""),
    "ArrowUp": (38, ""),
    "ArrowRight": (39, ""),
    "ArrowDown": (40, ""),
}


class Browser:
    """A running browser; `page` opens a tab with storage of its own.

    Args:
        program: the path of a Chromium.
        profile: an empty directory, where it may keep what it likes.
    """

    def __init__(self, program: str, profile: Path) -> None:
        self._devtools = DevTools(program, profile)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._devtools.close()

    def page(
        self, width: int = 1280, height: int = 800, *, dark: bool = False, scripts: bool = True
    ) -> "Page":
        """Open a tab of this size, light or dark, with or without JavaScript."""
        return Page(self._devtools, width, height, dark=dark, scripts=scripts)


class Page:
    """One tab."""

    def __init__(self, devtools: DevTools, width: int, height: int, *, dark: bool, scripts: bool) -> None:
        self._devtools = devtools
        self._forgotten = 0
        self._context = devtools.call("Target.createBrowserContext")["browserContextId"]
        target = devtools.call("Target.createTarget", url="about:blank", browserContextId=self._context)
        attached = devtools.call("Target.attachToTarget", targetId=target["targetId"], flatten=True)
        self.session: str = attached["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(f"{domain}.enable")
        self.call("Network.setCacheDisabled", cacheDisabled=True)
        self.resize(width, height)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.call("Emulation.setEmulatedMedia", features=[scheme])
        self.call("Emulation.setScriptExecutionDisabled", value=not scripts)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the tab and forget its storage."""
        self._devtools.call("Target.disposeBrowserContext", browserContextId=self._context)

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Send one DevTools command to this tab."""
        return self._devtools.call(method, self.session, **parameters)

    def resize(self, width: int, height: int) -> None:
        """Give the viewport a size in CSS pixels."""
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )

    def before_scripts(self, expression: str) -> None:
        """Run a statement on each page that is opened from now on, before the page's own scripts."""
        self.call("Page.addScriptToEvaluateOnNewDocument", source=expression)

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self._devtools.listen(seconds)

    def open(self, url: str) -> None:
        """Go to an address and wait until it is loaded."""
        before = len(self.events("Page.loadEventFired"))
        self.call("Page.navigate", url=url)
        until = time.monotonic() + PATIENCE
        while len(self.events("Page.loadEventFired")) == before:
            if time.monotonic() > until:
                raise BrowserError(f"{url} did not load")
            self._devtools.listen(0.02)

    def run(self, expression: str) -> Any:
        """Return the value of a JavaScript expression on the page; a promise is awaited."""
        outcome = self.call("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in outcome:
            raise BrowserError(f"{expression}: {outcome['exceptionDetails']['exception']['description']}")
        return outcome["result"].get("value")

    def until(self, expression: str) -> None:
        """Wait until an expression is true.

        Raises:
            BrowserError: it did not become true; the message shows what a reader sees.
        """
        until = time.monotonic() + PATIENCE
        while not self.run(f"Boolean({expression})"):
            if time.monotonic() > until:
                raise BrowserError(f"never true: {expression}\n{self.run('document.body.innerText')}")
            self._devtools.listen(0.03)

    def text(self, selector: str) -> str:
        """Return what a reader sees of the first element that a selector finds."""
        return str(self.run(f"document.querySelector({json.dumps(selector)}).innerText"))

    def texts(self, selector: str) -> list[str]:
        """Return what a reader sees of each element that a selector finds."""
        query = f"[...document.querySelectorAll({json.dumps(selector)})].map(element => element.innerText)"
        found: list[str] = self.run(query)
        return found

    def count(self, selector: str) -> int:
        """Return how many elements a selector finds."""
        return int(self.run(f"document.querySelectorAll({json.dumps(selector)}).length"))

    def choose(self, selector: str, value: str) -> None:
        """Choose an option of a select element, by its value."""
        self.run(
            f"(select => {{ select.value = {json.dumps(value)}; select.dispatchEvent(new Event('change')); }})"
            f"(document.querySelector({json.dumps(selector)}))"
        )

    def click(self, selector: str) -> None:
        """Press the mouse on the middle of an element, as a person would."""
        x, y = self.run(
            f"(() => {{ const e = document.querySelector({json.dumps(selector)});"
            "e.scrollIntoView({block: 'nearest'});"
            "const b = e.getBoundingClientRect(); return [b.x + b.width / 2, b.y + b.height / 2]; })()"
        )
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def press(self, key: str, *, shift: bool = False) -> None:
        """Press a key by its DOM name."""
        code, text = _KEYS[key]
        common = {"key": key, "code": "Space" if key == " " else key, "windowsVirtualKeyCode": code}
        modifiers = 8 if shift else 0
        self.call("Input.dispatchKeyEvent", type="keyDown", text=text, modifiers=modifiers, **common)
        self.call("Input.dispatchKeyEvent", type="keyUp", modifiers=modifiers, **common)

    def type(self, text: str) -> None:
        """Type a text into what has the focus."""
        self.call("Input.insertText", text=text)

    def events(self, method: str) -> list[dict[str, Any]]:
        """Return what the browser has told of this tab under a method's name so far."""
        return [
            event["params"]
            for event in self._devtools.events
            if event.get("method") == method and event.get("sessionId") == self.session
        ]

    def requested(self) -> list[str]:
        """Return the address of every request that this tab made or tried to make."""
        return [event["request"]["url"] for event in self.events("Network.requestWillBeSent")]

    def forget_complaints(self) -> None:
        """Forget what `complaints` would return: it was expected."""
        self._forgotten = len(self._all_complaints())

    def complaints(self) -> list[str]:
        """Return the errors on the browser's console: exceptions, blocked content, missing files."""
        return self._all_complaints()[self._forgotten :]

    def _all_complaints(self) -> list[str]:
        raised = [
            str(
                event["exceptionDetails"]
                .get("exception", {})
                .get("description", event["exceptionDetails"]["text"])
            )
            for event in self.events("Runtime.exceptionThrown")
        ]
        logged = [
            event["entry"]["text"]
            for event in self.events("Log.entryAdded")
            if event["entry"]["level"] in ("error", "warning")
        ]
        printed = [
            str(event["args"])
            for event in self.events("Runtime.consoleAPICalled")
            if event["type"] == "error"
        ]
        return raised + logged + printed

    def screenshot(self, path: Path, *, full: bool = False) -> None:
        """Write a picture of the viewport, or of the whole page, as PNG."""
        shot = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=full)
        path.write_bytes(base64.b64decode(shot["data"]))
