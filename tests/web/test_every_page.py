"""Every page, found by following the links of every role: axe, phones, dark mode, head, title, language, no orphans.

A new page needs no test of its own here: it is found by the link that leads to it, and a page that no link leads to is
named.
"""

import re
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import pytest
from sqlalchemy import Engine
from starlette.routing import Match, Route

from kit.settings import settings
from rules.access import Role
from tests.journeys.browser import DESKTOP, HEIGHTS, PHONE, Windows, axe, picture, troubles
from tests.journeys.test_live import calendar
from tests.web import scenes
from web import routes
from web.doors import act_of

if TYPE_CHECKING:
    from playwright.sync_api import Page

PEOPLE: Final = {
    "hr": ((Role.HR,), None),
    "observer": ((Role.OBSERVER,), None),
    "c002": ((Role.CANDIDATE,), "002"),
    "r008": ((Role.REVIEWER,), "008"),
    "root": ((Role.ADMIN,), None),
}

NO_PAGE: Final[dict[str, str]] = {
    "/still-here": "asked by a script",
    "/link/{secret}": "stands in a letter",
}
"""What no link of a page leads to, and why."""

QUICK: Final = ("color-contrast", "target-size", "scrollable-region-focusable")


@pytest.fixture
def scene(sqlite: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JINGPIN_CALENDAR", calendar(tmp_path, datetime.now(UTC)))
    settings.cache_clear()
    scenes.laid()


@dataclass
class Walk:
    """One role's way through the pages: what was found wrong, by address."""

    page: "Page"
    who: str
    routes: list[Route]
    home: str
    seen: set[tuple[str, str]] = field(default_factory=set)
    faults: dict[str, list[str]] = field(default_factory=dict)

    def go(self, start: str) -> None:
        """Follow every link once for each kind of page and round."""
        ahead = deque([start])
        while ahead:
            path = ahead.popleft()
            key = self._kind(path)
            if key is None or key in self.seen:
                continue
            self.seen.add(key)
            if self._open(path):
                self._judge(path)
                links = self.page.eval_on_selector_all("a[href]", "all => all.map(a => a.href)")
                ahead += [link.removeprefix(self.home) for link in links]

    def _kind(self, address: str) -> tuple[str, str] | None:
        there = urlsplit(address)
        if there.netloc or there.scheme:  # not ours, or mailto:
            return None
        for route in self.routes:
            match, scope = route.matches({"type": "http", "path": there.path, "method": "GET"})
            if match is Match.FULL:
                return route.path, str(scope["path_params"].get("code", ""))
        if there.path.startswith("/static/"):
            return None
        self.faults[there.path] = ["a link that leads nowhere"]
        return None

    def _open(self, path: str) -> bool:
        from playwright.sync_api import Error

        try:
            answer = self.page.goto(path)
        except Error as error:
            if "Download" in str(error):
                return False
            raise
        assert answer
        if answer.status != 200:
            self.faults[path] = [f"status {answer.status}"]
        return "html" in answer.headers.get("content-type", "")

    def _judge(self, path: str) -> None:
        name = re.sub(r"\W+", "-", urlsplit(path).path).strip("-") or "start"
        found = troubles(self.page)
        picture(self.page, f"{self.who} {name} {DESKTOP}")
        self.page.set_viewport_size({"width": PHONE, "height": HEIGHTS[PHONE]})
        self.page.emulate_media(color_scheme="dark")
        found += [f"phone: {one}" for one in troubles(self.page, axe_too=False) + axe(self.page, rules=QUICK)]
        picture(self.page, f"{self.who} {name} {PHONE}")
        self.page.set_viewport_size({"width": DESKTOP, "height": HEIGHTS[DESKTOP]})
        self.page.emulate_media(color_scheme="light")
        if found:
            self.faults[path] = found


def pages() -> list[Route]:
    """Return the routes that a browser may open."""
    every = [r for router in routes.ALL for r in router.routes]
    return [r for r in every if isinstance(r, Route) and act_of(r) and "GET" in (r.methods or ())]


def told(faults: dict[str, list[str]]) -> str:
    """Return what was found, a line each."""
    return "\n".join(f"{where}: {one}" for where, found in faults.items() for one in found)


@pytest.mark.usefixtures("scene")
def test_every_page_is_found_by_links_and_is_fit_for_everybody(windows: Windows) -> None:
    every = pages()
    seen, faults = set(), {}
    for login, (roles, staff_no) in PEOPLE.items():
        walk = Walk(windows.as_somebody(login, *roles, staff_no=staff_no), login, every, windows.address)
        walk.go("/")
        seen |= {path for path, _code in walk.seen}
        faults |= {f"{login} {path}": found for path, found in walk.faults.items()}
    walk = Walk(windows.of_nobody(), "nobody", every, windows.address)
    walk.go("/login")
    seen |= {path for path, _code in walk.seen}
    faults |= {f"nobody {path}": found for path, found in walk.faults.items()}
    assert not faults, told(faults)
    assert {r.path for r in every} - seen - set(NO_PAGE) == set()
