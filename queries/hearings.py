"""Read requests for a human check and objections."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session, col, func, select

from models.hearings import Acknowledgement, Hearing


def of_round(session: Session, *, round_id: UUID, kind: str = "", only_open: bool = False) -> Sequence[Hearing]:
    """Return the hearings of a round, by number; of one kind only, or the open ones only, if wanted."""
    query = select(Hearing).where(Hearing.round_id == round_id)
    if kind:
        query = query.where(Hearing.kind == kind)
    if only_open:
        query = query.where(Hearing.state == "open")
    return session.exec(query.order_by(col(Hearing.number))).all()


def of_person(session: Session, *, round_id: UUID, staff_no: str) -> Sequence[Hearing]:
    """Return what one person raised about their own standing in a round, by number."""
    query = select(Hearing).where(Hearing.round_id == round_id, Hearing.raised_by == staff_no)
    return session.exec(query.order_by(col(Hearing.number))).all()


def by_number(session: Session, *, round_id: UUID, number: int) -> Hearing | None:
    """Return the hearing of a number, if there is one."""
    return session.exec(select(Hearing).where(Hearing.round_id == round_id, Hearing.number == number)).first()


def next_number(session: Session, *, round_id: UUID) -> int:
    """Return the number of the next hearing."""
    return (session.exec(select(func.max(Hearing.number)).where(Hearing.round_id == round_id)).one() or 0) + 1


def acknowledgement(session: Session, *, round_id: UUID, staff_no: str, generation: int) -> Acknowledgement | None:
    """Return whether somebody has seen and confirmed their result of one generation of the decision."""
    return session.get(Acknowledgement, (round_id, staff_no, generation))
