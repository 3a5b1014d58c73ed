"""The decision: people confirm the ranking as it stands; a bundle's round was decided already."""

from sqlmodel import Session

from actions import history
from actions.steps.base import Step, Terms
from models.rounds import Confirmation, Round
from models.stages import Stage
from queries import results


def confirm(session: Session, the_round: Round, stage: Stage, terms: Terms) -> dict[str, object]:
    """Add the actor's yes to the results as they stand."""
    sha256 = results.fingerprint(session, round_id=the_round.id)
    session.add(
        Confirmation(
            round_id=the_round.id,
            generation=stage.generation,
            actor=terms.actor,
            results_sha256=sha256,
            confirmed_at=terms.now,
        )
    )
    history.record(
        session,
        chain=the_round.id,
        actor=terms.actor,
        deed="decision.confirmed",
        now=terms.now,
        detail={"results": sha256, "generation": stage.generation},
    )
    return {"results": sha256}


STEP = Step(answered=confirm)
