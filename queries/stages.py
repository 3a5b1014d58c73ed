"""Read a round's steps."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, and_, col, func, or_, select

from models.rounds import Round
from models.stages import Stage
from rules import course
from rules.texts import RuleError, Text, _, enumerated


def of_round(session: Session, *, round_id: UUID) -> Sequence[Stage]:
    """Return a round's steps in order."""
    return session.exec(select(Stage).where(Stage.round_id == round_id).order_by(col(Stage.position))).all()


def locked(session: Session, *, round_id: UUID) -> Sequence[Stage]:
    """Return a round's steps in order, locked until the transaction ends: nobody moves them meanwhile."""
    query = select(Stage).where(Stage.round_id == round_id).order_by(col(Stage.position)).with_for_update()
    return session.exec(query.execution_options(populate_existing=True)).all()


def locked_one(session: Session, *, stage_id: UUID) -> Stage:
    """Return one step as it is now, locked until the transaction ends: nobody moves it meanwhile."""
    query = select(Stage).where(Stage.id == stage_id).with_for_update()
    return session.exec(query.execution_options(populate_existing=True)).one()


def by_key(session: Session, *, the_round: Round, key: str) -> Stage:
    """Return a step by its key; those that every round has may be named without the underline.

    :raises RuleError: when the round has no such step; names those that it has.
    """
    stages = {s.key: s for s in of_round(session, round_id=the_round.id)}
    stage = stages.get(key) or stages.get(f"_{key}")
    if stage is None:
        known = enumerated(k.removeprefix("_") for k in stages)
        raise RuleError(Text(_("本轮没有“{key}”这一环节；有：{known}"), {"key": key, "known": known}))
    return stage


def current(session: Session, *, round_id: UUID) -> Stage | None:
    """Return the first step that is not done; ``None`` when all are."""
    waiting = select(Stage).where(Stage.round_id == round_id, Stage.state != "done").order_by(col(Stage.position))
    return session.exec(waiting.limit(1)).first()


def due(session: Session, *, now: datetime) -> Sequence[tuple[Stage, Round]]:
    """Return the open steps of running live rounds whose deadline, and the grace after it, have passed."""
    query = (
        select(Stage, Round)
        .join(Round)
        .where(Round.state == "running", Round.mode == course.LIVE)
        .where(Stage.state == "open", col(Stage.due_at) <= now)
    )
    return session.exec(query.order_by(col(Stage.due_at), col(Stage.position))).all()


def ready_to_move(session: Session, *, now: datetime) -> Sequence[Round]:
    """Return the running rounds whose course could go on: the first step that is not done waits for nobody, or all are.

    Computed from where the steps stand, never stored: a wake that got lost is found here. Asked every few seconds, so
    the database sorts out those that wait for people; there may be hundreds.
    """
    steps = select(Stage.round_id, func.min(Stage.position).label("position"))
    first = steps.where(Stage.state != "done").group_by(col(Stage.round_id)).subquery()
    query = (
        select(Round, Stage)
        .outerjoin(first, first.c.round_id == Round.id)
        .outerjoin(Stage, and_(col(Stage.round_id) == first.c.round_id, col(Stage.position) == first.c.position))
        .where(Round.state == "running")
        .where(or_(col(Stage.id).is_(None), and_(Stage.blocked == "", col(Stage.state).in_(["closed", "pending"]))))
        .order_by(col(Round.launched_at), Round.code)
    )
    found: Sequence[tuple[Round, Stage | None]] = session.exec(query).all()
    return [
        the_round
        for the_round, stage in found
        if stage is None or stage.state == "closed" or stage.opens_at is None or stage.opens_at <= now
    ]
