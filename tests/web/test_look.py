"""The small helps of base.js, and theme and language: each with a script and, where it must, without one."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

import pytest
from sqlalchemy import Engine

from rules.access import Role
from tests.journeys.browser import PHONE, Windows, troubles
from tests.web.visiting import account, hr, nobody
from web.looks import asset

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

FRAME: Final = """<!doctype html><html lang="zh-CN"><head><title>样张</title><meta name="now" content="{now}">
<link rel="stylesheet" href="{css}"><script src="{js}" defer></script></head><body>
<template id="words" data-left="（还有 {{time}}）" data-past="（已过 {{time}}）" data-shown="显示 {{n}} / {{all}}"
 data-sure="确定" data-cancel="取消" data-table="表格"></template><main><h1>样张</h1>{body}</main></body></html>"""
NOW: Final = datetime(2026, 10, 19, 7, 0, tzinfo=UTC)


def shown(page: "Page", body: str, *, now: datetime = NOW, extra: dict[str, str] | None = None) -> "Page":
    """Show a page of ours with this body."""
    html = FRAME.format(now=now.isoformat(), css=asset("base.css"), js=asset("base.js"), body=body)

    def answer(route: "Route") -> None:
        path = route.request.url.split("/sample", 1)[1]
        text = (extra or {}).get(path, html)
        route.fulfill(body=text, content_type="text/html; charset=utf-8", status=200 if text else 500)

    page.route("**/sample*", answer)
    page.goto("/sample")
    return page


def column(page: "Page", number: int) -> list[str]:
    return page.eval_on_selector_all(
        f"tbody tr:not([hidden]) td:nth-child({number})", "all => all.map(c => c.innerText)"
    )


TABLE: Final = """<table data-sort id="t"><thead><tr><th>姓名</th><th class="num" data-sort="desc">总分</th>
<th>截止</th><th data-sort="none">操作</th></tr></thead><tbody>{rows}</tbody></table>"""
ROW: Final = """<tr data-state="{s}"><td>{0}</td><td>{1}</td><td><time datetime="{2}T10:00:00+00:00">{2}</time></td>
<td></td></tr>"""
ROWS: Final = (
    ("赵静", "9.5", "2026-10-21"),
    ("陈思远", "—", "2026-10-09"),
    ("欧阳慧敏", "100.00", "2026-11-01"),
    ("安然", "90071992547409.93", "2026-10-20"),
    ("白鹭", "90071992547409.92", "2026-10-22"),
)


def table() -> str:
    return TABLE.format(rows="".join(ROW.format(*row, s="done" if n % 2 else "open") for n, row in enumerate(ROWS)))


def test_a_table_sorts_names_by_pinyin_and_numbers_exactly(windows: Windows) -> None:
    page = shown(windows.of_nobody(), table())
    page.get_by_role("button", name="姓名").click()
    assert column(page, 1) == ["安然", "白鹭", "陈思远", "欧阳慧敏", "赵静"]
    page.get_by_role("button", name="总分").click()
    assert column(page, 2) == ["90071992547409.93", "90071992547409.92", "100.00", "9.5", "—"]
    page.get_by_role("button", name="总分").click()
    assert column(page, 2) == ["9.5", "100.00", "90071992547409.92", "90071992547409.93", "—"]
    assert page.locator("th[aria-sort]").get_attribute("aria-sort") == "ascending"
    page.get_by_role("button", name="截止").click()
    assert column(page, 3)[0] == "2026-10-09"
    assert page.get_by_role("button", name="操作").count() == 0


def test_a_filter_shows_only_what_has_all_words_and_says_how_much(windows: Windows) -> None:
    tools = (
        '<label for="q">查找</label><input type="search" id="q" data-filter="t"><output data-count="t"></output>'
        '<label for="s">状态</label><select id="s" data-filter="t" data-by="state"><option value="">全部</option>'
        '<option value="done">完成</option></select>'
    )
    page = shown(windows.of_nobody(), tools + table())
    page.get_by_label("查找").fill("２０２６ 10-2")  # full width is the same
    assert column(page, 1) == ["赵静", "安然", "白鹭"]
    page.get_by_label("状态").select_option("done")
    assert column(page, 1) == ["安然"]
    assert page.inner_text("output") == "显示 1 / 5"


@pytest.mark.parametrize(
    ("ahead", "said"),
    [
        (timedelta(days=2, hours=3, minutes=59), "（还有 2 天 3 小时）"),
        (timedelta(hours=3, minutes=5, seconds=30), "（还有 3 小时 5 分钟）"),
        (timedelta(seconds=30), "（还有 1 分钟）"),
        (timedelta(days=-40), "（已过 40 天）"),
    ],
)
def test_a_countdown_goes_by_the_clock_of_the_server(windows: Windows, ahead: timedelta, said: str) -> None:
    at = (NOW + ahead).isoformat()
    page = shown(windows.of_nobody(), f'<p>截止 <time datetime="{at}" data-countdown>周三 18:00</time></p>')
    assert page.inner_text("p") == f"截止 周三 18:00{said}"


def test_a_question_is_asked_before_a_small_harm_and_no_is_no(windows: Windows) -> None:
    form = '<form method="post" action="/sample-sent" data-confirm="放弃这份草稿？"><button>放弃</button></form>'
    page = shown(windows.of_nobody(), form, extra={"-sent": "<h1>sent</h1>"})
    page.get_by_role("button", name="放弃").click()
    dialog = page.get_by_role("dialog")
    assert "放弃这份草稿？" in dialog.inner_text()
    assert page.evaluate("document.activeElement.textContent") == "取消"
    assert troubles(page) == []
    page.keyboard.press("Escape")
    assert dialog.count() == 0
    assert page.evaluate("document.activeElement.textContent") == "放弃"
    page.get_by_role("button", name="放弃").click()
    dialog.get_by_role("button", name="放弃").click()
    page.wait_for_url("**/sample-sent")


def test_a_second_click_sends_nothing(windows: Windows) -> None:
    page = windows.of_nobody()
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))
    shown(page, '<form method="post" action="/sample-sent"><button>发送</button></form>')
    page.evaluate("document.querySelector('form').addEventListener('submit', e => setTimeout(() => e, 0))")
    page.evaluate("() => { const b = document.querySelector('button'); b.click(); b.click(); }")
    page.wait_for_url("**/sample-sent")
    assert sent.count("POST") == 1


def test_what_was_typed_and_not_sent_is_not_left_without_a_question(windows: Windows) -> None:
    page = shown(
        windows.of_nobody(), '<form data-guard><label>理由 <input name="r"></label></form><a href="/login">走</a>'
    )
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.get_by_label("理由").fill("台风")
    page.get_by_role("link", name="走").click()
    page.wait_for_url("**/login")
    assert asked == ["beforeunload"]


def test_a_slow_part_comes_later_and_its_link_stays_when_it_does_not(windows: Windows) -> None:
    link = '<div data-part="/sample-{0}"><a href="/{0}">看{0}</a></div>'
    body = link.format("part") + link.format("broken")
    part = "<p>现有 137 人符合条件</p><table data-sort><thead><tr><th>姓名</th></tr></thead><tbody></tbody></table>"
    page = windows.of_nobody()
    shown(page, body, extra={"-part": part, "-broken": ""})
    page.get_by_text("现有 137 人").wait_for()
    assert page.get_by_role("button", name="姓名").count() == 1
    page.wait_for_function("!document.querySelector('[aria-busy]')")
    assert page.get_by_role("link", name="看broken").is_visible()
    windows.faults.clear()  # the broken part was meant


def test_a_wide_table_is_scrolled_by_keys_and_the_page_is_not(windows: Windows) -> None:
    heads = "".join(f"<th>很长的表头{n}</th>" for n in range(30))
    table = f'<div class="table-wrap"><table><caption>宽表</caption><thead><tr>{heads}</tr></thead></table></div>'
    page = shown(windows.of_nobody(width=PHONE), table)
    assert troubles(page) == []
    assert page.get_by_role("region", name="宽表").get_attribute("tabindex") == "0"


def test_theme_and_language_are_chosen_without_a_script(windows: Windows) -> None:
    page = windows.of_nobody(java_script_enabled=False)
    page.goto("/login?next=%2Frounds")
    light = page.locator("html").evaluate("e => getComputedStyle(e).colorScheme")
    page.get_by_role("button", name="深色").click()
    page.wait_for_url("**/login?next=%2Frounds")
    assert (light, page.locator("html").get_attribute("data-theme")) == ("light dark", "dark")
    page.get_by_role("button", name="English").click()
    page.wait_for_url("**/login?next=%2Frounds")
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.get_by_role("button", name="English").get_attribute("aria-pressed") == "true"


def test_a_language_is_kept_with_the_account(sqlite: Engine) -> None:
    account("wang", Role.HR)
    me = hr("wang")
    assert me.post("/look", {"language": "en", "back": "/"}).headers["location"] == "/"
    assert 'lang="en"' in hr("wang").get("/").text
    assert me.post("/look", {"language": "xx", "theme": "pink", "back": "//evil.example"}).headers["location"] == "/"
    page = me.get("/").text
    assert 'lang="en"' in page
    assert "data-theme" not in page


def test_whoever_types_for_long_keeps_the_session(sqlite: Engine) -> None:
    assert hr().get("/still-here").status_code == 204
    assert nobody().get("/still-here").status_code == 303
