"""The rows that a round is decided from, as checked values.

Named tuples, because a centre of 50,000 people has a million of them. ``None`` means "not known", never zero.
The fields stand in the order of the bundle's columns.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple


class Person(NamedTuple):
    """A row of people.csv."""

    staff_no: str
    name: str
    business_line: str
    team: str | None = None
    grade: str | None = None
    hired_on: date | None = None
    in_grade_since: date | None = None
    manager_no: str | None = None
    email: str | None = None


class Rating(NamedTuple):
    """A row of ratings.csv; ``period`` as written (``2026H1``). An empty rating is ``None``."""

    staff_no: str
    period: str
    rating: str | None


class Incident(NamedTuple):
    """A row of incidents.csv."""

    staff_no: str
    occurred_on: date | None
    severity: str | None
    description: str | None = None


class Honour(NamedTuple):
    """A row of honours.csv."""

    staff_no: str
    honour: str
    awarded_on: date | None


class Certificate(NamedTuple):
    """A row of certificates.csv; ``expires_on`` empty = does not expire."""

    staff_no: str
    certificate: str
    number: str | None
    issued_on: date | None
    expires_on: date | None


class Kpi(NamedTuple):
    """A row of kpis.csv."""

    staff_no: str
    period: str
    kpi: str
    value: Decimal | None


class Application(NamedTuple):
    """A row of applications.csv; ``status`` is ``submitted`` or ``withdrawn``."""

    staff_no: str
    applied_at: datetime
    status: str


class Reviewer(NamedTuple):
    """A row of reviewers.csv; ``staff_no`` says who the reviewer is, if known."""

    reviewer_no: str
    name: str
    business_line: str | None = None
    staff_no: str | None = None


class Mark(NamedTuple):
    """A row of marks.csv; ``status`` is ``scored``, ``abstained`` or ``recused``."""

    stage: str
    staff_no: str
    reviewer_no: str
    criterion: str
    mark: Decimal | None
    status: str
    comment: str | None = None


class Assignment(NamedTuple):
    """A row of panels.csv: who is to score whom at which stage; ``status`` is ``assigned`` or ``replaced``."""

    stage: str
    staff_no: str
    reviewer_no: str
    status: str = "assigned"


class Attendance(NamedTuple):
    """A row of attendance.csv; ``status`` is ``present``, ``late``, ``absent`` or ``excused``."""

    staff_no: str
    session: int
    status: str


class ExamScore(NamedTuple):
    """A row of exam.csv; ``score`` 0–100."""

    staff_no: str
    area: str
    score: Decimal | None


@dataclass(frozen=True, slots=True)
class Personnel:
    """Everything about people that screening may need. People's numbers are unique."""

    people: Sequence[Person]
    ratings: Sequence[Rating] = ()
    incidents: Sequence[Incident] = ()
    honours: Sequence[Honour] = ()
    certificates: Sequence[Certificate] = ()
    kpis: Sequence[Kpi] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything that people handed in or judged during the round."""

    applications: Sequence[Application] = ()
    reviewers: Sequence[Reviewer] = ()
    panels: Sequence[Assignment] = ()
    marks: Sequence[Mark] = ()
    attendance: Sequence[Attendance] = ()
    exam: Sequence[ExamScore] = ()
