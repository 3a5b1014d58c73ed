"""A candidate's own result as the document says it: built from what was decided, one's own view taken out of it."""

import json
from collections.abc import Sequence
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlmodel import Session

from models.rounds import Notice, Round
from models.stages import Stage
from queries import decided, handovers, notices, people, results
from reports import candidate_result
from reports.candidate_result import CandidateResult
from reports.entries import Entry, StageScore
from rules import course
from rules.policies import Policy
from rules.records import Person
from rules.workdays import NoticePeriod


def view_of(
    session: Session, *, the_round: Round, policy: Policy, steps: Sequence[Stage], staff_no: str
) -> CandidateResult | None:
    """Return one applicant's view of a decided round; ``None``: they are not among its results, or none is posted.

    Others' values are read because places and medians are counted from them; no name of theirs is in the view.
    """
    notice = notices.latest(session, round_id=the_round.id)
    found = _entries(session, the_round, policy, steps, staff_no) if notice else []
    if notice is None or all(e.person.staff_no != staff_no for e in found):
        return None
    final = next(s for s in steps if s.key == course.FINAL)
    views = candidate_result.views(
        decided.in_force(session, the_round=the_round, policy=policy),
        found,
        seats={line: a.seats for line, a in results.seats(session, round_id=the_round.id).items()},
        ranking=json.loads(final.working),
        issued=datetime.combine(notice.posted_on, time(), ZoneInfo(the_round.time_zone)),
        notice=period(notice),
    )
    return next(view for view in views if view.entry.person.staff_no == staff_no)


def period(notice: Notice) -> NoticePeriod:
    """Return the days of a notice."""
    days = tuple(date.fromisoformat(d) for d in json.loads(notice.working_days))
    return NoticePeriod(notice.first_day, notice.last_day, days)


def _entries(session: Session, the_round: Round, policy: Policy, steps: Sequence[Stage], staff_no: str) -> list[Entry]:
    """Return everyone's entry; with the application and the screening of one person only: nothing else is shown."""
    there: list[Person] = people.frozen_part(session, round_id=the_round.id, part="people")
    persons = {p.staff_no: p for p in there}
    applied = handovers.application(session, round_id=the_round.id, staff_no=staff_no)
    screened = {s.staff_no: s for s in results.screened(session, round_id=the_round.id, staff_nos=[staff_no])}
    scores = _scores(session, the_round, policy, steps)
    return [
        Entry(
            person=persons[r.staff_no],
            outcome=r.outcome or "",
            applied_at=applied.applied_at if applied and r.staff_no == staff_no else None,
            screened=screened.get(r.staff_no),
            stages=scores.get(r.staff_no, {}),
            final=r.final,
            rank=r.rank,
            working=json.loads(r.working),
        )
        for r in results.of_round(session, round_id=the_round.id)
    ]


def _scores(
    session: Session, the_round: Round, policy: Policy, steps: Sequence[Stage]
) -> dict[str, dict[str, StageScore]]:
    """Return everyone's stages by staff number and stage key."""
    components = results.components(session, round_id=the_round.id)
    keys = {s.key for s in policy.stages}
    ids = {s.id: s.key for s in steps if s.key in keys}
    found: dict[str, dict[str, StageScore]] = {}
    for stage_id, workings in results.stage_workings(session, stage_ids=list(ids)).items():
        key = ids[stage_id]
        for staff_no, (left, working) in workings.items():
            own = {k: v for k, v in components.get(staff_no, {}).items() if k.partition(".")[0] == key}
            found.setdefault(staff_no, {})[key] = StageScore(own, working, left)
    return found
