"""Applications and what candidates handed in with them."""

from datetime import datetime
from uuid import UUID

from sqlmodel import CheckConstraint, Field, SQLModel, UniqueConstraint

from models.types import UTCDateTime


class Application(SQLModel, table=True):
    """One act of applying or withdrawing; the latest counts."""

    __table_args__ = (
        UniqueConstraint("round_id", "staff_no", "applied_at"),
        CheckConstraint("status IN ('submitted', 'withdrawn')", name="status"),
    )

    id: int | None = Field(default=None, primary_key=True)
    round_id: UUID = Field(foreign_key="round.id")
    staff_no: str
    applied_at: datetime = Field(sa_type=UTCDateTime)
    status: str


class Material(SQLModel, table=True):
    """A file that a candidate handed in."""

    round_id: UUID = Field(foreign_key="round.id", primary_key=True)
    staff_no: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    sha256: str = Field(foreign_key="blob.sha256")
