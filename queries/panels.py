"""Read panels: who is to score whom, and who still has which sheet open. Set-wise, in a fixed number of queries."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import Subquery, and_, case, exists, func, or_, select
from sqlmodel import Session

from models.marks import Assignment, Mark, Reviewer
from models.people import Person
from models.results import Result
from models.stages import Stage
from queries import books
from queries.books import table_of
from rules import records
from rules.conflicts import conflict
from rules.texts import Text, _

NAMED_AT_MOST: Final = 5000
"""So many people are asked for by number; if there are more, everybody is read: databases limit a question's length."""


class Seat(NamedTuple):
    """A reviewer of a round; ``email`` is known if the reviewer is somebody of the centre who has one."""

    reviewer_no: str
    name: str
    staff_no: str | None
    substitute_no: str | None
    email: str | None


class Holder(NamedTuple):
    """A reviewer who still has sheets open at a stage, and the candidates whose sheets they are."""

    seat: Seat
    staff_nos: tuple[str, ...]


def seats(session: Session, *, round_id: UUID) -> dict[str, Seat]:
    """Return the reviewers of a round by their numbers; who has left the centre has no address any more."""
    r, p = table_of(Reviewer).c, table_of(Person).c
    query = (
        select(r.reviewer_no, r.name, r.staff_no, r.substitute_no, p.email)
        .outerjoin_from(table_of(Reviewer), table_of(Person), and_(p.staff_no == r.staff_no, p.active))
        .where(r.round_id == round_id)
    )
    return {row[0]: Seat._make(row) for row in session.execute(query.order_by(r.reviewer_no))}


def open_sheets(session: Session, *, stage: Stage, criteria: Collection[str]) -> dict[str, list[str]]:
    """Return by reviewer the candidates whose sheets are still open at a stage; in the order of their numbers.

    A sheet is open while its reviewer has not been replaced, the candidate has not left, and neither every one of
    ``criteria`` is marked nor the reviewer abstained or recused themselves. Before anybody is admitted, all are in.
    """
    a, r, filed = table_of(Assignment).c, table_of(Result).c, _filed(stage, criteria)
    admitted = exists(select(r.staff_no).where(r.round_id == stage.round_id))
    query = (
        select(a.reviewer_no, a.staff_no)
        .outerjoin(table_of(Result), and_(r.round_id == a.round_id, r.staff_no == a.staff_no))
        .outerjoin(filed, and_(filed.c.staff_no == a.staff_no, filed.c.reviewer_no == a.reviewer_no))
        .where(a.round_id == stage.round_id, a.stage == stage.key, a.status == "assigned")
        .where(r.outcome.is_(None), or_(r.staff_no.is_not(None), ~admitted), filed.c.staff_no.is_(None))
    )
    found: dict[str, list[str]] = {}
    for reviewer_no, staff_no in session.execute(query.order_by(a.reviewer_no, a.staff_no)):
        found.setdefault(reviewer_no, []).append(staff_no)
    return found


def filed_sheets(session: Session, *, stage: Stage, criteria: Collection[str]) -> set[tuple[str, str]]:
    """Return the sheets (candidate, reviewer) that are complete, or whose reviewer declined them."""
    filed = _filed(stage, criteria)
    return {(staff_no, reviewer_no) for staff_no, reviewer_no in session.execute(select(filed))}


def _filed(stage: Stage, criteria: Collection[str]) -> Subquery:
    """Select the sheets that are complete, or whose reviewer abstained or recused themselves."""
    m = table_of(Mark).c
    marked = func.count(case((and_(m.mark.is_not(None), m.criterion.in_(criteria)), 1)))
    declined = func.count(case((m.status != "scored", 1)))
    query = select(m.staff_no, m.reviewer_no).where(m.round_id == stage.round_id, m.stage == stage.key)
    query = query.group_by(m.staff_no, m.reviewer_no).having(or_(marked >= len(criteria), declined > 0))
    return query.subquery()


def holders(session: Session, *, stage: Stage, criteria: Collection[str]) -> list[Holder]:
    """Return the reviewers who still have sheets open at a stage, by number."""
    there = seats(session, round_id=stage.round_id)
    sheets = open_sheets(session, stage=stage, criteria=criteria)
    return [Holder(there[no], tuple(staff_nos)) for no, staff_nos in sheets.items() if no in there]


def panels(session: Session, *, round_id: UUID, stage: str | None = None) -> list[records.Assignment]:
    """Return who is to score whom, and who was; at one stage, if named."""
    where = {"stage": stage} if stage else None
    rows: list[records.Assignment] = books.rows(session, book="panels", round_id=round_id, where=where)
    return rows


def persons(session: Session, *, staff_nos: Collection[str]) -> dict[str, records.Person]:
    """Return some people of the directory by number, those who have left too."""
    p = table_of(Person).c
    query = select(*(p[field] for field in records.Person._fields))
    if len(staff_nos) <= NAMED_AT_MOST:
        query = query.where(p.staff_no.in_(staff_nos))
    found = map(records.Person._make, session.execute(query))
    return {person.staff_no: person for person in found if person.staff_no in staff_nos}


def objections(
    session: Session, *, stage: Stage, seat: Seat, staff_nos: Sequence[str]
) -> Mapping[str, tuple[str, Text]]:
    """Return the candidates whom a reviewer may not score at a stage, each with the name and the reason."""
    wanted = {*staff_nos, *filter(None, [seat.staff_no])}
    people = persons(session, staff_nos=wanted)
    theirs = {a.staff_no for a in panels(session, round_id=stage.round_id, stage=stage.key) if _is_on(a, seat)}
    found: dict[str, tuple[str, Text]] = {}
    for candidate in (people[no] for no in staff_nos if no in people):
        reason = conflict(seat.staff_no, people.get(seat.staff_no or ""), candidate)
        if candidate.staff_no in theirs:
            reason = Text(_("已经是该候选人的评委"))
        if reason:
            found[candidate.staff_no] = (candidate.name, reason)
    return found


def recusals(
    session: Session, *, round_id: UUID, rows: Sequence[records.Assignment]
) -> Mapping[records.Assignment, Text]:
    """Return which rows would give a sheet to a reviewer who must stand back from the candidate, and why.

    Sheets that are given already are not looked at again: who must not fill one in says so on the sheet.
    """
    there = set(panels(session, round_id=round_id))
    asked = [row for row in rows if row.status == "assigned" and row not in there]
    judges = seats(session, round_id=round_id) if asked else {}
    own = {no: seat.staff_no for no, seat in judges.items() if seat.staff_no}
    if not own:
        return {}
    asked = [row for row in asked if row.reviewer_no in own]
    people = persons(session, staff_nos={*own.values(), *(row.staff_no for row in asked)})
    found: dict[records.Assignment, Text] = {}
    for row in asked:
        judge, candidate = own[row.reviewer_no], people.get(row.staff_no)
        if candidate and (why := conflict(judge, people.get(judge), candidate)):
            reviewer = f"{row.reviewer_no} {judges[row.reviewer_no].name}"
            said = {"reviewer": reviewer, "name": f"{row.staff_no} {candidate.name}", "why": why}
            found[row] = Text(_("{reviewer} 须回避 {name}（{why}）"), said)
    return found


def _is_on(assignment: records.Assignment, seat: Seat) -> bool:
    return assignment.reviewer_no == seat.reviewer_no and assignment.status == "assigned"
