"""Read the outbox: what waits, what was given up and why, and which reminders are overtaken."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case
from sqlmodel import Session, col, func, select

from models.messages import Message
from models.rounds import Round
from models.stages import Stage
from rules.retries import CUT_OFF

REMINDING: Final = ("opened", "reminder")
"""Kinds of messages that nobody needs any more when their step is over or has another deadline."""

NO_ADDRESS, NO_GROUP, OVERTAKEN = "no address", "no such group", "overtaken"
"""Why we gave a message up ourselves; any other ``error`` is what a server said."""

UUID_LENGTH: Final = 36


def key(stage: Stage, *what: object, deadline: bool = True) -> str:
    """Return what a message of a step is known by: the step, its generation, its deadline, and what it tells to whom.

    Another deadline or another generation is another key, so everything may be told anew.
    """
    told = stage.closes_at.astimezone(UTC).isoformat() if deadline and stage.closes_at else "-"
    return "/".join(map(str, (stage.id, stage.generation, told, *what)))


def of_stage(stage_id: UUID) -> ColumnElement[bool]:
    """Select the messages that remind of one step."""
    return and_(col(Message.kind).in_(REMINDING), col(Message.key).startswith(f"{stage_id}/"))


def still_true(session: Session) -> dict[UUID, list[str]]:
    """Return for each step of which waiting messages remind how the keys begin of those that are still true."""
    of_step = func.substr(Message.key, 1, UUID_LENGTH)
    waiting = select(of_step).where(Message.state == "waiting", col(Message.kind).in_(REMINDING)).distinct()
    ids = [UUID(text) for text in session.exec(waiting)]
    if not ids:
        return {}
    steps = session.exec(select(Stage, Round.state).join(Round).where(col(Stage.id).in_(ids)))
    true = {stage.id: _prefixes(stage) for stage, state in steps if (stage.state, state) == ("open", "running")}
    return {stage_id: true.get(stage_id, []) for stage_id in ids}


def _prefixes(stage: Stage) -> list[str]:
    return [key(stage, ""), key(stage, "", deadline=False)]


def anything_due(session: Session, *, now: datetime) -> bool:
    """Return whether a message waits for sending now, or was cut off while it was sent."""
    waiting = select(Message.id).where(Message.state == "waiting", col(Message.due_at) <= now).limit(1)
    cut_off = select(Message.id).where(Message.state == "sending", col(Message.taken_at) <= now - CUT_OFF).limit(1)
    return session.exec(waiting).first() is not None or session.exec(cut_off).first() is not None


def messages(session: Session, *, states: Sequence[str] = (), limit: int | None = None) -> Sequence[Message]:
    """Return messages, latest first; only those in some states, if named."""
    query = select(Message).order_by(col(Message.written_at).desc(), col(Message.key))
    if states:
        query = query.where(col(Message.state).in_(states))
    return session.exec(query.limit(limit) if limit else query).all()


def counts(session: Session) -> dict[str, int]:
    """Return how many messages are in each state; those that nobody needs any more are counted apart."""
    of = case((col(Message.error) == OVERTAKEN, OVERTAKEN), else_=col(Message.state))
    found = session.exec(select(of, func.count()).group_by(of))
    return {"waiting": 0, "sending": 0, "sent": 0, "given_up": 0, OVERTAKEN: 0} | dict(found.all())


def given_up(session: Session, *, beginnings: Sequence[str] = ()) -> list[UUID]:
    """Return the messages that were given up and could be sent; those whose id begins so, if beginnings are given."""
    hopeless = col(Message.error).in_([NO_ADDRESS, OVERTAKEN])
    ids = session.exec(select(Message.id).where(Message.state == "given_up", ~hopeless)).all()
    return [i for i in ids if not beginnings or str(i).startswith(tuple(beginnings))]


def keys_of(session: Session, *, stage: Stage) -> frozenset[str]:
    """Return the keys of all messages that tell of a step in its present generation."""
    theirs = col(Message.key).startswith(f"{stage.id}/{stage.generation}/")
    return frozenset(session.exec(select(Message.key).where(Message.round_id == stage.round_id, theirs)))
