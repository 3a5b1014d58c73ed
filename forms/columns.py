"""The tables of the bundle: their columns, how each cell is read, what makes a row unique.

What the cells refer to is in ``forms.references``, how whole tables are checked in ``forms.rows``.
"""

from decimal import Decimal
from typing import Any, Final, NamedTuple

from forms import cells
from forms.cells import Reader
from rules import records


class Column(NamedTuple):
    """How a column is read; ``needed``: an empty cell is an error."""

    name: str
    read: Reader
    needed: bool = False


class Spec(NamedTuple):
    """One table: its record type, its columns in the order of the record's fields, its key.

    ``strangers_are_faults``: rows about people who are not known are faults; otherwise they are reported and ignored.
    """

    name: str
    record: type[Any]
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    strangers_are_faults: bool = False


_NO, _DAY, _TEXT = cells.number_of_person, cells.day, cells.line
_STAFF = Column("staff_no", _NO, needed=True)

SPECS: Final[dict[str, Spec]] = {
    spec.name: spec
    for spec in (
        Spec(
            "people",
            records.Person,
            (
                _STAFF,
                Column("name", _TEXT, needed=True),
                Column("business_line", _TEXT, needed=True),
                Column("team", _TEXT),
                Column("grade", _TEXT),
                Column("hired_on", _DAY),
                Column("in_grade_since", _DAY),
                Column("manager_no", _NO),
                Column("email", _TEXT),
            ),
            ("staff_no",),
        ),
        Spec(
            "ratings",
            records.Rating,
            (_STAFF, Column("period", cells.period, needed=True), Column("rating", _TEXT)),
            ("staff_no", "period"),
        ),
        Spec(
            "incidents",
            records.Incident,
            (_STAFF, Column("occurred_on", _DAY), Column("severity", _TEXT), Column("description", cells.prose)),
            records.Incident._fields,
        ),
        Spec(
            "honours",
            records.Honour,
            (_STAFF, Column("honour", _TEXT, needed=True), Column("awarded_on", _DAY)),
            records.Honour._fields,
        ),
        Spec(
            "certificates",
            records.Certificate,
            (
                _STAFF,
                Column("certificate", _TEXT, needed=True),
                Column("number", _TEXT),
                Column("issued_on", _DAY),
                Column("expires_on", _DAY),
            ),
            records.Certificate._fields,
        ),
        Spec(
            "kpis",
            records.Kpi,
            (
                _STAFF,
                Column("period", cells.period, needed=True),
                Column("kpi", _TEXT, needed=True),
                Column("value", cells.signed),
            ),
            ("staff_no", "period", "kpi"),
        ),
        Spec(
            "applications",
            records.Application,
            (
                _STAFF,
                Column("applied_at", cells.instant, needed=True),
                Column("status", cells.one_of("submitted", "withdrawn"), needed=True),
            ),
            ("staff_no", "applied_at"),
            strangers_are_faults=True,
        ),
        Spec(
            "reviewers",
            records.Reviewer,
            (
                Column("reviewer_no", _NO, needed=True),
                Column("name", _TEXT, needed=True),
                Column("business_line", _TEXT),
                Column("staff_no", _NO),
            ),
            ("reviewer_no",),
        ),
        Spec(
            "panels",
            records.Assignment,
            (
                Column("stage", _TEXT, needed=True),
                _STAFF,
                Column("reviewer_no", _NO, needed=True),
                Column("status", cells.one_of("assigned", "replaced"), needed=True),
            ),
            ("stage", "staff_no", "reviewer_no"),
            strangers_are_faults=True,
        ),
        Spec(
            "marks",
            records.Mark,
            (
                Column("stage", _TEXT, needed=True),
                _STAFF,
                Column("reviewer_no", _NO, needed=True),
                Column("criterion", _TEXT, needed=True),
                Column("mark", cells.number),
                Column("status", cells.one_of("scored", "abstained", "recused"), needed=True),
                Column("comment", cells.prose),
            ),
            ("stage", "staff_no", "reviewer_no", "criterion"),
            strangers_are_faults=True,
        ),
        Spec(
            "attendance",
            records.Attendance,
            (
                _STAFF,
                Column("session", cells.whole, needed=True),
                Column("status", cells.one_of("present", "late", "absent", "excused"), needed=True),
            ),
            ("staff_no", "session"),
            strangers_are_faults=True,
        ),
        Spec(
            "exam",
            records.ExamScore,
            (_STAFF, Column("area", _TEXT, needed=True), Column("score", cells.upto(Decimal(100)))),
            ("staff_no", "area"),
            strangers_are_faults=True,
        ),
    )
}
