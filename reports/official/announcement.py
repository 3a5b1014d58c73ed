"""The result announcement (公示): who is to be appointed, until when and where to object."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import chain

from kit.i18n import gettext as _
from kit.i18n import in_language, prose
from kit.jinja import day, joined, masked, plain
from reports.official.blocks import Block, Heading, Official, Paragraph, Table
from reports.official.contact import objections
from reports.official.titles import notice_title
from rules.policies import Policy
from rules.workdays import NoticePeriod


@dataclass(frozen=True, slots=True)
class Chosen:
    """Somebody who is to be appointed; ``unit`` and ``grade`` say what they are now. The staff number is masked."""

    staff_no: str
    name: str
    line: str
    unit: str
    grade: str = ""
    final: Decimal | None = None
    rank: int | None = None


@dataclass(frozen=True, slots=True)
class Level:
    """People of a line (of all, if it is empty) who are level over fewer seats: a test decides, the seats are held."""

    line: str
    people: int
    seats: int


@dataclass(frozen=True, slots=True)
class Announcement:
    """What was decided. ``vacant``: seats that nobody takes, by line, or under ``""`` where they belong to no line."""

    policy: Policy
    chosen: Sequence[Chosen]
    period: NoticePeriod
    issued_on: date
    level: Sequence[Level] = ()
    vacant: Mapping[str, int] | None = None
    number: str = ""


def document(view: Announcement, *, language: str = "zh") -> Official:
    """Return the announcement; in Chinese whatever language the operator speaks, unless asked otherwise."""
    with in_language(language):
        return _document(view, language)


def _document(view: Announcement, language: str) -> Official:
    policy = view.policy
    parts = (_opening, _people, _undecided, _period)
    return Official(
        title=_title(view),
        blocks=tuple(chain.from_iterable(part(view) for part in parts)),
        organisation=policy.organisation,
        issued_on=view.issued_on,
        number=view.number,
        language=language,
        whole=(policy.post.name, *policy.lines.values()),
    )


def _title(view: Announcement) -> str:
    text = _("{title}拟任人选公示") if view.chosen else _("{title}结果公示")
    return text.format(title=view.policy.title)


def _course(policy: Policy) -> str:
    steps = [_("报名"), _("资格审查"), *(stage.name for stage in policy.stages)]
    return _("、").join(steps)


def _opening(view: Announcement) -> Iterator[Block]:
    policy = view.policy
    text = _("按照《{title}》确定的规则，经{course}，{result}")
    result = _result(view).format(count=len(view.chosen), post=policy.post.name)
    yield Paragraph(text.format(title=notice_title(policy.title), course=_course(policy), result=result))


def _result(view: Announcement) -> str:
    if view.chosen:
        return _("拟确定下列{count}名同志任{post}，现予公示。")
    if view.level:
        return _("目前没有可以直接确定的拟任人选，现将结果予以公示。")
    if view.policy.quota.seats:
        return _("没有人员符合任用条件，本次竞聘不产生拟任人选，现将结果予以公示。")
    return _("因没有可供任用的名额，本次竞聘不产生拟任人选，现将结果予以公示。")


def _people(view: Announcement) -> Iterator[Block]:
    if not view.chosen:
        return
    yield Heading(_("拟任人选"))
    yield _table(view)
    note = _("工号只显示首尾部分，其余以“***”隐去。")
    if not view.policy.notice.show_scores:
        note = prose(_("名单按业务线排列，同一业务线内按工号排列，排列先后不代表名次。"), note)
    yield Paragraph(note)


def _table(view: Announcement) -> Table:
    policy, show = view.policy, view.policy.notice.show_scores
    head = [_("序号"), _("姓名"), _("工号"), _("现所在单位"), _("现职级"), _("拟任岗位")]
    rows = [
        [str(n), c.name, masked(c.staff_no), c.unit, c.grade or "—", policy.post.name] + (_scores(c) if show else [])
        for n, c in enumerate(_ordered(view), 1)
    ]
    if show:
        return Table(_title_of(view), (*head, _("综合成绩"), _("名次")), rows, (7, 20, 10, 17, 9, 16, 13, 8))
    return Table(_title_of(view), head, rows, (7, 25, 12, 24, 10, 22))


def _title_of(view: Announcement) -> str:
    return _("{post}拟任人选名单").format(post=view.policy.post.name)


def _scores(chosen: Chosen) -> list[str]:
    return ["—" if value is None else plain(value) for value in (chosen.final, chosen.rank)]


def _ordered(view: Announcement) -> list[Chosen]:
    """Order by rank only where ranks are shown: otherwise the order would tell them."""
    if view.policy.notice.show_scores:
        return sorted(view.chosen, key=lambda c: (c.rank is None, c.rank or 0, c.staff_no))
    places = {key: n for n, key in enumerate(view.policy.lines)}
    return sorted(view.chosen, key=lambda c: (places.get(c.line, len(places)), c.staff_no))


def _undecided(view: Announcement) -> Iterator[Block]:
    vacant = {line: seats for line, seats in (view.vacant or {}).items() if seats}
    if not vacant and not view.level:
        return
    yield Heading(_("未确定的名额") if view.level else _("空缺的名额"))
    for level in view.level:
        text = _(
            "{line}有{people}名人员综合成绩以及规定的各比较项全部相同，多于剩余的{seats}个名额。按照规定，{seats}个名额予以保留，通过加试确定人选，加试结果另行公示。"
        )
        where = _line(view, level.line) if level.line else _("各业务线")
        yield Paragraph(text.format(line=where, people=level.people, seats=level.seats))
    if vacant:
        yield Paragraph(_empty(view, vacant))


def _empty(view: Announcement, vacant: Mapping[str, int]) -> str:
    shown = joined([_("{line}{seats}个").format(line=_line(view, key), seats=n) for key, n in vacant.items() if key])
    if "" in vacant:
        return _("另有{seats}个名额没有合格人选，予以空缺。").format(seats=vacant[""])
    if view.level:
        return _("{seats}名额暂无人选，在加试结束前予以保留。").format(seats=shown)
    return _("{seats}名额没有合格人选，予以空缺。").format(seats=shown)


def _line(view: Announcement, key: str) -> str:
    return view.policy.lines.get(key, key)


def _period(view: Announcement) -> Iterator[Block]:
    period, notice = view.period, view.policy.notice
    yield Heading(_("公示时间与异议反映"))
    text = _("公示时间为{first}至{last}，共{count}个工作日（{counted}）。")
    yield Paragraph(
        text.format(
            first=day(period.first_day),
            last=day(period.last_day),
            count=len(period.working_days),
            counted=_("发布当日计入") if notice.count_first_day else _("发布当日不计入"),
        )
    )
    yield Paragraph(objections(view.policy.organisation, last_day=period.last_day))
