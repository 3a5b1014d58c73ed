"""Attendance and examination of the training: read, and entered by a learning platform in HR's name."""

from typing import Annotated, Any, Final

from fastapi import Path, Query, Response

from actions import evidence
from queries import listings, people
from rules.access import Act
from rules.scopes import Scope
from rules.texts import _
from web.api import tables
from web.api.call import Call
from web.api.doors import ApiDoors
from web.api.rounds import Begin
from web.api.shapes.common import Code, Counts, Limit, Page, Rows
from web.api.shapes.marks import AttendanceOut, AttendanceRow, ExamOut, ExamRow

doors: Final = ApiDoors("marks")


@doors.door(
    "GET",
    "/rounds/{code}/attendance",
    act=Act.SEE_ROUND,
    scope=Scope.RESULTS_READ,
    says=_("列出培训考勤，按录入的先后"),
    answer=Page[AttendanceOut],
    refusals=("not_found",),
)
def list_attendance(
    call: Call, code: Annotated[Code, Path()], after: Begin = "0", limit: Annotated[Limit, Query()] = 50
) -> Response:
    """List who was at which session of the training."""
    the_round = call.round_of(code)
    found = listings.attendance(call.session, round_id=the_round.id, after=int(after), limit=limit + 1)
    call.saw("attendance", the_round=the_round)
    return call.answer(Page[AttendanceOut].of(found, limit, shown=AttendanceOut.model_validate, key=lambda row: row.id))


@doors.door(
    "POST",
    "/rounds/{code}/attendance",
    act=Act.ENTER_EVIDENCE,
    scope=Scope.TRAINING_WRITE,
    says=_("录入培训考勤，全部录入或都不录入；培训开放期间可用，更正须写明 reason"),
    answer=Counts,
    refusals=("bad_request", "not_found", "conflict", "reason_missing"),
)
def import_attendance(call: Call, code: Annotated[Code, Path()], body: Rows[AttendanceRow]) -> Response:
    """Enter attendance, while the training is open."""
    return _import(call, code, "attendance", body)


@doors.door(
    "GET",
    "/rounds/{code}/exam",
    act=Act.SEE_ROUND,
    scope=Scope.RESULTS_READ,
    says=_("列出考试成绩，按录入的先后"),
    answer=Page[ExamOut],
    refusals=("not_found",),
)
def list_exam(
    call: Call, code: Annotated[Code, Path()], after: Begin = "0", limit: Annotated[Limit, Query()] = 50
) -> Response:
    """List the scores of the examination."""
    the_round = call.round_of(code)
    found = listings.exam(call.session, round_id=the_round.id, after=int(after), limit=limit + 1)
    call.saw("exam", the_round=the_round)
    return call.answer(Page[ExamOut].of(found, limit, shown=ExamOut.model_validate, key=lambda row: row.id))


@doors.door(
    "POST",
    "/rounds/{code}/exam",
    act=Act.ENTER_EVIDENCE,
    scope=Scope.TRAINING_WRITE,
    says=_("录入考试成绩，全部录入或都不录入；培训开放期间可用，更正须写明 reason"),
    answer=Counts,
    refusals=("bad_request", "not_found", "conflict", "reason_missing"),
)
def import_exam(call: Call, code: Annotated[Code, Path()], body: Rows[ExamRow]) -> Response:
    """Enter the scores of the examination, while the training is open."""
    return _import(call, code, "exam", body)


def _import(call: Call, code: str, book: str, body: Rows[Any]) -> Response:
    the_round = call.round_of(code)
    found = tables.read(
        book,
        tables.of_body(body.rows),
        people=people.screened(call.session, round_id=the_round.id, staff_nos={r.staff_no for r in body.rows}),
        policy=call.policy_of(the_round),
    )
    said: dict[str, Any] = {"the_round": the_round, "actor": call.actor, "now": call.now, "change_reason": body.reason}
    counts = tables.counted(
        found, given=len(body.rows), take_in=lambda rows: evidence.take_in(call.session, book=book, rows=rows, **said)
    )
    return call.answer(counts)
