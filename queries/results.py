"""Read what was decided."""

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from kit.canonical import digest, json_text
from models.results import Allotment, Component, Result, Screening, StageResult, Verdict
from rules.screening import RuleVerdict, Screened


def eligibility(session: Session, *, round_id: UUID) -> dict[str, bool]:
    """Return who is eligible and who is not."""
    query = select(Screening.staff_no, Screening.eligible).where(Screening.round_id == round_id)
    return {staff_no: eligible for staff_no, eligible in session.exec(query)}  # noqa: C416 - rows are no tuples to mypy


def screened(session: Session, *, round_id: UUID, staff_nos: Sequence[str] | None = None) -> list[Screened]:
    """Return the screening of a round as it was stored, by staff number; of some people only, if named."""
    people = select(Screening).where(Screening.round_id == round_id).order_by(Screening.staff_no)
    rules = select(Verdict).where(Verdict.round_id == round_id)
    if staff_nos is not None:
        people = people.where(col(Screening.staff_no).in_(staff_nos))
        rules = rules.where(col(Verdict.staff_no).in_(staff_nos))
    verdicts: dict[str, list[RuleVerdict]] = {}
    for v in session.exec(rules):
        verdicts.setdefault(v.staff_no, []).append(_verdict(v))
    return [
        Screened(s.staff_no, s.eligible, s.channel, tuple(verdicts.get(s.staff_no, ())), s.qualifies_on)
        for s in session.exec(people)
    ]


def _verdict(v: Verdict) -> RuleVerdict:
    sources = tuple(tuple(s) for s in json.loads(v.sources))
    return RuleVerdict(v.rule, v.verdict, v.value, v.threshold, sources, json.loads(v.facts))


def seats(session: Session, *, round_id: UUID) -> dict[str, Allotment]:
    """Return each line's seats."""
    return {a.line: a for a in session.exec(select(Allotment).where(Allotment.round_id == round_id))}


def of_round(session: Session, *, round_id: UUID) -> Sequence[Result]:
    """Return every applicant's result, by staff number."""
    return session.exec(select(Result).where(Result.round_id == round_id).order_by(Result.staff_no)).all()


def components(session: Session, *, round_id: UUID) -> dict[str, dict[str, Decimal]]:
    """Return the components of everyone who has any."""
    found: dict[str, dict[str, Decimal]] = {}
    for c in session.exec(select(Component).where(Component.round_id == round_id)):
        found.setdefault(c.staff_no, {})[c.component] = c.value
    return found


def stage_workings(session: Session, *, stage_ids: Sequence[UUID]) -> dict[UUID, dict[str, tuple[str | None, Any]]]:
    """Return for each stage and candidate why they left (if so) and how the stage was counted."""
    found: dict[UUID, dict[str, tuple[str | None, Any]]] = {stage_id: {} for stage_id in stage_ids}
    for r in session.exec(select(StageResult).where(col(StageResult.stage_id).in_(stage_ids))):
        found[r.stage_id][r.staff_no] = (r.left, json.loads(r.working))
    return found


def fingerprint(session: Session, *, round_id: UUID) -> str:
    """Return the hash over all results of a round: what a confirmation is a yes to."""
    rows = [
        (r.staff_no, r.outcome, r.rank, None if r.final is None else str(r.final))
        for r in of_round(session, round_id=round_id)
    ]
    parts: Mapping[str, object] = {
        "results": rows,
        "components": components(session, round_id=round_id),
        "seats": {line: a.seats for line, a in seats(session, round_id=round_id).items()},
    }
    return digest(json_text(parts).encode())
