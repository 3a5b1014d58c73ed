"""A candidate's own result as the document says it: built from what was decided, one's own view taken out of it."""

import json
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Final, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session

from models.results import Result
from models.rounds import Notice
from queries import decided, notices, people, results
from reports import candidate_result
from reports.candidate_result import Background, CandidateResult
from reports.entries import Entry, StageScore
from rules import course
from rules.records import Person
from rules.workdays import NoticePeriod
from web.own_rounds import OwnRound


class Counted(NamedTuple):
    """What is read of everybody for one person's view: what is said of the others, and the people as screened."""

    background: Background
    people: Mapping[str, Person]


_COUNTED: Final[dict[tuple[UUID, int], Counted]] = {}
"""By round and posting of its notice, the oldest first: a thousand people read the results of one round in one day."""
MOST_COUNTED: Final = 8


def view_of(session: Session, *, own: OwnRound) -> CandidateResult | None:
    """Return one applicant's view of a decided round; ``None``: they are not among its results, or none is posted.

    Others' values are read because places and medians are counted from them; no name of theirs is in the view.
    """
    notice = notices.latest(session, round_id=own.the_round.id)
    mine = session.get(Result, (own.the_round.id, own.staff_no))
    if notice is None or mine is None:
        return None
    counted = _of_everybody(session, own, notice)
    return counted.background.view(_entry(session, own, mine, counted.people[own.staff_no]))


def _of_everybody(session: Session, own: OwnRound, notice: Notice) -> Counted:
    """Return what is counted over everybody, once for each posting: results that change are posted anew."""
    key = (own.the_round.id, notice.generation)
    if (found := _COUNTED.get(key)) is None:
        found = _COUNTED[key] = _count(session, own, notice)
        for oldest in list(_COUNTED)[:-MOST_COUNTED]:
            _COUNTED.pop(oldest, None)
    return found


def _count(session: Session, own: OwnRound, notice: Notice) -> Counted:
    the_round, placed = own.the_round, results.placed(session, round_id=own.the_round.id)
    numbers = {one.staff_no for one in placed}
    there: list[Person] = people.frozen_part(session, round_id=the_round.id, part="people", only=numbers)
    persons, scores = {p.staff_no: p for p in there}, _scores(session, own)
    entries = [
        Entry(persons[no], outcome or "", stages=scores.get(no, {}), final=final, rank=rank)
        for no, outcome, final, rank in placed
    ]
    allotted = results.seats(session, round_id=the_round.id)
    given = [(line, allotted[line]) for line in own.policy.lines if line in allotted]
    background = candidate_result.background(
        decided.in_force(session, the_round=the_round, policy=own.policy),
        entries,
        seats={line: a.seats for line, a in given},
        heads={line: a.heads for line, a in given},
        ranking=json.loads(own.step(course.FINAL).working),
        issued=datetime.combine(notice.posted_on, time(), ZoneInfo(the_round.time_zone)),
        notice=period(notice),
    )
    return Counted(background, persons)


def period(notice: Notice) -> NoticePeriod:
    """Return the days of a notice."""
    days = tuple(date.fromisoformat(d) for d in json.loads(notice.working_days))
    return NoticePeriod(notice.first_day, notice.last_day, days)


def _entry(session: Session, own: OwnRound, mine: Result, person: Person) -> Entry:
    """Return one's own entry, with the application, the screening and all the arithmetic."""
    return Entry(
        person=person,
        outcome=mine.outcome or "",
        applied_at=own.application.applied_at if own.application else None,
        screened=own.screened,
        stages=_scores(session, own, staff_no=own.staff_no).get(own.staff_no, {}),
        final=mine.final,
        rank=mine.rank,
        working=json.loads(mine.working),
    )


def _scores(session: Session, own: OwnRound, *, staff_no: str = "") -> dict[str, dict[str, StageScore]]:
    """Return the stages of everybody, or of one person, by staff number and stage key."""
    components = results.components(session, round_id=own.the_round.id, staff_no=staff_no)
    keys = {s.key for s in own.policy.stages}
    ids = {s.id: s.key for s in own.steps if s.key in keys}
    found: dict[str, dict[str, StageScore]] = {}
    for stage_id, workings in results.stage_workings(session, stage_ids=list(ids), staff_no=staff_no).items():
        key = ids[stage_id]
        for no, (left, working) in workings.items():
            theirs = {k: v for k, v in components.get(no, {}).items() if k.partition(".")[0] == key}
            found.setdefault(no, {})[key] = StageScore(theirs, working, left)
    return found
