"""Keep files: bytes under their hash, and documents of a round that are made once."""

from datetime import datetime
from typing import NamedTuple

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


class Sheet(NamedTuple):
    """What a document is, beside its content; an empty ``staff_no`` means that it is the round's."""

    kind: str
    name: str
    media_type: str
    staff_no: str = ""
    version: int = 1
    fonts: str = ""


def file(session: Session, *, the_round: Round, sheet: Sheet, content: bytes, actor: str, now: datetime) -> Document:
    """File a document. A second one of the same kind, person and version is refused by the table."""
    document = Document(round_id=the_round.id, sha256=keep(session, content), made_at=now, **sheet._asdict())
    session.add(document)
    history.record(
        session,
        chain=the_round.id,
        actor=actor,
        deed="document.filed",
        now=now,
        subject=sheet.staff_no,
        detail={"kind": sheet.kind, "version": sheet.version, "name": sheet.name, "fonts": sheet.fonts},
        evidence=document.sha256,
    )
    return document
