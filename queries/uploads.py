"""Read what waits to be taken in."""

from uuid import UUID

from sqlmodel import Session, select

from models.uploads import Upload


def mine(session: Session, *, upload_id: UUID, actor: str, book: str, round_id: UUID | None) -> Upload | None:
    """Return a waiting table of somebody's own, for the book and round that it was handed in for."""
    query = select(Upload).where(
        Upload.id == upload_id, Upload.made_by == actor, Upload.book == book, Upload.round_id == round_id
    )
    return session.exec(query).first()
