"""The directory: people, and what is recorded about them."""

from datetime import date
from typing import Annotated

from pydantic import Field, StringConstraints

from rules.texts import _
from web.api.shapes.common import Day, Exact, Given, Line, Reason, StaffNo, Taken

Period = Annotated[
    Line,
    StringConstraints(pattern=r"^[1-9][0-9]{3}(H[12]|Q[1-4]|-(0[1-9]|1[0-2]))?$"),
    Field(description=_("2026、2026H1、2026Q3 或 2026-09"), examples=["2026H1"]),
]
Value = Annotated[str, StringConstraints(pattern=r"^-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,12})?$")]


class PersonFields(Taken):
    """What the directory is to say of a person; null: not known."""

    name: Line = Field(examples=[_("张伟")])
    business_line: Line = Field(description=_("业务线的键，如方案中所写"), examples=["phone"])
    team: Line | None = Field(None, examples=[_("一组")])
    grade: Line | None = Field(None, examples=["Ⅱ"])
    hired_on: Day | None = None
    in_grade_since: Day | None = None
    manager_no: StaffNo | None = Field(None, examples=["000007"])
    email: Line | None = Field(None, examples=["zhang@example.com"])


class PersonBody(PersonFields):
    """What the directory is to say of a person; null: not known. ``reason`` is needed to change what is there."""

    reason: Reason | None = Field(None, examples=[None])


class PersonRow(PersonFields):
    """One person of an import."""

    staff_no: StaffNo


class PersonOut(Given):
    """A member of staff; ``active`` is false for one who has left."""

    staff_no: StaffNo
    name: str = Field(examples=[_("张伟")])
    business_line: str = Field(examples=["phone"])
    team: str | None = Field(examples=[_("一组")])
    grade: str | None = Field(examples=["Ⅱ"])
    hired_on: date | None = Field(examples=["2021-03-01"])
    in_grade_since: date | None = Field(examples=["2023-01-01"])
    manager_no: str | None = Field(examples=["000007"])
    email: str | None = Field(examples=["zhang@example.com"])
    active: bool = Field(examples=[True])


class LeaversBody(Taken):
    """Who has left; their records are kept, and whoever is imported again is back."""

    staff_nos: Annotated[list[StaffNo], Field(min_length=1, max_length=1000)]


class LeaversOut(Given):
    """How many were marked as having left, and how many had left before."""

    left: int = Field(examples=[1])
    same: int = Field(examples=[0])


class RatingRow(Taken):
    """A performance rating; null: there was none in this period."""

    staff_no: StaffNo
    period: Period
    rating: Line | None = Field(None, examples=["B+"])


class IncidentRow(Taken):
    """A service incident."""

    staff_no: StaffNo
    occurred_on: Day | None = None
    severity: Line | None = Field(None, examples=["minor"])
    description: Line | None = Field(None, examples=[_("漏回电")])


class HonourRow(Taken):
    """An honour."""

    staff_no: StaffNo
    honour: Line = Field(examples=[_("服务之星")])
    awarded_on: Day | None = None


class CertificateRow(Taken):
    """A certificate; ``expires_on`` null: it does not expire."""

    staff_no: StaffNo
    certificate: Line = Field(examples=["CCMP"])
    number: Line | None = Field(None, examples=["CC-2024-0815"])
    issued_on: Day | None = None
    expires_on: Day | None = Field(None, examples=[None])


class KpiRow(Taken):
    """The value of an indicator in a period."""

    staff_no: StaffNo
    period: Period = Field(examples=["2026-09"])
    kpi: Line = Field(examples=["complaint_rate"])
    value: Value | None = Field(None, examples=["0.42"])


class RatingOut(Given):
    """A performance rating."""

    period: str = Field(examples=["2026H1"])
    rating: str | None = Field(examples=["B+"])


class IncidentOut(Given):
    """A service incident."""

    occurred_on: date | None = Field(examples=["2026-02-03"])
    severity: str | None = Field(examples=["minor"])
    description: str | None = Field(examples=[_("漏回电")])


class HonourOut(Given):
    """An honour."""

    honour: str = Field(examples=[_("服务之星")])
    awarded_on: date | None = Field(examples=["2026-01-15"])


class CertificateOut(Given):
    """A certificate."""

    certificate: str = Field(examples=["CCMP"])
    number: str | None = Field(examples=["CC-2024-0815"])
    issued_on: date | None = Field(examples=["2024-05-01"])
    expires_on: date | None = Field(examples=[None])


class KpiOut(Given):
    """The value of an indicator in a period."""

    period: str = Field(examples=["2026-09"])
    kpi: str = Field(examples=["complaint_rate"])
    value: Exact | None = Field(examples=["0.42"])


class RecordsOut(Given):
    """Everything that is recorded about one person, the newest first."""

    ratings: list[RatingOut]
    incidents: list[IncidentOut]
    honours: list[HonourOut]
    certificates: list[CertificateOut]
    kpis: list[KpiOut]
