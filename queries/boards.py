"""Read how a step of a round gets on: each person with what is done and whom it waits for, each reviewer with sheets.

Plain rows in a fixed number of queries, whatever the number of people.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlmodel import Session

from models.applications import Application
from models.changes import Hold, Proposal
from models.marks import Assignment, Attendance, ExamScore
from models.people import Person
from models.results import Result, Screening
from models.rounds import Round
from models.stages import Stage
from queries import panels
from queries.books import table_of
from queries.panels import Seat

NOT_ADMITTED: Final = frozenset({"withdrawn", "early", "late", "ineligible"})
"""Outcomes of those who applied and did not come in."""


class Row(NamedTuple):
    """One person at a step: ``done`` of ``of`` pieces are there; ``waits`` names whom the rest waits for.

    ``state``: ``done``, ``open``, ``missing`` (could apply, has not), ``withdrawn``, ``left`` (the outcome says why),
    or ``in`` where nothing is asked of anybody.
    """

    staff_no: str
    name: str
    line: str
    team: str
    outcome: str
    state: str
    done: int = 0
    of: int = 0
    waits: tuple[str, ...] = ()
    at: datetime | None = None


class Workload(NamedTuple):
    """A reviewer's sheets at a step."""

    seat: Seat
    filed: int
    open: tuple[str, ...]


class Sheets(NamedTuple):
    """A step of reviewers: its people and its reviewers."""

    rows: list[Row]
    reviewers: list[Workload]


def people_in(session: Session, *, round_id: UUID, since: int = 0) -> list[Row]:
    """Return everybody who applied, by number, with the outcome so far; without those who left before ``since``."""
    r, p = table_of(Result).c, table_of(Person).c
    query = (
        select(r.staff_no, p.name, p.business_line, p.team, r.outcome)
        .join_from(table_of(Result), table_of(Person), p.staff_no == r.staff_no)
        .where(r.round_id == round_id, or_(r.decided_at.is_(None), r.decided_at >= since))
    )
    return [
        Row(no, name, line, team or "", outcome or "", "left" if outcome else "in")
        for no, name, line, team, outcome in session.execute(query.order_by(r.staff_no))
    ]


def applying(session: Session, *, round_id: UUID) -> list[Row]:
    """Return everybody who may apply or has applied, by number, with the time of the latest application.

    Once applications are counted, the outcome says who did not come in by them.
    """
    s, p, r = table_of(Screening).c, table_of(Person).c, table_of(Result).c
    latest = _latest_applications(session, round_id)
    query = (
        select(s.staff_no, p.name, p.business_line, p.team, s.eligible, r.outcome)
        .join_from(table_of(Screening), table_of(Person), p.staff_no == s.staff_no)
        .outerjoin(table_of(Result), and_(r.round_id == s.round_id, r.staff_no == s.staff_no))
        .where(s.round_id == round_id)
    )
    rows = []
    for no, name, line, team, eligible, outcome in session.execute(query.order_by(s.staff_no)):
        status, at = latest.get(no, ("", None))
        if eligible or status:
            left = outcome if outcome in NOT_ADMITTED else ""
            state = "left" if left else {"submitted": "done", "withdrawn": "withdrawn"}.get(status, "missing")
            rows.append(Row(no, name, line, team or "", left, state, at=at))
    return rows


def _latest_applications(session: Session, round_id: UUID) -> dict[str, tuple[str, datetime]]:
    a = table_of(Application).c
    query = select(a.staff_no, a.status, a.applied_at).where(a.round_id == round_id).order_by(a.applied_at, a.id)
    return {no: (status, at) for no, status, at in session.execute(query)}


def sheets(session: Session, *, stage: Stage, criteria: Collection[str], planned: int) -> Sheets:
    """Return the people and the reviewers of a step of a panel.

    Where no panel was set up, whoever scores does so on their own: ``planned`` sheets are expected of each person.
    """
    everybody = people_in(session, round_id=stage.round_id, since=stage.position)
    seats = panels.seats(session, round_id=stage.round_id)
    filed = panels.filed_sheets(session, stage=stage, criteria=criteria)
    assigned = _assigned(session, stage)
    by_person: dict[str, list[str]] = {}
    for staff_no, reviewer_no in assigned:
        by_person.setdefault(staff_no, []).append(reviewer_no)
    on_own = Counter(staff_no for staff_no, _reviewer_no in filed)
    rows = [_scored(row, by_person.get(row.staff_no), filed, on_own, seats, planned) for row in everybody]
    still = {row.staff_no for row in rows if row.state == "open"}
    return Sheets(rows, _workloads(seats, assigned, filed, still))


def _assigned(session: Session, stage: Stage) -> list[tuple[str, str]]:
    a = table_of(Assignment).c
    query = select(a.staff_no, a.reviewer_no).where(
        a.round_id == stage.round_id, a.stage == stage.key, a.status == "assigned"
    )
    return [(no, reviewer) for no, reviewer in session.execute(query.order_by(a.staff_no, a.reviewer_no))]


def _scored(  # noqa: PLR0917 - private, and all of it is one thought
    row: Row,
    assigned: list[str] | None,
    filed: set[tuple[str, str]],
    on_own: Counter[str],
    seats: dict[str, Seat],
    planned: int,
) -> Row:
    if assigned is None:
        done, of, waiting = on_own[row.staff_no], planned, []
    else:
        waiting = [no for no in assigned if (row.staff_no, no) not in filed]
        done, of = len(assigned) - len(waiting), len(assigned)
    if row.outcome:
        return row._replace(done=done, of=of)
    state = "done" if of and done >= of else "open"
    return row._replace(state=state, done=done, of=of, waits=tuple(_named(seats, no) for no in waiting))


def _named(seats: dict[str, Seat], reviewer_no: str) -> str:
    return seats[reviewer_no].name if reviewer_no in seats else reviewer_no


def _workloads(
    seats: dict[str, Seat], assigned: Iterable[tuple[str, str]], filed: set[tuple[str, str]], still: set[str]
) -> list[Workload]:
    done: Counter[str] = Counter(reviewer_no for _no, reviewer_no in filed)
    waiting: dict[str, list[str]] = {}
    for staff_no, reviewer_no in assigned:
        if (staff_no, reviewer_no) not in filed and staff_no in still:
            waiting.setdefault(reviewer_no, []).append(staff_no)
    concerned = {*done, *waiting}
    return [Workload(seat, done[no], tuple(waiting.get(no, ()))) for no, seat in seats.items() if no in concerned]


def training(session: Session, *, stage: Stage, sessions: int, areas: Collection[str]) -> list[Row]:
    """Return the people of a training: how many sessions and areas of the examination are entered for each."""
    came = _counted(session, Attendance, "session", stage.round_id)
    sat = _counted(session, ExamScore, "area", stage.round_id)
    rows = []
    for row in people_in(session, round_id=stage.round_id, since=stage.position):
        done, of = came[row.staff_no] + sat[row.staff_no], sessions + len(areas)
        state = row.state if row.outcome else "done" if done >= of else "open"
        rows.append(row._replace(state=state, done=done, of=of))
    return rows


def _counted(session: Session, model: type[Attendance | ExamScore], column: str, round_id: UUID) -> Counter[str]:
    t = table_of(model).c
    query = select(t.staff_no, func.count(t[column])).where(t.round_id == round_id).group_by(t.staff_no)
    return Counter(dict(session.execute(query).all()))


class Late(NamedTuple):
    """What waits in a running round, beyond the step at hand."""

    holds: int
    proposals: int


def waiting_for_people(session: Session) -> dict[UUID, Late]:
    """Return for each running round how many candidates are on hold and how many proposals wait for a second person."""
    h, p, r = table_of(Hold).c, table_of(Proposal).c, table_of(Round).c
    running = select(r.id).where(r.state == "running")
    holds = select(h.round_id, func.count()).where(h.released_at.is_(None), h.round_id.in_(running))
    proposals = select(p.round_id, func.count()).where(p.state == "open", p.round_id.in_(running))
    held = dict(session.execute(holds.group_by(h.round_id)).all())
    proposed = dict(session.execute(proposals.group_by(p.round_id)).all())
    return {no: Late(held.get(no, 0), proposed.get(no, 0)) for no in {*held, *proposed}}
