"""Read what candidates hand in: applications, versions of their files, and the receipts that the history gives."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlmodel import Session, col, select

from models.applications import Application, Handover, Material
from models.documents import Blob
from models.history import Entry
from models.people import Person
from models.stages import Stage
from rules import course
from rules.handovers import Step
from rules.policies import Policy

RECEIPTS: Final = (
    "application.submitted",
    "application.withdrawn",
    "materials.taken_in",
    "materials.taken_back",
    "hearing.raised",
    "result.confirmed",
)
"""Deeds of a candidate for which there is a receipt."""

SHOWN: Final = 16
"""Characters of an entry's hash that make a receipt's number."""


def application(session: Session, *, round_id: UUID, staff_no: str) -> Application | None:
    """Return somebody's application that counts: the latest."""
    mine = select(Application).where(Application.round_id == round_id, Application.staff_no == staff_no)
    return session.exec(mine.order_by(col(Application.applied_at).desc()).limit(1)).first()


def versions(session: Session, *, round_id: UUID, staff_no: str = "", slot: str = "") -> Sequence[Handover]:
    """Return the versions of files, by person, slot and number; of one person or one slot only, if named."""
    query = select(Handover).where(Handover.round_id == round_id)
    if staff_no:
        query = query.where(Handover.staff_no == staff_no)
    if slot:
        query = query.where(Handover.slot == slot)
    return session.exec(query.order_by(Handover.staff_no, Handover.slot, col(Handover.version))).all()


def handed_in(session: Session, *, round_id: UUID) -> Sequence[tuple[Handover, str]]:
    """Return every file that stands or waits for correction, with its owner's name: for HR."""
    query = (
        select(Handover, Person.name)
        .outerjoin(Person, col(Person.staff_no) == Handover.staff_no)
        .where(Handover.round_id == round_id, col(Handover.state).in_(["handed_in", "returned"]))
    )
    rows = session.exec(query.order_by(Handover.staff_no, Handover.slot, col(Handover.version))).all()
    return [(handover, name or handover.staff_no) for handover, name in rows]


def own_version(session: Session, *, round_id: UUID, staff_no: str, handover_id: UUID) -> Handover | None:
    """Return one version of one's own file; somebody else's is not there."""
    found = session.get(Handover, handover_id)
    return found if found and (found.round_id, found.staff_no) == (round_id, staff_no) else None


def materials(session: Session, *, round_id: UUID, staff_no: str, slot: str) -> Sequence[Material]:
    """Return what stands of one person for a slot: files named by the slot, whatever their ending."""
    mine = select(Material).where(Material.round_id == round_id, Material.staff_no == staff_no)
    return [m for m in session.exec(mine) if m.name.rpartition(".")[0] == slot]


def content(session: Session, *, sha256: str) -> bytes:
    """Return the bytes of a kept file."""
    return session.exec(select(Blob.content).where(Blob.sha256 == sha256)).one()


def steps(stages: Sequence[Stage], policy: Policy) -> tuple[Step, Step | None]:
    """Return where applications stand, and where the first stage after them does."""
    found = {s.key: Step(s.state, s.closes_at, s.due_at) for s in stages}
    return found[course.APPLICATIONS], found.get(policy.stages[0].key) if policy.stages else None


def receipts(session: Session, *, round_id: UUID, staff_no: str) -> Sequence[Entry]:
    """Return the entries of the history that are receipts of one person, latest first."""
    query = select(Entry).where(Entry.chain == str(round_id), Entry.subject == staff_no, col(Entry.deed).in_(RECEIPTS))
    return session.exec(query.order_by(col(Entry.number).desc())).all()


def receipt(session: Session, *, round_id: UUID, staff_no: str, number: str) -> Entry | None:
    """Return one's own receipt by its number; somebody else's is not there."""
    if len(number) != SHOWN:
        return None
    mine = receipts(session, round_id=round_id, staff_no=staff_no)
    return next((entry for entry in mine if entry.hash.startswith(number)), None)


def receipt_number(entry: Entry) -> str:
    """Return a receipt's number: the beginning of its entry's hash."""
    return entry.hash[:SHOWN]
