"""Read tries to sign in that failed, and the browsers on which an account is known."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, func, select

from models.accounts import Attempt, Device


def knows(session: Session, *, account_id: UUID, device: str) -> bool:
    """Return whether an account has signed in on a device before."""
    known = select(Device.id).where(Device.id == device, Device.account_id == account_id)
    return session.exec(known).first() is not None


def failures(
    session: Session, *, since: datetime, device: str = "", login: str = "", address: str = ""
) -> tuple[int, datetime | None]:
    """Return how many tries by a device (empty: by unknown ones) failed since an instant, and when the last did."""
    query = select(func.count(), func.max(Attempt.at)).where(col(Attempt.at) > since, Attempt.device == device)
    if login:
        query = query.where(Attempt.login == login)
    if address:
        query = query.where(Attempt.address == address)
    count, last = session.exec(query).one()
    return count, last


def by_strangers(session: Session, *, login: str, since: datetime) -> int:
    """Return how many tries for a login failed on devices that are not known to it."""
    return failures(session, since=since, login=login)[0]
