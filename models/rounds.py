"""Rounds: one promotion round from launch to archive."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlmodel import CheckConstraint, Field, SQLModel

from models.types import UTCDateTime


class Round(SQLModel, table=True):
    """A round with its frozen policy.

    ``mode``: ``live`` waits for people, ``replay`` was answered by a bundle, ``rehearsal`` only screens and shares
    out seats.
    """

    __table_args__ = (
        CheckConstraint("mode IN ('live', 'replay', 'rehearsal')", name="mode"),
        CheckConstraint("state IN ('running', 'finished', 'cancelled')", name="state"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    code: str = Field(unique=True)
    title: str
    mode: str
    state: str = "running"
    policy_text: bytes
    policy_sha256: str
    bundle_sha256: str = ""
    time_zone: str
    posted_on: date | None = Field(default=None, description="a posting day that the bundle names")
    with_documents: bool = True
    launched_at: datetime = Field(sa_type=UTCDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    flow_run_id: str = ""


class Notice(SQLModel, table=True):
    """The public notice of a round's result, with the calendar that its days were counted by."""

    round_id: UUID = Field(foreign_key="round.id", primary_key=True)
    generation: int = Field(primary_key=True)
    posted_on: date
    first_day: date
    last_day: date
    working_days: str = Field(description="the counted days, JSON")
    calendar: str = Field(description="day → is a working day, from posting to the last day, and the source; JSON")


class Confirmation(SQLModel, table=True):
    """One person's yes to the decision as it stood (``results_sha256``)."""

    round_id: UUID = Field(foreign_key="round.id", primary_key=True)
    generation: int = Field(primary_key=True)
    actor: str = Field(primary_key=True)
    results_sha256: str
    confirmed_at: datetime = Field(sa_type=UTCDateTime)
