"""A stage of the policy: the law scores it set-wise, and says who leaves."""

from collections import Counter
from collections.abc import Mapping, Sequence

from sqlalchemy import delete, insert, update
from sqlmodel import Session, col

from actions.books import batched_rows
from actions.steps.base import Step, Terms
from kit.canonical import json_text
from models.results import Component, Result, StageResult
from models.rounds import Round
from models.stages import Stage
from queries import evidence, people, results
from queries.books import table_of
from rules.scoring import Scored
from rules.stages import KINDS, pass_gate


def tally(session: Session, the_round: Round, stage: Stage, terms: Terms) -> dict[str, object]:
    """Score everyone who is still in, keep the arithmetic, and note who leaves here."""
    policy = terms.policy
    stage_policy = next(s for s in policy.stages if s.key == stage.key)
    lines = _still_in(session, the_round)
    handed_in = evidence.of_stage(session, round_id=the_round.id, stage=stage_policy)
    scored = KINDS[stage.kind].score(stage_policy, handed_in, lines, policy.rounding)
    seats = {line: a.seats for line, a in results.seats(session, round_id=the_round.id).items()}
    leaves = pass_gate(stage_policy, scored, lines, seats)
    _store(session, the_round, stage, scored, leaves)
    left = [no for no, leave in leaves.items() if leave is not None]
    _eliminate(session, the_round, stage, left)
    reasons = Counter(str(leaves[no]) for no in left)
    return {"candidates": len(lines), "left": len(left), **dict(sorted(reasons.items()))}


def _still_in(session: Session, the_round: Round) -> dict[str, str]:
    staff_nos = set(results.still_in(session, round_id=the_round.id))
    persons = people.frozen_part(session, round_id=the_round.id, part="people")
    return {p.staff_no: p.business_line for p in persons if p.staff_no in staff_nos}


def _store(
    session: Session, the_round: Round, stage: Stage, scored: Mapping[str, Scored], leaves: Mapping[str, str | None]
) -> None:
    worked = [
        {"stage_id": stage.id, "staff_no": no, "left": leaves[no], "working": json_text(s.working)}
        for no, s in scored.items()
    ]
    values = [
        {"round_id": the_round.id, "staff_no": no, "component": key, "stage_id": stage.id, "value": value}
        for no, s in scored.items()
        for key, value in s.components.items()
    ]
    for table, rows in ((StageResult, worked), (Component, values)):
        for part in batched_rows(rows):
            session.execute(insert(table_of(table)), list(part))


def _eliminate(session: Session, the_round: Round, stage: Stage, staff_nos: Sequence[str]) -> None:
    for part in batched_rows(staff_nos):
        theirs = update(Result).where(col(Result.round_id) == the_round.id, col(Result.staff_no).in_(part))
        session.execute(theirs.values(outcome=f"eliminated:{stage.key}", decided_at=stage.position))


def withdraw(session: Session, the_round: Round, stage: Stage, _terms: Terms) -> dict[str, object]:
    """Take back the stage's scores, and whoever left here is in again."""
    session.execute(delete(StageResult).where(col(StageResult.stage_id) == stage.id))
    session.execute(delete(Component).where(col(Component.stage_id) == stage.id))
    theirs = update(Result).where(col(Result.round_id) == the_round.id, col(Result.decided_at) == stage.position)
    session.execute(theirs.values(outcome=None, decided_at=None))
    return {}


STEP = Step(tallied=tally, withdrawn=withdraw)
