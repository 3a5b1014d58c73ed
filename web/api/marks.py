"""Marks: those of a closed stage for HR and observers; one's own sheets for a reviewer, by the action of the pages."""

from typing import Annotated, Any, Final

from fastapi import Path, Query, Response

from actions import sheets as writing
from forms import sheets as forms
from kit.canonical import digest, json_text
from models.rounds import Round
from models.stages import Stage
from queries import inboxes, listings, sheets, stages
from queries.inboxes import Chair
from queries.sheets import Desk
from rules.access import Act
from rules.policies import Policy
from rules.scopes import Scope
from rules.texts import Text, _
from web.api.doors import ApiDoors, Call, etag
from web.api.faults import ApiError, InvalidError
from web.api.shapes import (
    Code,
    Limit,
    MarkOut,
    Page,
    SheetBody,
    SheetMark,
    SheetOut,
    SheetPlace,
    SheetsOut,
    StaffNo,
)
from web.faults import NotFoundError
from web.reviewing import NOT_YOURS

doors: Final = ApiDoors("marks")
STAGE: Final = "/rounds/{code}/stages/{stage}"
Begin = Annotated[str, Query(pattern=r"^[0-9]{1,9}$", description="the `next` of the page before")]


@doors.door(
    "GET",
    f"{STAGE}/marks",
    act=Act.SEE_ROUND,
    scope=Scope.RESULTS_READ,
    answer=Page[MarkOut],
    refusals=(404, 409),
)
def list_marks(
    call: Call,
    code: Annotated[Code, Path()],
    stage: Annotated[Code, Path()],
    after: Begin = "0",
    limit: Annotated[Limit, Query()] = 50,
) -> Response:
    """List the marks of a stage, once it is closed; before that nobody sees them."""
    the_round = call.round_of(code)
    found = _review_stage(call, the_round, stage)
    if found.state not in {"closed", "done"}:
        text = Text(_("“{name}”还没有截止；截止之后才能读取评分"), {"name": found.name})
        raise ApiError(409, "stage_open", text, where="path.stage")
    rows = listings.marks(call.session, round_id=the_round.id, stage=stage, after=int(after), limit=limit + 1)
    call.saw("marks", the_round=the_round)
    items = [MarkOut.model_validate({f: getattr(m, f) for f in MarkOut.model_fields}) for m in rows[:limit]]
    return call.answer(Page[MarkOut](items=items, next=str(rows[limit - 1].id) if rows[limit:] else None))


@doors.door(
    "GET",
    f"{STAGE}/sheets",
    act=Act.SCORE,
    scope=Scope.MARKS_WRITE,
    answer=SheetsOut,
    refusals=(404, 409),
)
def list_sheets(call: Call, code: Annotated[Code, Path()], stage: Annotated[Code, Path()]) -> Response:
    """List one's own sheets of a stage, once one's interests are declared."""
    chairs, policy = _chairs(call, code)
    _require_declared(call, chairs)
    there = {c.the_round.id: policy for c in chairs}
    piles = inboxes.piles(call.session, chairs=chairs, policies=there)
    places = [place for pile in piles if pile.stage.key == stage for place in pile.places]
    return call.answer(SheetsOut(items=[SheetPlace(staff_no=p.staff_no, state=p.state.value) for p in places]))


@doors.door(
    "GET",
    f"{STAGE}/sheets/{{staff_no}}",
    act=Act.SCORE,
    scope=Scope.MARKS_WRITE,
    answer=SheetOut,
    refusals=(404, 409),
    tagged=True,
)
def get_sheet(
    call: Call, code: Annotated[Code, Path()], stage: Annotated[Code, Path()], staff_no: Annotated[StaffNo, Path()]
) -> Response:
    """Read one's own sheet for one candidate."""
    desk = _desk(call, code, stage, staff_no)
    call.saw("marks", the_round=desk.chair.the_round, subject=staff_no)
    return _answer(call, desk)


@doors.door(
    "PUT",
    f"{STAGE}/sheets/{{staff_no}}",
    act=Act.SCORE,
    scope=Scope.MARKS_WRITE,
    answer=SheetOut,
    refusals=(400, 404, 409, 413),
)
def put_sheet(
    call: Call,
    code: Annotated[Code, Path()],
    stage: Annotated[Code, Path()],
    staff_no: Annotated[StaffNo, Path()],
    body: SheetBody,
) -> Response:
    """File one's own sheet: it counts and is locked. The same again changes nothing.

    Over a newer version than the one that was read it is a 409.
    """
    desk = _desk(call, code, stage, staff_no)
    key = digest(json_text([call.bearer.account_id, code, stage, staff_no, body.model_dump(mode="json")]).encode())
    said: dict[str, Any] = {"key": key, "version": body.version, "actor": call.actor, "now": call.now}
    if body.status == "scored":
        typed = _read(desk, body)
        writing.file(call.session, desk=desk, written=typed.written, marks=typed.marks, **said)
    else:
        if body.marks:
            raise InvalidError([("body.marks", Text(_("弃评或回避时不能有评分")))])
        reason = body.reason or ""
        if fault := forms.reason(reason):
            raise InvalidError([("body.reason", fault)])
        writing.decline(call.session, desk=desk, status=body.status, reason=reason, **said)
    call.session.expire_all()
    return _answer(call, _desk(call, code, stage, staff_no))


def _read(desk: Desk, body: SheetBody) -> forms.SheetRead:
    """Read marks as the form on the page is read; unknown criteria, and one that is named twice, are faults."""
    typed: dict[str, str] = {}
    faults: list[tuple[str, Text]] = []
    for number, one in enumerate(body.marks):
        if one.criterion not in desk.criteria:
            faults.append((f"body.marks.{number}.criterion", Text(_("这一环节没有这个评分项"))))
        if f"mark.{one.criterion}" in typed:
            faults.append((f"body.marks.{number}.criterion", Text(_("这个评分项写了两次"))))
        typed |= {f"mark.{one.criterion}": one.mark, f"comment.{one.criterion}": one.comment or ""}
    read = forms.read(typed, desk.terms.criteria)
    wrong = forms.complete(read, desk.terms.criteria)
    faults += [(f"body.marks.{criterion}", text) for criterion, text in wrong.items()]
    if faults:
        raise InvalidError(faults)
    return read


def _chairs(call: Call, code: str) -> tuple[list[Chair], Policy]:
    chairs = inboxes.chairs(call.session, staff_no=call.bearer.staff_no, code=code)
    if not chairs:
        raise NotFoundError(NOT_YOURS)
    return chairs, call.policy_of(chairs[0].the_round)


def _desk(call: Call, code: str, stage: str, staff_no: str) -> Desk:
    chairs, policy = _chairs(call, code)
    desk = sheets.desk(call.session, chairs=chairs, stage=stage, staff_no=staff_no, policy=policy)
    if desk is None:
        raise NotFoundError(NOT_YOURS)
    _require_declared(call, [desk.chair])
    return desk


def _require_declared(call: Call, chairs: list[Chair]) -> None:
    if not sheets.declarations(call.session, chairs=chairs):
        raise ApiError(409, "not_declared", Text(_("请先在页面上申报利害关系，再使用评分接口")))


def _review_stage(call: Call, the_round: Round, key: str) -> Stage:
    there = stages.of_round(call.session, round_id=the_round.id)
    found = next((s for s in there if s.key == key and s.kind == "review"), None)
    if found is None:
        raise NotFoundError(Text(_("本轮没有“{key}”这一环节"), {"key": key}))
    return found


def _answer(call: Call, desk: Desk) -> Response:
    written = desk.written()
    marks = [
        SheetMark(criterion=c.key, weight=c.weight, max=c.max, mark=written[c.key].mark, comment=written[c.key].comment)
        for c in desk.terms.criteria
    ]
    body = SheetOut(
        stage=desk.stage.key,
        staff_no=desk.candidate.staff_no,
        reviewer_no=desk.chair.reviewer_no,
        state=desk.state.value,
        status=desk.status,
        version=desk.version,
        marks=marks,
    )
    return call.answer(body, tag=etag(body.model_dump(mode="json")))
