"""Read the directory: today's, or as it stood when a round was screened."""

from collections.abc import Collection, Sequence
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlmodel import Session, col, func, select

from kit import canonical
from models.books import BOOKS
from models.documents import Blob, Frozen
from models.people import Certificate, Honour, Incident, Kpi, Person, Rating
from models.results import Screening
from queries import books
from rules.records import Personnel

PARTS = ("people", "ratings", "incidents", "honours", "certificates", "kpis")


def today(session: Session) -> Personnel:
    """Return the directory as it is now: everyone active, and the records of those."""
    people = books.rows(session, book="people")
    here = {p.staff_no for p in people}
    others = {part: [r for r in books.rows(session, book=part) if r.staff_no in here] for part in PARTS[1:]}
    return Personnel(people=people, **others)


def frozen(session: Session, *, round_id: UUID) -> Personnel | None:
    """Return the directory as it stood when the round was screened; ``None`` before that."""
    query = select(Frozen.name, Blob.content).join(Blob).where(Frozen.round_id == round_id)
    parts = {name: canonical.unpack(content, BOOKS[name].record) for name, content in session.exec(query)}
    return Personnel(**parts) if parts else None


def frozen_part(session: Session, *, round_id: UUID, part: str, only: Collection[str] | None = None) -> list:  # type: ignore[type-arg] # rows of that part
    """Return one part of the frozen directory, of some people only if named; empty before screening."""
    query = select(Blob.content).join(Frozen).where(Frozen.round_id == round_id, Frozen.name == part)
    content = session.exec(query).first()
    return canonical.unpack(content, BOOKS[part].record, only=only) if content else []


SORTS: Final = ("staff_no", "name", "business_line", "team", "grade", "hired_on")
"""The columns by which a list of people may be sorted."""


class Wanted(NamedTuple):
    """Which people are looked for; what is empty does not narrow the list. ``here``: ``yes``, ``no`` or all."""

    words: str = ""
    line: str = ""
    team: str = ""
    grade: str = ""
    here: str = "yes"
    sort: str = "staff_no"
    downwards: bool = False


class Found(NamedTuple):
    """One page of people, how many there are on all pages, and what each filter may be set to."""

    people: Sequence[Person]
    n: int
    lines: Sequence[str]
    teams: Sequence[str]
    grades: Sequence[str]


def find(session: Session, *, wanted: Wanted, page: int, size: int) -> Found:
    """Return a page of people, in five queries however many there are; pages count from 1."""
    query = _narrowed(select(Person), wanted)
    n = session.exec(_narrowed(select(func.count()).select_from(Person), wanted)).one()
    order = col(getattr(Person, wanted.sort if wanted.sort in SORTS else "staff_no"))
    query = query.order_by(order.desc().nulls_last() if wanted.downwards else order.asc().nulls_last(), Person.staff_no)
    people = session.exec(query.offset((page - 1) * size).limit(size)).all()
    return Found(people, n, *(_there(session, name) for name in ("business_line", "team", "grade")))


def anybody(session: Session) -> bool:
    """Return whether the directory has anybody at all."""
    return session.exec(select(Person.staff_no).limit(1)).first() is not None


def _narrowed(query: Any, wanted: Wanted) -> Any:  # noqa: ANN401 - a query of any rows
    if wanted.words:
        words = wanted.words
        query = query.where(
            col(Person.staff_no).icontains(words, autoescape=True) | col(Person.name).icontains(words, autoescape=True)
        )
    for name, value in (("business_line", wanted.line), ("team", wanted.team), ("grade", wanted.grade)):
        if value:
            query = query.where(getattr(Person, name) == value)
    if wanted.here in {"yes", "no"}:
        query = query.where(col(Person.active).is_(wanted.here == "yes"))
    return query


def _there(session: Session, name: str) -> Sequence[str]:
    column = col(getattr(Person, name))
    return session.exec(select(column).where(column.is_not(None)).distinct().order_by(column)).all()


class Dossier(NamedTuple):
    """Everything that is recorded about one person, the newest first; ``manager`` is known if the directory has it."""

    person: Person
    manager: Person | None
    ratings: Sequence[Rating]
    incidents: Sequence[Incident]
    honours: Sequence[Honour]
    certificates: Sequence[Certificate]
    kpis: Sequence[Kpi]


def dossier(session: Session, *, staff_no: str) -> Dossier | None:
    """Return what is recorded about one person; ``None`` when nobody has this number."""
    person = session.get(Person, staff_no)
    if person is None:
        return None
    manager = session.get(Person, person.manager_no) if person.manager_no else None

    def rows(table: Any, newest: str) -> Sequence[Any]:  # noqa: ANN401 - any of the directory's tables
        order = col(getattr(table, newest)).desc().nulls_last()
        return session.exec(select(table).where(table.staff_no == staff_no).order_by(order, table.id)).all()

    return Dossier(
        person,
        manager,
        rows(Rating, "period"),
        rows(Incident, "occurred_on"),
        rows(Honour, "awarded_on"),
        rows(Certificate, "issued_on"),
        rows(Kpi, "period"),
    )


def screened(session: Session, *, round_id: UUID, staff_nos: Collection[str]) -> set[str]:
    """Return which of some people were there when a round was screened."""
    theirs = select(Screening.staff_no).where(Screening.round_id == round_id, col(Screening.staff_no).in_(staff_nos))
    return set(session.exec(theirs))
