"""Objections that reach the observers by letter, by telephone or in person: taken down here, answered by HR."""

from datetime import datetime
from typing import Final

from fastapi import Response

from actions import objections
from forms.instants import instant
from kit.i18n import gettext
from models.hearings import Hearing
from models.rounds import Round
from rules import course
from rules import hearings as law
from rules.access import Act
from rules.texts import RuleError, Text, _
from web.doors import Doors
from web.frames import Frame
from web.visit import Visit

doors: Final = Doors()

FIELDS: Final = ("channel", "arrived_at", "raised_by", "staff_no", "ground")


@doors.get("/rounds/{code}/watch/objections/new", act=Act.RECEIVE_OBJECTIONS)
def new_objection(visit: Visit, code: str) -> Response:
    """Show the form for an objection that came in by letter, telephone or in person."""
    return _form(visit, visit.round_of(code), {})


def _form(
    visit: Visit, the_round: Round, typed: dict[str, str], *, status: int = 200, faults: dict[str, Text] | None = None
) -> Response:
    frame = Frame(visit, the_round)
    return visit.page(
        "watch_objection.html",
        status=status,
        frame=frame,
        notice=frame.step(course.NOTICE),
        typed=typed,
        faults=faults or {},
        ways=[("", gettext("请选择")), *((key, gettext(word)) for key, word in law.CHANNELS.items())],
    )


@doors.post("/rounds/{code}/watch/objections", act=Act.RECEIVE_OBJECTIONS)
def receive_objection(visit: Visit, code: str) -> Response:
    """Take in an objection; HR answers it on their own page."""
    the_round = visit.round_of(code)
    typed = {name: visit.text(name) for name in FIELDS}
    try:
        with visit.session.begin_nested():
            made = _take_in(visit, the_round, typed)
    except objections.FaultyError as error:
        return _form(visit, the_round, typed, status=422, faults={error.field: error.text})
    except RuleError as error:
        return _form(visit, the_round, typed, status=422, faults={"ground": error.text})
    said_so = Text(_("已登记为第 {number} 号异议，由人力资源答复"), {"number": made.number})
    return visit.go("watch", code=the_round.code, said=said_so)


def _take_in(visit: Visit, the_round: Round, typed: dict[str, str]) -> Hearing:
    """Take in what was typed; it arrives now, unless another time is named."""
    return objections.receive(
        visit.session,
        the_round=the_round,
        channel=typed["channel"],
        raised_by=typed["raised_by"],
        staff_no=typed["staff_no"],
        ground=typed["ground"],
        arrived_at=_arrived(visit, the_round, typed["arrived_at"]),
        actor=visit.actor,
        now=visit.now,
    )


def _arrived(visit: Visit, the_round: Round, text: str) -> datetime:
    try:
        return instant(text, the_round.time_zone) if text else visit.now
    except RuleError as error:
        raise objections.FaultyError("arrived_at", error.text) from None
