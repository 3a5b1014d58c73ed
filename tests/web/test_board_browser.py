"""The pages of a round in a real browser: deeds on a phone, a calculation under its row, a grid by keyboard."""

import pytest
from sqlmodel import select

from models.database import reading
from models.marks import ExamScore
from rules.access import Role
from tests.actions.test_stages import to_the_decision
from tests.journeys.browser import DESKTOP, PHONE, Windows, picture, troubles
from tests.web.test_board import with_panel
from tests.web.test_grids import to_the_training


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_hr_steers_from_the_board(windows: Windows, width: int) -> None:
    with_panel()
    page = windows.as_somebody("hr", Role.HR, width=width)
    page.goto("/rounds/T-1")
    assert troubles(page) == []
    picture(page, f"board-{width}")
    page.get_by_role("link", name="暂缓候选人").click()
    page.locator("[name=staff_no]").fill("001")
    page.get_by_label("理由").fill("核实投诉")
    page.get_by_role("button", name="查看影响").click()
    page.get_by_text("解除之前不能审定结果").wait_for()
    assert troubles(page) == []
    page.get_by_role("button", name="确认暂缓候选人").click()
    page.get_by_text("001 已暂缓").wait_for()
    page.goto("/rounds/T-1/panels/interview")
    page.get_by_text("抽签分组").click()
    page.get_by_label("每位候选人的评委数").fill("2")
    page.get_by_role("button", name="抽签并预览").click()
    assert troubles(page) == []
    picture(page, f"draw-{width}")


def test_a_calculation_opens_under_its_row_and_closes_again(windows: Windows) -> None:
    to_the_decision()
    page = windows.as_somebody("hr", Role.HR, width=DESKTOP)
    page.goto("/rounds/T-1/decision")
    link = page.get_by_role("link", name="算式 李雷")
    link.click()
    page.get_by_text("权重 × 得分").wait_for()
    assert page.url.endswith("/decision")
    assert troubles(page) == []
    link.click()
    assert page.get_by_text("权重 × 得分").count() == 0


def test_a_grid_is_filled_by_keyboard_and_by_a_block_from_a_spreadsheet(windows: Windows) -> None:
    to_the_training()
    page = windows.as_somebody("hr", Role.HR, width=DESKTOP)
    page.goto("/rounds/T-1/exam")
    first = page.get_by_label("王芳 产品与服务")
    first.fill("70")
    first.press("Enter")
    page.keyboard.type("80")
    page.keyboard.press("ArrowRight")
    page.keyboard.type("81")
    page.get_by_text("已改 3 格，还没有保存").wait_for()
    third = page.get_by_label("买买提·吐尔逊 产品与服务")
    third.evaluate(
        """(field) => {
          const data = new DataTransfer();
          data.setData("text/plain", "90.5\\t91\\n");
          field.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
        }"""
    )
    page.get_by_role("button", name="保存改动").click()
    page.get_by_text("已保存 5 格").wait_for()
    with reading() as session:
        found = {(s.staff_no, s.area): str(s.score) for s in session.exec(select(ExamScore))}
    assert found == {
        ("001", "product"): "70",
        ("002", "product"): "80",
        ("002", "policy"): "81",
        ("003", "product"): "90.5",
        ("003", "policy"): "91",
    }
    assert troubles(page) == []
