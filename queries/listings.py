"""Read lists in portions for programs: each begins after a key, so that what is added meanwhile moves nothing."""

from collections.abc import Collection, Sequence
from typing import NamedTuple
from uuid import UUID

from sqlmodel import Session, col, select

from models.applications import Application
from models.history import Chain
from models.marks import Assignment, Attendance, ExamScore, Mark
from models.people import Person
from models.results import Component, Result
from models.rounds import Round


class Kept(NamedTuple):
    """A round, and how many entries its history has."""

    the_round: Round
    history_length: int


def rounds(session: Session, *, after: str, limit: int) -> list[Kept]:
    """Return rounds by code."""
    query = select(Round).order_by(col(Round.code)).limit(limit)
    found = session.exec(query.where(col(Round.code) > after) if after else query).all()
    chains = select(Chain.name, Chain.length).where(col(Chain.name).in_([str(r.id) for r in found]))
    lengths = dict(session.exec(chains).all())
    return [Kept(r, lengths.get(str(r.id), 0)) for r in found]


def people(session: Session, *, after: str, limit: int, active: bool | None) -> Sequence[Person]:
    """Return people by staff number; only those who are there, or who have left, if wanted."""
    query = select(Person).order_by(col(Person.staff_no)).limit(limit)
    if active is not None:
        query = query.where(col(Person.active).is_(active))
    return session.exec(query.where(col(Person.staff_no) > after) if after else query).all()


def known(session: Session, *, staff_nos: Collection[str]) -> set[str]:
    """Return which of some staff numbers the directory has, also of those who have left."""
    return set(session.exec(select(Person.staff_no).where(col(Person.staff_no).in_(staff_nos))))


class Applied(NamedTuple):
    """Somebody's latest act of applying or withdrawing, and what became of it."""

    application: Application
    outcome: str | None


def applications(session: Session, *, round_id: UUID, after: str, limit: int) -> list[Applied]:
    """Return the latest application of each person, by staff number."""
    numbers = select(Application.staff_no).where(Application.round_id == round_id).distinct()
    if after:
        numbers = numbers.where(col(Application.staff_no) > after)
    wanted = session.exec(numbers.order_by(col(Application.staff_no)).limit(limit)).all()
    query = (
        select(Application, Result.outcome)
        .outerjoin(
            Result, (col(Result.round_id) == Application.round_id) & (col(Result.staff_no) == Application.staff_no)
        )
        .where(Application.round_id == round_id, col(Application.staff_no).in_(wanted))
        .order_by(col(Application.applied_at), col(Application.id))
    )
    latest = {application.staff_no: Applied(application, outcome) for application, outcome in session.exec(query)}
    return [latest[staff_no] for staff_no in wanted]


def application(session: Session, *, round_id: UUID, staff_no: str) -> Applied | None:
    """Return the latest application of one person."""
    query = (
        select(Application, Result.outcome)
        .outerjoin(
            Result, (col(Result.round_id) == Application.round_id) & (col(Result.staff_no) == Application.staff_no)
        )
        .where(Application.round_id == round_id, Application.staff_no == staff_no)
        .order_by(col(Application.applied_at).desc(), col(Application.id).desc())
    )
    found = session.exec(query.limit(1)).first()
    return Applied(*found) if found else None


def marks(session: Session, *, round_id: UUID, stage: str, after: int, limit: int) -> Sequence[Mark]:
    """Return the marks of a stage in the order in which they came in."""
    query = select(Mark).where(Mark.round_id == round_id, Mark.stage == stage, col(Mark.id) > after)
    return session.exec(query.order_by(col(Mark.id)).limit(limit)).all()


def panels(session: Session, *, round_id: UUID, stage: str, after: str, limit: int) -> dict[str, list[Assignment]]:
    """Return who is to score each candidate at a stage, by staff number."""
    there = (Assignment.round_id == round_id, Assignment.stage == stage)
    numbers = select(Assignment.staff_no).where(*there, col(Assignment.staff_no) > after).distinct()
    wanted = session.exec(numbers.order_by(col(Assignment.staff_no)).limit(limit)).all()
    found: dict[str, list[Assignment]] = {staff_no: [] for staff_no in wanted}
    theirs = select(Assignment).where(*there, col(Assignment.staff_no).in_(wanted))
    for one in session.exec(theirs.order_by(Assignment.reviewer_no)):
        found[one.staff_no].append(one)
    return found


def attendance(session: Session, *, round_id: UUID, after: int, limit: int) -> Sequence[Attendance]:
    """Return who was at which session, in the order in which it came in."""
    query = select(Attendance).where(Attendance.round_id == round_id, col(Attendance.id) > after)
    return session.exec(query.order_by(col(Attendance.id)).limit(limit)).all()


def exam(session: Session, *, round_id: UUID, after: int, limit: int) -> Sequence[ExamScore]:
    """Return the scores of the examination, in the order in which they came in."""
    query = select(ExamScore).where(ExamScore.round_id == round_id, col(ExamScore.id) > after)
    return session.exec(query.order_by(col(ExamScore.id)).limit(limit)).all()


class Placed(NamedTuple):
    """An applicant's result with its components."""

    result: Result
    components: dict[str, Component]


def results(session: Session, *, round_id: UUID, after: str, limit: int, staff_no: str | None = None) -> list[Placed]:
    """Return results by staff number; of one person only, if named."""
    query = select(Result).where(Result.round_id == round_id).order_by(col(Result.staff_no)).limit(limit)
    if after:
        query = query.where(col(Result.staff_no) > after)
    if staff_no is not None:
        query = query.where(Result.staff_no == staff_no)
    found = session.exec(query).all()
    numbers = [r.staff_no for r in found]
    theirs = select(Component).where(Component.round_id == round_id, col(Component.staff_no).in_(numbers))
    components: dict[str, dict[str, Component]] = {}
    for one in session.exec(theirs.order_by(col(Component.component))):
        components.setdefault(one.staff_no, {})[one.component] = one
    return [Placed(r, components.get(r.staff_no, {})) for r in found]
