"""The audit trail: append-only chains, each entry hashed over the one before."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from models.types import UTCDateTime

OF_CENTRE: Final = text("chain = 'centre'")


class Chain(SQLModel, table=True):
    """A chain's end. Its row is the lock that puts writers one after the other."""

    name: str = Field(primary_key=True, description="a round's id, or 'centre'")
    length: int = 0
    head: str = ""


class Entry(SQLModel, table=True):
    """Who did what, when. The database itself refuses to change or delete a row (triggers)."""

    __table_args__ = (
        Index("ix_entry_of_account", "subject", "number", sqlite_where=OF_CENTRE, postgresql_where=OF_CENTRE),
    )

    chain: str = Field(foreign_key="chain.name", primary_key=True)
    number: int = Field(primary_key=True)
    at: datetime = Field(sa_type=UTCDateTime)
    actor: str
    deed: str
    subject: str = ""
    detail: str = "{}"
    evidence: str | None = Field(default=None, foreign_key="blob.sha256")
    previous: str
    hash: str


class Signal(SQLModel, table=True):
    """A wish that a round's flow look again; left in the transaction of the act that concerns its course."""

    id: int | None = Field(default=None, primary_key=True)
    round_id: UUID = Field(foreign_key="round.id", index=True)
    left_at: datetime = Field(sa_type=UTCDateTime)
    delivered_at: datetime | None = Field(default=None, sa_type=UTCDateTime, index=True)
