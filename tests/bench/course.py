"""A round taken from a bundle and carried through its steps in this process, by the actions and without Prefect."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from actions import books, people, rounds, stages
from forms import bundles
from models.database import reading, transaction
from models.rounds import Round
from models.stages import Stage
from queries import evidence
from queries import stages as standing
from rules import course
from tasks.terms import terms_of


def take_in(files: Path) -> UUID:
    """Take a bundle into the database at hand, as a replay does; return the round's id."""
    read, now = bundles.read(files), datetime.now(UTC)
    with transaction() as session:
        people.take_in(session, personnel=read.personnel, actor="bench", now=now)
        the_round = rounds.launch(
            session, policy=read.policy, policy_text=read.policy_text, actor="bench", now=now, mode=course.REPLAY
        )
        for part in evidence.PARTS:
            rows = getattr(read.evidence, part)
            books.take_in(session, book=part, rows=rows, actor="bench", now=now, the_round=the_round)
        return the_round.id


def go_on(round_id: UUID) -> None:
    """Carry a round as far as it goes without people."""
    for step in steps(round_id):
        if not carry_out(step):
            return


def steps(round_id: UUID) -> Iterator[Stage]:
    """Return the step at hand, until all are done; whoever takes the next must have carried it out."""
    while step := at_hand(round_id):
        yield step


def at_hand(round_id: UUID) -> Stage | None:
    """Return the step at which a round stands; ``None`` when all are done."""
    with reading() as session:
        return standing.current(session, round_id=round_id)


def carry_out(step: Stage) -> bool:
    """Open, count and finish one step, as the flow does; return whether it is done, or waits for people."""
    for deed in (stages.open_next, stages.tally, stages.finish):
        with transaction() as session:
            the_round = session.get_one(Round, step.round_id)
            after = deed(session, stage_id=step.id, terms=terms_of(the_round))
    return after.state == "done"
