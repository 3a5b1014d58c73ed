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
from tests.web.visiting import hr, observer, visitor
from web import routes
from web.api import routers as api

if TYPE_CHECKING:
    from playwright.sync_api import Page

PEOPLE: Final = {
    "hr": ((Role.HR,), None),
    "observer": ((Role.OBSERVER,), None),
    "c002": ((Role.CANDIDATE,), "002"),
    "r008": ((Role.REVIEWER,), "008"),
    "root": ((Role.ADMIN,), None),
    "nobody": ((), None),
}

NO_PAGE: Final[dict[str, str]] = {
    "/still-here": "asked by a script",
    "/link/{secret}": "stands in a letter",
    "/healthz": "for machines",
    "/metrics": "for machines",
    "/login/oidc": "only where the settings name a provider",
    "/login/oidc/back": "only where the settings name a provider",
    "/login/oidc/again": "only where the settings name a provider",
    "/login/oidc/shown": "only where the settings name a provider",
    "/login/oidc/out": "only where the settings name a provider",
    "/people/import/{book}/{upload}": "comes after an upload; the journey looks at it",
    "/rounds/{code}/import/{book}/{upload}": "comes after an upload; the journey looks at it",
    "/rounds/{code}/open/{key}": "only before the planned time of a step",
    "/rounds/{code}/panels/{key}": "only where a second step is judged",
    "/people/import/{book}/{upload}/faults": "a file",
    "/rounds/{code}/import/{book}/{upload}/faults": "a file",
    "/drafts/{draft}/notice.pdf": "a file",
    "/my/rounds/{code}/files/{handover_id}": "a file",
    "/my/rounds/{code}/result.pdf": "a file",
    "/notices/{code}/notice.pdf": "a file",
    "/reviews/{code}/{stage}/{staff_no}/materials/{name}": "a file",
    "/rounds/{code}/documents/{document_id}": "a file",
    "/rounds/{code}/materials/{handover_id}": "a file",
    "/rounds/{code}/people/{staff_no}/files/{name}": "a file",
    "/rounds/{code}/watch/bundle": "a file",
    "/rounds/{code}/watch/signatures/{number}": "a file",
}
"""What no link of a page leads to, and why."""

CHOICES: Final = ("step", "deed", "book", "key", "slot", "kind")
"""Places of an address whose every value is a page of its own; of other places one example is looked at."""

EACH_ROUND: Final = ("hr", "c002")
"""Who sees every round; the others see one of each page, built of the same parts."""

QUICK: Final = ("color-contrast", "target-size", "scrollable-region-focusable")

SHAPE: Final = """() => {
  const said = (e) => e.tagName + "." + e.className + "[" + [...e.attributes].map((a) => a.name).sort() + "]";
  return [...new Set([...document.querySelectorAll("*")].map(said))].sort().join(" ");
}"""
"""Of which elements a page is built."""


@pytest.fixture
def here(sqlite: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A centre without anything in it."""
    monkeypatch.setenv("JINGPIN_CALENDAR", calendar(tmp_path, datetime.now(UTC)))
    settings.cache_clear()


@pytest.fixture
def scene(here: None) -> None:
    scenes.laid()
    somebody_acts()


def somebody_acts() -> None:
    """Have people do what only the pages do: a reviewer declares, an observer recounts, HR proposes."""
    judge = visitor("r008", Role.REVIEWER, staff_no="008")
    assert judge.post(f"/reviews/{scenes.JUDGED}/_declaration", {"agreed": "1"}).status_code == 303
    assert observer().post(f"/rounds/{scenes.POSTED}/watch/recount").status_code == 303
    cancel = {"reason": "x", "step": "confirm"}
    assert hr().post(f"/rounds/{scenes.DECIDED}/do/cancel", cancel).status_code == 303


@dataclass
class Walk:
    """One role's way through the pages: what was found wrong, by address."""

    page: "Page"
    who: str
    routes: list[Route]
    home: str
    known: set[str]
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

    def look(self, path: str) -> None:
        """Look at one page, without following its links."""
        if self._open(path):
            self._judge(path)

    def _kind(self, address: str) -> tuple[str, str] | None:
        there = urlsplit(address)
        if there.netloc or there.scheme:  # not ours, or mailto:
            return None
        for route in self.routes:
            match, scope = route.matches({"type": "http", "path": there.path, "method": "GET"})
            if match is Match.FULL:
                places = scope["path_params"]
                chosen = [str(places[name]) for name in CHOICES if name in places]
                code = str(places.get("code", "")) if self.who in EACH_ROUND else ""
                return route.path, " ".join(chosen) or code
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
        shape = self.page.evaluate(SHAPE)
        new = shape not in self.known  # axe looks once at pages that are built alike
        self.known.add(shape)
        found = troubles(self.page, axe_too=new)
        picture(self.page, f"{self.who} {name} {DESKTOP}")
        self.page.set_viewport_size({"width": PHONE, "height": HEIGHTS[PHONE]})
        self.page.emulate_media(color_scheme="dark")
        found += [f"phone: {one}" for one in troubles(self.page, axe_too=False)]
        found += [f"phone, dark: {one}" for one in (axe(self.page, rules=QUICK) if new else [])]
        picture(self.page, f"{self.who} {name} {PHONE}")
        self.page.set_viewport_size({"width": DESKTOP, "height": HEIGHTS[DESKTOP]})
        self.page.emulate_media(color_scheme="light")
        if found:
            self.faults[path] = found


def pages() -> list[Route]:
    """Return the routes that a browser may open."""
    every = [r for router in (*routes.ALL, *api.ALL) for r in router.routes]
    return [r for r in every if isinstance(r, Route) and "GET" in (r.methods or ())]


def told(faults: dict[str, list[str]]) -> str:
    """Return what was found, a line each."""
    return "\n".join(f"{where}: {one}" for where, found in faults.items() for one in found)


@pytest.mark.usefixtures("scene")
def test_every_page_is_found_by_links_and_is_fit_for_everybody(windows: Windows) -> None:
    every = pages()
    known: set[str] = set()
    seen, faults = set(), {}
    for login, (roles, staff_no) in PEOPLE.items():
        page = windows.as_somebody(login, *roles, staff_no=staff_no) if roles else windows.of_nobody()
        walk = Walk(page, login, every, windows.address, known)
        walk.go("/" if roles else "/login")
        seen |= {path for path, _code in walk.seen}
        faults |= {f"{login} {path}": found for path, found in walk.faults.items()}
    assert not faults, told(faults)
    orphans = {r.path for r in every if not r.path.startswith("/api/")} - seen - set(NO_PAGE)
    assert not orphans, "\n".join(sorted(orphans))


@pytest.mark.usefixtures("here")
def test_an_empty_centre_is_fit_for_whoever_comes_first(windows: Windows) -> None:
    known: set[str] = set()
    own: set[tuple[str, str]] = set()  # the pages of one's own account are the same for everybody
    faults = {}
    for login, role in (("hr", Role.HR), ("root", Role.ADMIN), ("observer", Role.OBSERVER), ("c001", Role.CANDIDATE)):
        page = windows.as_somebody(login, role, staff_no="001" if role is Role.CANDIDATE else None)
        walk = Walk(page, login, pages(), windows.address, known, seen=set(own))
        walk.go("/")
        own |= {seen for seen in walk.seen if f"{seen[0]}/".startswith("/account/")}
        faults |= {f"{login} {path}": found for path, found in walk.faults.items()}
    assert not faults, told(faults)


@pytest.mark.usefixtures("here")
def test_rounds_that_are_over_or_went_another_way_are_fit_for_everybody(windows: Windows) -> None:
    scenes.ended()
    known: set[str] = set()
    faults = {}
    for login, role, start in (("zhou", Role.HR, "/rounds/W-DONE"), ("c002", Role.CANDIDATE, "/my/rounds/W-DONE")):
        page = windows.as_somebody(login, role, staff_no="002" if role is Role.CANDIDATE else None)
        walk = Walk(page, "one of each", pages(), windows.address, known)
        walk.go(start)
        for code in (scenes.GONE, scenes.NOBODY, scenes.TIED) if role is Role.HR else ():
            walk.look(f"/rounds/{code}")
            walk.look(f"/rounds/{code}/decision")
        faults |= {f"{login} {path}": found for path, found in walk.faults.items()}
    assert not faults, told(faults)
