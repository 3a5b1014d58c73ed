"""Applications: who takes part, and who came too early, too late, withdrew or may not."""

from collections import Counter

from sqlalchemy import delete, insert
from sqlmodel import Session, col

from actions.books import batched_rows
from actions.steps.base import Step, Terms
from models.results import Result
from models.rounds import Round
from models.stages import Stage
from queries import books, decided, results
from queries.books import table_of
from rules import admission


def tally(session: Session, the_round: Round, stage: Stage, terms: Terms) -> dict[str, object]:
    """Admit the applicants: each gets a place among the results, with an outcome if they do not take part."""
    applications = books.rows(session, book="applications", round_id=the_round.id)
    eligible = results.eligibility(session, round_id=the_round.id)
    policy = decided.in_force(session, the_round=the_round, policy=terms.policy)
    admitted = admission.admit(policy, applications, eligible)
    for part in batched_rows(admitted.items()):
        session.execute(insert(table_of(Result)), [_place(the_round, stage, *one) for one in part])
    counts = Counter(outcome or "admitted" for outcome in admitted.values())
    return {"applicants": len(admitted), **dict(sorted(counts.items()))}


def _place(the_round: Round, stage: Stage, staff_no: str, outcome: str | None) -> dict[str, object]:
    decided_at = None if outcome is None else stage.position
    return {
        "round_id": the_round.id,
        "staff_no": staff_no,
        "outcome": outcome,
        "decided_at": decided_at,
        "working": "{}",
    }


def withdraw(session: Session, the_round: Round, _stage: Stage, _terms: Terms) -> dict[str, object]:
    """Take back who was admitted; the applications themselves stay."""
    session.execute(delete(Result).where(col(Result.round_id) == the_round.id))
    return {}


STEP = Step(tallied=tally, withdrawn=withdraw)
