"""Read one score sheet for the reviewer whose it is.

A sheet is found through a chair of the reviewer's own (``queries.inboxes``): nobody else's marks come out of here.
"""

from collections.abc import Collection, Sequence
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import BindParameter, Select, and_, bindparam, func, select, tuple_
from sqlmodel import Session

from models.marks import Assignment, Mark
from models.results import Component, Result
from models.sheets import Declaration, Sheet
from models.stages import Stage
from queries import panels
from queries.books import table_of
from queries.desks import Desk
from queries.inboxes import Chair
from rules import records
from rules.conflicts import conflict
from rules.policies import Policy, ReviewTerms
from rules.texts import Text


def counted(session: Session, *, stage: Stage, criteria: Collection[str]) -> dict[str, int]:
    """Return how many sheets of each candidate are filed at a stage, whoever filed them."""
    found: dict[str, int] = {}
    for staff_no, _reviewer in panels.filed_sheets(session, stage=stage, criteria=criteria):
        found[staff_no] = found.get(staff_no, 0) + 1
    return found


def declarations(session: Session, *, chairs: Sequence[Chair]) -> dict[UUID, Declaration]:
    """Return the declarations of interest that were made, by round."""
    theirs = tuple_(Declaration.round_id, Declaration.reviewer_no).in_(
        [(c.the_round.id, c.reviewer_no) for c in chairs]
    )
    return {d.round_id: d for d in session.scalars(select(Declaration).where(theirs))}


def conflicts(
    session: Session, *, chair: Chair, staff_nos: Collection[str]
) -> dict[str, tuple[records.Person, Text | None]]:
    """Return the candidates, each with what the directory knows against this reviewer scoring them."""
    people = panels.persons(session, staff_nos={*staff_nos, chair.staff_no})
    me = people.get(chair.staff_no)
    return {no: (people[no], conflict(chair.staff_no, me, people[no])) for no in staff_nos if no in people}


def desk(session: Session, *, chairs: Sequence[Chair], stage: str, staff_no: str, policy: Policy) -> Desk | None:
    """Return one sheet of a reviewer in a round; ``None`` when it is not theirs, or there is no such thing."""
    terms = next((s.terms for s in policy.stages if s.key == stage), None)
    if not chairs or not isinstance(terms, ReviewTerms):
        return None
    there = _there(session, chairs, stage, staff_no)
    chair = _seated(session, chairs, there, staff_no) if there else None
    if there is None or chair is None:
        return None
    against = conflicts(session, chair=chair, staff_nos=[staff_no]).get(staff_no)
    if against is None or (there.result is None and there.sheet is None):
        return None
    place = {"round_id": there.stage.round_id, "stage": stage, "staff_no": staff_no, "reviewer_no": chair.reviewer_no}
    return Desk(
        chair=chair,
        stage=there.stage,
        terms=terms,
        candidate=against[0],
        taken_away=there.status == "replaced",
        left=there.result is None or there.result.outcome is not None,
        conflict=against[1],
        declaration=there.declaration,
        sheet=there.sheet,
        marks={row.criterion: row for row in map(records.Mark._make, session.execute(_marks(), place))},
    )


class _There(NamedTuple):
    """What stands about one sheet: where its candidate is assigned to one of the chairs asked for, by that one."""

    stage: Stage
    reviewer_no: str | None
    status: str | None
    result: Result | None
    sheet: Sheet | None
    declaration: Declaration | None


def _there(session: Session, chairs: Sequence[Chair], stage: str, staff_no: str) -> _There | None:
    asked = {
        "round_id": chairs[0].the_round.id,
        "stage": stage,
        "staff_no": staff_no,
        "first": chairs[0].reviewer_no,
        "mine": [c.reviewer_no for c in chairs],
    }
    row = session.execute(_of_one(), asked).first()
    return _There._make(row) if row else None


@cache
def _of_one() -> Select[Any]:
    """Return the question of ``_there``, made once: each save of each reviewer asks it."""
    s, a, r = table_of(Stage).c, table_of(Assignment).c, table_of(Result).c
    t, d = table_of(Sheet).c, table_of(Declaration).c
    who: BindParameter[str] = bindparam("staff_no")
    chair = func.coalesce(a.reviewer_no, bindparam("first"))
    mine = a.reviewer_no.in_(bindparam("mine", expanding=True))
    assigned = and_(a.round_id == s.round_id, a.stage == s.key, a.staff_no == who, mine)
    its_sheet = and_(t.round_id == s.round_id, t.stage == s.key, t.staff_no == who, t.reviewer_no == chair)
    query = select(Stage, a.reviewer_no, a.status, Result, Sheet, Declaration).select_from(Stage)
    query = query.outerjoin(table_of(Assignment), assigned)
    query = query.outerjoin(Result, and_(r.round_id == s.round_id, r.staff_no == who))
    query = query.outerjoin(Sheet, its_sheet)
    query = query.outerjoin(Declaration, and_(d.round_id == s.round_id, d.reviewer_no == chair))
    query = query.where(s.round_id == bindparam("round_id", type_=s.round_id.type), s.key == bindparam("stage"))
    return query.order_by(a.status, a.reviewer_no).limit(1)


@cache
def _marks() -> Select[Any]:
    """Return the question for one sheet's marks, made once."""
    m = table_of(Mark).c
    places = ("round_id", "stage", "staff_no", "reviewer_no")
    query = select(*(m[field] for field in records.Mark._fields))
    return query.where(*(m[name] == bindparam(name, type_=m[name].type) for name in places))


def _seated(session: Session, chairs: Sequence[Chair], there: _There, staff_no: str) -> Chair | None:
    """Return the chair that a candidate's sheet stands before: the one assigned, or the first where nobody is."""
    if there.reviewer_no is not None:
        return next(c for c in chairs if c.reviewer_no == there.reviewer_no)
    if there.stage.state == "pending" or chairs[0].staff_no == staff_no:
        return None
    a = table_of(Assignment).c
    panel = select(a.staff_no).where(a.round_id == there.stage.round_id, a.stage == there.stage.key).limit(1)
    return chairs[0] if session.execute(panel).first() is None else None


def numbers(session: Session, *, desk: Desk) -> tuple[int, Decimal | None]:
    """Return how many sheets of the candidate are filed, and the stage's score once it is counted: no names."""
    filed = counted(session, stage=desk.stage, criteria=desk.criteria).get(desk.candidate.staff_no, 0)
    c = table_of(Component).c
    score = select(c.value).where(c.stage_id == desk.stage.id, c.staff_no == desk.candidate.staff_no)
    return filed, session.scalar(score.where(c.component == desk.stage.key))
