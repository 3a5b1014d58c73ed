"""The first pages in a real browser."""

from typing import TYPE_CHECKING

import pytest

from rules.access import Role
from tests.journeys.browser import DESKTOP, PHONE, Windows, picture, troubles
from tests.web.visiting import PASSWORD, account

if TYPE_CHECKING:
    from playwright.sync_api import Route


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


def test_what_goes_wrong_in_a_window_is_named(windows: Windows) -> None:
    page = windows.of_nobody(width=PHONE)
    wide = '<img src="/no-such.png"><p style="width: 900px; color: #ccc">breit</p><script>fail()</script>'
    meta = '<meta name="viewport" content="width=device-width, initial-scale=1">'
    html = f"<html><head>{meta}</head><body>{wide}</body></html>"
    page.route("**/broken", lambda route: route.fulfill(body=html, content_type="text/html"))
    page.goto("/broken")
    page.wait_for_load_state("networkidle")
    found = " ".join(troubles(page))
    for fault in ("sideways", "0 elements h1", "title", "language", "image-alt", "color-contrast"):
        assert fault in found
    assert any("no-such.png: 404" in fault for fault in windows.faults)
    assert any("fail is not defined" in fault for fault in windows.faults)
    windows.faults.clear()


def test_inline_script_and_style_are_refused_and_named(windows: Windows) -> None:
    page = windows.of_nobody()

    def with_inline(route: "Route") -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace("</main>", "<script>1</script></main>"))

    page.route("**/login", with_inline)
    page.goto("/login")
    assert any("Content Security Policy" in fault for fault in windows.faults)
    windows.faults.clear()
