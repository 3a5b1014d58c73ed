"""Who saw what: every page with personal data leaves a line, and observers read them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from fastapi import Response

from kit.i18n import gettext
from models.accounts import Viewing
from queries import viewings as seen
from queries.viewings import Wanted
from reports.attached import csv_file
from rules.access import Act
from rules.texts import Text, _
from web.doors import Doors
from web.downloads import attachment
from web.visit import Visit

doors: Final = Doors()

PER_PAGE: Final = 100
MOST_ROWS: Final = 50_000
ZONE: Final = "Asia/Shanghai"

PAGES: Final = {
    "watch": _("监督"),
    "watch_found": _("复核结论"),
    "objection": _("异议"),
    "viewings": _("查阅记录"),
    "accounts": _("账号"),
    "account": _("一个账号"),
    "people": _("人员"),
    "person": _("一个人的资料"),
    "board": _("轮次进度"),
    "decision": _("结果与审定"),
    "calculation": _("一个人的计算过程"),
    "intake": _("导入"),
    "score_sheet": _("评分表"),
    "review_list": _("评分名单"),
    "printed_sheets": _("纸质评分表"),
    "material": _("候选人材料"),
    "document": _("一份文档"),
    "documents": _("文档"),
    "dossier": _("候选人档案"),
    "draft": _("草稿"),
    "hearing": _("申请或异议"),
    "hearings": _("申请与异议"),
    "history": _("留痕"),
    "materials": _("材料"),
    "panels": _("评委分组"),
    "attendance": _("考勤"),
    "exam": _("考试成绩"),
    "api.rounds": _("接口：轮次"),
    "api.people": _("接口：人员"),
    "api.applications": _("接口：报名"),
    "api.marks": _("接口：评分"),
    "api.results": _("接口：结果"),
    "api.records": _("接口：一个人的记录"),
    "api.panels": _("接口：评委分组"),
    "api.attendance": _("接口：考勤"),
    "api.exam": _("接口：考试成绩"),
    "api.history": _("接口：留痕"),
    "api.documents": _("接口：文档"),
    "api.document": _("接口：一份文档"),
    "api.bundle": _("接口：数据包"),
    "bundle": _("数据包"),
    "centre_history": _("中心的留痕"),
    "proposals": _("提议"),
}
"""What pages are called; one that is not here goes by its own name."""


@dataclass(frozen=True, slots=True)
class Search:
    """Which viewings are looked for, as the fields say it; ``fault``: the day is none."""

    asked: dict[str, str]
    wanted: Wanted
    fault: Text | None

    @classmethod
    def of(cls, visit: Visit) -> "Search":
        """Return what the address asks for; what it does not name does not matter."""
        query = visit.request.query_params
        asked = {name: query.get(name, "").strip() for name in ("who", "subject", "code", "page", "day")}
        day, fault = _day(asked["day"])
        wanted = Wanted(asked["who"], asked["subject"], asked["code"], asked["page"], day)
        return cls(asked, wanted, fault)


def _day(text: str) -> tuple[date | None, Text | None]:
    if not text:
        return None, None
    try:
        return date.fromisoformat(text), None
    except ValueError:
        return None, Text(_("“{text}”不是日期；请写成 2026-10-21"), {"text": text})


@doors.get("/viewings", act=Act.SEE_VIEWINGS, name="viewings")
def viewings(visit: Visit, before: str = "") -> Response:
    """Show who saw what, newest first."""
    return _page(visit, Search.of(visit), before)


def _page(visit: Visit, search: Search, before: str = "") -> Response:
    last = int(before) if before.isdecimal() and len(before) < 10 else None  # noqa: PLR2004 - fits an integer
    found = _found(visit, search, before=last, limit=PER_PAGE + 1)
    looked, shown = seen.names(visit.session, seen=found[:PER_PAGE])
    visit.saw("viewings")
    return visit.page(
        "viewings.html",
        status=422 if search.fault else 200,
        found=found[:PER_PAGE],
        more=found[PER_PAGE - 1].id if len(found) > PER_PAGE else None,
        looked=looked,
        shown=shown,
        search=search,
        pages=[("", gettext("全部")), *((key, gettext(PAGES.get(key, key))) for key in seen.pages(visit.session))],
        PAGES=PAGES,
        zone=ZONE,
    )


def _found(visit: Visit, search: Search, *, limit: int, before: int | None = None) -> Sequence[Viewing]:
    if search.fault:
        return []
    return seen.found(visit.session, wanted=search.wanted, zone=ZONE, before=before, limit=limit)


@doors.get("/viewings.csv", act=Act.SEE_VIEWINGS, name="viewings_file")
def viewings_file(visit: Visit) -> Response:
    """Hand out the same as a table; a search that cannot be read is told on its page."""
    search = Search.of(visit)
    if search.fault:
        return _page(visit, search)
    visit.saw("viewings")
    heads = [gettext(h) for h in (_("时间"), _("账号"), _("姓名"), _("页面"), _("轮次"), _("涉及"), _("涉及的姓名"))]
    made = csv_file("viewings.csv", heads, _rows(visit, search), description=gettext("查阅记录"))
    return attachment(made.content, name="viewings.csv", media_type="text/csv; charset=utf-8")


def _rows(visit: Visit, search: Search) -> Iterator[tuple[object, ...]]:
    found = _found(visit, search, limit=MOST_ROWS)
    looked, shown = seen.names(visit.session, seen=found)
    for v in found:
        page, who, whom = gettext(PAGES.get(v.page, v.page)), looked.get(v.actor, ""), shown.get(v.subject, "")
        yield v.at.isoformat(), v.actor, who, page, v.round_code, v.subject, whom
