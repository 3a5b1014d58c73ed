"""Put together what a round was decided from and what was decided: for export, recount and results.json."""

from uuid import UUID

from sqlmodel import Session, col, select

from models.documents import Blob, Document
from models.rounds import Notice, Round
from queries import evidence, people, results
from rules.policies import Policy
from rules.records import Evidence, Personnel
from rules.rounds import Decision, PersonResult
from rules.seats import Allotment


def inputs(session: Session, *, the_round: Round) -> tuple[Personnel, Evidence]:
    """Return the directory as it was screened (before that: as it is now), and the evidence."""
    personnel = people.frozen(session, round_id=the_round.id) or people.today(session)
    return personnel, evidence.whole(session, round_id=the_round.id)


def facts(session: Session, *, the_round: Round) -> dict[str, str]:
    """Return what a bundle should say of the round beyond its inputs: the day on which the notice was posted."""
    latest = select(Notice).where(Notice.round_id == the_round.id).order_by(col(Notice.generation).desc())
    notice = session.exec(latest).first()
    posted_on = notice.posted_on if notice else the_round.posted_on
    return {"posted_on": posted_on.isoformat()} if posted_on else {}


def documents(session: Session, *, round_id: UUID) -> list[tuple[Document, bytes]]:
    """Return every filed document with its content, in the order of filing."""
    query = select(Document, Blob.content).join(Blob).where(Document.round_id == round_id)
    rows = session.exec(query.order_by(col(Document.made_at), Document.kind, Document.staff_no))
    return [(document, content) for document, content in rows]


def decision(session: Session, *, the_round: Round, policy: Policy) -> Decision:
    """Return what was decided so far, as the law's own value."""
    seats = dict.fromkeys(policy.lines, 0) | {
        line: a.seats for line, a in results.seats(session, round_id=the_round.id).items()
    }
    components = results.components(session, round_id=the_round.id)
    return Decision(
        screened=results.screened(session, round_id=the_round.id),
        allotment=Allotment(seats, []),
        results={
            r.staff_no: PersonResult(r.staff_no, components.get(r.staff_no, {}), r.final, r.rank, r.outcome)
            for r in results.of_round(session, round_id=the_round.id)
        },
    )


def filed(session: Session, *, round_id: UUID, version: int) -> frozenset[tuple[str, str, str]]:
    """Return what is filed already in a version: kind, staff number, media type."""
    query = select(Document.kind, Document.staff_no, Document.media_type)
    return frozenset(session.exec(query.where(Document.round_id == round_id, Document.version == version)).all())
