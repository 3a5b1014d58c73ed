"""What was decided, with the arithmetic: verdicts, seats, components, outcomes."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlmodel import CheckConstraint, Field, SQLModel

from models.types import ExactDecimal


class Screening(SQLModel, table=True):
    """One person's screening."""

    round_id: UUID = Field(foreign_key="round.id", primary_key=True)
    staff_no: str = Field(primary_key=True)
    eligible: bool
    channel: str
    qualifies_on: date | None = None


class Verdict(SQLModel, table=True):
    """One rule's verdict on one person."""

    __table_args__ = (CheckConstraint("verdict IN ('pass', 'relaxed', 'fail', 'unknown')", name="verdict"),)

    round_id: UUID = Field(foreign_key="round.id", primary_key=True)
    staff_no: str = Field(primary_key=True)
    rule: str = Field(primary_key=True)
    verdict: str
    value: str | None = None
    threshold: str
    sources: str = Field(description="the source rows, JSON")
    facts: str = Field(description="what the reason in words needs, JSON")


class Allotment(SQLModel, table=True):
    """The seats of one business line."""

    round_id: UUID = Field(foreign_key="round.id", primary_key=True)
    line: str = Field(primary_key=True)
    heads: int
    seats: int


class Component(SQLModel, table=True):
    """One component of one candidate's score, rounded as the policy says."""

    round_id: UUID = Field(foreign_key="round.id", primary_key=True)
    staff_no: str = Field(primary_key=True)
    component: str = Field(primary_key=True)
    stage_id: UUID = Field(foreign_key="stage.id", index=True)
    value: Decimal = Field(sa_type=ExactDecimal)


class StageResult(SQLModel, table=True):
    """How one candidate's stage was counted: each sheet, each sum, and why the candidate left, if so."""

    stage_id: UUID = Field(foreign_key="stage.id", primary_key=True)
    staff_no: str = Field(primary_key=True)
    left: str | None = None
    working: str


class Result(SQLModel, table=True):
    """Where one applicant stands: ``outcome`` is empty while the candidate is still in."""

    round_id: UUID = Field(foreign_key="round.id", primary_key=True)
    staff_no: str = Field(primary_key=True)
    outcome: str | None = None
    decided_at: int | None = Field(default=None, description="position of the stage that set the outcome")
    final: Decimal | None = Field(default=None, sa_type=ExactDecimal)
    rank: int | None = None
    working: str = "{}"
