"""Keep files: bytes under their hash, and documents of a round that are made once."""

from datetime import datetime

from sqlmodel import Session

from actions import history
from kit.canonical import digest
from models.documents import Blob, Document
from models.rounds import Round


def keep(session: Session, content: bytes) -> str:
    """Keep some bytes and return their SHA-256; the same bytes are kept once."""
    sha256 = digest(content)
    if session.get(Blob, sha256) is None:
        session.add(Blob(sha256=sha256, size=len(content), content=content))
        session.flush()
    return sha256


def file(
    session: Session, *, the_round: Round, document: Document, content: bytes, actor: str, now: datetime
) -> Document:
    """File a document with its content. A second one of the same kind, person and version is refused by the table."""
    document.round_id = the_round.id
    document.sha256 = keep(session, content)
    document.made_at = now
    session.add(document)
    history.record(
        session,
        chain=the_round.id,
        actor=actor,
        deed="document.filed",
        now=now,
        subject=document.staff_no,
        detail={"kind": document.kind, "version": document.version, "name": document.name, "fonts": document.fonts},
        evidence=document.sha256,
    )
    return document
