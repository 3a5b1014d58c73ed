"""Read what waits for a reviewer: every function takes the reviewer's own staff number, or a chair found by it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, bindparam, case, exists, func, or_, select, tuple_
from sqlmodel import Session

from models.accounts import Account
from models.marks import Assignment, Mark, Reviewer
from models.results import Result
from models.rounds import Round
from models.sheets import Sheet
from models.stages import Stage
from queries.books import table_of
from rules import course
from rules.policies import Policy, ReviewTerms
from rules.sheets import Place, State


class Chair(NamedTuple):
    """A reviewer's place in a round: ``staff_no`` says who sits there, ``reviewer_no`` is its number in the round."""

    the_round: Round
    reviewer_no: str
    name: str
    staff_no: str


class Pile(NamedTuple):
    """A reviewer's sheets of one stage; ``on_panel``: the stage has a panel, else everybody scores everybody."""

    chair: Chair
    stage: Stage
    terms: ReviewTerms
    places: tuple[Place, ...]
    on_panel: bool

    def count(self, *states: State) -> int:
        """Return how many sheets stand so."""
        return sum(place.state in states for place in self.places)

    @property
    def left(self) -> int:
        """Return how many sheets are not filed."""
        return len(self.places) - self.count(State.FILED)

    def first(self) -> str | None:
        """Return the candidate of the first sheet that is not filed."""
        return next((p.staff_no for p in self.places if p.state is not State.FILED), None)


def chairs(session: Session, *, staff_no: str | None, code: str | None = None) -> list[Chair]:
    """Return where somebody is a reviewer: in the live rounds that run, or in one of any state, if named.

    A reviewer from outside has no staff number: the account carries the number on the panel instead. Such a number may
    be somebody else's in the next round, so the account has to bear the reviewer's name as well.
    """
    if not staff_no:
        return []
    asked = {"staff_no": staff_no} if code is None else {"staff_no": staff_no, "code": code}
    return [Chair._make(row) for row in session.execute(_chairs(one_round=code is not None), asked)]


@cache
def _chairs(*, one_round: bool) -> Select[Any]:
    """Return the question of ``chairs``, made once: each page of a reviewer asks it."""
    v, r, a = table_of(Reviewer).c, table_of(Round).c, table_of(Account).c
    same = exists(select(a.id).where(a.staff_no == v.reviewer_no, a.name == v.name))
    who = func.coalesce(v.staff_no, v.reviewer_no).label("staff_no")
    query = select(Round, v.reviewer_no, v.name, who).join_from(table_of(Reviewer), Round, r.id == v.round_id)
    query = query.where(who == bindparam("staff_no"), or_(v.staff_no.is_not(None), same), r.mode == course.LIVE)
    query = query.where(r.code == bindparam("code") if one_round else r.state == "running")
    return query.order_by(r.launched_at, r.code, v.reviewer_no)


def piles(session: Session, *, chairs: Sequence[Chair], policies: Mapping[UUID, Policy]) -> list[Pile]:
    """Return a reviewer's sheets by stage, those of the earliest deadline first; in a fixed number of questions.

    A stage without any panel is everybody's: while it is open, each reviewer may score whoever is still in.
    """
    if not chairs:
        return []
    round_ids = [c.the_round.id for c in chairs]
    assigned, with_panel = _assigned(session, chairs)
    known = _Known(
        assigned, with_panel, _still_in(session, round_ids), _saved(session, chairs), _marked(session, chairs)
    )
    found = [
        pile
        for stage in _review_stages(session, round_ids)
        for pile in _of_stage(known, stage, chairs, policies[stage.round_id])
    ]
    return sorted(found, key=lambda p: (p.stage.closes_at is None, p.stage.closes_at or p.stage.position))


def _of_stage(known: "_Known", stage: Stage, chairs: Sequence[Chair], policy: Policy) -> Iterator[Pile]:
    terms = next(s.terms for s in policy.stages if s.key == stage.key)
    for chair in chairs:
        places = known.places(chair, stage, len(terms.criteria)) if chair.the_round.id == stage.round_id else ()
        if places:
            yield Pile(chair, stage, terms, places, known.on_panel(stage))


Sheets = tuple[UUID, str, str]
"""Round, stage, reviewer: whose sheets; with a candidate's number behind, one sheet."""


class _Known(NamedTuple):
    """What was read of all chairs at once."""

    assigned: Mapping[Sheets, Collection[str]]
    with_panel: Collection[tuple[UUID, str]]
    still_in: Mapping[UUID, Collection[str]]
    saved: Mapping[tuple[Any, ...], str]
    marked: Mapping[tuple[Any, ...], tuple[int, int]]

    def on_panel(self, stage: Stage) -> bool:
        return (stage.round_id, stage.key) in self.with_panel

    def places(self, chair: Chair, stage: Stage, criteria: int) -> tuple[Place, ...]:
        """Return a chair's sheets of a stage: those that are filed, and those of candidates who are still in."""
        key = (stage.round_id, stage.key, chair.reviewer_no)
        here = self.still_in.get(stage.round_id)
        mine = set(self.assigned.get(key, ()))
        if not self.on_panel(stage):
            mine |= {sheet[3] for sheet in self.marked if sheet[:3] == key}
            mine |= set(here or ()) - {chair.staff_no} if stage.state == "open" else set()
        states = {no: self._state(key, no, criteria) for no in sorted(mine)}
        shown = (no for no, state in states.items() if here is None or no in here or state is State.FILED)
        return tuple(Place(no, states[no]) for no in shown)

    def _state(self, key: Sheets, staff_no: str, criteria: int) -> State:
        filled, declined = self.marked.get((*key, staff_no), (0, 0))
        return standing(self.saved.get((*key, staff_no), ""), filled, criteria, declined=declined > 0)


def standing(saved: str, filled: int, criteria: int, *, declined: bool) -> State:
    """Return where a sheet stands: what counts are the marks, whoever brought them in."""
    if saved == "returned":
        return State.RETURNED
    if filled >= criteria or declined:
        return State.FILED
    return State.DRAFT if saved else State.OPEN


def _review_stages(session: Session, round_ids: Sequence[UUID]) -> Sequence[Stage]:
    s = table_of(Stage).c
    query = select(Stage).where(s.round_id.in_(round_ids), s.kind == "review").order_by(s.position)
    return session.scalars(query).all()


def _assigned(session: Session, chairs: Sequence[Chair]) -> tuple[dict[Sheets, list[str]], set[tuple[UUID, str]]]:
    """Return whom each chair is to score by stage, and which stages have a panel at all."""
    a = table_of(Assignment).c
    theirs = tuple_(a.round_id, a.reviewer_no).in_([(c.the_round.id, c.reviewer_no) for c in chairs])
    query = select(a.round_id, a.stage, a.reviewer_no, a.staff_no).where(theirs, a.status == "assigned")
    found: dict[Sheets, list[str]] = {}
    for round_id, stage, reviewer_no, staff_no in session.execute(query):
        found.setdefault((round_id, stage, reviewer_no), []).append(staff_no)
    there = select(a.round_id, a.stage).where(a.round_id.in_([c.the_round.id for c in chairs])).distinct()
    return found, {(round_id, stage) for round_id, stage in session.execute(there)}


def _still_in(session: Session, round_ids: Sequence[UUID]) -> dict[UUID, set[str]]:
    """Return by round who is still in; a round where nobody was admitted yet is not there."""
    r = table_of(Result).c
    found: dict[UUID, set[str]] = {}
    for round_id, staff_no, outcome in session.execute(
        select(r.round_id, r.staff_no, r.outcome).where(r.round_id.in_(round_ids))
    ):
        here = found.setdefault(round_id, set())
        if outcome is None:
            here.add(staff_no)
    return found


def _saved(session: Session, chairs: Sequence[Chair]) -> dict[tuple[Any, ...], str]:
    s = table_of(Sheet).c
    theirs = tuple_(s.round_id, s.reviewer_no).in_([(c.the_round.id, c.reviewer_no) for c in chairs])
    query = select(s.round_id, s.stage, s.reviewer_no, s.staff_no, s.state).where(theirs)
    return {tuple(key): state for *key, state in session.execute(query)}


def _marked(session: Session, chairs: Sequence[Chair]) -> dict[tuple[Any, ...], tuple[int, int]]:
    """Return by sheet how many criteria are marked, and how many were declined."""
    m = table_of(Mark).c
    theirs = tuple_(m.round_id, m.reviewer_no).in_([(c.the_round.id, c.reviewer_no) for c in chairs])
    key = (m.round_id, m.stage, m.reviewer_no, m.staff_no)
    declined = func.count(case((m.status != "scored", 1)))
    query = select(*key, func.count(m.mark), declined).where(theirs).group_by(*key)
    return {tuple(row[:4]): (row[4], row[5]) for row in session.execute(query)}
