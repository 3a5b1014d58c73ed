"""Read accounts: who a cookie or a token speaks for, who may sign in, what is open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from models.accounts import Account, AccountRole, SignedIn
from rules.access import Role


@dataclass(frozen=True, slots=True)
class Who:
    """Who visits: an account with its roles, and the session that it comes by."""

    account_id: UUID
    login: str
    name: str
    staff_no: str | None
    roles: frozenset[Role]
    language: str
    session_id: str
    csrf: str
    seen_at: datetime
    has_second_factor: bool
    proved: bool


def signed_in(session: Session, *, session_id: str, now: datetime, idle: timedelta, longest: timedelta) -> Who | None:
    """Return who is signed in by a session that is neither ended, nor idle for too long, nor too old."""
    query = (
        select(SignedIn, Account, AccountRole.role)
        .join(Account, col(Account.id) == SignedIn.account_id)
        .outerjoin(AccountRole, col(AccountRole.account_id) == Account.id)
        .where(SignedIn.id == session_id, col(SignedIn.ended_at).is_(None), col(Account.active))
        .where(col(SignedIn.seen_at) > now - idle, col(SignedIn.began_at) > now - longest)
    )
    rows = session.exec(query).all()
    if not rows:
        return None
    here, account, _role = rows[0]
    return Who(
        account_id=account.id,
        login=account.login,
        name=account.name,
        staff_no=account.staff_no,
        roles=frozenset(Role(role) for _here, _account, role in rows if role),
        language=account.language,
        session_id=here.id,
        csrf=here.csrf,
        seen_at=here.seen_at,
        has_second_factor=account.totp_since is not None,
        proved=here.proved_at is not None,
    )


def by_login(session: Session, *, login: str) -> Account | None:
    """Return the account of a login, however its letters are typed."""
    return session.exec(select(Account).where(Account.login == login.strip().casefold())).first()


def roles_of(session: Session, *, account_id: UUID) -> frozenset[Role]:
    """Return the roles of an account."""
    found = session.exec(select(AccountRole.role).where(AccountRole.account_id == account_id))
    return frozenset(Role(role) for role in found)


def everybody(session: Session) -> Sequence[tuple[Account, frozenset[Role]]]:
    """Return every account with its roles, by login."""
    roles: dict[UUID, set[Role]] = {}
    for row in session.exec(select(AccountRole)):
        roles.setdefault(row.account_id, set()).add(Role(row.role))
    accounts = session.exec(select(Account).order_by(Account.login)).all()
    return [(account, frozenset(roles.get(account.id, ()))) for account in accounts]
