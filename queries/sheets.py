"""Read one score sheet for the reviewer whose it is, with all that decides what may be done with it.

A sheet is found through a chair of the reviewer's own (``queries.inboxes``): nobody else's marks come out of here.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlmodel import Session

from models.marks import Assignment, Mark
from models.results import Component, Result
from models.sheets import Declaration, Sheet
from models.stages import Stage
from queries import panels
from queries.books import table_of
from queries.inboxes import Chair, standing
from rules import records
from rules.conflicts import conflict
from rules.policies import Policy, ReviewTerms
from rules.sheets import State, Written
from rules.texts import Text


@dataclass(frozen=True, slots=True)
class Desk:
    """One sheet on its reviewer's desk, with all that decides what may be done with it."""

    chair: Chair
    stage: Stage
    terms: ReviewTerms
    candidate: records.Person
    taken_away: bool
    left: bool
    conflict: Text | None
    declaration: Declaration | None
    sheet: Sheet | None
    marks: Mapping[str, records.Mark]

    @property
    def state(self) -> State:
        """Return where the sheet stands."""
        if self.sheet is not None and self.sheet.state == "returned":
            return State.RETURNED
        filled = sum(m.mark is not None for key, m in self.marks.items() if key in self.criteria)
        declined = any(m.status != "scored" for m in self.marks.values())
        return standing(self.sheet.state if self.sheet else "", filled, len(self.criteria), declined=declined)

    @property
    def status(self) -> str:
        """Return what the filed marks say: ``scored``, ``abstained``, ``recused``; ``scored`` when there are none."""
        return next((m.status for m in self.marks.values() if m.status != "scored"), "scored")

    @property
    def criteria(self) -> tuple[str, ...]:
        """Return the keys of the criteria."""
        return tuple(c.key for c in self.terms.criteria)

    @property
    def version(self) -> int:
        """Return the number of the latest save; 0: none."""
        return self.sheet.version if self.sheet else 0

    def written(self) -> dict[str, Written]:
        """Return what stands on the sheet by criterion: as saved last, else as filed."""
        saved = entries_of(self.sheet) if self.sheet else {}
        filed = {key: _as_written(mark) for key, mark in self.marks.items()}
        return {key: saved.get(key) or filed.get(key) or Written() for key in self.criteria}


def _as_written(mark: records.Mark) -> Written:
    return Written("" if mark.mark is None else f"{mark.mark:f}", mark.comment or "")


def entries_of(sheet: Sheet) -> dict[str, Written]:
    """Return what was saved on a sheet."""
    return {key: Written(*pair) for key, pair in json.loads(sheet.entries).items()}


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
    if not chairs:
        return None
    round_id = chairs[0].the_round.id
    s = table_of(Stage).c
    found = session.scalars(select(Stage).where(s.round_id == round_id, s.key == stage)).first()
    terms = next((s.terms for s in policy.stages if s.key == stage), None)
    if found is None or not isinstance(terms, ReviewTerms):
        return None
    chair, status = _seated(session, chairs, found, staff_no)
    if chair is None:
        return None
    result = session.get(Result, (round_id, staff_no))
    sheet = session.get(Sheet, (round_id, stage, staff_no, chair.reviewer_no))
    against = conflicts(session, chair=chair, staff_nos=[staff_no]).get(staff_no)
    if against is None or (result is None and sheet is None):
        return None
    m = table_of(Mark).c
    rows = select(*(m[f] for f in records.Mark._fields)).where(m.round_id == round_id, m.stage == stage)
    rows = rows.where(m.staff_no == staff_no, m.reviewer_no == chair.reviewer_no)
    return Desk(
        chair=chair,
        stage=found,
        terms=terms,
        candidate=against[0],
        taken_away=status == "replaced",
        left=result is None or result.outcome is not None,
        conflict=against[1],
        declaration=session.get(Declaration, (round_id, chair.reviewer_no)),
        sheet=sheet,
        marks={row.criterion: row for row in map(records.Mark._make, session.execute(rows))},
    )


def _seated(session: Session, chairs: Sequence[Chair], stage: Stage, staff_no: str) -> tuple[Chair | None, str]:
    """Return the chair that a candidate's sheet stands before, and whether it still does."""
    a = table_of(Assignment).c
    panel = select(a.reviewer_no, a.status, a.staff_no).where(a.round_id == stage.round_id, a.stage == stage.key)
    mine = {c.reviewer_no: c for c in chairs}
    theirs = panel.where(a.staff_no == staff_no, a.reviewer_no.in_(mine)).order_by(a.status, a.reviewer_no)
    row = session.execute(theirs).first()
    if row is not None:
        return mine[row.reviewer_no], row.status
    free = stage.state != "pending" and session.execute(panel.limit(1)).first() is None
    return (chairs[0] if free and chairs[0].staff_no != staff_no else None), "assigned"


def numbers(session: Session, *, desk: Desk) -> tuple[int, Decimal | None]:
    """Return how many sheets of the candidate are filed, and the stage's score once it is counted: no names."""
    filed = counted(session, stage=desk.stage, criteria=desk.criteria).get(desk.candidate.staff_no, 0)
    c = table_of(Component).c
    score = select(c.value).where(c.stage_id == desk.stage.id, c.staff_no == desk.candidate.staff_no)
    return filed, session.scalar(score.where(c.component == desk.stage.key))
