"""Read the directory: today's, or as it stood when a round was screened."""

from uuid import UUID

from sqlmodel import Session, select

from kit import canonical
from models.books import BOOKS
from models.documents import Blob, Frozen
from queries import books
from rules.records import Personnel

PARTS = ("people", "ratings", "incidents", "honours", "certificates", "kpis")


def today(session: Session) -> Personnel:
    """Return the directory as it is now: everyone active, and the records of those."""
    people = books.rows(session, book="people")
    here = {p.staff_no for p in people}
    others = {part: [r for r in books.rows(session, book=part) if r.staff_no in here] for part in PARTS[1:]}
    return Personnel(people=people, **others)


def frozen(session: Session, *, round_id: UUID) -> Personnel | None:
    """Return the directory as it stood when the round was screened; ``None`` before that."""
    query = select(Frozen.name, Blob.content).join(Blob).where(Frozen.round_id == round_id)
    parts = {name: canonical.unpack(content, BOOKS[name].record) for name, content in session.exec(query)}
    return Personnel(**parts) if parts else None


def frozen_part(session: Session, *, round_id: UUID, part: str) -> list:  # type: ignore[type-arg] # rows of that part
    """Return one part of the frozen directory; empty before screening."""
    query = select(Blob.content).join(Frozen).where(Frozen.round_id == round_id, Frozen.name == part)
    content = session.exec(query).first()
    return canonical.unpack(content, BOOKS[part].record) if content else []
