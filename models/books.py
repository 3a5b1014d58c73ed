"""The books: tables that take in rows of the bundle, with the row's type and its key."""

from typing import Any, Final, NamedTuple

from sqlmodel import SQLModel

from models import applications, marks, people
from rules import records


class Book(NamedTuple):
    """A table, the named tuple whose fields are its columns, and the fields that make a row unique.

    ``of_round`` says whether the rows belong to one round or to the centre.
    """

    table: type[SQLModel]
    record: type[Any]
    key: tuple[str, ...]
    of_round: bool = True


BOOKS: Final[dict[str, Book]] = {
    "people": Book(people.Person, records.Person, ("staff_no",), of_round=False),
    "ratings": Book(people.Rating, records.Rating, ("staff_no", "period"), of_round=False),
    "incidents": Book(people.Incident, records.Incident, records.Incident._fields, of_round=False),
    "honours": Book(people.Honour, records.Honour, records.Honour._fields, of_round=False),
    "certificates": Book(people.Certificate, records.Certificate, records.Certificate._fields, of_round=False),
    "kpis": Book(people.Kpi, records.Kpi, ("staff_no", "period", "kpi"), of_round=False),
    "applications": Book(applications.Application, records.Application, ("staff_no", "applied_at")),
    "reviewers": Book(marks.Reviewer, records.Reviewer, ("reviewer_no",)),
    "panels": Book(marks.Assignment, records.Assignment, ("stage", "staff_no", "reviewer_no")),
    "marks": Book(marks.Mark, records.Mark, ("stage", "staff_no", "reviewer_no", "criterion")),
    "attendance": Book(marks.Attendance, records.Attendance, ("staff_no", "session")),
    "exam": Book(marks.ExamScore, records.ExamScore, ("staff_no", "area")),
}
