"""Read tokens: for whom one speaks, and which ones an account has."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, func, select

from models.accounts import Account, AccountRole, ApiToken
from queries.accounts import still_here
from rules.access import Role
from rules.scopes import Scope


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who asks through a token: the account with its roles of now, and what the token is for."""

    token_id: str
    account_id: UUID
    login: str
    staff_no: str | None
    roles: frozenset[Role]
    language: str
    scopes: frozenset[Scope]
    used_at: datetime | None


def bearer(session: Session, *, token_id: str, now: datetime) -> Bearer | None:
    """Return who a token speaks for; ``None``: it is unknown, revoked or expired, or the account may not sign in."""
    query = (
        select(ApiToken, Account, AccountRole.role)
        .join(Account, col(Account.id) == ApiToken.account_id)
        .outerjoin(AccountRole, col(AccountRole.account_id) == Account.id)
        .where(ApiToken.id == token_id, col(ApiToken.revoked_at).is_(None), col(ApiToken.expires_at) > now)
        .where(col(Account.active), still_here())
    )
    rows = session.exec(query).all()
    if not rows:
        return None
    token, account, _role = rows[0]
    return Bearer(
        token_id=token.id,
        account_id=account.id,
        login=account.login,
        staff_no=account.staff_no,
        roles=frozenset(Role(role) for _token, _account, role in rows if role),
        language=account.language,
        scopes=frozenset(Scope(s) for s in token.scopes.split() if s in set(Scope)),
        used_at=token.used_at,
    )


def of_account(session: Session, *, account_id: UUID) -> Sequence[ApiToken]:
    """Return the tokens of an account, newest first; those that are revoked or expired too."""
    query = select(ApiToken).where(ApiToken.account_id == account_id)
    return session.exec(query.order_by(col(ApiToken.made_at).desc(), ApiToken.id)).all()


def alive(session: Session, *, account_id: UUID, now: datetime) -> int:
    """Return how many tokens of an account may still be used."""
    query = select(func.count()).select_from(ApiToken).where(ApiToken.account_id == account_id)
    return session.exec(query.where(col(ApiToken.revoked_at).is_(None), col(ApiToken.expires_at) > now)).one()
