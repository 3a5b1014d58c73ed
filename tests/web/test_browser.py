"""The first pages in a real browser."""

import pytest

from rules.access import Role
from tests.journeys.browser import DESKTOP, PHONE, Windows, picture, troubles
from tests.web.visiting import PASSWORD, account


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_somebody_signs_in_and_out(windows: Windows, width: int) -> None:
    account("wang", Role.HR, password=PASSWORD)
    page = windows.of_nobody(width=width)
    page.goto("/")
    assert troubles(page) == []
    picture(page, f"login-{width}")
    page.get_by_label("登录名").fill("wang")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("**/")
    assert troubles(page) == []
    picture(page, f"start-{width}")
    page.get_by_role("button", name="退出").click()
    page.wait_for_url("**/login")
