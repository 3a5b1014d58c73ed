"""A candidate on a phone: read the conditions, apply, hand in a file, keep the receipt; the notice on paper."""

from pathlib import Path

import pytest

from rules.access import Role
from tests.journeys.browser import PHONE, Windows, chromium, picture, troubles, windows
from tests.web.test_notices import to_the_notice
from tests.web.test_own_rounds import applications, handovers, launch, pdf

__all__ = ["chromium", "windows"]


def test_a_candidate_applies_and_hands_in_on_a_phone(windows: Windows, tmp_path: Path) -> None:
    launch()
    page = windows.as_somebody("c001", Role.CANDIDATE, staff_no="001", width=PHONE)
    page.goto("/my/rounds")
    assert not troubles(page)
    page.click("text=去报名")
    page.wait_for_selector("text=报名条件")
    page.wait_for_selector(".todo >> text=还有 2 天")
    assert not troubles(page)
    picture(page, "candidate round")
    page.check("[name=consent]")
    page.click("#apply button")
    page.wait_for_selector("h1:has-text('报名回执')")
    assert not troubles(page)
    page.click("text=回到本轮")
    file = tmp_path / "案例.pdf"
    file.write_bytes(pdf())
    page.set_input_files("#f-case_summary", file)
    page.click("#slot-case_summary >> text=上传并提交")
    page.wait_for_selector("h1:has-text('提交材料回执')")
    page.click("text=回到本轮")
    assert not troubles(page)
    assert applications() == [("001", "submitted")]
    assert handovers() == [("case_summary", 1, "handed_in")]


def test_without_a_script_everything_works_by_plain_forms(windows: Windows, tmp_path: Path) -> None:
    launch()
    page = windows.as_somebody("c001", Role.CANDIDATE, staff_no="001", java_script_enabled=False)
    page.goto("/my/rounds/T-1")
    page.check("[name=consent]")
    page.click("#apply button")
    page.click("text=回到本轮")
    file = tmp_path / "bad.pdf"
    file.write_bytes(b"<script>")
    page.set_input_files("#f-case_summary", file)
    page.click("#slot-case_summary >> text=上传并提交")
    assert "脚本" in page.locator("#e-case_summary").inner_text()
    assert handovers() == []


@pytest.mark.parametrize("path", ["/my/rounds/T-1/result", "/my/rounds/T-1/hearings", "/my/data"])
def test_the_pages_after_the_notice_are_fit_for_a_phone(windows: Windows, path: str) -> None:
    to_the_notice()
    page = windows.as_somebody("c001", Role.CANDIDATE, staff_no="001", width=PHONE)
    page.goto(path)
    for part in page.locator("details").all():
        part.locator("summary").click()
    assert not troubles(page)
    picture(page, f"candidate {path.rpartition('/')[2]}")


def test_the_notice_is_read_by_anybody_and_printed_without_its_buttons(windows: Windows) -> None:
    to_the_notice()
    page = windows.of_nobody(width=PHONE)
    page.goto("/notices")
    page.click("text=测试轮次")
    page.wait_for_selector("text=拟任人选名单")
    assert not troubles(page)
    page.emulate_media(media="print")
    assert not page.locator("text=加入日历").is_visible()
    assert page.locator("text=李雷").is_visible()
