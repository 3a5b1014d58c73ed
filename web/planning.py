"""When the steps of a policy in the making would happen: planned dates over the working days, with the notice."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from forms import draft_fields, draft_tree
from forms.draft_tree import Tree
from kit.i18n import gettext
from kit.jinja import day as said_day
from kit.jinja import weekday
from rules import course
from rules.policies import NoticePolicy
from rules.texts import RuleError, Text, _
from rules.workdays import Calendar, notice_period

LONGEST: Final = 400
"""Days that a picture of the plan may span."""

DAY: Final = 8
"""How wide a day is in the picture."""


class Window(NamedTuple):
    """One planned step; ``notes`` say what to look at again."""

    name: str
    opens_at: datetime | None
    closes_at: datetime | None
    notes: Sequence[Text]


class Plan(NamedTuple):
    """The planned steps in order, the notice as it is expected, and what could not be told."""

    windows: Sequence[Window]
    notice: Text | None
    trouble: Text | None
    zone: str
    first: date | None = None
    last: date | None = None
    posted: date | None = None
    ends: date | None = None
    free: Sequence[date] = ()

    def place(self, day: date) -> int:
        """Return where a day begins in the picture."""
        return (day - self.first).days * DAY if self.first else 0

    @property
    def width(self) -> int:
        """Return how wide the picture is; nothing when there is none."""
        return ((self.last - self.first).days + 1) * DAY if self.first and self.last else 0

    def bars(self) -> list[tuple[int, int]]:
        """Return where each step's bar begins and how long it is; the notice last."""
        zone = ZoneInfo(self.zone)
        made = []
        for window in self.windows:
            opens, closes = window.opens_at or window.closes_at, window.closes_at or window.opens_at
            if opens and closes:
                begin = opens.astimezone(zone).date()
                made.append((self.place(begin), max((closes.astimezone(zone).date() - begin).days + 1, 1) * DAY))
            else:
                made.append((0, 0))
        if self.posted and self.ends:
            made.append((self.place(self.posted), ((self.ends - self.posted).days + 1) * DAY))
        return made


def plan(tree: Tree, calendar: Calendar) -> Plan:
    """Lay the planned dates over the working days, as far as they can be read."""
    zone_name = _zone_name(tree)
    zone = ZoneInfo(zone_name)
    given = [(gettext("报名"), tree.get("applications") or {})]
    given += [(str(s.get("name") or s.get("key") or "—"), s) for s in draft_tree.get(tree, "stages") or []]
    windows: list[Window] = []
    before: datetime | None = None
    trouble: Text | None = None
    for name, said in given:
        opens, closes = _instant(said.get("opens_at")), _instant(said.get("closes_at"))
        notes: list[Text] = []
        if before and opens and opens < before:
            notes.append(Text(_("开始早于上一环节的截止：上一环节截止之后才会真正开始")))
        try:
            notes += [_free(at, zone) for at in (opens, closes) if at and not calendar.is_working(_day(at, zone))]
        except RuleError as error:
            trouble = error.text
        windows.append(Window(name, opens, closes, notes))
        before = closes or before
    ends = [w.closes_at for w in windows if w.closes_at]
    made = Plan(windows, None, trouble, zone_name)
    if not ends:
        return made
    try:
        return _with_notice(made, max(ends), tree, calendar)
    except RuleError as error:
        return _spanned(made._replace(trouble=error.text), calendar, max(ends).astimezone(zone).date())


def _with_notice(made: Plan, last: datetime, tree: Tree, calendar: Calendar) -> Plan:
    zone = ZoneInfo(made.zone)
    terms = _notice(tree)
    posted = course.next_working_day(last, zone, calendar)
    period = notice_period(
        posted, working_days=terms.working_days, count_first_day=terms.count_first_day, calendar=calendar
    )
    between = [d for d in _days(_day(last, zone) + timedelta(days=1), period.last_day) if not calendar.is_working(d)]
    off = [d for d in between if d.weekday() < 5]  # noqa: PLR2004 - Monday to Friday: what nobody expects
    said: dict[str, object] = {
        "first": _said(posted),
        "last": _said(period.last_day),
        "n": terms.working_days,
        "off": _spans(off),
    }
    text = _("各环节按时完成的，预计 {first}发布公示，{last}届满（{n} 个工作日）")
    if off:
        text = _("{off}放假，公示将顺延：预计 {first}发布，{last}届满（{n} 个工作日）")
    made = made._replace(notice=Text(text, said), posted=posted, ends=period.last_day)
    return _spanned(made, calendar, period.last_day)


def _spanned(made: Plan, calendar: Calendar, last: date) -> Plan:
    """Return a plan with the days that its picture shows, unless they are too many."""
    zone = ZoneInfo(made.zone)
    days = [_day(at, zone) for w in made.windows for at in (w.opens_at, w.closes_at) if at]
    if not days or (last - min(days)).days > LONGEST:
        return made
    first, last = min(days), max([last, *days])
    free = [day for day in _days(first, last) if not calendar.days.get(day, True)]
    return made._replace(first=first, last=last, free=free)


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _notice(tree: Tree) -> NoticePolicy:
    said: Any = tree.get("notice") or {}
    days = str(said.get("working_days") or "5")
    n = int(days) if days.isascii() and days.isdigit() and 0 < int(days) < 100 else 5  # noqa: PLR2004 - as the form allows
    return NoticePolicy(n, said.get("count_first_day") == "true")


def _zone_name(tree: Tree) -> str:
    return _known_zone(str(tree.get("time_zone") or draft_fields.ZONE))


@lru_cache(maxsize=32)
def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return draft_fields.ZONE
    return name


def _instant(value: object) -> datetime | None:
    try:
        at = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return at if at.tzinfo else None


def _day(at: datetime, zone: ZoneInfo) -> date:
    return at.astimezone(zone).date()


def _said(day: date) -> str:
    return gettext("{day}（{weekday}）").format(day=said_day(day, year=False), weekday=weekday(day))


def _free(at: datetime, zone: ZoneInfo) -> Text:
    return Text(_("{day}不是工作日，确定要安排在这一天吗？"), {"day": _said(_day(at, zone))})


def _spans(days: Sequence[date]) -> str:
    """Return days as spans: 10月1日至10月7日、10月9日."""
    spans: list[list[date]] = []
    for day in days:
        if spans and (day - spans[-1][-1]).days <= 3:  # noqa: PLR2004 - a weekend between is part of the holiday
            spans[-1].append(day)
        else:
            spans.append([day])
    return gettext("、").join(
        said_day(s[0], year=False)
        if s[0] == s[-1]
        else gettext("{first}至{last}").format(first=said_day(s[0], year=False), last=said_day(s[-1], year=False))
        for s in spans
    )
