"""Tries to sign in: count those that fail, make those who try wait, and remember the browsers that are known."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, delete, select

from actions.accounts import fingerprint
from models.accounts import Account, Attempt, Device
from queries import attempts
from rules import lockout

KEPT: Final = timedelta(days=190)
"""Failures are a log of their own: kept for a little more than the six months that are asked for."""


@dataclass(frozen=True, slots=True)
class Try:
    """One try: for which login, from which address, and by which known device (the fingerprint; empty: unknown)."""

    login: str
    address: str
    device: str = ""


def described(session: Session, *, login: str, account: Account | None, address: str, cookie: str) -> Try:
    """Return what a try is counted as; a device is known only to the account that signed in on it."""
    device, nobody = fingerprint(cookie) if cookie else "", UUID(int=0)
    known = attempts.knows(session, account_id=account.id if account else nobody, device=device)  # takes as long
    return Try(fingerprint(login.strip().casefold()), address, device if known else "")


def of_code(account: Account, *, address: str) -> Try:
    """Return what a code of the second factor is counted as: only who knows the password comes so far."""
    return Try(fingerprint(f"code of {account.login}"), address, "code")


def wait_until(session: Session, *, tried: Try, now: datetime) -> datetime | None:
    """Return until when nothing is tried; ``None``: it may be tried now. Tries of the same kind stand in line here."""
    _one_after_the_other(session, [tried.login] if tried.device else [tried.login, tried.address])
    counted = [(lockout.OF_DEVICE if tried.device else lockout.OF_LOGIN, {"login": tried.login})]
    if not tried.device:
        counted.append((lockout.OF_ADDRESS, {"address": tried.address}))
    ends = [_ends(session, tried, limit, where, now) for limit, where in counted]
    return max((end for end in ends if end and end > now), default=None)


def _ends(session: Session, tried: Try, limit: lockout.Limit, where: dict[str, str], now: datetime) -> datetime | None:
    count, last = attempts.failures(session, since=now - limit.window, device=tried.device, **where)
    return lockout.wait_until(failures=count, last=last, limit=limit)


def failed(session: Session, *, tried: Try, now: datetime) -> None:
    """Count a failure; those that are too old to be of any use are forgotten."""
    session.execute(delete(Attempt).where(col(Attempt.at) < now - KEPT))
    session.add(Attempt(login=tried.login, address=tried.address, device=tried.device, at=now))


def remember_device(session: Session, *, account: Account, cookie: str, now: datetime) -> str:
    """Make this browser one that the account is known on, and return the secret for its cookie.

    A browser that several people use is known to the one who signed in last.
    """
    if cookie and attempts.knows(session, account_id=account.id, device=fingerprint(cookie)):
        return cookie
    secret = secrets.token_urlsafe(32)
    session.add(Device(id=fingerprint(secret), account_id=account.id, made_at=now))
    return secret


def forget_devices(session: Session, *, account: Account) -> None:
    """Make every browser one that the account is not known on."""
    session.execute(delete(Device).where(col(Device.account_id) == account.id))


def _one_after_the_other(session: Session, keys: Iterable[str]) -> None:
    """Let tries under the same key wait for one another: many at once are counted like one by one.

    On SQLite every transaction that writes does so anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        for key in sorted(keys):
            number = int.from_bytes(sha256(key.encode()).digest()[:8], signed=True)
            session.execute(select(func.pg_advisory_xact_lock(number)))
