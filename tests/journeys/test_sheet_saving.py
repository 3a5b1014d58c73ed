"""What is typed into a score sheet is never lost: a bad network, windows side by side, a session that ends."""

import json
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from sqlmodel import select

from models.accounts import SignedIn
from models.database import transaction
from rules.access import Role
from tests.actions.test_stages import close
from tests.journeys.browser import PATIENCE_MS, Windows, chromium, picture, troubles, windows
from tests.reviewing import NOW, at_the_sheets, declared, marks, sheet, typed

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

__all__ = ["chromium", "windows"]

SHEET = "/reviews/T-1/interview/001"
NEXT = re.compile("/interview/00[23]$")
SPEECH, CALM = '[name="mark.speech"]', '[name="mark.calm"]'


@pytest.fixture(autouse=True)
def _while_the_interview_is_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.doors.instant", lambda: NOW)


@pytest.fixture
def round_id(windows: Windows) -> Iterator[UUID]:
    """A round at its interview; what the browser says of a network that a test broke is no fault."""
    yield at_the_sheets()
    broken = ("ERR_INTERNET_DISCONNECTED", "ERR_FAILED", "/draft: 503", "/draft: 511")
    windows.faults = [f for f in windows.faults if not any(word in f for word in broken)]


@pytest.fixture
def page(windows: Windows, round_id: UUID) -> "Page":
    """The sheet of 001 in a window of the reviewer 009."""
    declared()
    made = windows.as_somebody("r009", Role.REVIEWER, staff_no="009")
    made.goto(SHEET)
    return made


def stands(page: "Page", state: str) -> None:
    page.wait_for_selector(f'#saved[data-state="{state}"]')


def online(page: "Page") -> None:
    """Let the browser say that a network is back: what waits is tried at once."""
    page.evaluate("dispatchEvent(new Event('online'))")


def answered(page: "Page", path: str, *how: "Callable[[Route], object]") -> None:
    """Answer the next requests to a path so, and the later ones as the server does."""
    left = list(how)
    page.route(f"**/{path}", lambda route: left.pop(0)(route) if left else route.continue_())


def until(page: "Page", there: "Callable[[], object]") -> None:
    """Wait, no longer than for a page, until something is there; Playwright hears of requests only meanwhile."""
    for _again in range(PATIENCE_MS // 20):
        if there():
            return
        page.wait_for_timeout(20)
    pytest.fail("it never came")


class Held:
    """Requests to a path, held until they are let go."""

    def __init__(self, page: "Page", path: str) -> None:
        self.page, self.seen = page, []
        page.route(f"**/{path}", self._hold)

    def _hold(self, route: "Route") -> None:
        self.seen.append(route)

    def let_go(self, nth: int = 0) -> None:
        """Wait for the nth request and let it reach the server."""
        self.wait(nth)
        self.seen[nth].continue_()

    def wait(self, nth: int = 0) -> None:
        """Wait until the nth request has been sent."""
        until(self.page, lambda: len(self.seen) > nth)


def lose(route: "Route") -> None:
    """Let the server hear it, and lose its answer."""
    route.fetch()
    route.abort()


def said(status: int, text: str = "", kind: str = "text/html") -> "Callable[[Route], object]":
    return lambda route: route.fulfill(status=status, body=text, content_type=kind)


def entries(round_id: UUID) -> dict[str, list[str]]:
    kept = sheet(round_id)
    return json.loads(kept.entries) if kept else {}


def kept_here(page: "Page") -> Any:
    return page.evaluate("Object.values(localStorage).map(text => JSON.parse(text))")


def left_here(page: "Page") -> str:
    """Return what a closed sheet says that this browser still has."""
    page.wait_for_selector("#left")
    return page.locator("#left").inner_text()


# ---- saving


def test_what_was_typed_before_the_script_came_is_saved(windows: Windows, round_id: UUID) -> None:
    declared()
    page = windows.as_somebody("r009", Role.REVIEWER, staff_no="009")
    script = Held(page, "sheet.js*")
    page.goto(SHEET, wait_until="commit")
    page.locator(SPEECH).fill("8")
    script.let_go()
    stands(page, "saved")
    assert entries(round_id)["speech"] == ["8", ""]


def test_a_minute_without_a_network_loses_nothing(page: "Page", round_id: UUID) -> None:
    page.context.set_offline(offline=True)
    page.keyboard.type("8")
    stands(page, "offline")
    page.keyboard.press("Enter")
    page.keyboard.type("7.5")
    assert sheet(round_id) is None
    page.context.set_offline(offline=False)
    stands(page, "saved")
    assert entries(round_id) == {"speech": ["8", ""], "calm": ["7.5", ""]}
    assert page.locator("#total").inner_text() == "78.00"
    assert kept_here(page) == []


def test_a_screen_reader_hears_of_trouble_and_of_the_end_but_not_of_every_save(page: "Page", round_id: UUID) -> None:
    announced = "document.getElementById('announced')?.textContent ?? ''"
    page.keyboard.type("8")
    page.keyboard.press("Enter")
    stands(page, "saved")
    assert page.evaluate(announced) == ""
    assert page.locator("#saved[role], #saved[aria-live], #total[aria-live='polite']").count() == 0
    page.context.set_offline(offline=True)
    page.keyboard.type("7.5")
    stands(page, "offline")
    assert page.evaluate(announced).startswith("离线")
    page.context.set_offline(offline=False)
    stands(page, "saved")
    assert page.evaluate(announced).startswith("已保存")
    page.keyboard.press("Enter")
    assert page.evaluate(announced) == "已评完，合计 78.00"


def test_no_answer_whatever_it_looks_like_stops_the_saving(page: "Page", round_id: UUID) -> None:
    bad = [
        lambda route: route.abort(),
        said(503, "busy", "text/plain"),
        said(429, "slower", "text/plain"),
        said(200, "<h1>Sign in to this network</h1>"),
        said(511, "<h1>Sign in to this network</h1>"),
        said(404, "<h1>No such host</h1>"),
        said(200, '{"version": 1, "sav', "application/json"),
        lose,
    ]
    answered(page, "draft", *bad)
    page.keyboard.type("8")
    for _answer in bad:
        stands(page, "offline")
        with page.expect_request("**/draft"):
            online(page)
    stands(page, "saved")
    assert entries(round_id)["speech"] == ["8", ""]
    kept = sheet(round_id)
    assert kept
    assert kept.version == 1
    assert page.locator("#told").count() == 0


def test_what_is_typed_while_a_save_is_under_way_follows_it(page: "Page", round_id: UUID) -> None:
    saves = Held(page, "draft")
    page.keyboard.type("8")
    saves.wait()
    page.locator(CALM).fill("7.5")
    assert page.locator("#saved").get_attribute("data-state") == "saving"
    saves.let_go()
    saves.let_go(1)
    stands(page, "saved")
    kept = sheet(round_id)
    assert kept
    assert (kept.version, entries(round_id)) == (2, {"speech": ["8", ""], "calm": ["7.5", ""]})


@pytest.mark.parametrize("way", ["hidden", "left"])
def test_a_window_that_is_hidden_or_left_sends_what_was_just_typed(page: "Page", round_id: UUID, way: str) -> None:
    page.add_init_script("window.setTimeout = () => 0")  # the pause before a save never ends
    page.goto(SHEET)
    page.locator(SPEECH).fill("8")
    if way == "left":
        page.get_by_role("link", name="评分", exact=True).first.click()
    else:
        page.evaluate("Object.defineProperty(document, 'visibilityState', {get: () => 'hidden'})")
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    until(page, lambda: sheet(round_id))
    page.goto(SHEET)
    assert page.locator(SPEECH).input_value() == "8"
    assert page.locator("#told").count() == 0


def test_where_nothing_can_be_kept_the_window_asks_before_it_is_closed(page: "Page", round_id: UUID) -> None:
    page.evaluate("() => { Storage.prototype.setItem = () => { throw new Error('full') } }")
    page.context.set_offline(offline=True)
    page.keyboard.type("8")
    stands(page, "offline")
    assert "不要关闭本页" in page.locator("#saved").inner_text()
    with page.expect_event("dialog") as asked:
        page.close(run_before_unload=True)
    assert asked.value.type == "beforeunload"
    asked.value.dismiss()
    page.context.set_offline(offline=False)
    stands(page, "saved")
    assert entries(round_id)["speech"] == ["8", ""]


# ---- filing


def complete(page: "Page") -> None:
    page.locator(SPEECH).fill("8")
    page.locator(CALM).fill("7.5")


def test_filing_waits_for_the_save_under_way_and_takes_no_more_in(page: "Page", round_id: UUID) -> None:
    saves, files = Held(page, "draft"), Held(page, "file")
    page.locator(SPEECH).fill("8")
    saves.wait()
    page.locator(CALM).fill("7.5")
    page.locator(CALM).press("Control+Enter")
    page.keyboard.type("9")
    page.locator('[data-mark="6"]').first.click()
    page.keyboard.press("Control+Enter")
    assert page.locator(CALM).input_value() == "7.5"
    assert files.seen == []
    saves.let_go()
    files.let_go()
    page.wait_for_url(NEXT)
    assert (len(saves.seen), len(files.seen)) == (1, 1)  # filing takes along what was typed after the save
    assert [str(m.mark) for m in marks(round_id)] == ["8", "7.5"]
    assert kept_here(page) == []


def test_filing_after_a_save_whose_answer_was_lost_is_no_conflict_with_oneself(page: "Page", round_id: UUID) -> None:
    answered(page, "draft", lose)
    complete(page)
    stands(page, "offline")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(NEXT)
    assert [str(m.mark) for m in marks(round_id)] == ["8", "7.5"]


@pytest.mark.parametrize("broken", [lambda route: route.abort(), lose])
def test_filing_that_nobody_answered_is_done_once_when_the_network_is_back(
    page: "Page", round_id: UUID, broken: "Callable[[Route], object]"
) -> None:
    answered(page, "file", broken)
    complete(page)
    page.keyboard.press("Control+Enter")
    stands(page, "offline")
    assert "自动提交" in page.locator("#saved").inner_text()
    page.wait_for_url(NEXT)  # by itself, some seconds later
    assert [str(m.mark) for m in marks(round_id)] == ["8", "7.5"]
    kept = sheet(round_id)
    assert kept
    assert kept.version == 1
    assert kept_here(page) == []


def test_who_changes_a_mark_after_filing_in_vain_files_again(page: "Page", round_id: UUID) -> None:
    answered(page, "file", lambda route: route.abort())
    complete(page)
    page.keyboard.press("Control+Enter")
    stands(page, "offline")
    page.locator(CALM).fill("9")
    stands(page, "saved")
    assert (marks(round_id), entries(round_id)["calm"]) == ([], ["9", ""])
    page.keyboard.press("Control+Enter")
    page.wait_for_url(NEXT)
    assert [str(m.mark) for m in marks(round_id)] == ["8", "9"]


def test_a_change_after_a_filing_that_did_arrive_is_refused_and_can_be_copied(page: "Page", round_id: UUID) -> None:
    answered(page, "file", lose)
    complete(page)
    page.keyboard.press("Control+Enter")
    stands(page, "offline")
    page.locator(CALM).fill("9")
    page.wait_for_selector("#told")
    assert "已经提交并锁定" in page.locator("#told").inner_text()
    assert [str(m.mark) for m in marks(round_id)] == ["8", "7.5"]
    page.get_by_role("link", name="打开评分表").click()
    assert "9" in left_here(page)
    page.get_by_role("button", name="从本机删除").click()
    assert kept_here(page) == []


# ---- the session


def test_signing_in_again_in_another_window_is_enough(windows: Windows, page: "Page", round_id: UUID) -> None:
    from tests.web.visiting import visitor
    from web.doors import COOKIE

    with transaction() as session:
        for one in session.exec(select(SignedIn)):
            one.ended_at = NOW
    complete(page)
    page.keyboard.press("Control+Enter")
    stands(page, "expired")
    assert page.get_by_role("link", name="在新窗口登录").count() == 1
    cookie = visitor("r009", Role.REVIEWER, staff_no="009").client.cookies[COOKIE]
    page.context.add_cookies([{"name": COOKIE, "value": cookie, "url": windows.address, "httpOnly": True}])
    page.wait_for_url(NEXT)
    assert len(marks(round_id)) == 2


# ---- this browser, later


def reopened(page: "Page", path: str = SHEET) -> "Page":
    """Close the window, and open the sheet in another one of the same browser."""
    page.close()
    page.context.set_offline(offline=False)
    again = page.context.new_page()
    again.goto(path)
    return again


def test_what_was_not_saved_is_there_after_the_window_was_closed(page: "Page", round_id: UUID) -> None:
    page.context.set_offline(offline=True)
    page.keyboard.type("6.5")
    stands(page, "offline")
    again = reopened(page, "/reviews/T-1")
    assert again.get_by_text("本机有没有保存的内容").count() == 1
    again.goto(SHEET)
    stands(again, "saved")
    assert again.locator(SPEECH).input_value() == "6.5"
    assert entries(round_id)["speech"] == ["6.5", ""]


@pytest.mark.parametrize("kept_as", ["sent", "waiting"])
def test_what_was_kept_here_is_not_written_over_something_newer_from_elsewhere(
    page: "Page", round_id: UUID, kept_as: str
) -> None:
    page.context.set_offline(offline=True)
    page.keyboard.type("6.5")
    stands(page, "offline")
    declared().post(f"{SHEET}/draft", typed("9"))
    again = reopened(page, "/reviews")
    again.evaluate(
        """kept_as => { for (const [name, text] of Object.entries(localStorage))
            localStorage.setItem(name, JSON.stringify({ [kept_as]: JSON.parse(text).sent })); }""",
        kept_as,
    )
    again.goto(SHEET)
    again.wait_for_selector("#told")
    for mark in ("6.5", "9"):
        assert mark in again.locator("#told").inner_text()
    assert entries(round_id)["speech"] == ["9", ""]
    again.get_by_role("link", name="用已保存的").click()
    assert again.locator(SPEECH).input_value() == "9"
    stands(again, "saved")
    assert (entries(round_id)["speech"], kept_here(again)) == (["9", ""], [])


def test_what_had_arrived_long_ago_does_not_come_back(page: "Page", round_id: UUID) -> None:
    answered(page, "draft", lose)
    page.keyboard.type("6.5")
    stands(page, "offline")
    page.context.set_offline(offline=True)
    declared().post(f"{SHEET}/draft", typed("9", version=1, key="elsewhere"))
    again = reopened(page)
    again.wait_for_function("() => document.querySelector('[name=\"mark.speech\"]').value === '9'")
    assert again.locator(SPEECH).input_value() == "9"
    assert again.locator("#told").count() == 0
    again.locator(CALM).fill("8")
    stands(again, "saved")
    assert (entries(round_id), kept_here(again)) == ({"speech": ["9", ""], "calm": ["8", ""]}, [])


def test_after_the_stage_closed_the_typed_values_stay_to_be_copied(page: "Page", round_id: UUID) -> None:
    close(round_id, "interview")
    page.keyboard.type("8.25")
    page.wait_for_selector("#told")
    assert "已经截止" in page.locator("#told").inner_text()
    assert "8.25" in page.locator("#told").inner_text()
    assert sheet(round_id) is None
    page.goto(SHEET)
    assert "8.25" in left_here(page)
    assert troubles(page) == []
    page.get_by_role("button", name="从本机删除").click()
    page.goto(SHEET)
    assert page.locator("#left").is_hidden()


# ---- two windows


def test_two_windows_show_both_contents_and_let_one_choose(page: "Page", round_id: UUID) -> None:
    other = page.context.new_page()
    other.goto(SHEET)
    other.keyboard.type("9")
    stands(other, "saved")
    page.bring_to_front()
    page.locator(SPEECH).fill("6.5")
    page.wait_for_selector("#told")
    said = page.locator("#told").inner_text()
    assert "6.5" in said
    assert "9" in said
    assert troubles(page) == []
    picture(page, "review-conflict")
    page.get_by_role("button", name="用这里填的").click()
    stands(page, "saved")
    kept = sheet(round_id)
    assert kept
    assert (kept.version, '"6.5"' in kept.entries) == (2, True)


def test_a_window_that_saves_leaves_what_another_keeps(page: "Page", round_id: UUID) -> None:
    other = page.context.new_page()
    other.goto(SHEET)
    page.bring_to_front()
    page.route("**/draft", lambda route: route.abort())
    page.locator(SPEECH).fill("6.5")
    stands(page, "offline")
    other.bring_to_front()
    other.locator(SPEECH).fill("9")
    stands(other, "saved")
    page.wait_for_function("() => Object.values(localStorage).some(text => text.includes('6.5'))")
    other.locator(CALM).fill("8")
    stands(other, "saved")
    page.wait_for_function("() => Object.values(localStorage).some(text => text.includes('6.5'))")


def test_a_page_that_comes_back_as_it_was_left_is_read_again(page: "Page", round_id: UUID) -> None:
    declared().post(f"{SHEET}/draft", typed("9"))
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    page.wait_for_function("() => document.querySelector('[name=\"mark.speech\"]')?.value === '9'")
