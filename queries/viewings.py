"""Read who saw what: newest first, by who looked, which round, which page, whom it was about, and on which day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, or_, select

from models.accounts import Account, Viewing
from models.people import Person


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which viewings are wanted; what is empty does not matter; people go by login, name or number."""

    who: str = ""
    subject: str = ""
    the_round: str = ""
    page: str = ""
    day: date | None = None


def found(
    session: Session, *, wanted: Wanted, zone: str, before: int | None = None, limit: int = 100
) -> Sequence[Viewing]:
    """Return viewings, newest first; those older than the one with the number ``before``, if given."""
    query = select(Viewing).where(*_conditions(wanted, zone))
    if before is not None:
        query = query.where(col(Viewing.id) < before)
    return session.exec(query.order_by(col(Viewing.id).desc()).limit(limit)).all()


def pages(session: Session) -> Sequence[str]:
    """Return the pages that anybody has seen."""
    return sorted(session.exec(select(Viewing.page).distinct()))


def names(session: Session, *, seen: Sequence[Viewing]) -> tuple[dict[str, str], dict[str, str]]:
    """Return the names of those who looked, by login, and of those who were seen, by staff number."""
    logins, numbers = {v.actor for v in seen}, {v.subject for v in seen if v.subject}
    looked = session.exec(select(Account.login, Account.name).where(col(Account.login).in_(logins)))
    shown = session.exec(select(Person.staff_no, Person.name).where(col(Person.staff_no).in_(numbers)))
    return dict(looked.all()), dict(shown.all())


def _conditions(wanted: Wanted, zone: str) -> list[Any]:
    conditions: list[Any] = []
    if wanted.who:
        named = select(Account.login).where(or_(Account.name == wanted.who, Account.staff_no == wanted.who))
        conditions.append(or_(col(Viewing.actor) == wanted.who.casefold(), col(Viewing.actor).in_(named)))
    if wanted.subject:
        called = select(Person.staff_no).where(Person.name == wanted.subject)
        conditions.append(or_(col(Viewing.subject) == wanted.subject, col(Viewing.subject).in_(called)))
    if wanted.the_round:
        conditions.append(col(Viewing.round_code) == wanted.the_round)
    if wanted.page:
        conditions.append(col(Viewing.page) == wanted.page)
    if wanted.day:
        begins = datetime.combine(wanted.day, time(), tzinfo=ZoneInfo(zone))
        conditions += [col(Viewing.at) >= begins, col(Viewing.at) < begins + timedelta(days=1)]
    return conditions
