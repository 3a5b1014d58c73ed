"""The outbox: what is to be told to whom, written with the act that it tells of, sent later by the clock, once."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlmodel import CheckConstraint, Field, SQLModel

from models.types import UTCDateTime


class Message(SQLModel, table=True):
    """A message to one address; ``key`` says what it tells of, so that nothing is told twice.

    ``state``: ``waiting`` → ``sending`` (a sender has taken it) → ``sent``, or back to ``waiting`` for another try, or
    ``given_up`` after the last.
    """

    __table_args__ = (CheckConstraint("state IN ('waiting', 'sending', 'sent', 'given_up')", name="state"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    key: str = Field(unique=True)
    round_id: UUID | None = Field(default=None, foreign_key="round.id", index=True)
    kind: str
    recipient: str = Field(description="who it is for: a staff number, or 'hr'")
    address: str = Field(default="", description="an e-mail address; empty: none is known")
    subject: str
    body: str
    state: str = Field(default="waiting", index=True)
    attempts: int = 0
    error: str = ""
    written_at: datetime = Field(sa_type=UTCDateTime)
    due_at: datetime = Field(sa_type=UTCDateTime, description="the next try")
    taken_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    sent_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
