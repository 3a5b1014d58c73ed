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
from sqlmodel import select

from actions import stages
from kit.jinja import day
from kit.settings import settings
from models.database import reading, transaction
from models.rounds import Notice
from rules.access import Role
from tests.journeys.browser import PHONE, Windows, opened, picture, troubles
from tests.journeys.command import jingpin
from tests.journeys.serving import serving, until
from tests.journeys.test_live import calendar
from tests.web import scenes

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

CODE: Final = "2026Q4-SUP"
WORDS: Final = scenes.CHINESE
NAMES: Final = WORDS["names"].split()
CANDIDATES: Final = ("001", "002", "003")
JUDGES: Final = (("R1", "008"), ("R2", "R2"), ("R3", "R3"))
PASTE: Final = """(cell, text) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", text);
  cell.dispatchEvent(new ClipboardEvent("paste", {clipboardData, bubbles: true, cancelable: true}));
}"""
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
def a_port(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> int:
    """A port that stays the same when the server is started again."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    monkeypatch.setenv("JINGPIN_CALENDAR", calendar(tmp_path, datetime.now(UTC)))
    monkeypatch.setenv("JINGPIN_PORT", str(port))
    settings.cache_clear()
    return port


@pytest.fixture
def a_round(chromium: "Browser", sqlite: Engine, home: Path, a_port: int) -> Iterator[Round]:
    with opened(chromium, f"http://127.0.0.1:{a_port}") as windows:
        yield Round(windows, home)


def test_a_whole_round_through_the_pages_in_all_roles(a_round: Round, home: Path, a_port: int, tmp_path: Path) -> None:
    with serving(home, JINGPIN_PORT=str(a_port)) as server:
        begin(a_round)
        take_in_people(a_round, tmp_path)
        publish(a_round, tmp_path)
        enrol_candidates(a_round)
        until(server.conducts, "serve does not conduct")
        apply(a_round)
        close(a_round, "applications", "结构化面试")
        form_panels(a_round, tmp_path)
        score(a_round, JUDGES[:1])
        server.process.kill()  # the plug is pulled
        server.process.wait()
    with serving(home, JINGPIN_PORT=str(a_port)) as server:
        until(lambda: server.said().count("Prefect http") > 1, "serve does not conduct again")
        score(a_round, JUDGES[1:])
        close(a_round, "interview", "理论强化培训")
        train(a_round)
        close(a_round, "theory", "审定")
        decide(a_round)
        read_the_notice(a_round)
        read_the_result(a_round)
        watch_over(a_round)
        end(a_round)


def find(page: "Page", path: str, text: str) -> None:
    """Open a page again and again until it says something."""

    def says() -> bool:
        page.goto(path)
        return text in page.inner_text("main")

    until(says, f"{path} never says {text!r}")


def press(page: "Page", name: str | re.Pattern[str]) -> None:
    """Press the one button of this name, and wait for the whole of the page that answers."""
    page.get_by_role("button", name=name).click()
    page.wait_for_load_state()


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
    for login, name, role in (
        ("hr", "韩梅", "人力资源"),
        ("chair", "罗主任", "人力资源"),
        ("watch", "严监督", "监督员"),
    ):
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
    text = scenes.POLICY.format(code=CODE, as_of=now.date(), chain="interview, tenure", **WORDS, **said)
    file = folder / "policy.yaml"
    file.write_text(text, encoding="utf-8")
    page.goto("/drafts")
    page.get_by_label("竞聘方案 policy.yaml").set_input_files(file)
    press(page, "上传")
    for step in ("post", "conditions", "stages", "rules"):
        assert troubles(page) == []
        picture(page, f"wizard {step}")
        if step == "conditions":
            assert "现有 7 人符合条件" in page.inner_text("#answer")
        press(page, "保存并继续")
    page.get_by_role("link", name="下一步：发布").click()
    page.get_by_label("我已逐项核对").check()
    press(page, re.compile("^发布"))
    find(page, f"/rounds/{CODE}", "报名\n进行中")
    assert troubles(page) == []
    picture(page, "board")


def enrol_candidates(it: Round) -> None:
    """Give everybody of the directory an account; one of them comes in by the administrator's link."""
    page = it.desks["admin"]
    page.goto("/accounts/directory")
    press(page, re.compile("开通候选人账号"))
    page.goto("/accounts?q=001")
    page.get_by_role("link", name=NAMES[0]).click()
    it.desks["001"] = it.windows.of_nobody(width=PHONE)
    let_in(page, it.desks["001"])


def apply(it: Round) -> None:
    """Have candidates apply on their phones and hand in their files."""
    for no in CANDIDATES:
        page = it.desk(no, width=PHONE)
        page.goto("/my/rounds")
        page.get_by_role("link", name=WORDS["title"]).click()
        assert "符合全部条件" in page.inner_text("main")
        page.get_by_label("我已阅读以上说明").check()
        press(page, "报名")
        assert "回执" in page.inner_text("main")
        picture(page, f"receipt {no}")
        for slot in ("case_summary", "improvement_plan"):
            page.goto(f"/my/rounds/{CODE}")
            words = f"{NAMES[int(no) - 1]}的材料：先共情，再复述，后给方案。".encode()
            file = {"name": f"{slot}.txt", "mimeType": "text/plain", "buffer": words}
            page.locator(f"#f-{slot}").set_input_files(file)  # type: ignore[arg-type] # a dict is what it takes
            press_in(page.locator(f"#slot-{slot}"), "上传并提交")
        page.goto(f"/my/rounds/{CODE}")
        assert page.inner_text("#materials").count("已提交") >= 2
        assert troubles(page) == []
        picture(page, f"applied {no}")


def press_in(place: "Locator", name: str) -> None:
    """Press the one button of this name in a part of a page."""
    place.get_by_role("button", name=name).click()
    place.page.wait_for_load_state()


def close(it: Round, key: str, then: str) -> None:
    """Have HR close a step from the board, after a look at what it means, and wait for the next one."""
    page = it.desks["hr"]
    page.goto(f"/rounds/{CODE}?stage={key}" if key.startswith("_") else f"/rounds/{CODE}")
    page.get_by_role("link", name="提前截止").click()
    page.get_by_label("理由").fill("已收齐")
    press(page, "查看影响")
    picture(page, f"close {key}")
    press(page, re.compile("^确认"))
    find(page, f"/rounds/{CODE}", f"{then}\n进行中")
    picture(page, f"board after {key}")
    assert troubles(page) == []


def form_panels(it: Round, folder: Path) -> None:
    """Take in the reviewers, draw their panels from a seed, and give them accounts."""
    page = it.desks["hr"]
    page.goto(f"/rounds/{CODE}/import/reviewers")
    names = WORDS["judges"].split()
    rows = [
        {"评委编号": no, "姓名": name, "工号": staff_no if staff_no != no else ""}
        for (no, staff_no), name in zip(JUDGES, names, strict=True)
    ]
    upload(page, folder, rows)
    page.goto(f"/rounds/{CODE}/panels/interview")
    page.get_by_label("种子").fill("监督员报的 20261021")
    press(page, "抽签并预览")
    picture(page, "panels drawn")
    press(page, re.compile("按此分组"))
    assert "3/3" in page.inner_text("main")
    admin = it.desks["admin"]
    admin.goto(f"/accounts/reviewers?code={CODE}")
    press(admin, re.compile("位评委开通"))


def score(it: Round, judges: tuple[tuple[str, str], ...]) -> None:
    """Have reviewers declare their interests and score everybody on their phones, one after another."""
    for n, (_number, staff_no) in enumerate(judges):
        page = it.desk(staff_no.casefold(), width=PHONE)
        page.goto("/reviews")
        assert WORDS["interview"] in page.inner_text("main")
        page.get_by_role("link", name=re.compile("开始")).click()
        page.get_by_label("我已了解回避规定").check()
        press(page, re.compile("申报"))
        page.get_by_role("link", name="开始评分").click()
        for m in range(len(CANDIDATES)):
            fill_in(page, n, m)


def fill_in(page: "Page", n: int, m: int) -> None:
    """Fill in one sheet: one mark by a tap, one by typing; file it."""
    name = page.inner_text("h1").split()[0]
    good = 9 - NAMES.index(name)
    page.get_by_role("group", name=WORDS["speech"]).get_by_role("button", name=str(good), exact=True).click()
    page.get_by_label(WORDS["calm"], exact=True).fill(f"{good}.5")
    if (n, m) == (0, 0):
        assert troubles(page) == []
        picture(page, "sheet")
    before = page.url
    press(page, "提交并下一位")
    page.wait_for_url(lambda url: url != before)


def train(it: Round) -> None:
    """Have HR paste the attendance from a spreadsheet, and type the results of the examination."""
    page = it.desks["hr"]
    page.goto(f"/rounds/{CODE}/attendance")
    cells = page.locator("[data-grid] input")
    cells.first.evaluate(PASTE, "\n".join("到\t到\t迟" for _ in CANDIDATES))
    picture(page, "attendance")
    assert troubles(page) == []
    press(page, "保存改动")
    page.goto(f"/rounds/{CODE}/exam")
    cells.first.focus()
    for no in CANDIDATES:
        for _area in range(2):
            page.keyboard.type(str(90 - int(no)))
            page.keyboard.press("Tab")
    press(page, "保存改动")
    page.goto(f"/rounds/{CODE}/exam")
    assert cells.first.input_value() == "89"


def decide(it: Round) -> None:
    """Have HR and the chair confirm the same result, after a look at the arithmetic."""
    for login in ("hr", "chair"):
        page = it.desks[login]
        page.goto(f"/rounds/{CODE}/decision")
        assert troubles(page) == []
        picture(page, f"decision {login}")
        page.get_by_label("我已核对").check()
        press(page, "确认审定")


def read_the_notice(it: Round) -> None:
    """Read the notice as anybody in the intranet, on a phone, and the paper behind it."""
    page = it.windows.of_nobody(width=PHONE)
    find(page, "/notices", WORDS["title"])
    page.get_by_role("link", name=WORDS["title"]).click()
    assert troubles(page) == []
    picture(page, "notice")
    find(page, f"/notices/{CODE}", "下载公示文件")
    with page.expect_download() as download:
        page.get_by_role("link", name="下载公示文件").click()
    text = paper(download.value.path())
    assert "公示" in text
    assert WORDS["post"] in text
    for name in (NAMES[0], NAMES[2]):  # the best of each line
        assert name in text
    assert NAMES[1] not in text
    with reading() as session:
        notice = session.exec(select(Notice)).one()
    for said in (day(notice.posted_on), day(notice.last_day), "5个工作日"):
        assert said in text


def paper(file: Path) -> str:
    """Return what a PDF says, without the breaks of its lines."""
    pages = PdfReader(io.BytesIO(file.read_bytes())).pages
    return "".join("".join(page.extract_text().split()) for page in pages)


def read_the_result(it: Round) -> None:
    """Have the winner and the one who lost read their results on their phones."""
    for no in CANDIDATES[:2]:
        page = it.desks[no]
        page.goto(f"/my/rounds/{CODE}/result")
        assert troubles(page) == []
        picture(page, f"result {no}")
        press(page, "已阅，确认")
        assert "已确认阅读" in page.inner_text("main")


def watch_over(it: Round) -> None:
    """Have the observer recount the round, check its history and sign it."""
    page = it.desks["watch"]
    page.goto(f"/rounds/{CODE}/watch")
    press(page, "复核本轮")
    assert "全部相符" in page.inner_text("main")
    page.goto(f"/rounds/{CODE}/watch")
    press(page, "核对留痕")
    assert "全部相符" in page.inner_text("main")
    page.goto(f"/rounds/{CODE}/watch")
    page.get_by_label("意见").fill("已复核，与公布的一致。")
    page.get_by_label("您的登录密码").fill(PASSWORD)
    press(page, re.compile("^签名"))
    assert "签名时的留痕仍在" in page.inner_text("main")
    assert troubles(page) == []


def end(it: Round) -> None:
    """Let the days of the notice go by; the round ends by itself."""
    with transaction() as session:
        assert [s.key for s in stages.close_due(session, now=datetime.now(UTC) + timedelta(days=30))] == ["_notice"]
    page = it.desks["hr"]
    find(page, f"/rounds/{CODE}", "已结束")
    find(page, f"/rounds/{CODE}/documents", "任职通知")
    assert troubles(page) == []
    picture(page, "documents")
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("^下载.*任职通知")).first.click()
    text = paper(download.value.path())
    assert NAMES[0] in text
    assert WORDS["post"] in text
