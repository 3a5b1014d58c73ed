"""A whole round in Chromium: every role, HR at a desk, candidates and reviewers on phones, over ``jingpin serve``.

From the first administrator's link to the notice in everybody's hands; the server is killed once in the middle.
"""

import io
import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

import openpyxl
import pyotp
import pytest
from pypdf import PdfReader
from sqlalchemy import Engine

from actions import stages
from kit.settings import settings
from models.database import transaction
from rules.access import Role
from tests.journeys.browser import PHONE, Windows, opened, picture, troubles
from tests.journeys.command import jingpin
from tests.journeys.serving import serving, until
from tests.journeys.test_live import calendar
from tests.web import scenes

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CODE: Final = "2026Q4-SUP"
WORDS: Final = scenes.CHINESE
NAMES: Final = WORDS["names"].split()
CANDIDATES: Final = ("001", "002", "003")
JUDGES: Final = (("R1", "008"), ("R2", "R2"), ("R3", "R3"))
PASSWORD: Final = "春眠不觉晓 处处闻啼鸟 2026"  # noqa: S105 - of test accounts


@dataclass
class Round:
    """What the journey carries along: the windows, the home, who is at which desk."""

    windows: Windows
    home: Path
    desks: "dict[str, Page]" = field(default_factory=dict)

    def desk(self, login: str, *roles: Role, **options: object) -> "Page":
        """Return the window of somebody, opened once."""
        if login not in self.desks:
            self.desks[login] = self.windows.as_somebody(login, *roles, **options)
        return self.desks[login]


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def a_round(
    chromium: "Browser", sqlite: Engine, home: Path, port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Round]:
    monkeypatch.setenv("JINGPIN_CALENDAR", calendar(tmp_path, datetime.now(UTC)))
    monkeypatch.setenv("JINGPIN_PORT", str(port))
    settings.cache_clear()
    with opened(chromium, f"http://127.0.0.1:{port}") as windows:
        yield Round(windows, home)


def test_a_whole_round_through_the_pages_in_all_roles(a_round: Round, home: Path, port: int, tmp_path: Path) -> None:
    with serving(home, JINGPIN_PORT=str(port)) as server:
        begin(a_round)
        take_in_people(a_round, tmp_path)
        publish(a_round, tmp_path)
        enrol_candidates(a_round)
        until(server.conducts, "serve does not conduct")
        apply(a_round, tmp_path)
        close(a_round, "申请")


def find(page: "Page", path: str, text: str) -> None:
    """Open a page again and again until it says something."""

    def says() -> bool:
        page.goto(path)
        return text in page.inner_text("main")

    until(says, f"{path} never says {text!r}")


def press(page: "Page", name: str | re.Pattern[str]) -> None:
    """Press the one button of this name."""
    page.get_by_role("button", name=name).click()


def begin(it: Round) -> None:
    """Let the first administrator in by the printed link, and add HR, the chair and an observer."""
    said = jingpin("init", home=it.home).stdout
    link = re.search(r"/link/\S+", said)
    assert link, said
    page = it.desks["admin"] = it.windows.of_nobody()
    page.goto(link[0])
    choose_password(page)
    press(page, "开始设置")
    secret = page.locator("code.code").inner_text()
    page.get_by_label("验证码").fill(pyotp.TOTP(secret).now())
    press(page, "启用")
    page.get_by_role("link", name="已经保存好，继续").click()
    for login, name, role in (("hr", "韩梅", "人力资源"), ("chair", "罗主任", "人力资源"), ("watch", "严监督", "监督员")):
        it.desks[login] = it.windows.of_nobody()
        add_account(page, login, name, role)
        let_in(page, it.desks[login])


def choose_password(page: "Page") -> None:
    """Choose a password behind a one-time link."""
    page.get_by_label("新密码").fill(PASSWORD)
    page.get_by_label("再输入一次").fill(PASSWORD)
    press(page, "设定密码并登录")


def add_account(page: "Page", login: str, name: str, role: str) -> None:
    """Add an account by the administrator's pages, and stay on its page."""
    page.goto("/accounts/new")
    page.get_by_label("登录名").fill(login)
    page.get_by_label("姓名").fill(name)
    page.get_by_label(role).check()
    press(page, "添加")
    if not page.get_by_role("button", name="生成链接").count():
        page.goto(f"/accounts?q={login}")
        page.get_by_role("link", name=name).click()


def let_in(admin: "Page", somebody: "Page") -> None:
    """Hand somebody the link of the account that the administrator looks at; they choose their password by it."""
    press(admin, re.compile("生成链接"))
    address = admin.locator("code.code").inner_text()
    somebody.goto(address)
    choose_password(somebody)
    somebody.wait_for_url("**/")


def take_in_people(it: Round, folder: Path) -> None:
    """Have HR fill in the templates of two tables, and take them in after the preview."""
    page = it.desks["hr"]
    people = [
        {"工号": f"{n:03}", "姓名": name, "业务线": "vip" if n % 3 == 0 else "phone", "班组": f"{n}组", "职级": "Ⅱ"}
        | {"入职日期": f"2020-01-{n:02}"}
        for n, name in enumerate(NAMES, start=1)
    ]
    people[6]["职级"] = "Ⅰ"
    import_table(page, folder, "people", people)
    rows = [{"工号": p["工号"], "周期": when, "绩效等级": "A"} for p in people for when in ("2025H2", "2026H1")]
    import_table(page, folder, "ratings", rows)
    page.goto("/people")
    assert "共 8 人" in page.inner_text("main")


def import_table(page: "Page", folder: Path, table: str, rows: list[dict[str, str]]) -> None:
    """Download a table's template, fill it in and take it in."""
    page.goto(f"/people/import/{table}")
    upload(page, folder, rows)


def upload(page: "Page", folder: Path, rows: list[dict[str, str]]) -> None:
    """Fill in the template that this page offers, upload it, look at the preview, and take it in."""
    with page.expect_download() as download:
        page.get_by_role("link", name="下载模板").click()
    file = folder / download.value.suggested_filename
    download.value.save_as(file)
    book = openpyxl.load_workbook(file)
    sheet = book.active
    heads = [str(cell.value) for cell in sheet[1]]
    assert set(rows[0]) <= set(heads), heads
    for row in rows:
        sheet.append([row.get(head, "") for head in heads])
    book.save(file)
    page.get_by_label("表格文件").set_input_files(file)
    press(page, "上传并预览")
    assert troubles(page) == []
    press(page, re.compile("导入全部"))


def publish(it: Round, folder: Path) -> None:
    """Have HR go through the wizard from a file, see who would qualify, and publish."""
    page, now = it.desks["hr"], datetime.now(UTC).replace(second=0, microsecond=0)
    times = {"opens": now - timedelta(days=1), "closes": now + timedelta(days=2)}
    times |= {"later": now + timedelta(days=5), "last": now + timedelta(days=9)}
    said = {key: at.isoformat() for key, at in times.items()}
    text = scenes.POLICY.format(code=CODE, as_of=now.date(), **WORDS, **said)
    file = folder / "policy.yaml"
    file.write_text(text, encoding="utf-8")
    page.goto("/drafts")
    page.get_by_label("竞聘方案 policy.yaml").set_input_files(file)
    press(page, "上传")
    for _step in range(5):
        assert troubles(page) == []
        picture(page, f"wizard {_step}")
        if not page.get_by_role("button", name="保存并继续").count():
            break
        press(page, "保存并继续")
    picture(page, "wizard end")


def enrol_candidates(it: Round) -> None:
    """Give everybody of the directory an account."""
    page = it.desks["admin"]
    page.goto("/accounts/directory")
    press(page, re.compile("开通候选人账号"))
    page.goto("/accounts?q=001")


def apply(it: Round, folder: Path) -> None:
    """Have candidates apply on their phones and hand in their files."""


def close(it: Round, key: str) -> None:
    """Have HR close a step from the board."""
