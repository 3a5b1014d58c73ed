"""Score sheets while reviewers fill them in. What counts are the ``Mark`` rows that filing a sheet writes."""

from datetime import datetime
from uuid import UUID

from sqlmodel import CheckConstraint, Field, SQLModel

from models.types import UTCDateTime


class Sheet(SQLModel, table=True):
    """One reviewer's sheet for one candidate at one stage.

    ``state``: ``draft`` → ``filed`` (locked: its marks stand in ``Mark``) → ``returned`` (a second person agreed to a
    correction; the marks stand until it is filed again). ``entries`` is JSON: criterion → mark and comment as typed.
    """

    __table_args__ = (
        CheckConstraint("state IN ('draft', 'filed', 'returned')", name="state"),
        CheckConstraint("status IN ('scored', 'abstained', 'recused')", name="status"),
    )

    round_id: UUID = Field(foreign_key="round.id", primary_key=True)
    stage: str = Field(primary_key=True)
    staff_no: str = Field(primary_key=True)
    reviewer_no: str = Field(primary_key=True)
    state: str = "draft"
    status: str = "scored"
    reason: str = Field(default="", description="why abstained or recused, or why a filed sheet is corrected")
    entries: str = "{}"
    version: int = Field(default=0, description="counts up with each save; a save over an older one is a conflict")
    saved_at: datetime = Field(sa_type=UTCDateTime)
    saved_by: str
    filed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class SheetSave(SQLModel, table=True):
    """A save that was done: the same key again (a queue that did not hear the answer) changes nothing."""

    key: str = Field(primary_key=True, max_length=64)
    round_id: UUID = Field(foreign_key="round.id")
    stage: str
    staff_no: str
    reviewer_no: str
    version: int
    saved_at: datetime = Field(sa_type=UTCDateTime)


class Declaration(SQLModel, table=True):
    """A reviewer's declaration of interest for a round, made before any candidate's name is shown."""

    round_id: UUID = Field(foreign_key="round.id", primary_key=True)
    reviewer_no: str = Field(primary_key=True)
    made_at: datetime = Field(sa_type=UTCDateTime)
    made_by: str
    statement: str = Field(default="", description="interests that the reviewer named; empty: none")
