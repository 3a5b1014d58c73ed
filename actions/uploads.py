"""Keep a table that was handed in until it is taken in or dropped, and for a day at most."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlmodel import Session, col, delete

from kit.canonical import digest
from models.uploads import Upload

LONGEST: Final = timedelta(days=1)


def hold(
    session: Session, *, book: str, round_id: UUID | None, name: str, content: bytes, actor: str, now: datetime
) -> Upload:
    """Keep a table for its preview; one's earlier ones for the same book go, and so does what waited too long."""
    drop(session, book=book, round_id=round_id, actor=actor)
    session.execute(delete(Upload).where(col(Upload.made_at) < now - LONGEST))
    sha256 = digest(content)
    made = Upload(book=book, round_id=round_id, name=name, sha256=sha256, content=content, made_by=actor, made_at=now)
    session.add(made)
    session.flush()
    return made


def drop(session: Session, *, book: str, round_id: UUID | None, actor: str) -> None:
    """Delete what somebody has waiting for a book."""
    mine = (col(Upload.book) == book, col(Upload.round_id) == round_id, col(Upload.made_by) == actor)
    session.execute(delete(Upload).where(*mine))
