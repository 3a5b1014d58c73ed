"""What a candidate has to do in a round now, until when, and what comes next."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from kit.jinja import day, day_time, deadline
from reports import requirements
from reports.moments import moment
from reports.official.contact import contact
from reports.words import word
from rules import course, outcomes
from rules.hearings import HUMAN_CHECK
from rules.texts import Text, _, enumerated
from web.own_course import after
from web.own_rounds import OwnRound, live_rounds, of_rounds
from web.visit import Visit


@dataclass(frozen=True, slots=True)
class Todo:
    """What is to be done (``kind`` as of ``parts.state``), until when, and by which route; what comes next.

    ``anchor``: where on the round's own page, if there is no route; ``query``: what is asked of the route.
    """

    kind: str
    what: Text
    until: datetime | None = None
    route: str = ""
    button: str = ""
    anchor: str = ""
    query: str = ""
    next: Text | None = None


def todo(own: OwnRound) -> Todo:
    """Return what waits for a candidate in a round: the first case that fits."""
    return next(say(own) for fits, say in _CASES if fits(own))


def _cancelled(own: OwnRound) -> Todo:
    kept = Text(_("您提交的材料和已有的记录都保留，可以在本页查看。"))
    if whom := contact(own.policy.organisation):
        kept = Text(
            _("您提交的材料和已有的记录都保留，可以在本页查看。有疑问的，请联系：{contact}。"), {"contact": whom}
        )
    return Todo("none", Text(_("本轮已经取消，您不需要做任何事。")), next=kept)


def _published(own: OwnRound) -> Todo:
    notice = own.step(course.NOTICE)
    if not own.took_part:
        return Todo("none", Text(_("结果已经公示。您没有报名本轮。")), route="notice", button=_("查看公示"))
    said = {"outcome": outcomes.said(own.policy, own.outcome or "")}
    button = ("own_result", _("查看我的结果"))
    if notice.state == "done":
        return Todo("good", Text(_("本轮已经结束。您的结果：{outcome}。计算过程可以随时查看。"), said), None, *button)
    if notice.closes_at and own.now >= notice.closes_at:
        what = Text(_("公示期已满，您的结果：{outcome}。还有事项在核查，核查结束后本轮才办结。"), said)
        return Todo("none", what, None, *button)
    if own.confirmed:
        what = Text(_("结果已经公示。您的结果：{outcome}。您已确认阅读；有异议的，仍可在公示期内提出。"), said)
        return Todo("good", what, notice.closes_at, *button)
    what = Text(_("结果已经公示。您的结果：{outcome}。请查看计算过程；有异议的，请在公示期内提出。"), said)
    if notice.generation > 1:
        what = Text(
            _("结果重新计算后再次公示。您的结果：{outcome}。请查看计算过程；有异议的，请在公示期内提出。"), said
        )
    return Todo("wait", what, notice.closes_at, *button)


def _returned(own: OwnRound) -> Todo:
    applications = own.step(course.APPLICATIONS)
    first = own.policy.stages[0].key if own.policy.stages else course.APPLICATIONS
    until = applications.closes_at if applications.state == "open" else own.step(first).closes_at
    what = Text(_("人力资源退回了{slots}，请按说明修改后重新提交。"), {"slots": _named(own.returned())})
    missing = own.missing()
    others = Text(_("另外还没有提交：{slots}。"), {"slots": _named(missing)}) if missing else None
    return Todo("bad", what, until, "", _("去修改"), "materials", next=others)


def _too_early(own: OwnRound) -> Todo:
    applications = own.step(course.APPLICATIONS)
    if applications.opens_at is None:
        return Todo("none", Text(_("报名还没有开始。")))
    opens = day_time(applications.opens_at, own.zone)
    return Todo("none", Text(_("报名于{opens}开始，现在可以先看条件。"), {"opens": opens}), applications.opens_at)


def _ineligible_now(own: OwnRound) -> Todo:
    """Say what is missed while applications are open, and that a person can look at it."""
    what = Text(_("按人事记录，您没有达到：{rules}。"), {"rules": _missed(own)})
    if own.screened and own.screened.qualifies_on:
        said: dict[str, object] = {"rules": _missed(own), "day": day(own.screened.qualifies_on)}
        what = Text(_("按人事记录，您没有达到：{rules}。如果其他情况不变，您自{day}起符合全部条件。"), said)
    closes = own.step(course.APPLICATIONS).closes_at
    later = Text(
        _("现在也可以报名（{closes}截止），但除非复核改变结论，报名不会进入评审。"),
        {"closes": deadline(closes, own.zone, year=False) if closes else ""},
    )
    return _to_be_checked(own, what, Text(_("已报名；除非复核改变结论，报名不会进入评审。")) if own.applied else later)


def _missed(own: OwnRound) -> Text:
    """Return the rules that were not met, those for which a record is missing with a word about it."""
    found = own.screened.verdicts if own.screened else ()
    return enumerated(
        requirements.rule_name(v.rule) if v.verdict == "fail" else _without_record(v.rule)
        for v in found
        if v.verdict in {"fail", "unknown"}
    )


def _without_record(rule: str) -> Text:
    return Text(_("{rule}（缺少记录）"), {"rule": requirements.rule_name(rule)})


def _to_be_checked(own: OwnRound, what: Text, then: Text | None = None) -> Todo:
    """Lead to the check by a person, or to what became of it."""
    asked = any(h.kind == HUMAN_CHECK and h.state != "withdrawn" for h in own.hearings)
    button = _("查看人工复核") if asked else _("申请人工复核")
    return Todo("bad", what, route="own_hearings", button=button, query=f"kind={HUMAN_CHECK}", next=then)


def _applying(own: OwnRound) -> Todo:
    applications = own.step(course.APPLICATIONS)
    coming = after(own, applications)
    what = Text(_("您符合全部条件，现在可以报名。")) if own.screened else Text(_("现在可以报名。"))
    button = _("去报名")
    if own.application:
        what, button = Text(_("您已撤回报名；截止前可以重新报名。")), _("重新报名")
    return Todo("wait", what, applications.closes_at, "", button, "apply", next=coming)


def _applied(own: OwnRound) -> Todo:
    applications = own.step(course.APPLICATIONS)
    coming = after(own, applications)
    if missing := own.missing():
        what = _to_hand_in(own, missing)
        return Todo("wait", what, applications.closes_at, "", _("去提交"), "materials", next=coming)
    what = Text(_("已报名，材料已交齐；截止前还可以更换材料或撤回报名。"))
    if not own.policy.applications.materials:
        what = Text(_("已报名，不需要提交材料；截止前可以撤回报名。"))
    return Todo("good", what, applications.closes_at, next=coming)


def _to_hand_in(own: OwnRound, missing: Sequence[str]) -> Text:
    if any(own.slot(slot, "draft") for slot in missing):
        return Text(_("已报名。请提交材料：{slots}。草稿不算提交。"), {"slots": _named(missing)})
    return Text(_("已报名。请提交材料：{slots}。"), {"slots": _named(missing)})


def _in_grace(own: OwnRound) -> Todo:
    """Say what may still be handed in although applications are over."""
    applications = own.step(course.APPLICATIONS)
    what = Text(_("报名已经截止，但材料还可以补交：{slots}。"), {"slots": _named(own.missing())})
    return Todo("bad", what, applications.due_at, "", _("去提交"), "materials", next=after(own, applications))


def _not_there(_own: OwnRound) -> Todo:
    return Todo("none", Text(_("您没有报名本轮，报名已经截止。")))


def _withdrawn(_own: OwnRound) -> Todo:
    return Todo("none", Text(_("您已撤回报名，本轮不再参加后续环节。")))


def _rejected(own: OwnRound) -> Todo:
    """Say why a program turned somebody away, and that a person can look at it."""
    if own.outcome == "ineligible":
        what = Text(_("按人事记录，您没有达到：{rules}，因此没有进入评审。"), {"rules": _missed(own)})
        return _to_be_checked(own, what, Text(_("记录有误或缺漏的，可以申请由人复核。")))
    text = {
        "late": _("您的报名时间是{applied}，晚于截止时间{closes}，因此没有进入评审。"),
        "early": _("您的报名时间是{applied}，早于开始时间{opens}，此后没有再次提交，因此没有进入评审。"),
    }[own.outcome or ""]
    return _to_be_checked(own, Text(text, _moments(own)), Text(_("提交记录有误的，可以申请由人复核。")))


def _moments(own: OwnRound) -> dict[str, object]:
    applications = own.step(course.APPLICATIONS)
    opens = applications.opens_at or own.policy.applications.opens_at
    closes = applications.closes_at or own.policy.applications.closes_at
    applied = moment(own.application.applied_at, own.zone) if own.application else ""
    return {"applied": applied, "opens": moment(opens, own.zone), "closes": moment(closes, own.zone)}


def _left(own: OwnRound) -> Todo:
    stage = (own.outcome or "").partition(":")[2]
    name = next((s.name for s in own.policy.stages if s.key == stage), stage)
    what = Text(_("您参加了“{name}”，没有进入下一环节。"), {"name": name})
    return Todo("bad", what, next=Text(_("得分、计算过程和复核办法在结果公示时一并公布。")))


def _taking_part(own: OwnRound) -> Todo:
    step = own.current
    if step is None or step.kind in {"final", "decision", "notice"}:
        return Todo("none", Text(_("评审已经结束，结果正在审定。公示时会同时公布您的计算过程。")))
    said: dict[str, object] = {"name": course.said(step.name)}
    coming = after(own, step)
    if step.kind in {"screening", "applications"} or step.state == "closed":
        return Todo("none", Text(_("“{name}”已经截止，正在清点，您不需要做任何事。"), said), next=coming)
    if step.state == "pending":
        return Todo("none", Text(_("等待“{name}”开始，您现在不需要做任何事。"), said), step.opens_at, next=coming)
    return Todo("now", Text(_("“{name}”正在进行，请按通知参加。"), said), step.closes_at, next=coming)


BY_THE_RECORDS: Final = frozenset({"ineligible", "late", "early"})
"""Outcomes that a program found: each can be put before a person."""

_CASES: Final[tuple[tuple[Callable[[OwnRound], bool], Callable[[OwnRound], Todo]], ...]] = (
    (lambda own: own.the_round.state == "cancelled", _cancelled),
    (lambda own: own.published, _published),
    (lambda own: bool(own.returned()), _returned),
    (lambda own: own.step(course.APPLICATIONS).state == "pending", _too_early),
    (lambda own: own.may_apply and own.screened is not None and not own.screened.eligible, _ineligible_now),
    (lambda own: own.may_apply and not own.applied, _applying),
    (lambda own: own.may_apply, _applied),
    (lambda own: own.application is None, _not_there),
    (lambda own: not own.applied or own.outcome == "withdrawn", _withdrawn),
    (lambda own: own.outcome in BY_THE_RECORDS, _rejected),
    (lambda own: own.outcome is not None, _left),
    (lambda own: bool(own.missing()), _in_grace),
    (lambda _own: True, _taking_part),
)


def _named(slots: Sequence[str]) -> Text:
    return enumerated(word(slot) for slot in slots)


def waiting(visit: Visit) -> list[tuple[OwnRound, Todo]]:
    """Return the running rounds with what waits for oneself in each: for the start page; none without a number."""
    if not visit.me.staff_no:
        return []
    running = [the_round for the_round, _step in live_rounds(visit) if the_round.state == "running"]
    return [(own, todo(own)) for own in of_rounds(visit, running)]
