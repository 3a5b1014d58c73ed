"""Read who could get an account: people of the directory, reviewers of a round."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from sqlmodel import Session, col, exists, select

from models.accounts import Account, AccountRole
from models.marks import Reviewer
from models.people import Person
from rules.access import Role


class Without(NamedTuple):
    """Somebody of the directory who has no account yet."""

    staff_no: str
    name: str
    email: str | None


class Judge(NamedTuple):
    """A reviewer of a round, whom the account belongs to (a staff number, else the reviewer's), and the account."""

    name: str
    number: str
    account: Account | None
    roles: frozenset[Role]


def without_account(session: Session) -> Sequence[Without]:
    """Return who is in the directory, has not left and has no account."""
    query = select(Person.staff_no, Person.name, Person.email).where(
        col(Person.active), ~exists().where(col(Account.staff_no) == Person.staff_no)
    )
    return [Without(*row) for row in session.exec(query.order_by(Person.staff_no))]


def taken_logins(session: Session) -> frozenset[str]:
    """Return every login."""
    return frozenset(session.exec(select(Account.login)))


def judges(session: Session, *, round_id: UUID) -> list[Judge]:
    """Return a round's reviewers, each with the account and its roles, if there is one."""
    found = session.exec(select(Reviewer).where(Reviewer.round_id == round_id).order_by(Reviewer.reviewer_no)).all()
    numbers = {r.reviewer_no: r.staff_no or r.reviewer_no for r in found}
    query = (
        select(Account, AccountRole.role)
        .outerjoin(AccountRole, col(AccountRole.account_id) == Account.id)
        .where(col(Account.staff_no).in_(numbers.values()))
    )
    accounts: dict[str | None, Account] = {}
    roles: dict[str | None, set[Role]] = {}
    for account, role in session.exec(query):
        accounts[account.staff_no] = account
        roles.setdefault(account.staff_no, set()).update([Role(role)] if role else [])
    return [
        Judge(r.name, no, accounts.get(no), frozenset(roles.get(no, ())))
        for r, no in zip(found, numbers.values(), strict=True)
    ]


def address(session: Session, *, staff_no: str | None) -> str:
    """Return somebody's e-mail address; empty when none is known."""
    return session.exec(select(Person.email).where(Person.staff_no == staff_no)).first() or ""


def addresses(session: Session) -> Mapping[str, str]:
    """Return the e-mail address of everybody who has one, by staff number."""
    query = select(Person.staff_no, Person.email).where(col(Person.active), col(Person.email) != "")
    return {no: email for no, email in session.exec(query) if email}
