"""Marks and panels of a stage: read by HR and observers, entered from paper by HR."""

from typing import Annotated, Any, Final

from fastapi import Path, Query, Response
from pydantic.json_schema import SkipJsonSchema

from actions import evidence
from models.rounds import Round
from models.stages import Stage
from queries import books, listings, people, stages
from rules.access import Act
from rules.scopes import Scope
from rules.texts import Text, _
from web.api import tables
from web.api.call import Call
from web.api.doors import ApiDoors
from web.api.faults import ApiError
from web.api.rounds import Begin
from web.api.shapes.common import Code, Counts, Limit, Page, Rows, StaffNo
from web.api.shapes.marks import MarkOut, MarkRow, PanelOut
from web.faults import NotFoundError

doors: Final = ApiDoors("marks")
STAGE: Final = "/rounds/{code}/stages/{stage}"


@doors.door(
    "GET",
    f"{STAGE}/marks",
    act=Act.SEE_ROUND,
    scope=Scope.RESULTS_READ,
    says=_("列出一个环节的评分，按录入的先后；截止之前谁也读不到"),
    answer=Page[MarkOut],
    refusals=("not_found", "stage_open"),
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
        raise ApiError("stage_open", text, where="path.stage")
    rows = listings.marks(call.session, round_id=the_round.id, stage=stage, after=int(after), limit=limit + 1)
    call.saw("marks", the_round=the_round)
    return call.answer(Page[MarkOut].of(rows, limit, shown=MarkOut.model_validate, key=lambda row: row.id))


@doors.door(
    "POST",
    f"{STAGE}/marks",
    act=Act.ENTER_EVIDENCE,
    scope=Scope.MARKS_IMPORT,
    says=_(
        "录入评委的评分（如纸质评分表），全部录入或都不录入；环节开放期间可用，"
        "规则与导入表格的相同。评委自己提交的，用 sheets。"
    ),
    answer=Counts,
    refusals=("bad_request", "not_found", "conflict", "reason_missing"),
)
def import_marks(
    call: Call, code: Annotated[Code, Path()], stage: Annotated[Code, Path()], body: Rows[MarkRow]
) -> Response:
    """Enter reviewers' marks, as from a spreadsheet: all or none, while the stage is open."""
    the_round = call.round_of(code)
    _review_stage(call, the_round, stage)
    there = {r.reviewer_no for r in books.rows(call.session, book="reviewers", round_id=the_round.id)}
    found = tables.read(
        "marks",
        tables.of_body(body.rows, stage=stage),
        people=people.screened(call.session, round_id=the_round.id, staff_nos={r.staff_no for r in body.rows}),
        policy=call.policy_of(the_round),
        reviewers=there,
    )
    said: dict[str, Any] = {"the_round": the_round, "actor": call.actor, "now": call.now, "change_reason": body.reason}
    counts = tables.counted(
        found,
        given=len(body.rows),
        take_in=lambda rows: evidence.take_in(call.session, book="marks", rows=rows, **said),
    )
    return call.answer(counts)


@doors.door(
    "GET",
    f"{STAGE}/panels",
    act=Act.SEE_ROUND,
    scope=Scope.RESULTS_READ,
    says=_("列出一个环节谁评谁，按候选人的工号"),
    answer=Page[PanelOut],
    refusals=("not_found",),
)
def list_panels(
    call: Call,
    code: Annotated[Code, Path()],
    stage: Annotated[Code, Path()],
    after: Annotated[StaffNo | SkipJsonSchema[None], Query()] = None,
    limit: Annotated[Limit, Query()] = 50,
) -> Response:
    """List who is to score whom at a stage."""
    the_round = call.round_of(code)
    _review_stage(call, the_round, stage)
    found = listings.panels(call.session, round_id=the_round.id, stage=stage, after=after or "", limit=limit + 1)
    call.saw("panels", the_round=the_round)
    shown = list(found)[:limit]
    items = [
        PanelOut(
            staff_no=no,
            reviewers=[a.reviewer_no for a in found[no] if a.status == "assigned"],
            replaced=[a.reviewer_no for a in found[no] if a.status == "replaced"],
        )
        for no in shown
    ]
    return call.answer(Page[PanelOut](items=items, next=shown[-1] if len(found) > limit else None))


def _review_stage(call: Call, the_round: Round, key: str) -> Stage:
    there = stages.of_round(call.session, round_id=the_round.id)
    found = next((s for s in there if s.key == key and s.kind == "review"), None)
    if found is None:
        raise NotFoundError(Text(_("本轮没有“{key}”这一环节"), {"key": key}))
    return found
