"""The result of a round: ranking by line with seats and ties, each one's calculation, and its confirmation."""

import json
from typing import Any, Final

from fastapi import Response

from actions import decisions
from models.results import Result
from models.stages import Stage
from queries import decisions as standing
from queries import notices, panels
from queries.decisions import Ranking
from reports.candidate_result.calculation import written_out
from reports.words import component
from rules import course, unused_seats
from rules.access import Act, Reach
from rules.texts import RuleError, Text, _
from web import ranking as shown
from web import spare_seats
from web.actors import Actors
from web.doors import Doors
from web.faults import ForbiddenError, NotFoundError
from web.frames import Frame, framed
from web.visit import Visit

doors: Final = Doors()


@doors.get("/rounds/{code}/decision", act=Act.SEE_RESULTS)
def decision(visit: Visit, code: str) -> Response:
    """Show the ranking of each line, what is on hold, and who has confirmed."""
    _require_all(visit)
    return _page(framed(visit, code))


def _require_all(visit: Visit) -> None:
    """Let nobody past who may see only their own result: they have a page of their own for that."""
    if visit.reach is not Reach.ALL:
        raise ForbiddenError(visit.act, Text(_("您可以在“我的竞聘”查看自己的结果")))


def _page(frame: Frame, *, fault: Text | None = None) -> Response:
    visit, the_round = frame.visit, frame.the_round
    found = standing.ranking(visit.session, the_round=the_round)
    stage, final = frame.step(course.DECISION), frame.step(course.FINAL)
    working = json.loads(final.working)
    visit.saw("decision", the_round=the_round)
    return visit.page(
        "decision.html",
        status=409 if fault else 200,
        frame=frame,
        stage=stage,
        counted=final.tallied_at is not None,
        lines=list(shown.lines(frame.policy, found, working)),
        components=shown.components_of(frame.policy),
        spare=spare_seats.spare(frame.policy, found, working),
        sha256=found.sha256,
        held=(held := frame.held),
        held_names=[f"{name} {hold.staff_no}" for hold, name in held],
        fault=fault,
        **_confirmed(frame, stage, found),
    )


def _confirmed(frame: Frame, stage: Stage, found: Ranking) -> dict[str, Any]:
    """Return who has confirmed, how many are still needed, and the notice that follows."""
    session, the_round = frame.visit.session, frame.the_round
    yes = standing.confirmations(session, the_round=the_round, generation=stage.generation, sha256=found.sha256)
    return {
        "yes": yes,
        "named": Actors(session, [c.actor for c in yes]),
        "missing": max(0, frame.policy.confirmations - len(yes)),
        "mine": frame.visit.actor in {c.actor for c in yes},
        "notice": standing.notice(session, the_round=the_round) if stage.state == "done" else None,
        "posted": bool(notices.published(session, code=the_round.code)),
    }


@doors.post("/rounds/{code}/decision", act=Act.CONFIRM_DECISION, fresh=True, name="confirm_decision")
def confirm(visit: Visit, code: str) -> Response:
    """Add one's yes to the results that were shown; to others it would be a yes unseen."""
    frame = framed(visit, code)
    found = standing.ranking(visit.session, the_round=frame.the_round)
    if visit.text("results") != found.sha256:
        return _page(frame, fault=Text(_("结果在您打开页面之后有了变化；请按下面的最新结果重新核对，再确认")))
    if not visit.text("checked"):
        return _page(frame, fault=Text(_("请先核对名单和算式，并勾选“我已核对”")))
    try:
        with visit.session.begin_nested():
            left = decisions.confirm(visit.session, the_round=frame.the_round, terms=visit.terms_of(frame.the_round))
    except RuleError as error:
        return _page(framed(visit, code), fault=error.text)
    if left:
        return visit.go("decision", code=code, said=Text(_("已确认；还需 {n} 人确认"), {"n": left}))
    return visit.go("decision", code=code, said=Text(_("已确认，审定完成；公示随后自动发布")))


@doors.get("/rounds/{code}/decision/{staff_no}", act=Act.SEE_RESULTS)
def calculation(visit: Visit, code: str, staff_no: str, part: bool = False) -> Response:  # noqa: FBT001, FBT002 - a word of the address
    """Show how one candidate's final score came about, and how level people were told apart."""
    _require_all(visit)
    frame = framed(visit, code)
    result = visit.session.get(Result, (frame.the_round.id, staff_no))
    person = panels.persons(visit.session, staff_nos=[staff_no]).get(staff_no)
    if result is None or person is None:
        raise NotFoundError(Text(_("{staff_no} 没有报名本轮"), {"staff_no": staff_no}))
    visit.saw("calculation", the_round=frame.the_round, subject=staff_no)
    values: dict[str, Any] = {
        "frame": frame,
        "person": person,
        "result": result,
        "calculation": written_out(frame.policy, result.final, json.loads(result.working)),
        "ties": _ties(frame, staff_no),
        "moved": unused_seats.read(frame.policy, json.loads(frame.step(course.FINAL).working)).taken_by(staff_no),
    }
    return visit.part("calculation.html", **values) if part else visit.page("calculation_page.html", **values)


def _ties(frame: Frame, staff_no: str) -> list[tuple[str, int]]:
    """Return how somebody was told apart from others of the same final score: by what, how many were still level."""
    working = json.loads(frame.step(course.FINAL).working)
    for tie in working.get("ties", ()):
        if staff_no in tie["people"]:
            start = [(_("综合成绩"), len(tie["people"]) - 1)]
            return [*start, *((component(frame.policy, s["by"]), _level(staff_no, s["level"])) for s in tie["steps"])]
    return []


def _level(staff_no: str, groups: list[list[str]]) -> int:
    return next(len(group) - 1 for group in groups if staff_no in group)
