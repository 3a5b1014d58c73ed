"""Panels: hand open sheets to another reviewer, and name who steps in for one who is late."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlmodel import Session, update

from actions import books, history
from actions.steps import Terms
from models.marks import Reviewer
from models.rounds import Round
from models.stages import Stage
from queries import books as read
from queries import panels, stages
from queries.panels import Seat
from rules import course
from rules.policies import Policy, ReviewTerms
from rules.records import Assignment, Mark
from rules.texts import RuleError, Text, _, enumerated

NAMED: Final = 10
"""So many of those who must stand back are named in one message."""


def replace(
    session: Session,
    *,
    the_round: Round,
    stage: Stage,
    reviewer_no: str,
    by_no: str,
    reason: str,
    terms: Terms,
    staff_no: str | None = None,
) -> list[str]:
    """Hand one reviewer's open sheets of a stage to another; only one candidate's, if named.

    Sheets that are filed stay and count. Returns the candidates whose sheets were handed over.

    :raises RuleError: when there is no reason or nothing to hand over, the stage is closed, or the other may not score
        a candidate.
    """
    history.require_reason(reason)
    stage = stages.locked_one(session, stage_id=stage.id)
    _require_running(the_round)
    if stage.state not in {"pending", "open"}:
        raise RuleError(Text(_("“{name}”已经截止，不能更换评委"), {"name": course.said(stage.name)}))
    there = panels.seats(session, round_id=the_round.id)
    old, new = _seat(there, reviewer_no), _seat(there, by_no)
    if old == new:
        raise RuleError(Text(_("评委 {no} 不能接替自己"), {"no": by_no}))
    staff_nos = _open(session, terms.policy, stage, old, staff_no)
    _require_no_objection(session, stage, new, staff_nos)
    rows = [
        *(Assignment(stage.key, no, old.reviewer_no, "replaced") for no in staff_nos),
        *(Assignment(stage.key, no, new.reviewer_no) for no in staff_nos),
    ]
    said: dict[str, Any] = {"the_round": the_round, "actor": terms.actor, "now": terms.now}
    books.take_in(session, book="panels", rows=rows, change_reason=reason, **said)
    history.record(
        session,
        chain=the_round.id,
        actor=terms.actor,
        deed="sheets.handed_over",
        now=terms.now,
        subject=stage.key,
        detail={"from": old.reviewer_no, "to": new.reviewer_no, "candidates": staff_nos, "reason": reason},
    )
    return staff_nos


def name_substitute(
    session: Session, *, the_round: Round, reviewer_no: str, substitute_no: str | None, actor: str, now: datetime
) -> None:
    """Say who steps in when a reviewer is late; ``None``: nobody.

    :raises RuleError: when the round has no such reviewer, or the substitute is the reviewer.
    """
    _require_running(the_round)
    there = panels.seats(session, round_id=the_round.id)
    before = _seat(there, reviewer_no)
    if substitute_no is not None and _seat(there, substitute_no) == before:
        raise RuleError(Text(_("评委 {no} 不能接替自己"), {"no": reviewer_no}))
    if before.substitute_no == substitute_no:
        return
    mine = update(Reviewer).where(Reviewer.round_id == the_round.id, Reviewer.reviewer_no == reviewer_no)  # type: ignore[arg-type] # SQLModel's columns are values to mypy
    session.execute(mine.values(substitute_no=substitute_no))
    history.record(
        session,
        chain=the_round.id,
        actor=actor,
        deed="substitute.named",
        now=now,
        subject=reviewer_no,
        detail={"from": before.substitute_no, "to": substitute_no},
    )


def refuse_replaced(session: Session, *, the_round: Round, rows: Sequence[Mark]) -> None:
    """Refuse new or different marks of reviewers whose sheets somebody else has taken over.

    :raises RuleError: naming the sheets.
    """
    for key in sorted({row.stage for row in rows}):
        assigned = panels.panels(session, round_id=the_round.id, stage=key)
        replaced = {(a.reviewer_no, a.staff_no) for a in assigned if a.status == "replaced"}
        theirs = [r for r in rows if r.stage == key and (r.reviewer_no, r.staff_no) in replaced]
        if not theirs:
            continue
        there = set(read.rows(session, book="marks", round_id=the_round.id, where={"stage": key}))
        if late := sorted({f"{r.reviewer_no}→{r.staff_no}" for r in theirs if r not in there}):
            raise RuleError(Text(_("这些评分表已改由他人完成，不能再录入：{sheets}"), {"sheets": enumerated(late)}))


def refuse_recused(session: Session, *, the_round: Round, rows: Sequence[Assignment]) -> None:
    """Refuse to give sheets to reviewers who must stand back: their own, their manager's or report's, their team's.

    :raises RuleError: naming who must stand back from whom, and why.
    """
    found = panels.recusals(session, round_id=the_round.id, rows=rows)
    if found:
        reasons = list(found.values())
        said = {"n": len(reasons), "reasons": reasons[:NAMED]}
        raise RuleError(Text(_("{n} 份评分表的评委须回避，不能分配：{reasons}"), said))


def _require_running(the_round: Round) -> None:
    if the_round.state != "running":
        raise RuleError(Text(_("竞聘轮次“{code}”已经结束或取消"), {"code": the_round.code}))


def _seat(there: dict[str, Seat], reviewer_no: str) -> Seat:
    if reviewer_no not in there:
        said = {"no": reviewer_no, "known": enumerated(there) if there else Text(_("（还没有导入评委）"))}
        raise RuleError(Text(_("本轮没有编号为“{no}”的评委；有：{known}"), said))
    return there[reviewer_no]


def _open(session: Session, policy: Policy, stage: Stage, seat: Seat, staff_no: str | None) -> list[str]:
    terms = next((s.terms for s in policy.stages if s.key == stage.key), None)
    if not isinstance(terms, ReviewTerms):
        raise RuleError(Text(_("“{name}”不是由评委评分的环节"), {"name": course.said(stage.name)}))
    criteria = [c.key for c in terms.criteria]
    staff_nos = panels.open_sheets(session, stage=stage, criteria=criteria).get(seat.reviewer_no, [])
    wanted = [no for no in staff_nos if staff_no in {None, no}]
    if not wanted:
        said = {"no": seat.reviewer_no, "name": seat.name, "stage": course.said(stage.name)}
        raise RuleError(Text(_("评委 {no} {name} 在“{stage}”没有未完成的评分表"), said))
    return wanted


def _require_no_objection(session: Session, stage: Stage, seat: Seat, staff_nos: Sequence[str]) -> None:
    found = panels.objections(session, stage=stage, seat=seat, staff_nos=staff_nos)
    if found:
        reasons = [
            Text(_("{no} {name}（{reason}）"), {"no": no, "name": name, "reason": reason})
            for no, (name, reason) in found.items()
        ]
        said = {"no": seat.reviewer_no, "name": seat.name, "reasons": reasons}
        raise RuleError(Text(_("评委 {no} {name} 不能接替：{reasons}"), said))
