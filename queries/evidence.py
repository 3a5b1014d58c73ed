"""Read what people handed in or judged during a round."""

from uuid import UUID

from sqlmodel import Session, select

from models.applications import Material
from models.documents import Blob
from queries import books
from rules.policies import StagePolicy
from rules.records import Evidence
from rules.stages import KINDS

PARTS = ("applications", "reviewers", "panels", "marks", "attendance", "exam")


def whole(session: Session, *, round_id: UUID) -> Evidence:
    """Return everything that was taken in for a round."""
    return Evidence(**{part: books.rows(session, book=part, round_id=round_id) for part in PARTS})


def of_stage(session: Session, *, round_id: UUID, stage: StagePolicy) -> Evidence:
    """Return what one stage is scored from: the books that its kind names, of the marks only its own."""
    own = {"marks": {"stage": stage.key}}
    return Evidence(
        **{
            book: books.rows(session, book=book, round_id=round_id, where=own.get(book))
            for book in KINDS[stage.kind].books
        }
    )


def materials(session: Session, *, round_id: UUID) -> dict[str, list[tuple[str, bytes]]]:
    """Return the files that each candidate handed in."""
    query = select(Material.staff_no, Material.name, Blob.content).join(Blob).where(Material.round_id == round_id)
    found: dict[str, list[tuple[str, bytes]]] = {}
    for staff_no, name, content in session.exec(query.order_by(Material.staff_no, Material.name)):
        found.setdefault(staff_no, []).append((name, content))
    return found
