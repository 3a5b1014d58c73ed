"""How the rounds of this database are doing, in numbers without anybody's name: for ``doctor`` and for metrics."""

from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlmodel import Session, col, func, select

from models.documents import Document
from models.history import Entry, Signal
from models.messages import Message
from models.rounds import Round
from models.stages import Stage
from queries import notices, outbox, stages
from rules import course

LATE: Final = timedelta(seconds=60)
"""How long what is due in an instant may take before somebody should look."""


class Waiting(NamedTuple):
    """A round that does not get on, the step at which it stands, and since when."""

    code: str
    step: str
    since: datetime | None


def rounds_by_state(session: Session) -> dict[str, int]:
    """Return how many rounds are running, finished, cancelled."""
    found = session.exec(select(Round.state, func.count()).group_by(Round.state))
    return {"running": 0, "finished": 0, "cancelled": 0} | dict(found.all())


def open_steps(session: Session) -> dict[str, int]:
    """Return how many running rounds wait for people, by the kind of the step."""
    query = select(Stage.kind, func.count()).join(Round).where(Round.state == "running", Stage.state == "open")
    return dict(session.exec(query.group_by(Stage.kind)).all())


def overdue(session: Session, *, now: datetime) -> list[Waiting]:
    """Return the steps that the clock should have closed long ago: no clock is running.

    A decision waits for people, and a notice for the answer to an objection.
    """
    late = [(s, r) for s, r in stages.due(session, now=now - LATE) if s.kind != "decision"]
    return [
        Waiting(r.code, s.name, s.due_at)
        for s, r in late
        if s.kind != "notice" or not notices.kept_open(session, round_id=r.id)
    ]


def stuck(session: Session, *, now: datetime) -> list[Waiting]:
    """Return the rounds that could go on by themselves and have not for a while: nobody conducts them."""
    ready = stages.ready_to_move(session, now=now)
    latest = select(Entry.chain, func.max(Entry.at)).where(col(Entry.chain).in_([str(r.id) for r in ready]))
    progress = dict(session.exec(latest.group_by(Entry.chain)).all())
    found = []
    for the_round in ready:
        since = progress.get(str(the_round.id))
        at = stages.current(session, round_id=the_round.id)
        if since is None or since < now - LATE:
            found.append(Waiting(the_round.code, at.name if at else course.NAMES[course.ARCHIVE], since))
    return found


def blocked(session: Session) -> list[tuple[str, Stage]]:
    """Return the steps of running rounds that something stops, with the round's code."""
    query = select(Round.code, Stage).join(Round).where(Round.state == "running", Stage.blocked != "")
    return [(code, stage) for code, stage in session.exec(query.order_by(Round.code))]


def signals_waiting(session: Session) -> tuple[int, datetime | None]:
    """Return how many signals wait for delivery, and the time of the oldest."""
    waiting = select(func.count(), func.min(Signal.left_at)).where(col(Signal.delivered_at).is_(None))
    number, oldest = session.exec(waiting).one()
    return number, oldest


def last_entry(session: Session) -> datetime | None:
    """Return the time of the latest entry of any history; one in the future means that a clock went back."""
    return session.exec(select(func.max(Entry.at))).one()


def documents(session: Session) -> int:
    """Return how many documents are filed."""
    return session.exec(select(func.count()).select_from(Document)).one()


def messages(session: Session) -> dict[str, int]:
    """Return how many messages are in each state."""
    return outbox.counts(session)


def failing_messages(session: Session) -> int:
    """Return how many messages could not be sent so far and are tried again."""
    return session.exec(select(func.count()).where(Message.state == "waiting", Message.error != "")).one()
