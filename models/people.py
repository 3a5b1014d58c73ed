"""The directory of the centre: people and what is recorded about them."""

from datetime import date
from decimal import Decimal

from sqlmodel import Field, SQLModel, UniqueConstraint

from models.types import ExactDecimal


class Person(SQLModel, table=True):
    """A member of staff; ``active`` is false for one who has left (kept, so that nothing is lost)."""

    staff_no: str = Field(primary_key=True, max_length=64)
    name: str
    business_line: str = Field(index=True)
    team: str | None = None
    grade: str | None = None
    hired_on: date | None = None
    in_grade_since: date | None = None
    manager_no: str | None = None
    email: str | None = None
    active: bool = True


class Rating(SQLModel, table=True):
    """A performance rating for one period."""

    __table_args__ = (UniqueConstraint("staff_no", "period"),)

    id: int | None = Field(default=None, primary_key=True)
    staff_no: str = Field(foreign_key="person.staff_no")
    period: str
    rating: str | None = None


class Incident(SQLModel, table=True):
    """A service incident; the whole row is its key."""

    id: int | None = Field(default=None, primary_key=True)
    staff_no: str = Field(foreign_key="person.staff_no", index=True)
    occurred_on: date | None = None
    severity: str | None = None
    description: str | None = None


class Honour(SQLModel, table=True):
    """An honour; the whole row is its key."""

    id: int | None = Field(default=None, primary_key=True)
    staff_no: str = Field(foreign_key="person.staff_no", index=True)
    honour: str
    awarded_on: date | None = None


class Certificate(SQLModel, table=True):
    """A certificate; the whole row is its key. Without ``expires_on`` it does not expire."""

    id: int | None = Field(default=None, primary_key=True)
    staff_no: str = Field(foreign_key="person.staff_no", index=True)
    certificate: str
    number: str | None = None
    issued_on: date | None = None
    expires_on: date | None = None


class Kpi(SQLModel, table=True):
    """A performance indicator's value for one period."""

    __table_args__ = (UniqueConstraint("staff_no", "period", "kpi"),)

    id: int | None = Field(default=None, primary_key=True)
    staff_no: str = Field(foreign_key="person.staff_no")
    period: str
    kpi: str
    value: Decimal | None = Field(default=None, sa_type=ExactDecimal)
