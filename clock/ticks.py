"""What the clock does, and how often: each tick reads the truth, does what is due, and keeps nothing of its own."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from actions import signals, stages
from clock.schedule import Tick
from clock.wake import Delivery, RoundRef, SignalRef, Wakeable
from models.database import reading, transaction
from queries import audit, rounds
from queries import stages as standing

TICK: Final = 1.0
DELIVER: Final = 0.25  # somebody has just clicked and looks at the page
RECONCILE: Final = 5.0
REMIND: Final = 10.0
SEND: Final = 5.0


def of_time() -> list[Tick]:
    """Return what time itself brings, whether Prefect is there or not: steps close, letters are written and sent.

    Several processes may do so at once: each act is a compare-and-set in the database.
    """
    from tasks import outbox  # noqa: PLC0415 - a command that only closes what is due writes no letters
    from tasks.reminders import Reminders  # noqa: PLC0415 - see above

    letters = Reminders()
    return [
        Tick("close due", TICK, close_due),
        Tick("remind", REMIND, lambda: letters.look(now=datetime.now(UTC))),
        Tick("send", SEND, lambda: outbox.send_due(now=datetime.now(UTC)), aside=True),
    ]


def of_waking(conductor: Wakeable) -> list[Tick]:
    """Return what needs a conductor: carry signals, find rounds whose wake got lost."""
    delivery = Delivery(conductor, pending=_pending, delivered=_delivered, ready_but_asleep=_ready)
    return [Tick("deliver", DELIVER, delivery.deliver), Tick("reconcile", RECONCILE, delivery.reconcile)]


def close_due() -> None:
    """Close every step whose deadline has passed, as of its deadline."""
    with reading() as session:
        if not standing.due(session, now=datetime.now(UTC)):
            return
    with transaction() as session:
        stages.close_due(session, now=datetime.now(UTC))


def _pending() -> list[SignalRef]:
    with reading() as session:
        return [SignalRef._make(waiting) for waiting in rounds.undelivered(session)]


def _delivered(ids: Sequence[int]) -> None:
    with transaction() as session:
        signals.delivered(session, ids=ids, now=datetime.now(UTC))


def last_progress(round_id: UUID) -> datetime | None:
    """Return when a round last got on: its latest entry in the history."""
    with reading() as session:
        return audit.last_entry_at(session, chain=round_id)


def _ready() -> list[RoundRef]:
    with reading() as session:
        return [RoundRef(r.id, r.code) for r in standing.ready_to_move(session, now=datetime.now(UTC))]
