"""The score sheet in a real browser: a phone, a keyboard, a minute without a network, two windows."""

import io
import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pikepdf
import pytest

from rules.access import Role
from rules.records import Assignment
from tests.journeys.browser import DESKTOP, PHONE, Windows, chromium, picture, troubles, windows
from tests.late import centre
from tests.reviewing import NOW, at_the_sheets, declared, marks, sheet

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

TWELVE = """\
- key: interview
  name: 结构化面试与情景模拟
  kind: review
  pass_mark: 60
  panel: {reviewers: 3}
  criteria:
""" + "".join(
    f"""\
  - key: c{n}
    name: {"在多个诉求同时出现时判断轻重缓急并说明理由的能力" * 2}
    weight: {n}
    max: 100
    step: 0.5
    anchors:
    - {{at: 60, says: {"能听清诉求，但先后顺序没有说明理由，遇到催促容易改变主意。" * 3}}}
    - {{at: 85, says: {"先判断影响面和时限，再安排先后，对每一方都说明理由和下一步。" * 3}}}
"""
    for n in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 34)
)
"""As long as anybody may write it."""


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
    for button in page.locator('.criterion [data-mark="8"]').all():
        button.tap()
    page.context.set_offline(offline=True)
    page.locator("#file").tap()
    page.wait_for_selector('#saved[data-state="offline"]')
    assert troubles(page) == []
    picture(page, "review-sheet-phone-offline", whole=False)
    windows.faults = [f for f in windows.faults if "ERR_INTERNET_DISCONNECTED" not in f]


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


@pytest.mark.parametrize(("interview", "in_front"), [("six", 0), ("twelve", 2)])
def test_each_printed_sheet_is_one_page_of_a4(windows: Windows, interview: str, in_front: int) -> None:
    at_the_sheets(interview={"six": SIX, "twelve": TWELVE}[interview])
    page = sit_down(windows)
    page.goto("/reviews/T-1/_printed/interview")
    picture(page, f"review-print-{interview}")
    made = page.pdf(prefer_css_page_size=True)
    if folder := os.environ.get("JINGPIN_PICTURES"):
        Path(folder, f"{interview}.pdf").write_bytes(made)
    with pikepdf.open(io.BytesIO(made)) as printed:
        sizes = [[round(float(side) * 25.4 / 72) for side in sheet.mediabox[2:]] for sheet in printed.pages]
    assert sizes == [[210, 297]] * (in_front + 3)


@pytest.mark.parametrize(("width", "scheme"), [(PHONE, "dark"), (DESKTOP, "light")])
def test_the_longest_that_a_policy_and_people_can_write_has_room(
    windows: Windows, monkeypatch: pytest.MonkeyPatch, width: int, scheme: str
) -> None:
    rename(monkeypatch, "001", "买买提·吐尔逊" * 7)
    round_id = at_the_sheets(interview=TWELVE)
    page = sit_down(windows, width=width, color_scheme=scheme)
    for name, path in (("list", "/reviews/T-1"), ("sheet", SHEET)):
        page.goto(path)
        assert troubles(page) == [], path
        picture(page, f"review-{name}-longest-{width}")
    page.locator('[name="mark.c1"]').fill("87.5")
    page.locator('[name="mark.c2"]').fill("87.25")
    page.locator("details.comment").nth(2).evaluate("box => { box.open = true }")
    page.locator('[name="comment.c3"]').fill("先共情，再复述，后给方案。" * 160)
    page.locator("#file").click()
    assert "应为 0.5 的整数倍" in page.locator(".criterion").nth(1).inner_text()
    saved(page)
    assert "评语太长：最多 2000 个字" in page.locator(".criterion").nth(2).inner_text()
    assert page.locator("#done").inner_text() == "1"
    assert troubles(page) == []
    picture(page, f"review-sheet-longest-{width}-faults")
    kept = sheet(round_id)
    assert kept
    assert len(json.loads(kept.entries)["c3"][1]) == 13 * 160


def rename(monkeypatch: pytest.MonkeyPatch, staff_no: str, name: str) -> None:
    there = centre()
    people = [p._replace(name=name) if p.staff_no == staff_no else p for p in there.people]
    monkeypatch.setattr("tests.late.centre", lambda: type(there)(people=people))


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
