"""Keep the answers to requests that name an idempotency key: sent again, they do nothing and are answered the same."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, delete

from models.answers import Answered
from queries.books import table_of

KEPT: Final = timedelta(days=1)
"""How long an answer is kept; it may say something of people."""


def claim(session: Session, *, account_id: UUID, key: str, request: str, now: datetime) -> Answered | None:
    """Take a key for a request; return what stands under it already, if it was taken within the last day.

    Two requests at once: the second waits here until the first is committed, and finds its answer.
    """
    session.execute(delete(Answered).where(col(Answered.at) < now - KEPT))
    table = table_of(Answered)
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    row = {"account_id": account_id, "key": key, "request": request, "status": 0, "etag": "", "body": b"", "at": now}
    query = insert(table).values(row).on_conflict_do_nothing().returning(table.c.key)
    if session.execute(query).first() is not None:
        return None
    return session.get_one(Answered, (account_id, key), populate_existing=True)


def keep(session: Session, *, account_id: UUID, key: str, status: int, etag: str, body: bytes) -> None:
    """Keep the answer under a key that was claimed in the same transaction."""
    kept = session.get_one(Answered, (account_id, key))
    kept.status, kept.etag, kept.body = status, etag, body
    session.add(kept)
