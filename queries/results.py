"""Read what was decided."""

import json
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from sqlmodel import Session, col, select

from kit.canonical import digest, json_text
from models.results import Allotment, Component, Result, Screening, StageResult, Verdict
from queries.books import columns
from rules.screening import RuleVerdict, Screened


def eligibility(session: Session, *, round_id: UUID) -> dict[str, bool]:
    """Return who is eligible and who is not."""
    query = select(Screening.staff_no, Screening.eligible).where(Screening.round_id == round_id)
    return {staff_no: eligible for staff_no, eligible in session.exec(query)}  # noqa: C416 - rows are no tuples to mypy


def eligibility_of(session: Session, *, round_id: UUID, staff_no: str) -> bool | None:
    """Return whether one person is eligible; ``None``: not screened."""
    mine = session.get(Screening, (round_id, staff_no))
    return mine.eligible if mine else None


def screened(session: Session, *, round_id: UUID, staff_nos: Sequence[str] | None = None) -> list[Screened]:
    """Return the screening of a round as it was stored, by staff number; of some people only, if named."""
    people = columns(Screening, "staff_no", "eligible", "channel", "qualifies_on")
    people = people.where(col(Screening.round_id) == round_id).order_by(col(Screening.staff_no))
    rules = columns(Verdict, "staff_no", *RuleVerdict._fields).where(col(Verdict.round_id) == round_id)
    if staff_nos is not None:
        people = people.where(col(Screening.staff_no).in_(staff_nos))
        rules = rules.where(col(Verdict.staff_no).in_(staff_nos))
    verdicts: dict[str, list[RuleVerdict]] = {}
    for staff_no, *said, sources, facts in session.execute(rules):
        verdict = RuleVerdict._make((*said, tuple(map(tuple, json.loads(sources))), json.loads(facts)))
        verdicts.setdefault(staff_no, []).append(verdict)
    return [
        Screened(staff_no, eligible, channel, tuple(verdicts.get(staff_no, ())), day)
        for staff_no, eligible, channel, day in session.execute(people)
    ]


def seats(session: Session, *, round_id: UUID) -> dict[str, Allotment]:
    """Return each line's seats."""
    return {a.line: a for a in session.exec(select(Allotment).where(Allotment.round_id == round_id))}


def of_round(session: Session, *, round_id: UUID) -> Sequence[Result]:
    """Return every applicant's result, by staff number."""
    return session.exec(select(Result).where(Result.round_id == round_id).order_by(Result.staff_no)).all()


class Placed(NamedTuple):
    """What was decided of one applicant."""

    staff_no: str
    outcome: str | None
    final: Decimal | None
    rank: int | None


def placed(session: Session, *, round_id: UUID) -> list[Placed]:
    """Return what was decided of every applicant, without the arithmetic, by staff number."""
    query = columns(Result, *Placed._fields).where(col(Result.round_id) == round_id).order_by(col(Result.staff_no))
    return [Placed._make(row) for row in session.execute(query)]


def still_in(session: Session, *, round_id: UUID) -> list[str]:
    """Return the staff numbers of everyone who has no outcome yet, in their order."""
    theirs = select(Result.staff_no).where(Result.round_id == round_id, col(Result.outcome).is_(None))
    return list(session.exec(theirs.order_by(Result.staff_no)))


def components(session: Session, *, round_id: UUID, staff_no: str = "") -> dict[str, dict[str, Decimal]]:
    """Return the components of everyone who has any; of one person only, if named."""
    found: dict[str, dict[str, Decimal]] = {}
    query = columns(Component, "staff_no", "component", "value").where(col(Component.round_id) == round_id)
    if staff_no:
        query = query.where(col(Component.staff_no) == staff_no)
    for no, component, value in session.execute(query):
        found.setdefault(no, {})[component] = value
    return found


def stage_workings(
    session: Session, *, stage_ids: Sequence[UUID], staff_no: str = ""
) -> dict[UUID, dict[str, tuple[str | None, Any]]]:
    """Return for each stage and candidate (or one only) why they left, if so, and how the stage was counted."""
    found: dict[UUID, dict[str, tuple[str | None, Any]]] = {stage_id: {} for stage_id in stage_ids}
    query = columns(StageResult, "stage_id", "staff_no", "left", "working")
    query = query.where(col(StageResult.stage_id).in_(stage_ids))
    if staff_no:
        query = query.where(col(StageResult.staff_no) == staff_no)
    for stage_id, no, left, working in session.execute(query):
        found[stage_id][no] = (left, json.loads(working))
    return found


def fingerprint(session: Session, *, round_id: UUID) -> str:
    """Return the hash over all results of a round: what a confirmation is a yes to."""
    query = columns(Result, "staff_no", "outcome", "rank", "final").where(col(Result.round_id) == round_id)
    rows = [tuple(row) for row in session.execute(query)]
    given = {line: a.seats for line, a in seats(session, round_id=round_id).items()}
    return fingerprint_of(rows, components(session, round_id=round_id), given)


def fingerprint_of(
    rows: Iterable[tuple[str, str | None, int | None, Decimal | None]],
    of_each: Mapping[str, Mapping[str, Decimal]],
    given: Mapping[str, int],
) -> str:
    """Return the hash over results that were read already: number, outcome, rank, final; components; seats by line."""
    # Sorted here: databases differ in the order of texts, and a restored one must give the same hash.
    told = sorted((no, outcome, rank, None if final is None else str(final)) for no, outcome, rank, final in rows)
    parts: Mapping[str, object] = {"results": told, "components": of_each, "seats": given}
    return digest(json_text(parts).encode())
