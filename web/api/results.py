"""Results, once they are decided: for HR and observers everybody's, for a candidate one's own once it is public."""

import json
from typing import Annotated, Any, Final

from fastapi import Path, Query, Response
from pydantic.json_schema import SkipJsonSchema

from kit.canonical import json_text
from models.rounds import Round
from queries import listings, results, stages
from queries.listings import Placed
from rules import course, disclosure
from rules.access import Act, Reach
from rules.scopes import Scope
from rules.texts import Text, _
from web.api.call import Call
from web.api.doors import ApiDoors
from web.api.faults import ApiError
from web.api.shapes.common import Code, Limit, Page, StaffNo
from web.api.shapes.results import ResultOut, ResultWhole, StageWorking
from web.faults import NotFoundError

doors: Final = ApiDoors("results")


@doors.door(
    "GET",
    "/rounds/{code}/results",
    act=Act.SEE_RESULTS,
    scope=Scope.RESULTS_READ,
    says=_("列出一轮的结果：去向、名次、综合成绩及其计算，按工号；审定之后才有，候选人只有本人的，公示之后才有"),
    answer=Page[ResultOut],
    refusals=("not_found", "not_decided"),
)
def list_results(
    call: Call,
    code: Annotated[Code, Path()],
    after: Annotated[StaffNo | SkipJsonSchema[None], Query()] = None,
    limit: Annotated[Limit, Query()] = 50,
) -> Response:
    """List the results of a round with rank and final working, by staff number, once they are decided."""
    the_round = _decided(call, code)
    own = None if call.reach is Reach.ALL else call.bearer.staff_no or ""
    found = listings.results(call.session, round_id=the_round.id, after=after or "", limit=limit + 1, staff_no=own)
    call.saw("results", the_round=the_round, subject=own or "")
    return call.answer(Page[ResultOut].of(found, limit, shown=_out, key=lambda one: one.result.staff_no))


@doors.door(
    "GET",
    "/rounds/{code}/results/{staff_no}",
    act=Act.SEE_RESULTS,
    scope=Scope.RESULTS_READ,
    says=_("读取一人的结果，连同每个环节的计算过程；候选人读到的不含评委编号"),
    answer=ResultWhole,
    refusals=("not_found", "not_decided"),
    tagged=True,
)
def get_result(call: Call, code: Annotated[Code, Path()], staff_no: Annotated[StaffNo, Path()]) -> Response:
    """Read one result with the working of every stage."""
    the_round = _decided(call, code)
    mine = call.reach is Reach.ALL or staff_no == call.bearer.staff_no
    found = listings.results(call.session, round_id=the_round.id, after="", limit=1, staff_no=staff_no) if mine else []
    if not found:
        raise NotFoundError(Text(_("{staff_no} 在本轮没有结果"), {"staff_no": staff_no}))
    call.saw("results", the_round=the_round, subject=staff_no)
    body = ResultWhole(**_out(found[0]).model_dump(), stages=_workings(call, the_round, staff_no))
    return call.versioned(body)


def _decided(call: Call, code: str) -> Round:
    """Return a round whose results are decided, and for candidates public.

    :raises ApiError: when they are not.
    """
    the_round = call.round_of(code)
    states = {s.key: s.state for s in stages.of_round(call.session, round_id=the_round.id)}
    decided = states.get(course.DECISION) == "done"
    if not decided or (call.reach is not Reach.ALL and not disclosure.published(list(states.items()))):
        text = Text(_("本轮的结果还没有审定或公示")) if call.reach is not Reach.ALL else Text(_("本轮的结果还没有审定"))
        raise ApiError("not_decided", text)
    return the_round


def _out(placed: Placed) -> ResultOut:
    one = placed.result
    return ResultOut(
        staff_no=one.staff_no,
        outcome=one.outcome or "",
        rank=one.rank,
        final=one.final,
        components={key: c.value for key, c in placed.components.items()},
        working=json.loads(one.working),
    )


def _workings(call: Call, the_round: Round, staff_no: str) -> list[StageWorking]:
    """Return how each stage was counted; a candidate's own working does not tell who the reviewers were."""
    there = [s for s in stages.of_round(call.session, round_id=the_round.id) if not s.key.startswith("_")]
    found = results.stage_workings(call.session, stage_ids=[s.id for s in there])
    counted = [(s.key, *found[s.id][staff_no]) for s in there if staff_no in found[s.id]]
    if call.reach is not Reach.ALL:
        counted = [(key, left, _without_reviewers(working)) for key, left, working in counted]
    return [StageWorking(stage=key, left=left, working=working) for key, left, working in counted]


def _without_reviewers(working: Any) -> Any:  # noqa: ANN401 - the working of any kind of stage
    """Return a working that does not tell which reviewer a sheet is from: not by number, and not by the order."""
    if not isinstance(working, dict) or "sheets" not in working:
        return working
    sheets = [{key: value for key, value in sheet.items() if key != "reviewer"} for sheet in working["sheets"]]
    return {**working, "sheets": sorted(sheets, key=json_text)}
