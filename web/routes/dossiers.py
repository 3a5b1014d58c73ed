"""One candidate of a round: screening with reasons, application, files, how each stage was counted, the result."""

import json
from typing import Any, Final

from fastapi import Response

from models.results import Result
from queries import dossier_stages, dossiers, handovers, hearings, panels, results
from queries.dossier_stages import Counted
from reports.candidate_result import layout, review, training
from reports.candidate_result.blocks import Block
from reports.candidate_result.calculation import written_out
from reports.entries import StageScore
from reports.field import Field
from rules.access import Act, Reach
from rules.policies import ReviewTerms, StagePolicy
from rules.texts import Text, _
from web.actors import Actors
from web.doors import Doors
from web.downloads import attachment
from web.faults import ForbiddenError, NotFoundError
from web.frames import Frame, framed
from web.visit import Visit

doors: Final = Doors()

LEFT: Final = {
    "quorum": _("有效评分表不足"),
    "no_result": _("成绩不齐"),
    "nothing_to_attend": _("没有应到的场次"),
    "attendance": _("出勤率不足"),
    "pass_mark": _("未达到合格线"),
    "short_list": _("未入围"),
}
"""Why somebody left at a stage."""

NOT_IN: Final = frozenset({"withdrawn", "early", "late", "ineligible"})
"""Outcomes of those who applied and took no part."""

NOBODY: Final = Field({})
"""The dossier compares nobody with others."""


@doors.get("/rounds/{code}/people/{staff_no}", act=Act.SEE_DOSSIER, name="dossier")
def dossier(visit: Visit, code: str, staff_no: str) -> Response:
    """Show everything that a round knows of one person."""
    _require_all(visit)
    frame, session = framed(visit, code), visit.session
    person = panels.persons(session, staff_nos=[staff_no]).get(staff_no)
    screened = next(iter(results.screened(session, round_id=frame.the_round.id, staff_nos=[staff_no])), None)
    if person is None or screened is None:
        raise NotFoundError(Text(_("本轮的资格审查中没有工号为“{no}”的人"), {"no": staff_no}))
    visit.saw("dossier", the_round=frame.the_round, subject=staff_no)
    result = session.get(Result, (frame.the_round.id, staff_no))
    held = [hold for hold in frame.holds if hold.staff_no == staff_no]
    counted = dossier_stages.of_person(session, round_id=frame.the_round.id, staff_no=staff_no)
    names = {no: seat.name for no, seat in panels.seats(session, round_id=frame.the_round.id).items()}
    final = written_out(frame.policy, result.final, json.loads(result.working)) if result else None
    return visit.page(
        "dossier.html",
        frame=frame,
        person=person,
        screened=screened,
        rules=list(layout.rules(frame.policy, screened)),
        applied=handovers.application(session, round_id=frame.the_round.id, staff_no=staff_no),
        files=dossiers.files(session, round_id=frame.the_round.id, staff_no=staff_no),
        result=result,
        stages=[_stage(frame, one, counted[one.key], names) for one in frame.policy.stages if one.key in counted],
        calculation=final,
        hearings=[h for h in hearings.of_round(session, round_id=frame.the_round.id) if h.staff_no == staff_no],
        held=held,
        named=Actors(session, [hold.held_by for hold in held]),
        takes_part=result is not None and result.outcome not in NOT_IN,
    )


def _require_all(visit: Visit) -> None:
    if visit.reach is not Reach.ALL:
        raise ForbiddenError(visit.act, Text(_("评委在“评分”中查看分到的候选人")))


def _stage(frame: Frame, stage: StagePolicy, counted: Counted, names: dict[str, str]) -> dict[str, Any]:
    """Return a stage with its arithmetic; the reviewers' names stand in the order of its sheets."""
    score = StageScore(counted.components, counted.working, counted.left)
    reviewed = isinstance(stage.terms, ReviewTerms)
    blocks: list[Block] = (review if reviewed else training).blocks(stage, score, NOBODY, frame.policy.rounding)
    sheets = review.ordered(counted.working["sheets"]) if reviewed else []
    return {
        "name": stage.name,
        "left": LEFT.get(counted.left or "", counted.left or ""),
        "blocks": blocks,
        "reviewers": [names.get(sheet["reviewer"], sheet["reviewer"]) for sheet in sheets],
    }


@doors.get("/rounds/{code}/people/{staff_no}/files/{name}", act=Act.SEE_DOSSIER, name="dossier_file")
def file(visit: Visit, code: str, staff_no: str, name: str) -> Response:
    """Fetch a file that a candidate handed in."""
    _require_all(visit)
    frame = framed(visit, code)
    content = dossiers.file(visit.session, round_id=frame.the_round.id, staff_no=staff_no, name=name)
    if content is None:
        raise NotFoundError(Text(_("没有这份材料")))
    visit.saw("material", the_round=frame.the_round, subject=staff_no)
    return attachment(content, name=name, media_type="application/octet-stream")
