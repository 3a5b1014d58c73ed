"""Applications and what candidates handed in with them."""

from datetime import datetime
from uuid import UUID, uuid4

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


class Handover(SQLModel, table=True):
    """One version of a file for one slot, as a candidate uploaded it.

    ``state``: ``draft`` → ``handed_in`` (it stands in ``Material``) → ``superseded`` by a later version, ``taken_back``
    by the candidate, or ``returned`` by HR for correction with a ``reason``. Nothing is deleted.
    """

    __table_args__ = (
        UniqueConstraint("round_id", "staff_no", "slot", "version"),
        CheckConstraint("state IN ('draft', 'handed_in', 'superseded', 'taken_back', 'returned')", name="state"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    round_id: UUID = Field(foreign_key="round.id", index=True)
    staff_no: str
    slot: str
    version: int
    name: str = Field(description="the file's name, as uploaded, without any folder")
    media_type: str
    size: int
    sha256: str = Field(foreign_key="blob.sha256")
    state: str = "draft"
    reason: str = ""
    uploaded_at: datetime = Field(sa_type=UTCDateTime)
    handed_in_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
