"""What HR does to a running round: proposals that wait for a second person, candidates on hold."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlmodel import CheckConstraint, Field, SQLModel, UniqueConstraint

from models.types import UTCDateTime


class Proposal(SQLModel, table=True):
    """A deed that the policy lets nobody do alone: proposed by one, carried out when another agrees."""

    __table_args__ = (
        UniqueConstraint("round_id", "number"),
        CheckConstraint("state IN ('open', 'carried_out', 'rejected')", name="state"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    round_id: UUID = Field(foreign_key="round.id", index=True)
    number: int = Field(description="counts up within the round; what people call it by")
    deed: str
    arguments: str = Field(description="what the deed needs, JSON")
    reason: str
    state: str = "open"
    proposed_by: str
    proposed_at: datetime = Field(sa_type=UTCDateTime)
    decided_by: str = ""
    decided_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class Hold(SQLModel, table=True):
    """One candidate is on hold: nothing is decided on the round until the hold is released."""

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    round_id: UUID = Field(foreign_key="round.id", index=True)
    staff_no: str
    reason: str
    held_by: str
    held_at: datetime = Field(sa_type=UTCDateTime)
    released_by: str = ""
    released_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
