"""One's own sheets for a reviewer, by the action of the pages."""

from typing import Annotated, Final

from fastapi import Path, Response

from actions import sheets as writing
from actions.sheet_saves import Save
from forms import sheets as forms
from kit.canonical import digest, json_text
from queries import inboxes, sheets
from queries.desks import Desk
from queries.inboxes import Chair
from rules.access import Act
from rules.policies import Policy
from rules.scopes import Scope
from rules.texts import Text, _
from web.api.call import Call
from web.api.doors import ApiDoors
from web.api.faults import ApiError, InvalidError
from web.api.shapes.common import Code, Listed, StaffNo
from web.api.shapes.marks import SheetBody, SheetMark, SheetOut, SheetPlace
from web.faults import NotFoundError
from web.reviewing import NOT_YOURS

doors: Final = ApiDoors("marks")
STAGE: Final = "/rounds/{code}/stages/{stage}"


@doors.door(
    "GET",
    f"{STAGE}/sheets",
    act=Act.SCORE,
    scope=Scope.MARKS_WRITE,
    says=_("列出本人在一个环节的评分表，按本人的顺序"),
    answer=Listed[SheetPlace],
    refusals=("not_found", "not_declared"),
)
def list_sheets(call: Call, code: Annotated[Code, Path()], stage: Annotated[Code, Path()]) -> Response:
    """List one's own sheets of a stage, once one's interests are declared."""
    chairs, policy = _chairs(call, code)
    _require_declared(call, chairs)
    there = {c.the_round.id: policy for c in chairs}
    piles = inboxes.piles(call.session, chairs=chairs, policies=there)
    places = [place for pile in piles if pile.stage.key == stage for place in pile.places]
    return call.answer(Listed[SheetPlace](items=[SheetPlace(staff_no=p.staff_no, state=p.state.value) for p in places]))


@doors.door(
    "GET",
    f"{STAGE}/sheets/{{staff_no}}",
    act=Act.SCORE,
    scope=Scope.MARKS_WRITE,
    says=_("读取本人对一位候选人的评分表"),
    answer=SheetOut,
    refusals=("not_found", "not_declared"),
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
    says=_("提交本人的评分表：提交即计分并锁定。同样的再提交一次，什么也不变；version 不是读到的版本时为 409。"),
    answer=SheetOut,
    refusals=("bad_request", "not_found", "conflict", "not_declared"),
)
def put_sheet(
    call: Call,
    code: Annotated[Code, Path()],
    stage: Annotated[Code, Path()],
    staff_no: Annotated[StaffNo, Path()],
    body: SheetBody,
) -> Response:
    """File one's own sheet: it counts and is locked. The same again changes nothing."""
    desk = _desk(call, code, stage, staff_no)
    key = digest(json_text([call.bearer.account_id, code, stage, staff_no, body.model_dump(mode="json")]).encode())
    made = Save(key, body.version, call.actor, call.now)
    if body.status == "scored":
        typed = _read(desk, body)
        writing.file(call.session, desk=desk, written=typed.written, marks=typed.marks, made=made)
    else:
        if body.marks:
            raise InvalidError([("body.marks", Text(_("弃评或回避时不能有评分")))])
        reason = body.reason or ""
        if fault := forms.reason(reason):
            raise InvalidError([("body.reason", fault)])
        writing.decline(call.session, desk=desk, status=body.status, reason=reason, made=made)
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
        raise ApiError("not_declared", Text(_("请先在页面上申报利害关系，再使用评分接口")))


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
    return call.versioned(body)
