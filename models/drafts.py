"""Rounds that are being prepared, and supplements to those that run."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlmodel import CheckConstraint, Field, SQLModel

from models.types import UTCDateTime


class Draft(SQLModel, table=True):
    """A round in the making: its policy as HR has typed it so far, not yet checked.

    ``state``: ``open`` → ``published`` (the policy is frozen in a round) or ``discarded``.
    """

    __table_args__ = (CheckConstraint("state IN ('open', 'published', 'discarded')", name="state"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    title: str = ""
    content: str = Field(default="{}", description="the policy's keys and values, JSON")
    version: int = 1
    state: str = "open"
    made_by: str
    made_at: datetime = Field(sa_type=UTCDateTime)
    saved_by: str
    saved_at: datetime = Field(sa_type=UTCDateTime)
    round_id: UUID | None = Field(default=None, foreign_key="round.id")


class Supplement(SQLModel, table=True):
    """A numbered supplement to a frozen policy: a later change that everybody can read, with what it changes."""

    round_id: UUID = Field(foreign_key="round.id", primary_key=True)
    number: int = Field(primary_key=True)
    title: str
    reason: str
    policy_before: str = Field(foreign_key="blob.sha256")
    policy_after: str = Field(foreign_key="blob.sha256")
    made_by: str
    made_at: datetime = Field(sa_type=UTCDateTime)
