"""Put together what a round was decided from and what was decided: for export, recount and results.json."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from sqlmodel import Session, col, select

from models.documents import Blob, Document
from models.rounds import Notice, Round
from models.stages import Stage
from queries import evidence, people, results
from rules import course
from rules.policies import Policy
from rules.records import Evidence, Personnel
from rules.rounds import Decision, PersonResult
from rules.seats import Allotment


def inputs(session: Session, *, the_round: Round) -> tuple[Personnel, Evidence]:
    """Return the directory as it was screened (before that: as it is now), and the evidence."""
    personnel = people.frozen(session, round_id=the_round.id) or people.today(session)
    return personnel, evidence.whole(session, round_id=the_round.id)


def in_force(session: Session, *, the_round: Round, policy: Policy) -> Policy:
    """Return the policy with the window in which applications were really taken.

    A step that was opened early, extended or reopened takes applications at other times than planned.
    """
    found = select(Stage).where(Stage.round_id == the_round.id, Stage.key == course.APPLICATIONS)
    stage = session.exec(found).first()
    if stage is None:
        return policy
    planned = policy.applications
    opens_at = min(planned.opens_at, stage.opens_at or planned.opens_at)
    closes_at = max(planned.closes_at, stage.closes_at or stage.closed_at or planned.closes_at)
    return replace(policy, applications=replace(planned, opens_at=opens_at, closes_at=closes_at))


def facts(session: Session, *, the_round: Round, policy: Policy) -> dict[str, str]:
    """Return what a bundle should say of the round beyond its inputs: when the notice was posted, a moved window."""
    latest = select(Notice).where(Notice.round_id == the_round.id).order_by(col(Notice.generation).desc())
    notice = session.exec(latest).first()
    posted_on = notice.posted_on if notice else the_round.posted_on
    said = {"posted_on": posted_on.isoformat()} if posted_on else {}
    window = in_force(session, the_round=the_round, policy=policy).applications
    if window != policy.applications:
        said |= {
            "applications_opened_at": window.opens_at.isoformat(),
            "applications_closed_at": window.closes_at.isoformat(),
        }
    return said


def documents(session: Session, *, round_id: UUID) -> Sequence[Document]:
    """Return every filed document, in the order of filing."""
    query = select(Document).where(Document.round_id == round_id)
    return session.exec(query.order_by(col(Document.made_at), Document.kind, Document.staff_no)).all()


def content(session: Session, *, document: Document) -> bytes:
    """Return the bytes of one document; all of a round's at once may be half a gigabyte."""
    return session.exec(select(Blob.content).where(Blob.sha256 == document.sha256)).one()


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


def supplement_papers(session: Session, *, round_id: UUID) -> dict[int, Document]:
    """Return the filed papers of a round's supplements by number."""
    query = select(Document).where(Document.round_id == round_id, col(Document.kind).startswith("supplement:"))
    return {int(document.kind.partition(":")[2]): document for document in session.exec(query)}
