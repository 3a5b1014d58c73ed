"""English pages: found by their links in every role, over data without Chinese: whatever Chinese is left is ours."""

import re
from collections import deque
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import Engine

from kit.settings import settings
from rules.access import Role
from tests.journeys.test_live import calendar
from tests.web import scenes
from tests.web.visiting import Visitor, visitor

PEOPLE: Final = {
    "hr": ((Role.HR,), None),
    "observer": ((Role.OBSERVER,), None),
    "c002": ((Role.CANDIDATE,), "002"),
    "r008": ((Role.REVIEWER,), "008"),
    "root": ((Role.ADMIN,), None),
}
HAN: Final = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
SAID: Final = {"title", "aria-label", "placeholder", "alt"}
"""Attributes that are read out or shown; a script's words stand in ``data-…``."""

EXAMPLES: Final = {
    "示例",
    "示例-001",
    "电话一组",
    "服务之星",
    "中文",
}
"""Examples of what stands in a cell, and the name of the language."""


class Page(HTMLParser):
    """What a page says, and where it leads; what is marked as Chinese may be Chinese."""

    EMPTY: Final = frozenset({"meta", "link", "input", "br", "hr", "img", "col", "wbr"})

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.links: list[str] = []
        self.open: list[bool] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        chinese = (bool(self.open) and self.open[-1]) or named.get("lang") == "zh-CN"
        if tag == "a" and named.get("href", "").startswith("/"):
            self.links.append(named["href"])
        if not chinese:
            self.said += [value for name, value in named.items() if name in SAID or name.startswith("data-")]
        if tag not in self.EMPTY:
            self.open.append(chinese)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.EMPTY and self.open:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        if not (self.open and self.open[-1]):
            self.said.append(data.strip())


@pytest.fixture
def latin(sqlite: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JINGPIN_CALENDAR", calendar(tmp_path, datetime.now(UTC)))
    monkeypatch.setenv("JINGPIN_LANGUAGE", "en")
    settings.cache_clear()
    scenes.laid(scenes.LATIN)


def walked(me: Visitor, start: str) -> dict[str, set[str]]:
    """Follow every link once for each kind of page; return the Chinese that was found, by address."""
    left: dict[str, set[str]] = {}
    ahead, seen = deque([start]), set()
    while ahead:
        path = ahead.popleft().split("#", 1)[0]
        kind = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|\b\d+\b|[0-9a-f]{16,}", "N", path.split("?", 1)[0])
        if kind in seen or kind.endswith((".pdf", ".csv", ".xlsx", ".ics", ".yaml")):
            continue
        seen.add(kind)
        answer = me.get(path, follow_redirects=True)
        if "text/html" not in answer.headers.get("content-type", ""):
            continue
        page = Page()
        page.feed(answer.text)
        if found := {text for text in page.said if HAN.search(text)} - EXAMPLES:
            left[path] = found
        ahead += page.links
    assert len(seen) > 3
    return left


@pytest.mark.usefixtures("latin")
@pytest.mark.parametrize("login", PEOPLE)
def test_an_english_page_has_no_chinese_of_ours(login: str) -> None:
    roles, staff_no = PEOPLE[login]
    me = visitor(login, *roles, staff_no=staff_no)
    me.post("/look", {"language": "en", "back": "/"})
    left = walked(me, "/")
    assert not left, "\n".join(f"{path}: {text}" for path, found in left.items() for text in sorted(found))
