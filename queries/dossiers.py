"""Read what a reviewer may see of a candidate: when they applied, and what they handed in."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import case, select
from sqlmodel import Session

from models.applications import Application, Handover, Material
from models.documents import Blob
from queries.books import table_of

SHOWN_AT_MOST = 200_000
"""Bytes of a text file that are shown on the page; larger ones are for downloading only."""


class File(NamedTuple):
    """A file that a candidate handed in; ``text`` is its content if it is a plain text of moderate length."""

    name: str
    size: int
    media_type: str
    text: str | None


def applied_at(session: Session, *, round_id: UUID, staff_no: str) -> datetime | None:
    """Return when a candidate applied last."""
    a = table_of(Application).c
    theirs = select(a.applied_at).where(a.round_id == round_id, a.staff_no == staff_no)
    found: datetime | None = session.scalar(theirs.order_by(a.applied_at.desc()).limit(1))
    return found


def files(session: Session, *, round_id: UUID, staff_no: str) -> list[File]:
    """Return the files that a candidate handed in, by name; plain texts with what they say."""
    m, b = table_of(Material).c, table_of(Blob).c
    query = (
        select(m.name, b.size, case((b.size <= SHOWN_AT_MOST, b.content)))
        .join_from(table_of(Material), table_of(Blob), b.sha256 == m.sha256)
        .where(m.round_id == round_id, m.staff_no == staff_no)
    )
    kinds = _media_types(session, round_id, staff_no)
    return [
        File(name, size, kinds.get(name, ""), _text(name, content))
        for name, size, content in session.execute(query.order_by(m.name))
    ]


def _media_types(session: Session, round_id: UUID, staff_no: str) -> dict[str, str]:
    h = table_of(Handover).c
    query = select(h.name, h.media_type).where(h.round_id == round_id, h.staff_no == staff_no, h.state == "handed_in")
    return {name: kind for name, kind in session.execute(query)}  # noqa: C416 - rows are no tuples to mypy


def _text(name: str, content: bytes | None) -> str | None:
    if content is None or not name.lower().endswith((".txt", ".md")):
        return None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None


def file(session: Session, *, round_id: UUID, staff_no: str, name: str) -> bytes | None:
    """Return the content of one file that a candidate handed in."""
    m, b = table_of(Material).c, table_of(Blob).c
    query = select(b.content).join_from(table_of(Material), table_of(Blob), b.sha256 == m.sha256)
    found = query.where(m.round_id == round_id, m.staff_no == staff_no, m.name == name)
    content: bytes | None = session.scalar(found)
    return content
