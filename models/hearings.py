"""What people say about a round's course and result: requests, objections, acknowledgements, signatures."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlmodel import CheckConstraint, Field, SQLModel, UniqueConstraint

from models.types import UTCDateTime


class Hearing(SQLModel, table=True):
    """A request or an objection that somebody has to answer.

    ``kind``: ``human_check`` (a person is to look at an automatic rejection) or ``objection`` (received during the
    public notice). ``state``: ``open`` → ``answered`` or ``withdrawn``.
    """

    __table_args__ = (
        UniqueConstraint("round_id", "number"),
        CheckConstraint("kind IN ('human_check', 'objection')", name="kind"),
        CheckConstraint("state IN ('open', 'answered', 'withdrawn')", name="state"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    round_id: UUID = Field(foreign_key="round.id", index=True)
    number: int = Field(description="counts up within the round; what people call it by")
    kind: str
    staff_no: str = Field(default="", description="whom it concerns")
    raised_by: str = Field(default="", description="who raised it, if they gave a name")
    channel: str = Field(default="", description="how it came in: the pages, a letter, by telephone")
    ground: str
    received_by: str
    received_at: datetime = Field(sa_type=UTCDateTime)
    state: str = "open"
    answer: str = ""
    upheld: bool | None = None
    answered_by: str = ""
    answered_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class Acknowledgement(SQLModel, table=True):
    """A candidate has seen their own result, and perhaps confirmed it."""

    round_id: UUID = Field(foreign_key="round.id", primary_key=True)
    staff_no: str = Field(primary_key=True)
    generation: int = Field(primary_key=True, description="of the decision: a new result is seen anew")
    seen_at: datetime = Field(sa_type=UTCDateTime)
    confirmed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class Signature(SQLModel, table=True):
    """An observer's signature under a round's history as it stood (its head), with what they found."""

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    round_id: UUID = Field(foreign_key="round.id", index=True)
    signed_by: str
    signed_at: datetime = Field(sa_type=UTCDateTime)
    length: int
    head: str
    statement: str
