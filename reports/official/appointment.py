"""The appointment notice (任职通知): who takes up the post, from when, and until when on trial.

A trial appointment is a 任职考察期: labour law allows a 试用期 only once for each employer.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain

from kit.i18n import gettext as _
from kit.i18n import in_language
from kit.jinja import day, masked
from reports.official.blocks import Block, Official, Paragraph, Table
from reports.official.contact import contact
from rules.dates import add_months
from rules.policies import Policy
from rules.workdays import NoticePeriod


@dataclass(frozen=True, slots=True)
class Appointee:
    """Somebody who takes up the post; ``line``, ``unit`` and ``grade`` as in the announcement."""

    staff_no: str
    name: str
    line: str
    unit: str
    grade: str = ""


@dataclass(frozen=True, slots=True)
class AppointmentNotice:
    """Who is appointed from which day; the policy says whether on trial."""

    policy: Policy
    people: Sequence[Appointee]
    effective_on: date
    issued_on: date
    period: NoticePeriod | None = None
    number: str = ""


def document(view: AppointmentNotice, *, language: str = "zh") -> Official:
    """Return the notice; in Chinese whatever language the operator speaks, unless asked otherwise."""
    with in_language(language):
        return _document(view, language)


def _document(view: AppointmentNotice, language: str) -> Official:
    policy = view.policy
    return Official(
        title=_("关于{post}任职的通知").format(post=policy.post.name),
        blocks=tuple(chain.from_iterable(part(view) for part in (_opening, _people, _trial, _closing))),
        organisation=policy.organisation,
        issued_on=view.issued_on,
        number=view.number,
        language=language,
        addressees=_("各业务线："),
        whole=(policy.post.name,),
    )


def _opening(view: AppointmentNotice) -> Iterator[Block]:
    title, count, post = view.policy.title, len(view.people), view.policy.post.name
    since = day(view.effective_on)
    if view.period is None:
        text = _("经{title}，决定任命下列{count}名同志为{post}，自{day}起任职。")
        yield Paragraph(text.format(title=title, count=count, post=post, day=since))
    else:
        first, last = day(view.period.first_day), day(view.period.last_day)
        text = _("经{title}，并经{first}至{last}公示，决定任命下列{count}名同志为{post}，自{day}起任职。")
        yield Paragraph(text.format(title=title, first=first, last=last, count=count, post=post, day=since))


def _people(view: AppointmentNotice) -> Iterator[Block]:
    places = {key: n for n, key in enumerate(view.policy.lines)}
    people = sorted(view.people, key=lambda p: (places.get(p.line, len(places)), p.staff_no))
    rows = [
        (str(n), p.name, masked(p.staff_no), p.unit, p.grade or "—", view.policy.post.name)
        for n, p in enumerate(people, 1)
    ]
    head = (_("序号"), _("姓名"), _("工号"), _("原所在单位"), _("原职级"), _("任职岗位"))
    yield Table(_("任职人员名单"), head, rows, (7, 25, 12, 24, 10, 22))


def _trial(view: AppointmentNotice) -> Iterator[Block]:
    months = view.policy.appointment.trial_months
    if not months:
        return
    last = _last_day(view.effective_on, months)
    text = _(
        "上述人员实行任职考察期{months}个月，自{first}至{last}。任职考察期满考核合格的，正式任职；考核不合格的，不再担任该岗位，由所在单位按规定另行安排。"
    )
    yield Paragraph(text.format(months=months, first=day(view.effective_on), last=day(last)))


def _last_day(first: date, months: int) -> date:
    """Return the day before the same day of the month; the month's last day where there is no such day."""
    day_after = add_months(first, months)
    return day_after - timedelta(days=1) if day_after.day == first.day else day_after


def _closing(view: AppointmentNotice) -> Iterator[Block]:
    yield Paragraph(_("请有关单位和人员按时办理工作交接，自任职之日起履行岗位职责。"))
    if people := contact(view.policy.organisation):
        yield Paragraph(_("联系方式：{contact}。").format(contact=people))
