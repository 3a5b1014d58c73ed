"""Remind people by hand: letters into the outbox, and a line in the history that says who asked for it."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from actions import history, outbox
from actions.outbox import Letter
from models.rounds import Round
from models.stages import Stage
from queries import outbox as told
from queries import reminders


def remind(
    session: Session, *, the_round: Round, stage: Stage, letters: Sequence[Letter], actor: str, now: datetime
) -> int:
    """Put reminders that somebody asked for into the outbox; return how many were new.

    The key of a letter says for which hour it is: however often somebody clicks, nobody is reminded twice in an hour.
    """
    n = outbox.write(session, letters, now=now)
    if n:
        history.record(
            session,
            chain=the_round.id,
            actor=actor,
            deed=reminders.WRITTEN,
            now=now,
            subject=stage.key,
            detail={"step": told.key(stage), "letters": n, "to": [letter.recipient for letter in letters]},
        )
    return n
