"""Read what waits in all running rounds at once: for the start page of HR, in a fixed number of questions."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import and_, case, func, or_, select
from sqlmodel import Session, col
from sqlmodel import select as pick

from models.drafts import Draft
from models.hearings import Hearing
from models.marks import Assignment, Mark
from models.results import Result
from models.rounds import Round
from models.stages import Stage
from queries.books import table_of


class Sheets(NamedTuple):
    """Sheets that are open at a step, and how many reviewers they wait for."""

    sheets: int
    reviewers: int


def steps(session: Session) -> Sequence[tuple[Round, Stage]]:
    """Return the steps of running rounds that are not done, by round and position."""
    query = pick(Round, Stage).join(Stage).where(Round.state == "running", Stage.state != "done")
    return session.exec(query.order_by(Round.code, col(Stage.position))).all()


def open_sheets(session: Session, *, criteria: Mapping[UUID, int]) -> dict[UUID, Sheets]:
    """Return the open sheets of steps of reviewers, all at once; ``criteria`` says how many marks make a sheet.

    A sheet is open as ``queries.panels.open_sheets`` has it.
    """
    if not criteria:
        return {}
    a, s, r = table_of(Assignment).c, table_of(Stage).c, table_of(Result).c
    m = table_of(Mark).c
    needed = case({step: case_n for step, case_n in criteria.items()}, value=s.id)  # noqa: C416 - a plain dict for SQLAlchemy
    declined = func.count(case((m.status != "scored", 1)))
    filed = (
        select(s.id, m.staff_no, m.reviewer_no)
        .join_from(table_of(Mark), table_of(Stage), and_(s.round_id == m.round_id, s.key == m.stage))
        .where(s.id.in_(list(criteria)))
        .group_by(s.id, m.staff_no, m.reviewer_no)
        .having(or_(func.count(m.mark) >= needed, declined > 0))
        .subquery()
    )
    query = (
        select(s.id, func.count(), func.count(a.reviewer_no.distinct()))
        .join_from(table_of(Assignment), table_of(Stage), and_(s.round_id == a.round_id, s.key == a.stage))
        .join(table_of(Result), and_(r.round_id == a.round_id, r.staff_no == a.staff_no))
        .outerjoin(
            filed, and_(filed.c.id == s.id, filed.c.staff_no == a.staff_no, filed.c.reviewer_no == a.reviewer_no)
        )
        .where(s.id.in_(list(criteria)), a.status == "assigned", r.outcome.is_(None), filed.c.staff_no.is_(None))
        .group_by(s.id)
    )
    return {step: Sheets(sheets, reviewers) for step, sheets, reviewers in session.execute(query)}


def open_hearings(session: Session) -> dict[UUID, tuple[int, datetime]]:
    """Return how many requests and objections wait in each round, and since when the oldest does."""
    h = table_of(Hearing).c
    query = select(h.round_id, func.count(), func.min(h.received_at)).where(h.state == "open").group_by(h.round_id)
    return {round_id: (n, since) for round_id, n, since in session.execute(query)}


def open_drafts(session: Session) -> Sequence[Draft]:
    """Return the rounds in the making, the latest first."""
    query = pick(Draft).where(Draft.state == "open").order_by(col(Draft.saved_at).desc())
    return session.exec(query.limit(10)).all()
