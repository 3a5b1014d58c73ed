"""What HR may do to a running round: a form, a preview of whom it concerns and what moves, and then the deed."""

from collections.abc import Mapping
from typing import Final

from fastapi import Response

from actions import changes, stages
from forms.instants import instant
from kit.i18n import say
from kit.jinja import day_time
from queries import boards, panels, previews
from queries.boards import Row
from rules import course
from rules.access import Act
from rules.changes import ALWAYS_TWO, DEEDS, Change
from rules.policies import Deed
from rules.texts import RuleError, Text, _
from web import changing
from web.called import Called
from web.doors import Doors
from web.faults import NotFoundError
from web.frames import Frame, framed
from web.visit import Visit

doors: Final = Doors()


FIELDS: Final = ("stage", "staff_no", "reviewer_no", "by_no", "until", "reason")


def _deed(name: str) -> Deed:
    found = next((deed for deed in changing.FORMS if deed.value == name), None)
    if found is None:
        raise NotFoundError(Text(_("没有“{deed}”这种操作"), {"deed": name}))
    return found


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
        return visit.go(
            "board", code=code, said=_said(frame, changing.FORMS[kind].already or changing.FORMS[kind].done, change)
        )
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
    return visit.go("board", code=code, said=_said(frame, changing.FORMS[kind].done, change))


def _read(frame: Frame, deed: Deed, typed: Mapping[str, str]) -> tuple[Change | None, dict[str, Text]]:
    """Return the change that was typed, or what is wrong at which field."""
    faults: dict[str, Text] = {}
    for asked in changing.FORMS[deed].asks:
        if not asked.endswith("?") and not typed[asked]:
            faults[asked] = Text(_("请填写这一项"))
    if not typed["reason"]:
        faults["reason"] = Text(_("请写明理由：它会记入留痕"))
    until = None
    if "until" in changing.FORMS[deed].asks and typed["until"]:
        try:
            until = instant(typed["until"], frame.zone)
        except RuleError as error:
            faults["until"] = error.text
    if typed["stage"] and not faults.get("stage") and typed["stage"] not in {s.key for s in frame.steps}:
        faults["stage"] = Text(_("本轮没有“{key}”这一环节"), {"key": typed["stage"]})
    if faults:
        return None, faults
    typed = {**typed, "staff_no": _number(frame, typed["staff_no"])}
    asks = {asked.removesuffix("?") for asked in changing.FORMS[deed].asks}
    stage, staff_no, reviewer_no, by_no = (
        typed[name] if name in asks else "" for name in ("stage", "staff_no", "reviewer_no", "by_no")
    )
    return Change(deed, typed["reason"], stage, staff_no, reviewer_no, by_no, until), {}


def _number(frame: Frame, typed: str) -> str:
    """Return the number of the candidate whose name was typed, if only one has it; else what was typed."""
    found = [row.staff_no for row in _candidates(frame) if row.name == typed] if typed else []
    return found[0] if len(found) == 1 else typed


def _candidates(frame: Frame) -> list[Row]:
    return boards.people_in(frame.visit.session, round_id=frame.the_round.id)


def _said(frame: Frame, template: str, change: Change) -> Text:
    stage = course.said(frame.step(change.stage).name) if change.stage else ""
    until = day_time(change.until, frame.zone) if change.until else ""
    called = Called(frame, [change.staff_no])
    return Text(
        template,
        {
            "stage": stage,
            "until": until,
            "staff_no": called.person(change.staff_no),
            "reviewer_no": called.reviewer(change.reviewer_no),
            "by_no": called.reviewer(change.by_no),
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
        form=changing.FORMS[deed],
        word=DEEDS[deed],
        typed=typed,
        faults=faults,
        steps=[
            (s.key, say(Text(s.name)) if s.key.startswith("_") else s.name)
            for s in frame.steps
            if _may_be(frame, deed, s.kind, s.state)
        ],
        candidates=_candidates(frame) if {"staff_no", "staff_no?"} & set(changing.FORMS[deed].asks) else [],
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
        form=changing.FORMS[change.deed],
        word=DEEDS[change.deed],
        typed=typed,
        about=changing.about(fresh, change),
        preview=changing.effects(fresh, change),
        second=change.deed in {*fresh.policy.second_person, *ALWAYS_TWO},
    )


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
