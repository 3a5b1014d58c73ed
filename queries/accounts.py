"""Read accounts: who a cookie or a token speaks for, who may sign in, what is open."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, bindparam
from sqlalchemy import select as core_select
from sqlmodel import Session, and_, col, exists, func, or_, select

from models.accounts import Account, AccountRole, RecoveryCode, SignedIn
from models.history import OF_CENTRE, Entry
from models.people import Person
from models.types import UTCDateTime
from queries.books import table_of
from rules.access import SECOND_FACTOR, Role

LONGEST_LOGIN: Final = 64


def still_here() -> ColumnElement[bool]:
    """Select the accounts whose owner has not left the centre; who never was in its directory has not."""
    return ~exists().where(col(Person.staff_no) == Account.staff_no, col(Person.active).is_(False))


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
    shown_at: datetime
    has_second_factor: bool
    needs_second_factor: bool
    proved: bool

    @property
    def owes_proof(self) -> bool:
        """Return whether a code of the second factor is still due, of who has to have one or chose to."""
        return not self.proved and (self.has_second_factor or self.needs_second_factor)


def signed_in(
    session: Session, *, session_id: str, now: datetime, idle: timedelta, longest: timedelta, second_factor: str
) -> Who | None:
    """Return who is signed in by a session that is neither ended, nor idle for too long, nor too old.

    ``second_factor`` says who has to have one, see ``rules.access.SECOND_FACTOR``.
    """
    given = {"session_id": session_id, "seen_after": now - idle, "began_after": now - longest}
    rows = session.execute(_visitor(), given).all()
    if not rows:
        return None
    found = rows[0]
    roles = frozenset(Role(row.role) for row in rows if row.role)
    return Who(
        account_id=found.id,
        login=found.login,
        name=found.name,
        staff_no=found.staff_no,
        roles=roles,
        language=found.language,
        session_id=session_id,
        csrf=found.csrf,
        seen_at=found.seen_at,
        shown_at=found.shown_at,
        has_second_factor=found.totp_since is not None,
        needs_second_factor=bool(roles & SECOND_FACTOR[second_factor]),
        proved=found.proved_at is not None,
    )


@cache
def _visitor() -> Select[Any]:
    """Return the question of ``signed_in``, made once: every request asks it."""
    s, a, r = table_of(SignedIn).c, table_of(Account).c, table_of(AccountRole).c
    query = (
        core_select(a.id, a.login, a.name, a.staff_no, a.language, a.totp_since)
        .add_columns(s.csrf, s.seen_at, s.shown_at, s.proved_at, r.role)
        .join_from(table_of(SignedIn), table_of(Account), a.id == s.account_id)
        .outerjoin(table_of(AccountRole), r.account_id == a.id)
    )
    moment = UTCDateTime()
    return query.where(s.id == bindparam("session_id"), s.ended_at.is_(None), a.active, still_here()).where(
        s.seen_at > bindparam("seen_after", type_=moment), s.began_at > bindparam("began_after", type_=moment)
    )


def by_login(session: Session, *, login: str) -> Account | None:
    """Return the account of a login, however its letters are typed."""
    return session.exec(select(Account).where(Account.login == login.strip().casefold())).first()


def by_staff_no(session: Session, *, staff_no: str) -> Account | None:
    """Return the account of a member of staff."""
    return session.exec(select(Account).where(Account.staff_no == staff_no)).first()


def by_subject(session: Session, *, subject: str) -> Account | None:
    """Return the account that the centre's own sign-in knows under a subject."""
    return session.exec(select(Account).where(Account.subject == subject)).first()


def may_enter(session: Session, *, account: Account) -> bool:
    """Return whether an account may sign in: it is not closed, and its owner has not left."""
    mine = select(Account.id).where(Account.id == account.id, col(Account.active), still_here())
    return session.exec(mine).first() is not None


def administrators(session: Session) -> Sequence[Account]:
    """Return the administrators who may sign in."""
    query = select(Account).join(AccountRole).where(AccountRole.role == Role.ADMIN.value)
    return session.exec(query.where(col(Account.active), still_here()).order_by(Account.login)).all()


def without_second_factor(session: Session, *, roles: Collection[Role]) -> int:
    """Return how many accounts of these roles may sign in and have no second factor."""
    mine = exists().where(col(AccountRole.account_id) == Account.id, col(AccountRole.role).in_(r.value for r in roles))
    query = select(func.count()).select_from(Account)
    return session.exec(query.where(col(Account.active), still_here(), col(Account.totp_since).is_(None), mine)).one()


class Filter(NamedTuple):
    """Which accounts are wanted: words in login, name or number; a role; a state (open, closed, gone, new)."""

    words: str = ""
    role: str = ""
    state: str = ""


class Listed(NamedTuple):
    """An account in the list."""

    account: Account
    roles: frozenset[Role]
    last_signed_in: datetime | None
    gone: bool


def listed(session: Session, *, wanted: Filter, offset: int, limit: int) -> list[Listed]:
    """Return a page of the accounts that are wanted, by login; four queries, however many there are."""
    query = select(Account).where(*_wanted(wanted)).order_by(Account.login).offset(offset).limit(limit)
    found = session.exec(query).all()
    ids = [account.id for account in found]
    roles: dict[UUID, set[Role]] = {}
    for row in session.exec(select(AccountRole).where(col(AccountRole.account_id).in_(ids))):
        roles.setdefault(row.account_id, set()).add(Role(row.role))
    last = select(SignedIn.account_id, func.max(SignedIn.began_at)).where(col(SignedIn.account_id).in_(ids))
    entered = dict(session.exec(last.group_by(col(SignedIn.account_id))).all())
    gone = set(session.exec(select(Account.id).where(col(Account.id).in_(ids), ~still_here())))
    return [Listed(a, frozenset(roles.get(a.id, ())), entered.get(a.id), a.id in gone) for a in found]


def count(session: Session, *, wanted: Filter) -> int:
    """Return how many accounts are wanted."""
    return session.exec(select(func.count()).select_from(Account).where(*_wanted(wanted))).one()


def _wanted(wanted: Filter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if words := wanted.words.strip().casefold():
        among = (func.lower(column) for column in (Account.login, Account.name, Account.staff_no))
        conditions.append(or_(*(place.contains(words, autoescape=True) for place in among)))
    if wanted.role:
        conditions.append(
            exists().where(col(AccountRole.account_id) == Account.id, col(AccountRole.role) == wanted.role)
        )
    states = {
        "open": and_(col(Account.active), still_here()),
        "closed": col(Account.active).is_(False),
        "gone": ~still_here(),
        "new": and_(Account.password == "", col(Account.subject).is_(None)),
    }
    return [*conditions, *([states[wanted.state]] if wanted.state in states else [])]


def sessions(session: Session, *, account_id: UUID, now: datetime, idle: timedelta) -> Sequence[SignedIn]:
    """Return the sessions of an account that are open now, the latest used first."""
    query = select(SignedIn).where(SignedIn.account_id == account_id, col(SignedIn.ended_at).is_(None))
    return session.exec(query.where(col(SignedIn.seen_at) > now - idle).order_by(col(SignedIn.seen_at).desc())).all()


def open_sessions(session: Session, *, account_id: UUID) -> Sequence[SignedIn]:
    """Return the sessions of an account that nobody has ended, idle ones too."""
    query = select(SignedIn).where(SignedIn.account_id == account_id, col(SignedIn.ended_at).is_(None))
    return session.exec(query).all()


def recovery_codes_left(session: Session, *, account_id: UUID) -> int:
    """Return how many recovery codes of an account were not used yet."""
    query = select(RecoveryCode.id).where(RecoveryCode.account_id == account_id, col(RecoveryCode.used_at).is_(None))
    return len(session.exec(query).all())


def events(session: Session, *, login: str, since: datetime, limit: int) -> Sequence[Entry]:
    """Return what happened to an account, the latest first; signing out is left out."""
    query = select(Entry).where(OF_CENTRE, Entry.subject == login, Entry.at >= since)
    of_it = or_(col(Entry.deed).startswith("account."), col(Entry.deed).startswith("token."))
    query = query.where(of_it, Entry.deed != "account.signed_out")
    return session.exec(query.order_by(col(Entry.number).desc()).limit(limit)).all()


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
