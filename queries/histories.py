"""Read a round's history a page at a time, filtered by person and deed."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from sqlmodel import Session, col, func, or_, select

from models.history import Entry


class Part(NamedTuple):
    """Some entries, latest first, and how many there are in all."""

    entries: Sequence[Entry]
    found: int


def part(session: Session, *, chain: UUID | str, about: str, deed: str, page: int, size: int) -> Part:
    """Return one page of a chain; ``about``: a number that the entry names as subject, actor or in its detail."""
    wanted = [Entry.chain == str(chain)]
    if deed:
        wanted.append(Entry.deed == deed)
    if about:
        within = col(Entry.detail).contains(f'"{about}"', autoescape=True)
        wanted.append(or_(Entry.subject == about, Entry.actor == about, within))  # type: ignore[arg-type] # SQLModel's columns are values to mypy
    found = session.exec(select(func.count()).select_from(Entry).where(*wanted)).one()
    query = select(Entry).where(*wanted).order_by(col(Entry.number).desc()).offset((page - 1) * size).limit(size)
    return Part(session.exec(query).all(), found)


def deeds(session: Session, *, chain: UUID | str) -> Sequence[str]:
    """Return the deeds that a chain has."""
    query = select(Entry.deed).where(Entry.chain == str(chain)).distinct()
    return sorted(session.exec(query))
