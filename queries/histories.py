"""Read a round's history a page at a time, filtered by person and deed."""

from collections.abc import Collection, Sequence
from typing import NamedTuple
from uuid import UUID

from sqlmodel import Session, col, func, or_, select

from models.accounts import Account
from models.history import Entry
from models.marks import Reviewer
from models.people import Person
from models.rounds import Round


class Part(NamedTuple):
    """Some entries, latest first, and how many there are in all."""

    entries: Sequence[Entry]
    found: int


def known_as(session: Session, *, the_round: Round | None, said: str) -> set[str]:
    """Return what an entry may call whoever is meant: as it was said, and the numbers and logins of that name."""
    if not said:
        return set()
    people = select(Person.staff_no).where(Person.name == said)
    accounts = select(Account.login).where(Account.name == said)
    found = {said, *session.exec(people), *session.exec(accounts)}
    if the_round:
        judges = select(Reviewer.reviewer_no).where(Reviewer.round_id == the_round.id, Reviewer.name == said)
        found.update(session.exec(judges))
    return found


def part(session: Session, *, chain: UUID | str, about: Collection[str], deed: str, page: int, size: int) -> Part:
    """Return one page of a chain; ``about``: what the entry names as subject, actor or in its detail, any of these."""
    wanted = [Entry.chain == str(chain)]
    if deed:
        wanted.append(Entry.deed == deed)
    if about:
        within = (col(Entry.detail).contains(f'"{one}"', autoescape=True) for one in sorted(about))
        wanted.append(or_(col(Entry.subject).in_(about), col(Entry.actor).in_(about), *within))  # type: ignore[arg-type] # SQLModel's columns are values to mypy
    found = session.exec(select(func.count()).select_from(Entry).where(*wanted)).one()
    query = select(Entry).where(*wanted).order_by(col(Entry.number).desc()).offset((page - 1) * size).limit(size)
    return Part(session.exec(query).all(), found)


def deeds(session: Session, *, chain: UUID | str) -> Sequence[str]:
    """Return the deeds that a chain has."""
    query = select(Entry.deed).where(Entry.chain == str(chain)).distinct()
    return sorted(session.exec(query))


def onwards(session: Session, *, chain: UUID | str, after: int, limit: int) -> Sequence[Entry]:
    """Return the entries of a chain after one of them, in order."""
    query = select(Entry).where(Entry.chain == str(chain), col(Entry.number) > after)
    return session.exec(query.order_by(col(Entry.number)).limit(limit)).all()
