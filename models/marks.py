"""Reviewers, their marks, attendance and examination: what the scores are made of."""

from decimal import Decimal
from uuid import UUID

from sqlmodel import CheckConstraint, Field, SQLModel, UniqueConstraint

from models.types import ExactDecimal


class Reviewer(SQLModel, table=True):
    """A reviewer of a round; ``staff_no`` says who it is, if known, ``substitute_no`` who steps in for a late one."""

    round_id: UUID = Field(foreign_key="round.id", primary_key=True)
    reviewer_no: str = Field(primary_key=True)
    name: str
    business_line: str | None = None
    staff_no: str | None = None
    substitute_no: str | None = None


class Assignment(SQLModel, table=True):
    """A reviewer is to score a candidate at a stage; ``replaced``: somebody else does it instead."""

    __table_args__ = (CheckConstraint("status IN ('assigned', 'replaced')", name="status"),)

    round_id: UUID = Field(foreign_key="round.id", primary_key=True)
    stage: str = Field(primary_key=True)
    staff_no: str = Field(primary_key=True)
    reviewer_no: str = Field(primary_key=True)
    status: str = "assigned"


class Mark(SQLModel, table=True):
    """One reviewer's mark for one candidate on one criterion of one stage."""

    __table_args__ = (
        UniqueConstraint("round_id", "stage", "staff_no", "reviewer_no", "criterion"),
        CheckConstraint("status IN ('scored', 'abstained', 'recused')", name="status"),
    )

    id: int | None = Field(default=None, primary_key=True)
    round_id: UUID = Field(foreign_key="round.id")
    stage: str
    staff_no: str
    reviewer_no: str
    criterion: str
    mark: Decimal | None = Field(default=None, sa_type=ExactDecimal)
    status: str
    comment: str | None = None


class Attendance(SQLModel, table=True):
    """Whether a candidate was at one session of the training."""

    __table_args__ = (
        UniqueConstraint("round_id", "staff_no", "session"),
        CheckConstraint("status IN ('present', 'late', 'absent', 'excused')", name="status"),
    )

    id: int | None = Field(default=None, primary_key=True)
    round_id: UUID = Field(foreign_key="round.id")
    staff_no: str
    session: int
    status: str


class ExamScore(SQLModel, table=True):
    """A candidate's score (0–100) in one area of the examination."""

    __table_args__ = (UniqueConstraint("round_id", "staff_no", "area"),)

    id: int | None = Field(default=None, primary_key=True)
    round_id: UUID = Field(foreign_key="round.id")
    staff_no: str
    area: str
    score: Decimal | None = Field(default=None, sa_type=ExactDecimal)
