"""Accounts: make, change, sign in, sign out. Passwords are kept as argon2id, other secrets of ours as SHA-256."""

import secrets
from collections.abc import Collection
from datetime import datetime
from functools import cache
from hashlib import sha256

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlmodel import Session, col, delete, update

from actions import history
from models.accounts import Account, AccountRole, SignedIn
from queries import accounts
from rules import access
from rules.access import Role
from rules.texts import RuleError, Text, _

SHORTEST = 12
"""Characters of a password; ASVS asks for at least 8 and recommends 15."""


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()  # argon2id with the parameters of RFC 9106's second choice


def fingerprint(secret: str) -> str:
    """Return the SHA-256 under which a secret of ours is kept: it has 256 random bits, so nothing slower is needed."""
    return sha256(secret.encode()).hexdigest()


def add(
    session: Session,
    *,
    login: str,
    name: str,
    roles: Collection[Role],
    actor: str,
    now: datetime,
    staff_no: str | None = None,
    password: str = "",
) -> Account:
    """Add an account.

    :raises RuleError: when the login or the staff number is taken, or the roles do not go together.
    """
    login = login.strip().casefold()
    if not login:
        raise RuleError(Text(_("请填写登录名")))
    if accounts.by_login(session, login=login):
        raise RuleError(Text(_("登录名“{login}”已经有人使用"), {"login": login}))
    if problem := access.clash(roles):
        raise RuleError(problem)
    account = Account(login=login, name=name.strip() or login, staff_no=staff_no or None, made_at=now)
    session.add(account)
    session.flush()
    if password:
        set_password(session, account=account, password=password)
    session.add_all(AccountRole(account_id=account.id, role=role.value) for role in roles)
    _record(session, account, "account.added", actor, now, {"roles": sorted(roles)})
    return account


def set_password(session: Session, *, account: Account, password: str) -> None:
    """Give an account a password.

    :raises RuleError: when it is too short, or says the login.
    """
    if len(password) < SHORTEST:
        raise RuleError(Text(_("密码至少 {n} 个字符；可以用一句话，空格和汉字都算"), {"n": SHORTEST}))
    if account.login in password.casefold():
        raise RuleError(Text(_("密码中不能含有登录名")))
    account.password = _hasher().hash(password)
    session.add(account)


def is_password(account: Account | None, password: str) -> bool:
    """Return whether a password is right; for nobody's account the answer takes as long."""
    kept = account.password if account and account.password and account.active else _of_nobody()
    try:
        _hasher().verify(kept, password)
    except (VerifyMismatchError, InvalidHashError):
        return False
    return kept != _of_nobody()


@cache
def _of_nobody() -> str:
    return _hasher().hash(secrets.token_urlsafe())


def set_language(session: Session, *, account: Account, language: str) -> None:
    """Speak a language to an account from now on; how the pages look is nothing for the history."""
    account.language = "en" if language == "en" else "zh"
    session.add(account)


def begin_session(session: Session, *, account: Account, agent: str, now: datetime, proved: bool = False) -> str:
    """Sign an account in and return the secret for its cookie."""
    secret = secrets.token_urlsafe(32)
    session.add(
        SignedIn(
            id=fingerprint(secret),
            account_id=account.id,
            csrf=secrets.token_urlsafe(32),
            agent=agent[:200],
            began_at=now,
            seen_at=now,
            proved_at=now if proved else None,
        )
    )
    _record(session, account, "account.signed_in", account.login, now, {})
    return secret


def seen(session: Session, *, session_id: str, now: datetime) -> None:
    """Note that a session is in use."""
    session.execute(update(SignedIn).where(col(SignedIn.id) == session_id).values(seen_at=now))


def end_session(session: Session, *, session_id: str, account: Account, now: datetime) -> None:
    """Sign a session out; a second time changes nothing."""
    mine = update(SignedIn).where(col(SignedIn.id) == session_id, col(SignedIn.ended_at).is_(None))
    if session.execute(mine.values(ended_at=now)).rowcount:  # type: ignore[attr-defined] # an UPDATE counts its rows
        _record(session, account, "account.signed_out", account.login, now, {})


def set_roles(session: Session, *, account: Account, roles: Collection[Role], actor: str, now: datetime) -> None:
    """Give an account exactly these roles; they count from the next click on, also for who is signed in.

    :raises RuleError: when the roles do not go together.
    """
    if problem := access.clash(roles):
        raise RuleError(problem)
    before = accounts.roles_of(session, account_id=account.id)
    if before == set(roles):
        return
    session.execute(delete(AccountRole).where(col(AccountRole.account_id) == account.id))
    session.add_all(AccountRole(account_id=account.id, role=role.value) for role in roles)
    _record(session, account, "account.roles_set", actor, now, {"before": sorted(before), "after": sorted(roles)})


def _record(  # noqa: PLR0917 - private, and said in one breath at each call
    session: Session, account: Account, deed: str, actor: str, now: datetime, detail: dict[str, object]
) -> None:
    history.record(session, chain=history.CENTRE, actor=actor, deed=deed, now=now, subject=account.login, detail=detail)
