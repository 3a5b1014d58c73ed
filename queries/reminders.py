"""Read what reminders are about: open steps, what was told already, and who keeps a step waiting."""

import json
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import and_, exists, func, or_, select
from sqlmodel import Session

from models.applications import Application
from models.history import Chain, Entry
from models.marks import ExamScore
from models.people import Person
from models.results import Result, Screening
from models.rounds import Round
from models.stages import Stage
from queries import outbox
from queries.books import table_of
from rules import course

WRITTEN: Final = "reminders.written"
"""The deed of the history that says that a rung of the ladder was carried out."""


class OpenStep(NamedTuple):
    """An open step of a running live round; ``length`` counts the round's history: what happens makes it longer."""

    stage_id: UUID
    kind: str
    generation: int
    opened_at: datetime
    closes_at: datetime | None
    round_id: UUID
    policy_sha256: str
    length: int


class HandOver(NamedTuple):
    """Sheets that one reviewer handed over to another, by the number of its entry in the history."""

    number: int
    from_no: str
    to_no: str
    sheets: int
    actor: str


class Contact(NamedTuple):
    """Somebody to write to."""

    staff_no: str
    name: str
    email: str | None


def open_steps(session: Session, *, now: datetime) -> list[OpenStep]:
    """Return the open steps of running live rounds that the clock does not close now: two questions for all rounds."""
    s, r, c = table_of(Stage).c, table_of(Round).c, table_of(Chain).c
    query = (
        select(s.id, s.kind, s.generation, s.opened_at, s.closes_at, r.id, r.policy_sha256)
        .join_from(table_of(Stage), table_of(Round), r.id == s.round_id)
        .where(r.state == "running", r.mode == course.LIVE, s.state == "open", s.opened_at.is_not(None))
        .where(or_(s.due_at.is_(None), s.due_at > now))
    )
    steps = session.execute(query.order_by(s.opened_at, s.id)).all()
    chains = select(c.name, c.length).where(c.name.in_([str(round_id) for *_step, round_id, _policy in steps]))
    lengths = dict(session.execute(chains).all())
    return [OpenStep._make((*step, lengths.get(str(step[5]), 0))) for step in steps]


def rungs_done(session: Session, *, stage: Stage) -> set[int]:
    """Return the rungs that were carried out for a step's present generation and deadline."""
    told = [json.loads(entry.detail) for entry in _entries(session, stage, WRITTEN)]
    return {said["rung"] for said in told if said["step"] == outbox.key(stage) and "rung" in said}


def handed_over(session: Session, *, stage: Stage) -> list[HandOver]:
    """Return who handed sheets over to whom since the step opened, in order."""
    found = []
    for entry in _entries(session, stage, "sheets.handed_over"):
        said = json.loads(entry.detail)
        found.append(HandOver(entry.number, said["from"], said["to"], len(said["candidates"]), entry.actor))
    return found


def _entries(session: Session, stage: Stage, deed: str) -> list[Entry]:
    e = table_of(Entry).c
    query = select(Entry).where(e.chain == str(stage.round_id), e.deed == deed, e.subject == stage.key)
    return list(session.scalars(query.where(e.at >= stage.opened_at).order_by(e.number)))


def not_applied(session: Session, *, round_id: UUID) -> list[Contact]:
    """Return the people who are eligible, still with the centre, and have neither applied nor withdrawn."""
    s, p, a = table_of(Screening).c, table_of(Person).c, table_of(Application).c
    applied = exists(select(a.id).where(a.round_id == round_id, a.staff_no == s.staff_no))
    query = (
        select(p.staff_no, p.name, p.email)
        .join_from(table_of(Screening), table_of(Person), and_(p.staff_no == s.staff_no, p.active))
        .where(s.round_id == round_id, s.eligible, ~applied)
    )
    return [Contact._make(row) for row in session.execute(query.order_by(p.staff_no))]


def applicants(session: Session, *, round_id: UUID) -> int:
    """Return how many people have applied, those who withdrew again included."""
    a = table_of(Application).c
    return session.scalar(select(func.count(a.staff_no.distinct())).where(a.round_id == round_id)) or 0


def candidates(session: Session, *, round_id: UUID) -> list[Contact]:
    """Return the candidates who are still in."""
    r, p = table_of(Result).c, table_of(Person).c
    query = (
        select(p.staff_no, p.name, p.email)
        .join_from(table_of(Result), table_of(Person), and_(p.staff_no == r.staff_no, p.active))
        .where(r.round_id == round_id, r.outcome.is_(None))
    )
    return [Contact._make(row) for row in session.execute(query.order_by(p.staff_no))]


def without_exam(session: Session, *, round_id: UUID) -> int:
    """Return how many candidates who are still in have no examination score at all."""
    r, x = table_of(Result).c, table_of(ExamScore).c
    sat = exists(select(x.id).where(x.round_id == round_id, x.staff_no == r.staff_no))
    query = select(func.count()).select_from(table_of(Result)).where(r.round_id == round_id, r.outcome.is_(None), ~sat)
    return session.scalar(query) or 0
