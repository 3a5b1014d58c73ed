"""Note who saw what that concerns a person or a round: one line an hour for the same page."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, select

from models.accounts import Viewing


def note(session: Session, *, actor: str, seen: Iterable[tuple[str, str, str]], now: datetime) -> None:
    """Note pages as (name of the page, code of the round, whom it is about); the same in one hour only once."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    there = select(Viewing.page, Viewing.round_code, Viewing.subject).where(
        Viewing.actor == actor, Viewing.hour == hour
    )
    new = set(seen) - {tuple(row) for row in session.exec(there)}
    if new:
        rows = [
            {"actor": actor, "hour": hour, "page": page, "round_code": code, "subject": subject, "at": now}
            for page, code, subject in sorted(new)
        ]
        insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
        session.execute(insert(Viewing).values(rows).on_conflict_do_nothing())  # another tab may have been quicker
