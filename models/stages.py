"""The steps of a round: screening, applications, the policy's stages, final, decision, notice, archive."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlmodel import CheckConstraint, Field, SQLModel, UniqueConstraint

from models.types import UTCDateTime


class Stage(SQLModel, table=True):
    """One step of a round's course.

    ``state``: ``pending`` → ``open`` (people act) → ``closed`` (nobody acts any more) → ``done`` (counted, its
    documents made). Change it by ``UPDATE … WHERE state = old``: one row changed means that we did it.
    """

    __table_args__ = (
        UniqueConstraint("round_id", "key"),
        UniqueConstraint("round_id", "position"),
        CheckConstraint("state IN ('pending', 'open', 'closed', 'done')", name="state"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    round_id: UUID = Field(foreign_key="round.id", index=True)
    position: int
    key: str
    name: str
    kind: str
    state: str = "pending"
    generation: int = Field(default=1, description="counts up each time that the step is withdrawn")
    blocked: str = Field(default="", description="why the step cannot go on: a text, JSON; empty: nothing stops it")
    opens_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    closes_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    grace_hours: int = Field(default=0, description="hours after the deadline in which late work still counts")
    due_at: datetime | None = Field(
        default=None, sa_type=UTCDateTime, index=True, description="when the clock closes it: deadline and grace"
    )
    opened_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    tallied_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    working: str = Field(default="{}", description="how the step was counted, JSON")
