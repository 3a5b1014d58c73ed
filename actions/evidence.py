"""Take in what a round is decided from: applications, reviewers, marks, attendance, examination results."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session

from actions import books, panels, sheet_locks
from actions.books import Taken
from models.rounds import Round
from models.stages import Stage
from queries import people, stages
from rules import course
from rules.texts import RuleError, Text, _, enumerated

PARTS = ("applications", "reviewers", "panels", "marks", "attendance", "exam")

FEW = 100
"""So many people are looked up by their numbers; for more the whole directory of the round is read."""


def take_in(
    session: Session,
    *,
    the_round: Round,
    book: str,
    rows: Sequence[Any],
    actor: str,
    now: datetime,
    change_reason: str | None = None,
) -> Taken:
    """Take rows into one of a round's books; in a live round only while the step that they belong to is open.

    :raises RuleError: when the round is over, a step that the rows belong to is not open or is past its deadline, a
        person was not there when the round was screened, somebody else has taken over the sheets, their reviewer has
        filed them, or a reviewer must stand back from a candidate.
    :raises ChangeError: when rows differ from what is there and no ``change_reason`` is given.
    """
    if the_round.state != "running":
        raise RuleError(Text(_("竞聘轮次“{code}”已经结束或取消"), {"code": the_round.code}))
    if the_round.mode == course.LIVE:
        for stage in _stages_of(session, the_round, book, rows):
            _require_open(stage, now=now, early=book == "applications")
        _require_known(session, the_round, book, rows)
        if book == "marks":
            panels.refuse_replaced(session, the_round=the_round, rows=rows)
            sheet_locks.refuse_filed(session, the_round=the_round, rows=rows)
        if book == "panels":
            panels.refuse_recused(session, the_round=the_round, rows=rows)
    return books.take_in(
        session, book=book, rows=rows, actor=actor, now=now, the_round=the_round, change_reason=change_reason
    )


def _stages_of(session: Session, the_round: Round, book: str, rows: Sequence[Any]) -> list[Stage]:
    everything = stages.locked(session, round_id=the_round.id)  # nobody closes a step while rows are on their way
    if book == "applications":
        return [s for s in everything if s.key == course.APPLICATIONS]
    if book == "marks":
        named = {row.stage for row in rows}
        return [s for s in everything if s.key in named]
    if book in {"attendance", "exam"}:
        training = [s for s in everything if s.kind == "training"]
        if not training:
            raise RuleError(Text(_("本轮没有培训环节，不需要考勤和考试成绩")))
        return training
    return []


def _require_open(stage: Stage, *, now: datetime, early: bool) -> None:
    overdue = stage.due_at is not None and stage.due_at < now  # the clock has not come round yet
    if not overdue and (stage.state == "open" or (early and stage.state == "pending")):
        return
    if stage.state == "pending" and not overdue:
        raise RuleError(Text(_("“{name}”还没有开放，不能录入"), {"name": course.said(stage.name)}))
    raise RuleError(Text(_("“{name}”已经截止，不能录入；确有必要的，请先重新开放"), {"name": course.said(stage.name)}))


def _require_known(session: Session, the_round: Round, book: str, rows: Sequence[Any]) -> None:
    """Refuse rows about people who were not there when the round was screened: nothing about them could be decided."""
    if book == "reviewers":
        return
    named = {row.staff_no for row in rows}
    if 0 < len(named) <= FEW and people.screened(session, round_id=the_round.id, staff_nos=named) == named:
        return
    there = {p.staff_no for p in people.frozen_part(session, round_id=the_round.id, part="people")}
    if not there:
        raise RuleError(Text(_("资格审查还没有完成，不能录入")))
    if strangers := sorted(named - there):
        said = {"n": len(strangers), "who": enumerated(strangers[:10])}
        raise RuleError(Text(_("{n} 人不在本轮资格审查时的名册中，不能录入：{who}"), said))
