"""The directory of the centre: take in people and their records, note who has left."""

from collections.abc import Collection
from datetime import datetime

from sqlmodel import Session, col, select, update

from actions import books, documents, history
from actions.books import Taken
from kit import canonical
from models.people import Person
from rules import records
from rules.records import Personnel

PARTS = ("people", "ratings", "incidents", "honours", "certificates", "kpis")
"""The directory's books, in the order in which they may be filled."""


def take_in(
    session: Session, *, personnel: Personnel, actor: str, now: datetime, change_reason: str | None = None
) -> dict[str, Taken]:
    """Take people and their records into the directory; one who had left is back. Returns the counts of each book."""
    _return(session, staff_nos=[p.staff_no for p in personnel.people], actor=actor, now=now)
    return {
        part: books.take_in(
            session, book=part, rows=getattr(personnel, part), actor=actor, now=now, change_reason=change_reason
        )
        for part in PARTS
    }


def leave(session: Session, *, staying: Collection[str], actor: str, now: datetime) -> list[str]:
    """Mark everyone who is not among ``staying`` as having left; their records are kept. Returns who left."""
    active = session.exec(select(Person.staff_no).where(Person.active)).all()
    gone = sorted(set(active) - set(staying))
    _mark(session, staff_nos=gone, active=False, deed="people.left", actor=actor, now=now)
    return gone


def depart(session: Session, *, staff_nos: Collection[str], actor: str, now: datetime) -> list[str]:
    """Mark some people as having left; their records are kept. Returns who had not left before."""
    gone: list[str] = []
    for part in books.batched_rows(sorted(staff_nos)):
        here = select(Person.staff_no).where(Person.active, col(Person.staff_no).in_(part))
        gone += session.exec(here.order_by(Person.staff_no))
    _mark(session, staff_nos=gone, active=False, deed="people.left", actor=actor, now=now)
    return gone


def _return(session: Session, *, staff_nos: Collection[str], actor: str, now: datetime) -> None:
    away = session.exec(select(Person.staff_no).where(col(Person.active).is_(False))).all()
    _mark(
        session, staff_nos=sorted(set(away) & set(staff_nos)), active=True, deed="people.returned", actor=actor, now=now
    )


def _mark(session: Session, *, staff_nos: Collection[str], active: bool, deed: str, actor: str, now: datetime) -> None:
    if not staff_nos:
        return
    for part in books.batched_rows(staff_nos):
        session.execute(update(Person).where(col(Person.staff_no).in_(part)).values(active=active))
    listing = canonical.pack([records.Person(no, "", "") for no in staff_nos], records.Person)
    history.record(
        session,
        chain=history.CENTRE,
        actor=actor,
        deed=deed,
        now=now,
        detail={"n": len(staff_nos)},
        evidence=documents.keep(session, listing),
    )
