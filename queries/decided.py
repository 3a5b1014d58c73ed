"""Put together what a round was decided from and what was decided: for export, recount and results.json."""

from uuid import UUID

from sqlmodel import Session, col, select

from models.documents import Blob, Document
from models.rounds import Notice, Round
from queries import evidence, people
from rules.records import Evidence, Personnel


def inputs(session: Session, *, the_round: Round) -> tuple[Personnel, Evidence]:
    """Return what a round is decided from: the directory as it was screened (before that: as it is now), the evidence."""
    personnel = people.frozen(session, round_id=the_round.id) or people.today(session)
    return personnel, evidence.whole(session, round_id=the_round.id)


def facts(session: Session, *, the_round: Round) -> dict[str, str]:
    """Return what a bundle should say of the round beyond its inputs: the day on which the notice was posted."""
    latest = select(Notice.posted_on).where(Notice.round_id == the_round.id).order_by(col(Notice.generation).desc())
    posted_on = session.exec(latest).first() or the_round.posted_on
    return {"posted_on": posted_on.isoformat()} if posted_on else {}


def documents(session: Session, *, round_id: UUID) -> list[tuple[Document, bytes]]:
    """Return every filed document with its content, in the order of filing."""
    query = select(Document, Blob.content).join(Blob).where(Document.round_id == round_id)
    rows = session.exec(query.order_by(col(Document.made_at), Document.kind, Document.staff_no))
    return [(document, content) for document, content in rows]  # noqa: C416 - rows are no tuples to mypy
