"""Let a score sheet count: write its marks through ``actions.evidence``, and say in the history what was there."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from sqlmodel import Session

from actions import evidence, history
from actions.sheet_saves import Save
from queries.desks import Desk
from rules.records import Mark
from rules.sheets import State, Written

_COMPLETED: Final = "评委本人提交评分表"
"""Why marks change that were taken in before but were no complete sheet: kept in the history as it stands."""


def scored(
    session: Session, *, desk: Desk, marks: Mapping[str, Decimal], written: Mapping[str, Written], made: Save
) -> None:
    """Let marks count, each with its comment."""
    rows = [_row(desk, c, marks[c], "scored", written[c].comment) for c in desk.criteria]
    _count(session, desk, rows, deed="sheet.filed", made=made)


def declined(session: Session, *, desk: Desk, status: str, reason: str, made: Save) -> None:
    """Let it count that a reviewer abstained or recused themselves: by the law such a sheet is none."""
    rows = [_row(desk, c, None, status, reason) for c in desk.criteria]
    _count(session, desk, rows, deed="sheet.declined", made=made)


def _row(desk: Desk, criterion: str, mark: Decimal | None, status: str, comment: str) -> Mark:
    no, reviewer_no = desk.candidate.staff_no, desk.chair.reviewer_no
    return Mark(desk.stage.key, no, reviewer_no, criterion, mark, status, comment or None)


def _count(session: Session, desk: Desk, rows: list[Mark], *, deed: str, made: Save) -> None:
    the_round = desk.chair.the_round
    reason = desk.sheet.reason if desk.sheet and desk.state is State.RETURNED else ""
    evidence.take_in(
        session,
        the_round=the_round,
        book="marks",
        rows=rows,
        actor=made.actor,
        now=made.now,
        change_reason=reason or _COMPLETED,
    )
    detail: dict[str, object] = {
        "reviewer": desk.chair.reviewer_no,
        "candidate": desk.candidate.staff_no,
        "marks": {r.criterion: [_said(desk.marks.get(r.criterion)), _said(r)] for r in rows},
        "reason": reason,
    }
    history.record(
        session, chain=the_round.id, actor=made.actor, deed=deed, now=made.now, subject=desk.stage.key, detail=detail
    )


def _said(mark: Mark | None) -> str | None:
    if mark is None:
        return None
    return f"{mark.mark:f}" if mark.mark is not None else mark.status
