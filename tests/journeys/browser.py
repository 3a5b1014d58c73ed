"""The pages in a real Chromium: windows of somebody at a width, what goes wrong in them, axe, pictures.

A test asks for ``windows`` and gets pages of a real server over its own database::

    def test_…(windows: Windows) -> None:
        page = windows.as_somebody("hr", Role.HR, width=PHONE)
        page.goto("/rounds")
        assert not troubles(page)          # axe, sideways scrolling, one h1, title, language
        picture(page, "rounds")            # only when JINGPIN_PICTURES names a folder

A test fails at its end for anything that went wrong in one of its windows: an error in the console, an exception, a
refusal of the content policy, a file that did not come, an answer of 500.
"""

import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from sqlalchemy import Engine

from rules.access import Role

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response

DESKTOP: Final = 1280
PHONE: Final = 360
HEIGHTS: Final = {DESKTOP: 800, PHONE: 740}

CHROMIUM: Final = "/usr/bin/chromium"
FLAGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
TAGS: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
PATIENCE_MS: Final = 60_000
TOO_FAR: Final = 500
"""An answer from this status on is always a fault; a test asks itself for what lies between 400 and this."""

FACTS: Final = """() => {
  const all = document.documentElement, mayScroll = ".table-wrap, .scroll, .skip, .visually-hidden";
  const beyond = (e) => e.getBoundingClientRect().right > all.clientWidth + 1 && !e.closest(mayScroll);
  const found = [...document.querySelectorAll("body *")].filter(beyond).slice(0, 3);
  const sticking = found.map((e) => e.outerHTML.slice(0, 120));
  return {over: all.scrollWidth - all.clientWidth, sticking, heads: document.querySelectorAll("h1").length,
          title: document.title, lang: all.lang};
}"""
"""What any page can be asked for."""


@pytest.fixture(scope="module")
def chromium() -> "Iterator[Browser]":
    """Chromium from Debian's package.

    For a file, not for the session: while Playwright is there an event loop counts as running in this thread, and tests
    of other files start their own.
    """
    with started() as browser:
        yield browser


@contextmanager
def started() -> "Iterator[Browser]":
    """Start Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()


@dataclass
class Windows:
    """The open windows of one test, and what went wrong in them."""

    browser: "Browser"
    address: str
    faults: list[str] = field(default_factory=list)
    contexts: "list[BrowserContext]" = field(default_factory=list)

    def of_nobody(self, *, width: int = DESKTOP, **options: Any) -> "Page":
        """Open a window in which nobody is signed in; ``options`` are those of Playwright's ``new_context``."""
        settings = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai", "reduced_motion": "reduce", **options}
        phone = {"has_touch": True, "is_mobile": True} if width == PHONE else {}
        size = {"width": width, "height": HEIGHTS.get(width, 800)}
        context = self.browser.new_context(base_url=self.address, viewport=size, **phone, **settings)
        context.set_default_timeout(PATIENCE_MS)
        self.contexts.append(context)
        context.on("page", self._listen)
        return context.new_page()

    def as_somebody(
        self, login: str, *roles: Role, staff_no: str | None = None, name: str = "", **options: Any
    ) -> "Page":
        """Open a window of somebody who is signed in; the account is made if need be, ``options`` as above."""
        from tests.web.visiting import visitor
        from web.doors import COOKIE

        cookie = visitor(login, *roles, staff_no=staff_no, name=name).client.cookies[COOKIE]
        page = self.of_nobody(**options)
        page.context.add_cookies([{"name": COOKIE, "value": cookie, "url": self.address, "httpOnly": True}])
        return page

    def close(self) -> None:
        """Close all windows."""
        for context in self.contexts:
            context.close()
        self.contexts.clear()

    def _listen(self, page: "Page") -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.faults.append(f"{page.url}: {error}"))
        page.on("requestfailed", self._failed)
        page.on("response", self._answered)

    def _console(self, said: "ConsoleMessage") -> None:
        of_the_answer = said.text.startswith("Failed to load resource") and "status of" in said.text
        if said.type in {"error", "warning"} and not of_the_answer:  # those are judged by ``_answered``
            self.faults.append(f"{said.location.get('url')}: {said.text}")

    def _failed(self, request: "Request") -> None:
        if "ERR_ABORTED" not in (request.failure or ""):  # a download, or a page left before it was complete
            self.faults.append(f"{request.url}: {request.failure}")

    def _answered(self, response: "Response") -> None:
        own = response.request.is_navigation_request() or response.request.resource_type == "fetch"
        if response.status >= (TOO_FAR if own else 400):
            self.faults.append(f"{response.url}: {response.status}")


@contextmanager
def served(**options: Any) -> Iterator[str]:
    """Serve the pages from a thread over this process's database; return the address."""
    import uvicorn

    from web.app import make_app

    config = uvicorn.Config(make_app(), port=0, log_level="error", ws="none", lifespan="off", **options)
    server = uvicorn.Server(config)
    listener = config.bind_socket()
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = server.force_exit = True
        thread.join()
        listener.close()


@pytest.fixture
def windows(chromium: "Browser", sqlite: Engine) -> Iterator[Windows]:
    """Windows onto a real server over this test's own database."""
    with served() as address, opened(chromium, address) as made:
        yield made


@contextmanager
def opened(chromium: "Browser", address: str) -> Iterator[Windows]:
    """Open windows onto a server that is there already; at the end, nothing may have gone wrong in them."""
    made = Windows(chromium, address)
    try:
        yield made
    finally:
        made.close()
    assert made.faults == []


def axe(page: "Page", *, tags: Sequence[str] = TAGS, rules: Sequence[str] = ()) -> list[str]:
    """Return what axe finds, of some rules only or of all: rule, element, why.

    The content policy stays on: the script is evaluated, not loaded.
    """
    from axe_playwright_python.base import AXE_SCRIPT

    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE_SCRIPT)
    only = {"type": "rule", "values": list(rules)} if rules else {"type": "tag", "values": list(tags)}
    found = page.evaluate(
        "only => axe.run(document, {runOnly: only, resultTypes: ['violations']}).then(r => r.violations)", only
    )
    return [f"{v['id']}: {_target(n)}: {n['failureSummary']}" for v in found for n in v["nodes"]]


def _target(node: Mapping[str, Any]) -> str:
    return f"{node['target'][0]} {node['html'][:150]}"


def troubles(page: "Page", *, axe_too: bool = True) -> list[str]:
    """Return what is wrong with any page, whatever it shows.

    A click returns once the next page has begun to come; what is judged is the whole of it.
    """
    page.wait_for_load_state()
    facts = page.evaluate(FACTS)
    found = []
    if facts["over"] > 0:
        found.append(f"scrolls sideways by {facts['over']} px: {facts['sticking']}")
    if facts["heads"] != 1:
        found.append(f"{facts['heads']} elements h1")
    if not facts["title"].strip(" ·") or facts["title"].startswith(" ·"):
        found.append(f"title {facts['title']!r}")
    if facts["lang"] not in {"zh-CN", "en"}:
        found.append(f"language {facts['lang']!r}")
    return found + (axe(page) if axe_too else [])


def picture(page: "Page", name: str, *, whole: bool = True) -> None:
    """Save what the window shows, if ``JINGPIN_PICTURES`` names a folder."""
    page.wait_for_load_state()
    if folder := os.environ.get("JINGPIN_PICTURES"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=whole)
