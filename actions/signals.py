"""Signals: wishes that a round's flow look again, left in the transaction of the act that concerns its course."""

from collections.abc import Collection
from datetime import datetime

from sqlmodel import Session, col, update

from models.history import Signal
from models.rounds import Round


def leave(session: Session, *, the_round: Round, now: datetime) -> None:
    """Leave a signal for a round; only ``clock`` turns it into a call to Prefect."""
    session.add(Signal(round_id=the_round.id, left_at=now))
    session.flush()


def delivered(session: Session, *, ids: Collection[int], now: datetime) -> None:
    """Mark signals as delivered; one delivered twice does no harm."""
    session.execute(
        update(Signal).where(col(Signal.id).in_(ids), col(Signal.delivered_at).is_(None)).values(delivered_at=now)
    )
