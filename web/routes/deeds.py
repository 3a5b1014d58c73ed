"""What HR may do to a running round: a form, a preview of whom it concerns and what moves, and then the deed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from fastapi import Response

from actions import changes, stages
from forms.instants import instant
from kit.i18n import say
from kit.jinja import day_time
from models.changes import Proposal
from queries import changes as waiting
from queries import panels, previews
from queries.previews import Preview
from rules import course
from rules.access import Act
from rules.changes import ALWAYS_TWO, DEEDS, PROPOSALS, Change
from rules.policies import Deed
from rules.texts import RuleError, Text, _
from web.doors import Doors
from web.faults import NotFoundError
from web.frames import Frame, framed
from web.visit import Visit

doors: Final = Doors()


@dataclass(frozen=True, slots=True)
class Form:
    """What a deed asks for, and how it is explained before anything is typed."""

    asks: tuple[str, ...]
    hint: str
    done: str
    already: str = ""
    harms: bool = False


FORMS: Final[Mapping[Deed, Form]] = {
    Deed.EXTEND: Form(
        ("stage", "until"),
        _("把一个环节的截止时间推后；已经录入的内容不变。"),
        _("“{stage}”已延期到 {until}"),
        _("截止时间就是 {until}，没有变化"),
    ),
    Deed.CLOSE: Form(
        ("stage",),
        _("现在就截止这一环节，随后自动清点；没有评分或成绩的人会在此离开。"),
        _("“{stage}”已截止，随后自动清点"),
        _("“{stage}”早已截止，没有变化"),
        harms=True,
    ),
    Deed.REOPEN: Form(
        ("stage",),
        _("重新开放已截止的环节：它和其后的结果整体撤回，重新清点；已录入的内容保留。"),
        _("“{stage}”已重新开放"),
        _("“{stage}”正开放着，没有变化"),
        harms=True,
    ),
    Deed.REPLACE: Form(
        ("stage", "reviewer_no", "by_no", "staff_no?"),
        _("未完成的评分表改由另一位评委完成；已提交的仍然有效。"),
        _("{reviewer_no} 的评分表已改由 {by_no} 完成"),
    ),
    Deed.HOLD: Form(
        ("staff_no",),
        _("暂缓一位候选人：解除之前不能审定，公示也不结束。随时可以解除。"),
        _("{staff_no} 已暂缓；可以随时解除"),
        _("{staff_no} 早已暂缓，没有变化"),
    ),
    Deed.RELEASE: Form(
        ("staff_no",), _("解除一位候选人的暂缓。"), _("{staff_no} 已解除暂缓"), _("{staff_no} 没有暂缓，没有变化")
    ),
    Deed.WITHDRAW: Form(
        ("staff_no",),
        _("撤回一位候选人的报名；已有的结果整体重新清点，他人的名次可能变化。"),
        _("{staff_no} 已撤回报名，结果随后自动重新清点"),
        harms=True,
    ),
    Deed.CANCEL: Form(
        (),
        _("停止本轮；已有的记录和文档都保留。取消之后可以恢复。"),
        _("本轮已取消；需要时可以恢复"),
        _("本轮早已结束，没有变化"),
        harms=True,
    ),
    Deed.RESTORE: Form(
        (),
        _("恢复已取消的一轮；没有截止的环节，截止时间按停顿的时长顺延。"),
        _("本轮已恢复"),
        _("本轮没有取消，没有变化"),
    ),
    Deed.CORRECT: Form(
        ("stage", "reviewer_no", "staff_no"),
        _("把一份已提交的评分表退回给评委本人更正；重新提交之前原评分仍然有效。任何人都不能直接改分。"),
        _("{reviewer_no} 对 {staff_no} 的评分表已退回更正"),
    ),
}

FIELDS: Final = ("stage", "staff_no", "reviewer_no", "by_no", "until", "reason")


def _deed(name: str) -> Deed:
    try:
        return Deed(name)
    except ValueError:
        raise NotFoundError(Text(_("没有“{deed}”这种操作"), {"deed": name})) from None


@doors.get("/rounds/{code}/do/{deed}", act=Act.STEER_ROUND, name="deed")
def ask(visit: Visit, code: str, deed: str) -> Response:
    """Show what a deed asks for."""
    query = visit.request.query_params
    typed = {name: query.get(name, "").strip() for name in FIELDS}
    return _form(framed(visit, code), _deed(deed), typed, {})


@doors.post("/rounds/{code}/do/{deed}", act=Act.STEER_ROUND, name="do_deed")
def do(visit: Visit, code: str, deed: str) -> Response:
    """Show what a deed would do; once that was seen, do it, or propose it if the policy wants a second person."""
    frame, kind = framed(visit, code), _deed(deed)
    typed = {name: visit.text(name) for name in FIELDS}
    change, faults = _read(frame, kind, typed)
    if change is None:
        return _form(frame, kind, typed, faults)
    if previews.is_so(visit.session, the_round=frame.the_round, change=change):
        return visit.go("board", code=code, said=_said(frame, FORMS[kind].already or FORMS[kind].done, change))
    terms = visit.terms_of(frame.the_round)
    try:
        if visit.text("step") != "confirm":
            changes.rehearse(visit.session, the_round=frame.the_round, change=change, terms=terms)
            return _preview(frame, change, typed)
        with visit.session.begin_nested():
            proposal = changes.ask(visit.session, the_round=frame.the_round, change=change, terms=terms)
    except RuleError as error:
        visit.session.expire_all()
        return _form(framed(visit, code), kind, typed, {"": error.text})
    if proposal:
        said = Text(_("方案要求第二人同意：已提出第 {n} 号提议，请另一位同事同意"), {"n": proposal.number})
        return visit.go("proposals", code=code, said=said)
    return visit.go("board", code=code, said=_said(frame, FORMS[kind].done, change))


def _read(frame: Frame, deed: Deed, typed: Mapping[str, str]) -> tuple[Change | None, dict[str, Text]]:
    """Return the change that was typed, or what is wrong at which field."""
    faults: dict[str, Text] = {}
    for asked in FORMS[deed].asks:
        if not asked.endswith("?") and not typed[asked]:
            faults[asked] = Text(_("请填写这一项"))
    if not typed["reason"]:
        faults["reason"] = Text(_("请写明理由：它会记入留痕"))
    until = None
    if "until" in FORMS[deed].asks and typed["until"]:
        try:
            until = instant(typed["until"], frame.zone)
        except RuleError as error:
            faults["until"] = error.text
    if typed["stage"] and not faults.get("stage") and typed["stage"] not in {s.key for s in frame.steps}:
        faults["stage"] = Text(_("本轮没有“{key}”这一环节"), {"key": typed["stage"]})
    if faults:
        return None, faults
    asks = {asked.removesuffix("?") for asked in FORMS[deed].asks}
    given = {name: typed[name] for name in ("stage", "staff_no", "reviewer_no", "by_no") if name in asks}
    return Change(deed, typed["reason"], until=until, **given), {}


def _said(frame: Frame, template: str, change: Change) -> Text:
    stage = course.said(frame.step(change.stage).name) if change.stage else ""
    until = day_time(change.until, frame.zone) if change.until else ""
    return Text(
        template,
        {
            "stage": stage,
            "until": until,
            "staff_no": change.staff_no,
            "reviewer_no": change.reviewer_no,
            "by_no": change.by_no,
        },
    )


def _form(frame: Frame, deed: Deed, typed: Mapping[str, str], faults: Mapping[str, Text]) -> Response:
    seats = (
        panels.seats(frame.visit.session, round_id=frame.the_round.id) if deed in {Deed.REPLACE, Deed.CORRECT} else {}
    )
    return frame.visit.page(
        "deed.html",
        status=422 if faults else 200,
        frame=frame,
        deed=deed,
        form=FORMS[deed],
        word=DEEDS[deed],
        typed=typed,
        faults=faults,
        steps=[
            (s.key, say(Text(s.name)) if s.key.startswith("_") else s.name)
            for s in frame.steps
            if _may_be(frame, deed, s.kind, s.state)
        ],
        seats=[(seat.reviewer_no, f"{seat.reviewer_no} {seat.name}") for seat in seats.values()],
        second=deed in {*frame.policy.second_person, *ALWAYS_TWO},
    )


def _may_be(frame: Frame, deed: Deed, kind: str, state: str) -> bool:
    """Return whether a deed could be done to a step of this kind in this state: a help in the choice, no more."""
    if course.unattended(kind, frame.the_round.mode) or kind == "notice":
        return False
    if deed is Deed.REPLACE:
        return kind == "review" and state in {"pending", "open"}
    if deed is Deed.CORRECT:
        return kind == "review" and state == "open"
    wanted = {Deed.EXTEND: {"pending", "open"}, Deed.CLOSE: {"open"}, Deed.REOPEN: {"closed", "done"}}
    return state in wanted.get(deed, ()) and (deed is Deed.REOPEN or kind != "decision")


def _preview(frame: Frame, change: Change, typed: Mapping[str, str]) -> Response:
    visit = frame.visit
    visit.session.expire_all()  # what the rehearsal did is taken back
    fresh = framed(visit, frame.the_round.code)
    return visit.page(
        "deed_preview.html",
        frame=fresh,
        deed=change.deed,
        form=FORMS[change.deed],
        word=DEEDS[change.deed],
        typed=typed,
        about=_about(fresh, change),
        preview=_effects(fresh, change),
        second=change.deed in {*fresh.policy.second_person, *ALWAYS_TWO},
    )


def _effects(frame: Frame, change: Change) -> Preview:
    terms = frame.visit.terms_of(frame.the_round)
    said = {"the_round": frame.the_round, "change": change, "policy": terms.policy, "calendar": terms.calendar}
    return previews.preview(frame.visit.session, now=terms.now, **said)  # type: ignore[arg-type] # its own names


def _about(frame: Frame, change: Change) -> list[tuple[str, object]]:
    """Return what a change is about: names and values for a list of facts."""
    session, found = frame.visit.session, list[tuple[str, object]]()
    if change.stage:
        found.append((_("环节"), course.said(frame.step(change.stage).name)))
    if change.until:
        before = frame.step(change.stage).closes_at
        if before:
            found.append((_("现在的截止时间"), day_time(before, frame.zone)))
        found.append((_("新的截止时间"), day_time(change.until, frame.zone)))
    if change.reviewer_no:
        seats = panels.seats(session, round_id=frame.the_round.id)
        for word, no in ((_("原评委"), change.reviewer_no), (_("接手的评委"), change.by_no)):
            found.append((word, f"{no} {seats[no].name}" if no in seats else no))
    if change.staff_no:
        people = panels.persons(session, staff_nos=[change.staff_no])
        name = people[change.staff_no].name if change.staff_no in people else ""
        found.append((_("候选人"), f"{name} {change.staff_no}"))
    return [*found, (_("理由"), change.reason)]


@doors.get("/rounds/{code}/open/{key}", act=Act.STEER_ROUND)
def opening(visit: Visit, code: str, key: str) -> Response:
    """Ask before a step is opened earlier than planned."""
    frame = framed(visit, code)
    return visit.page("opening.html", frame=frame, stage=frame.step(key))


@doors.post("/rounds/{code}/open/{key}", act=Act.STEER_ROUND, name="open_early")
def open_early(visit: Visit, code: str, key: str) -> Response:
    """Open the step at hand before its planned time; a second click does no harm."""
    frame = framed(visit, code)
    stage = frame.step(key)
    said = {"name": course.said(stage.name)}
    if stage.state == "open":
        return visit.go("board", code=code, said=Text(_("“{name}”早已开放，没有变化"), said))
    stages.open_early(visit.session, stage=stage, the_round=frame.the_round, terms=visit.terms_of(frame.the_round))
    return visit.go("board", code=code, said=Text(_("“{name}”已开放"), said))


@doors.get("/rounds/{code}/proposals", act=Act.SEE_ROUND)
def proposals(visit: Visit, code: str) -> Response:
    """List what was proposed, with what it would do; another person agrees or rejects."""
    frame = framed(visit, code)
    everything = waiting.proposals(visit.session, round_id=frame.the_round.id)
    shown = [(p, changes.change_of(p)) for p in reversed(everything)]
    return visit.page(
        "proposals.html",
        frame=frame,
        proposals=[(p, change, _about(frame, change)) for p, change in shown],
        DEEDS=DEEDS,
        STATES=PROPOSALS,
    )


@doors.get("/rounds/{code}/proposals/{number}", act=Act.STEER_ROUND)
def proposal(visit: Visit, code: str, number: int) -> Response:
    """Show what a proposal would do, and ask whether to agree."""
    frame = framed(visit, code)
    return _proposal(frame, _found(frame, number), None)


def _found(frame: Frame, number: int) -> Proposal:
    everything = waiting.proposals(frame.visit.session, round_id=frame.the_round.id)
    found = next((p for p in everything if p.number == number), None)
    if found is None:
        raise NotFoundError(Text(_("本轮没有第 {number} 号提议"), {"number": number}))
    return found


def _proposal(frame: Frame, found: Proposal, fault: Text | None) -> Response:
    change = changes.change_of(found)
    shown = _effects(frame, change) if found.state == "open" else None
    return frame.visit.page(
        "proposal.html",
        status=409 if fault else 200,
        frame=frame,
        proposal=found,
        word=DEEDS[change.deed],
        about=_about(frame, change),
        preview=shown,
        fault=fault,
        mine=found.proposed_by == frame.visit.actor,
        STATES=PROPOSALS,
        form=FORMS[change.deed],
    )


@doors.post("/rounds/{code}/proposals/{number}", act=Act.STEER_ROUND, name="decide_proposal")
def decide(visit: Visit, code: str, number: int) -> Response:
    """Carry a proposal out, or put it aside."""
    frame = framed(visit, code)
    found = _found(frame, number)
    terms = visit.terms_of(frame.the_round)
    agree = visit.text("answer") == "agree"
    try:
        with visit.session.begin_nested():
            act = changes.agree if agree else changes.reject
            act(visit.session, the_round=frame.the_round, number=number, terms=terms)
    except RuleError as error:
        visit.session.expire_all()
        fresh = framed(visit, code)
        return _proposal(fresh, _found(fresh, number), error.text)
    said = _("第 {n} 号提议已执行：{deed}") if agree else _("第 {n} 号提议已否决；什么都没有改变")
    values = {"n": number, "deed": Text(DEEDS[changes.change_of(found).deed])}
    return visit.go("board" if agree else "proposals", code=code, said=Text(said, values))
