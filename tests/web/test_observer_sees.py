"""Everything of a round that HR reads the observer reads too, and nothing on those pages would be refused."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

import pytest
from sqlalchemy import Engine
from starlette.routing import Match

from kit.settings import settings
from rules import access
from rules.access import Act, Role
from tests.journeys.test_live import calendar
from tests.web import scenes
from tests.web.visiting import Visitor, hr, observer, visitor
from web.app import make_app
from web.doors import act_of

DEEDS_ONLY = {Act.PREPARE_ROUNDS, Act.IMPORT_PEOPLE, Act.STEER_ROUND, Act.ENTER_EVIDENCE}
"""HR's acts whose pages are forms: drafts, imports, deeds; what was done by them stands in the history."""

ONE_PERSON = re.compile(r"/people/\w+$")

PARTS = [getattr(part, "original_router", part) for part in make_app().routes]
ROUTES = [route for part in PARTS for route in getattr(part, "routes", [part])]


def act_of_way(method: str, path: str) -> Act | None:
    """Return the act that a request would need."""
    scope = {"type": "http", "method": method, "path": path}
    route = next((r for r in ROUTES if r.matches(scope)[0] is Match.FULL), None)
    return act_of(route) if route else None


def links(page: str) -> set[str]:
    """Return the pages that a page links to."""
    found = (unescape(link).partition("#")[0].partition("?")[0] for link in re.findall(r'href="(/[^"]*)"', page))
    return {link for link in found if link and not link.startswith(("/static/", "/api/"))}


def walked(who: Visitor) -> Iterator[tuple[str, str]]:
    """Yield every page that links lead to, once, with what it says."""
    waiting, seen = ["/"], {"/"}
    while waiting:
        path = waiting.pop()
        answer = who.get(path)
        assert answer.status_code in {200, 303}, (path, answer.status_code)
        page = answer.text if "html" in answer.headers.get("content-type", "") else ""
        yield path, page
        new = {link for link in links(page) if ONE_PERSON.sub("/people/*", link) not in seen} - seen
        seen |= new | {ONE_PERSON.sub("/people/*", link) for link in new}  # one person stands for all
        waiting += sorted(new)


@pytest.fixture
def centre(sqlite: Engine, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rounds in all their stages, for whoever walks through all pages."""
    monkeypatch.setenv("JINGPIN_CALENDAR", calendar(home, datetime.now(UTC)))
    settings.cache_clear()
    scenes.laid()


def test_observers_read_what_hr_reads_and_are_offered_nothing_that_they_may_not_do(centre: None) -> None:
    theirs = dict(walked(observer()))
    hrs = {path for path, _page in walked(hr()) if act_of_way("GET", path) not in DEEDS_ONLY}
    assert len(hrs) > 40
    assert {ONE_PERSON.sub("", path) for path in hrs} - {ONE_PERSON.sub("", path) for path in theirs} == set()
    for path, page in theirs.items():
        for form in re.findall(r"<form\b[^>]*>", page):
            method = "POST" if 'method="post"' in form else "GET"
            action = re.search(r'action="([^"]*)"', form)
            target = re.split("[?#]", unescape(action[1]))[0] if action and action[1] else path
            act = act_of_way(method, target)
            assert act, (path, target)
            allowed = access.reach(act, {Role.OBSERVER}) or act in access.OPEN_TO_ALL | access.OPEN_TO_SIGNED_IN
            assert allowed, f"{path} offers {target}"


def test_what_observers_read_stands_in_who_saw_what(centre: None) -> None:
    someone = observer()
    for path in ("materials", "hearings", "panels", "documents", "history", "watch"):
        assert someone.get(f"/rounds/{scenes.POSTED}/{path}").status_code == 200, path
    assert someone.get("/history").status_code == 200
    page = visitor("second-observer", Role.OBSERVER).get("/viewings", params={"who": "observer"}).text
    for word in ("材料", "申请与异议", "评委分组", "文档", "留痕", "监督", "中心的留痕"):
        assert f">{word}</td>" in page, word


def test_the_history_of_the_centre_tells_of_accounts_and_the_directory(centre: None) -> None:
    page = observer().get("/history").text
    assert "添加账号" in page
    assert "录入 人员名册" in page
    assert hr().get("/history").status_code == 403
    assert "没有符合条件的留痕" in observer().get("/history", params={"about": "nobody at all"}).text
