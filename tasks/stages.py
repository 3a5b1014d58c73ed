"""Tasks of a round's steps: look where the round stands, open, count, finish."""

from typing import Final, NamedTuple
from uuid import UUID

from prefect import task
from prefect.runtime import flow_run
from sqlmodel import Session

from actions import rounds, stages
from actions.steps import Terms
from models.database import reading, transaction
from models.rounds import Round
from models.stages import Stage
from queries import stages as standing
from rules.texts import RuleError
from tasks.terms import CONDUCTOR, terms_of

DELAYS: Final[list[float]] = [0.5, 5]
"""Seconds before each retry: for a database that is busy or away for a moment."""


class Standing(NamedTuple):
    """Where a round stands: the step at hand and its state; no step when all are done or the round is over."""

    stage_id: UUID | None
    name: str = ""
    state: str = ""


def note_run(round_id: UUID) -> None:
    """Write down Prefect's own number of the run that carries a round, for the links between both."""
    run_id = flow_run.get_id() or ""
    with reading() as session:
        if session.get_one(Round, round_id).flow_run_id == run_id:
            return
    with transaction() as session:
        session.get_one(Round, round_id).flow_run_id = run_id


def where(round_id: UUID) -> Standing:
    """Return the step at which a round stands now."""
    with reading() as session:
        the_round = session.get_one(Round, round_id)
        stage = standing.current(session, round_id=round_id)
        if stage is None or the_round.state != "running":
            return Standing(None)
        return Standing(stage.id, stage.name, stage.state)


@task(name="open", task_run_name="open {name}", retries=2, retry_delay_seconds=DELAYS)
def open_stage(stage_id: UUID, name: str) -> str:  # noqa: ARG001 - the name is for people who watch the run
    """Open a step whose time has come; return its state. What forbids it is noted with the step."""
    try:
        with transaction() as session:
            return stages.open_next(session, stage_id=stage_id, terms=_terms(session, stage_id)).state
    except RuleError as error:
        with transaction() as session:
            return stages.block(session, stage_id=stage_id, why=error.text, terms=_terms(session, stage_id)).state


@task(name="tally", task_run_name="tally {name}", retries=2, retry_delay_seconds=DELAYS)
def tally_stage(stage_id: UUID, name: str) -> None:  # noqa: ARG001 - the name is for people who watch the run
    """Count a closed step. Running it twice changes nothing."""
    with transaction() as session:
        stages.tally(session, stage_id=stage_id, terms=_terms(session, stage_id))


@task(name="finish", task_run_name="finish {name}", retries=2, retry_delay_seconds=DELAYS)
def finish_stage(stage_id: UUID, name: str) -> None:  # noqa: ARG001 - the name is for people who watch the run
    """Note that a step is counted and has its documents."""
    with transaction() as session:
        stages.finish(session, stage_id=stage_id, terms=_terms(session, stage_id))


@task(name="end", retries=2, retry_delay_seconds=DELAYS)
def end_round(round_id: UUID) -> None:
    """End a round whose steps are all done; one that is cancelled stays so."""
    with transaction() as session:
        the_round = session.get_one(Round, round_id)
        rounds.finish(session, the_round=the_round, actor=CONDUCTOR, now=terms_of(the_round).now)


def _terms(session: Session, stage_id: UUID) -> Terms:
    stage = session.get_one(Stage, stage_id)
    return terms_of(session.get_one(Round, stage.round_id))
