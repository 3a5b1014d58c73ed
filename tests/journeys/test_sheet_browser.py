"""The score sheet in a real browser: a phone, a keyboard, a minute without a network, two windows."""

import io
import re
from typing import TYPE_CHECKING, Any

import pikepdf
import pytest

from rules.access import Role
from rules.records import Assignment
from tests.journeys.browser import PHONE, Windows, chromium, picture, troubles, windows
from tests.late import centre
from tests.reviewing import NOW, at_the_sheets, declared, marks

if TYPE_CHECKING:
    from playwright.sync_api import Page

__all__ = ["chromium", "windows"]

SHEET = "/reviews/T-1/interview/001"

SIX = """\
- key: interview
  name: 面试
  kind: review
  pass_mark: 60
  panel: {reviewers: 3}
  criteria:
  - {key: a, name: 沟通表达, weight: 20, max: 10, anchors: [{at: 6, says: 说得清楚}, {at: 9, says: 先共情再复述}]}
  - {key: b, name: 应变能力, weight: 20, max: 10}
  - {key: c, name: 客户导向, weight: 20, max: 10}
  - {key: d, name: 问题分析, weight: 15, max: 10}
  - {key: e, name: 团队协作, weight: 15, max: 10}
  - {key: f, name: 主动改进, weight: 10, max: 10}
"""


@pytest.fixture(autouse=True)
def _while_the_interview_is_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.doors.instant", lambda: NOW)


def sit_down(windows: Windows, **options: Any) -> "Page":
    """Open a window of the reviewer 009, who has declared their interests."""
    declared()
    return windows.as_somebody("r009", Role.REVIEWER, staff_no="009", **options)


def saved(page: "Page") -> None:
    page.wait_for_selector('#saved[data-state="saved"]')


def test_nothing_scrolls_sideways_on_a_phone(windows: Windows) -> None:
    at_the_sheets(interview=SIX)
    page = sit_down(windows, width=PHONE)
    for name, path in (
        ("inbox", "/reviews"),
        ("list", "/reviews/T-1"),
        ("sheet", SHEET),
        ("print", "/reviews/T-1/_printed/interview"),
    ):
        page.goto(path)
        assert troubles(page) == [], path
        picture(page, f"review-{name}-phone")
    page.goto(SHEET)
    page.locator('.criterion [data-mark="9"]').first.tap()
    saved(page)
    picture(page, "review-sheet-phone-screen", whole=False)
    assert page.locator("#done").inner_text() == "1"
    page.locator("#file").tap()
    assert page.locator(".criterion[data-lit]").count() == 5
    assert page.evaluate("document.activeElement.name") == "mark.b"
    assert troubles(page) == []


def test_the_pages_of_a_desktop_have_no_troubles(windows: Windows) -> None:
    at_the_sheets(interview=SIX)
    page = sit_down(windows)
    for name, path in (
        ("inbox", "/reviews"),
        ("list", "/reviews/T-1"),
        ("sheet", SHEET),
        ("print", "/reviews/T-1/_printed/interview"),
    ):
        page.goto(path)
        assert troubles(page) == [], path
        picture(page, f"review-{name}")


def test_each_printed_sheet_is_one_page_of_a4(windows: Windows) -> None:
    at_the_sheets(interview=SIX)
    page = sit_down(windows)
    page.goto("/reviews/T-1/_printed/interview")
    with pikepdf.open(io.BytesIO(page.pdf(prefer_css_page_size=True))) as printed:
        sizes = [[round(float(side) * 25.4 / 72) for side in sheet.mediabox[2:]] for sheet in printed.pages]
    assert sizes == [[210, 297]] * 3


def test_ten_candidates_by_six_criteria_take_under_150_key_presses(
    windows: Windows, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [f"{n:03d}" for n in range(101, 111)]
    more_people(monkeypatch, people)
    round_id = at_the_sheets(interview=SIX, panel=[Assignment("interview", no, "R9") for no in people])
    page = sit_down(windows)
    page.goto("/reviews/T-1")
    page.get_by_role("link", name="开始评分").click()
    pressed = 0
    for _candidate in people:
        page.wait_for_selector('[name="mark.a"]:focus')
        here = page.url
        for criterion in range(6):
            page.keyboard.press("8")
            pressed += 1
            if criterion < 5:
                page.keyboard.press("Tab" if criterion % 2 else "Enter")
                pressed += 1
        page.keyboard.press("Control+Enter")
        pressed += 2
        page.wait_for_url(lambda url, here=here: url != here)
    assert pressed < 150
    assert len(marks(round_id)) == 60
    assert page.get_by_text("已提交 10 / 10").count() == 1


def more_people(monkeypatch: pytest.MonkeyPatch, numbers: list[str]) -> None:
    there = centre()
    first = there.people[0]
    added = [first._replace(staff_no=no, name=f"候选{no}", team="九组") for no in numbers]
    monkeypatch.setattr("tests.late.centre", lambda: type(there)(people=[*there.people, *added]))


def test_the_sheet_works_without_a_script(windows: Windows) -> None:
    round_id = at_the_sheets()
    page = sit_down(windows, width=PHONE, java_script_enabled=False)
    page.goto(SHEET)
    assert page.locator(".marks").first.is_hidden()
    page.locator('[name="mark.speech"]').fill("8")
    page.get_by_role("button", name="保存").click()
    assert page.locator("#saved").inner_text().startswith("已保存")
    page.locator('[name="mark.calm"]').fill("7.5")
    page.get_by_role("button", name="提交并下一位").click()
    assert re.search("interview/00[23]$", page.url)
    assert len(marks(round_id)) == 2
