"""The observers' pages, the tokens and the reference in a real browser: on a desk and on a phone."""

import pytest

from actions import passwords
from models.database import transaction
from queries.accounts import by_login
from rules.access import Role
from tests.actions.test_stages import to_the_decision
from tests.journeys.browser import DESKTOP, PHONE, Windows, picture, troubles
from tests.web.visiting import PASSWORD


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_an_observer_recounts_signs_and_receives_an_objection(windows: Windows, width: int) -> None:
    to_the_decision()
    page = windows.as_somebody("observer", Role.OBSERVER, width=width)
    with transaction() as session:
        passwords.put(session, account=by_login(session, login="observer"), password=PASSWORD)

    def looked_at(name: str) -> None:
        assert troubles(page) == []
        picture(page, f"{name}-{width}")

    page.goto("/rounds/T-1/watch")
    looked_at("watch-empty")
    page.get_by_role("button", name="复核本轮").click()
    page.wait_for_url("**/watch/checks/*")
    looked_at("watch-found")
    page.get_by_role("link", name="回到监督").click()
    page.get_by_label("意见").fill("已于今日复核，未发现不符")
    page.get_by_label("您的登录密码").fill(PASSWORD)
    page.get_by_role("button", name="签名：").click()
    page.get_by_text("签名时的留痕仍在").wait_for()
    page.get_by_role("link", name="登记收到的异议").click()
    looked_at("watch-objection")
    page.get_by_label("怎样收到的").select_option("letter")
    page.get_by_label("异议内容").fill("评委与候选人同组")
    page.get_by_role("button", name="登记异议").click()
    page.get_by_role("link", name="第 1 号").wait_for()
    looked_at("watch-full")
    page.get_by_role("link", name="第 1 号").click()
    looked_at("watch-heard")
    page.goto("/viewings")
    looked_at("viewings")


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_hr_makes_a_token_and_reads_the_reference(windows: Windows, width: int) -> None:
    page = windows.as_somebody("hr", Role.HR, width=width)
    page.goto("/account/tokens")
    assert troubles(page) == []
    page.get_by_label("名称").fill("人事系统同步")
    page.get_by_label("读取人员名册").check()
    page.get_by_role("button", name="生成令牌").click()
    page.get_by_text("只显示这一次").wait_for()
    assert troubles(page) == []
    picture(page, f"tokens-{width}")
    page.get_by_role("link", name="接口说明").click()
    assert troubles(page) == []
    picture(page, f"reference-{width}")
