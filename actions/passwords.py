"""Passwords: kept as argon2id, never shorter or more common than ``rules.passwords`` lets them be."""

import secrets
from datetime import datetime
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlmodel import Session

from actions import history
from models.accounts import Account
from rules import passwords
from rules.texts import RuleError


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()  # argon2id with the parameters of RFC 9106's second choice


def put(session: Session, *, account: Account, password: str) -> None:
    """Give an account a password.

    :raises RuleError: when it is too short, too common, or says whose it is.
    """
    about = [account.login, account.name, account.staff_no or ""]
    if problem := passwords.fault(password, about=about):
        raise RuleError(problem)
    account.password = _hasher().hash(password)
    session.add(account)


def choose(session: Session, *, account: Account, password: str, now: datetime) -> None:
    """Give an account the password that its owner chose, and say so in the history.

    :raises RuleError: see ``put``.
    """
    put(session, account=account, password=password)
    history.record(
        session,
        chain=history.CENTRE,
        actor=account.login,
        deed="account.password_set",
        now=now,
        subject=account.login,
    )


def matches(account: Account | None, password: str) -> bool:
    """Return whether a password is right; for nobody's account the answer takes as long."""
    kept = account.password if account and account.password and account.active else _of_nobody()
    try:
        _hasher().verify(kept, password[: passwords.LONGEST])
    except (VerifyMismatchError, InvalidHashError):
        return False
    return kept != _of_nobody() and len(password) <= passwords.LONGEST


def renew(session: Session, *, account: Account, password: str) -> None:
    """Keep a password that was just found right under today's parameters, if it is kept under older ones."""
    if _hasher().check_needs_rehash(account.password):
        account.password = _hasher().hash(password)
        session.add(account)


@cache
def _of_nobody() -> str:
    return _hasher().hash(secrets.token_urlsafe())
