"""What a candidate has to do in a round now, until when, and what comes next."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from kit.jinja import day_time
from models.stages import Stage
from reports.words import word
from rules import course
from rules.texts import Text, _, enumerated
from web.own_rounds import OwnRound, live_rounds, of_rounds
from web.visit import Visit


@dataclass(frozen=True, slots=True)
class Todo:
    """What is to be done (``kind`` as of ``parts.state``), until when, and by which route; what comes next."""

    kind: str
    what: Text
    until: datetime | None = None
    route: str = ""
    button: str = ""
    anchor: str = ""
    next: Text | None = None


def todo(own: OwnRound) -> Todo:
    """Return what waits for a candidate in a round: the first case that fits."""
    return next(say(own) for fits, say in _CASES if fits(own))


def _published(own: OwnRound) -> Todo:
    notice = own.step(course.NOTICE)
    if not own.took_part:
        return Todo("none", Text(_("结果已经公示。您没有报名本轮。")), route="notice", button=_("查看公示"))
    if notice.state == "open":
        what = Text(_("结果已经公示。请查看您的结果和计算过程；有异议的，请在公示期内提出。"))
        return Todo("wait", what, notice.closes_at, "own_result", _("查看我的结果"))
    return Todo(
        "good", Text(_("本轮已经结束，您的结果和计算过程可以随时查看。")), None, "own_result", _("查看我的结果")
    )


def _returned(own: OwnRound) -> Todo:
    applications = own.step(course.APPLICATIONS)
    first = own.policy.stages[0].key if own.policy.stages else course.APPLICATIONS
    until = applications.closes_at if applications.state == "open" else own.step(first).closes_at
    what = Text(_("人力资源退回了{slots}，请按说明修改后重新提交。"), {"slots": _named(own.returned())})
    return Todo("bad", what, until, "", _("去修改"), "materials")


def _too_early(own: OwnRound) -> Todo:
    applications = own.step(course.APPLICATIONS)
    if applications.opens_at is None:
        return Todo("none", Text(_("报名还没有开始。")))
    opens = day_time(applications.opens_at, own.zone)
    return Todo("none", Text(_("报名于{opens}开始，现在可以先看条件。"), {"opens": opens}), applications.opens_at)


def _applying(own: OwnRound) -> Todo:
    applications = own.step(course.APPLICATIONS)
    after = _after(own, applications)
    if not own.applied:
        what = Text(_("现在可以报名。"))
        return Todo("wait", what, applications.closes_at, "", _("去报名"), "apply", after)
    if missing := own.missing():
        what = Text(_("已报名。请提交材料：{slots}。"), {"slots": _named(missing)})
        return Todo("wait", what, applications.closes_at, "", _("去提交"), "materials", after)
    what = Text(_("已报名，材料已交齐；截止前还可以更换材料或撤回报名。"))
    return Todo("good", what, applications.closes_at, next=after)


def _withdrawn(_own: OwnRound) -> Todo:
    return Todo("none", Text(_("您已撤回报名，本轮不再参加后续环节。")))


def _cancelled(_own: OwnRound) -> Todo:
    return Todo("bad", Text(_("本轮已经取消，您不需要做任何事。")))


def _not_there(_own: OwnRound) -> Todo:
    return Todo("none", Text(_("您没有报名本轮，报名已经截止。")))


def _left(own: OwnRound) -> Todo:
    after = Text(_("得分、计算过程和复核办法在结果公示时一并公布。"))
    if own.outcome in {"ineligible", "late", "early"}:
        said = {
            "ineligible": _("按人事记录，您没有达到全部报名条件，没有进入评审；对结论有疑问的，可以申请由人复核。"),
            "late": _("您的报名晚于截止时间，没有进入评审。"),
            "early": _("您的报名早于开始时间，此后没有再次提交，没有进入评审。"),
        }
        return Todo("bad", Text(said[own.outcome]), next=after)
    stage = (own.outcome or "").partition(":")[2]
    name = next((s.name for s in own.policy.stages if s.key == stage), stage)
    return Todo("bad", Text(_("您参加了“{name}”，没有进入下一环节。"), {"name": name}), next=after)


def _taking_part(own: OwnRound) -> Todo:
    step = own.current
    if step is None or step.kind in {"final", "decision", "notice"}:
        return Todo("none", Text(_("评审已经结束，结果正在审定。公示时会同时公布您的计算过程。")))
    name = course.said(step.name)
    if step.kind in {"screening", "applications"} or step.state == "closed":
        return Todo(
            "none", Text(_("“{name}”已经截止，正在清点，您不需要做任何事。"), {"name": name}), next=_after(own, step)
        )
    if step.state == "pending":
        what = Text(_("等待“{name}”开始，您现在不需要做任何事。"), {"name": name})
        return Todo("none", what, step.opens_at, next=_after(own, step))
    return Todo(
        "now", Text(_("“{name}”正在进行，请按通知参加。"), {"name": name}), step.closes_at, next=_after(own, step)
    )


_CASES: Final[tuple[tuple[Callable[[OwnRound], bool], Callable[[OwnRound], Todo]], ...]] = (
    (lambda own: own.the_round.state == "cancelled", _cancelled),
    (lambda own: own.published, _published),
    (lambda own: bool(own.returned()), _returned),
    (lambda own: own.step(course.APPLICATIONS).state == "pending", _too_early),
    (lambda own: own.may_apply, _applying),
    (lambda own: own.application is None, _not_there),
    (lambda own: not own.applied or own.outcome == "withdrawn", _withdrawn),
    (lambda own: own.outcome is not None, _left),
    (lambda _own: True, _taking_part),
)


def _after(own: OwnRound, step: Stage) -> Text | None:
    shown = [s for s in _shown(own.steps) if s.position > step.position]
    return Text(_("接下来：{name}"), {"name": course.said(shown[0].name)}) if shown else None


def _named(slots: Sequence[str]) -> Text:
    return enumerated(word(slot) for slot in slots)


def _shown(steps: Sequence[Stage]) -> list[Stage]:
    """Return the steps that concern candidates: those that count and file things by themselves are left out."""
    return [s for s in steps if s.kind not in {"screening", "final", "archive"}]


def course_of(own: OwnRound) -> Iterator[tuple[str | Text, str, Stage, bool]]:
    """Yield the steps in a row: name, ``done now next``, the step, and whether one left before it."""
    shown = _shown(own.steps)
    at = next((s for s in shown if s.state != "done"), None)
    left = _left_at(own)
    for step in shown:
        state = "done" if step.state == "done" else "now" if step is at else "next"
        yield course.said(step.name), state, step, left is not None and step.position > left and step.kind != "notice"


def _left_at(own: OwnRound) -> int | None:
    """Return the position of the step at which one left, as far as one may know."""
    if own.application is None and own.step(course.APPLICATIONS).state == "done":
        return own.step(course.APPLICATIONS).position
    kind, _colon, stage = (own.outcome or "").partition(":")
    if kind == "eliminated" and stage != "final":
        return own.step(stage).position
    return own.step(course.APPLICATIONS).position if kind in {"withdrawn", "ineligible", "late", "early"} else None


def waiting(visit: Visit) -> list[tuple[OwnRound, Todo]]:
    """Return the running rounds with what waits for oneself in each: for the start page; none without a number."""
    if not visit.me.staff_no:
        return []
    running = [the_round for the_round, _step in live_rounds(visit) if the_round.state == "running"]
    return [(own, todo(own)) for own in of_rounds(visit, running)]
