"""Say who scores whom at a step: by hand, or as drawn by lot. Never against a recusal, never over a filed sheet."""

from collections.abc import Collection, Iterable
from typing import Any

from sqlmodel import Session

from actions import evidence, history
from actions.steps import Terms
from models.rounds import Round
from models.stages import Stage
from queries import stages
from queries.seating import Seating
from rules import course
from rules.conflicts import conflict
from rules.draw import Drawn
from rules.records import Assignment
from rules.texts import RuleError, Text, _

Pair = tuple[str, str]
"""Candidate and reviewer, by their numbers."""


def seat(
    session: Session,
    *,
    the_round: Round,
    stage: Stage,
    seating: Seating,
    add: Collection[Pair],
    remove: Collection[Pair],
    reason: str,
    terms: Terms,
) -> int:
    """Assign and take away sheets; return how many changed.

    :raises RuleError: when the step is closed, a reviewer must not score a candidate, a sheet is filed already, or
        something is taken away without a reason.
    """
    _require_unfinished(session, the_round, stage)
    add = [pair for pair in sorted(add) if pair not in seating.assigned]
    remove = [pair for pair in sorted(remove) if pair in seating.assigned]
    _require_fit(seating, add)
    if filed := [pair for pair in remove if pair in seating.filed]:
        said = {"sheets": [f"{reviewer}→{no}" for no, reviewer in filed]}
        raise RuleError(Text(_("这些评分表已经提交，不能取消：{sheets}"), said))
    if remove:
        history.require_reason(reason)
    rows = [
        *(Assignment(stage.key, no, reviewer) for no, reviewer in add),
        *(Assignment(stage.key, no, reviewer, "replaced") for no, reviewer in remove),
    ]
    _take_in(session, the_round, rows, reason, terms)
    return len(rows)


def seat_drawn(
    session: Session, *, the_round: Round, stage: Stage, drawn: Drawn, seed: str, each: int, terms: Terms
) -> int:
    """Write down what was drawn, with the seed in the history: anybody can draw once more. Returns how many sheets.

    :raises RuleError: when the step is closed.
    """
    _require_unfinished(session, the_round, stage)
    rows = [Assignment(stage.key, no, reviewer) for no, mine in drawn.panels.items() for reviewer in mine]
    if not rows:
        return 0
    _take_in(session, the_round, rows, f"draw {seed}", terms)
    detail: dict[str, object] = {
        "seed": seed,
        "each": each,
        "sheets": len(rows),
        "candidates": len(drawn.panels),
        "reviewers": sorted(drawn.loads),
        "short": [short.staff_no for short in drawn.short],
    }
    history.record(
        session,
        chain=the_round.id,
        actor=terms.actor,
        deed="sheets.drawn",
        now=terms.now,
        subject=stage.key,
        detail=detail,
    )
    return len(rows)


def _take_in(session: Session, the_round: Round, rows: Iterable[Any], reason: str, terms: Terms) -> None:
    evidence.take_in(
        session,
        the_round=the_round,
        book="panels",
        rows=list(rows),
        actor=terms.actor,
        now=terms.now,
        change_reason=reason or None,
    )


def _require_unfinished(session: Session, the_round: Round, stage: Stage) -> None:
    now = stages.locked_one(session, stage_id=stage.id)
    if the_round.state != "running":
        raise RuleError(Text(_("竞聘轮次“{code}”已经结束或取消"), {"code": the_round.code}))
    if now.state not in {"pending", "open"}:
        raise RuleError(Text(_("“{name}”已经截止，不能再安排评委"), {"name": course.said(stage.name)}))


def _require_fit(seating: Seating, add: Iterable[Pair]) -> None:
    reasons = []
    for no, reviewer in add:
        if reviewer not in seating.seats or no not in seating.people:
            raise RuleError(Text(_("本轮没有这位候选人或评委：{no}、{reviewer}"), {"no": no, "reviewer": reviewer}))
        judge, person = seating.judge(reviewer), seating.people[no]
        if why := conflict(judge.staff_no, judge.person, person):
            said = {"reviewer": judge.name, "name": person.name, "why": why}
            reasons.append(Text(_("{reviewer} 须回避 {name}（{why}）"), said))
    if reasons:
        raise RuleError(Text("{reasons}", {"reasons": reasons}))
