"""The final score: weigh the components, rank, give the seats."""

from sqlalchemy import bindparam, update
from sqlmodel import Session, col

from actions.steps.base import Step, Terms
from kit.canonical import json_text
from models.results import Result
from models.rounds import Round
from models.stages import Stage
from queries import people, results
from queries.books import table_of
from rules.ranking import Placed, place


def tally(session: Session, the_round: Round, stage: Stage, terms: Terms) -> dict[str, object]:
    """Rank everyone who got through, and give the seats of each line."""
    allotted = results.seats(session, round_id=the_round.id)
    persons = people.frozen_part(session, round_id=the_round.id, part="people")
    components = results.components(session, round_id=the_round.id)
    placed, working = place(
        terms.policy,
        {p.staff_no: p for p in persons},
        {no: components.get(no, {}) for no in results.still_in(session, round_id=the_round.id)},
        {line: a.seats for line, a in allotted.items()},
        {line: a.heads for line, a in allotted.items()},
    )
    _store(session, the_round, stage, placed)
    stage.working = json_text(working)
    outcomes = [p.outcome for p in placed.values()]
    return {outcome: outcomes.count(outcome) for outcome in sorted(set(outcomes))}


def _store(session: Session, the_round: Round, stage: Stage, placed: dict[str, Placed]) -> None:
    if not placed:
        return
    table = table_of(Result)
    query = (
        update(table)
        .where(table.c.round_id == the_round.id, table.c.staff_no == bindparam("no"))
        .values(
            outcome=bindparam("new_outcome"),
            final=bindparam("new_final"),
            rank=bindparam("new_rank"),
            working=bindparam("new_working"),
            decided_at=stage.position,
        )
    )
    given = [
        {
            "no": no,
            "new_outcome": p.outcome,
            "new_final": p.final,
            "new_rank": p.rank,
            "new_working": json_text(p.working),
        }
        for no, p in placed.items()
    ]
    session.connection().execute(query, given)
    session.expire_all()


def withdraw(session: Session, the_round: Round, stage: Stage, _terms: Terms) -> dict[str, object]:
    """Take back final scores, ranks and places."""
    theirs = update(Result).where(col(Result.round_id) == the_round.id, col(Result.decided_at) == stage.position)
    session.execute(theirs.values(outcome=None, decided_at=None, final=None, rank=None, working="{}"))
    return {}


STEP = Step(tallied=tally, withdrawn=withdraw)
