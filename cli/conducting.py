"""Let rounds go on from the command line when no server does: embedded Prefect for as long as there is work."""

import json
import logging
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from actions import signals
from cli import show
from cli.progress import Sight, sight, where
from kit.i18n import gettext as _
from kit.i18n import say
from kit.settings import settings
from models.database import reading, transaction
from models.stages import Stage
from queries import rounds, stages
from rules.texts import RuleError, Text

if TYPE_CHECKING:
    from prefect import Flow

    from clock.conductor import Conductor

LOOK = 0.2
"""Seconds between two looks at the progress."""


def load_flow() -> "Flow[..., Any]":
    """Return the flow of a round; only now is Prefect imported."""
    from flows.rounds import run_round  # noqa: PLC0415 - Prefect reads its environment when it is imported

    return run_round


def hand_over(code: str) -> None:
    """Have a live round go on: by the workers of a Prefect server elsewhere, by a running server, or here and now.

    When there is nothing to do, Prefect is not started: that takes seconds.
    """
    if settings().prefect_api_url:
        return  # the signal that the act left is found by whoever serves
    if _anything_to_do(code):
        go_on(code, progress=show.err.is_terminal)


def _anything_to_do(code: str) -> bool:
    """Return whether a signal waits, a round could go on by itself, or this one is blocked and may be tried again."""
    with reading() as session:
        the_round = rounds.by_code(session, code=code)
        blocked = any(s.blocked for s in stages.of_round(session, round_id=the_round.id) if s.state == "pending")
        return bool(
            rounds.undelivered(session, limit=1)
            or stages.ready_to_move(session, now=datetime.now(UTC))
            or (blocked and the_round.state == "running")
        )


def go_on(code: str, *, progress: bool = False) -> None:
    """Let a round go as far as it can, then return; a running ``jingpin serve`` does it instead.

    :raises RuleError: when the round's flow failed; what was done until then stays, and the next look goes on there.
    """
    from clock.conductor import Conductor, HomeTakenError  # noqa: PLC0415 - only who conducts needs it

    now = settings()
    try:
        with (
            _quiet("jingpin.clock"),  # its failures are told below
            _sight(wanted=progress) as tell,
            Conductor(now.home, load_flow, workers=now.workers, port=now.prefect_port) as conductor,
        ):
            round_id = _wake(conductor, code)
            _follow(conductor, round_id, tell)
            failure = conductor.failures().get(round_id)
    except HomeTakenError:
        show.note(_("已交给正在运行的 jingpin serve 继续推进"))
        return
    if failure:
        raise RuleError(
            Text(_("轮次“{code}”没有走完：{what}；再次运行会从中断处继续"), {"code": code, "what": failure})
        )


@contextmanager
def _quiet(name: str) -> Iterator[None]:
    """Let a logger say nothing inside the block."""
    logger = logging.getLogger(name)
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(before)


def _wake(conductor: "Conductor", code: str) -> UUID:
    """Wake every round that has something to do, this one in any case."""
    with reading() as session:
        the_round = rounds.by_code(session, code=code)
        waiting = rounds.undelivered(session)
        ids = {round_id for _number, round_id, _code in waiting} | {
            r.id for r in stages.ready_to_move(session, now=datetime.now(UTC))
        }
        codes = {r.id: r.code for r, _stage in rounds.all_rounds(session)}
    for round_id in ids | {the_round.id}:
        conductor.wake(round_id, codes[round_id]).result()
    with transaction() as session:
        signals.delivered(session, ids=[number for number, _round_id, _code in waiting], now=datetime.now(UTC))
    return the_round.id


def _sight(*, wanted: bool) -> AbstractContextManager[Sight | None]:
    return sight(show.err) if wanted else nullcontext()


def _follow(conductor: "Conductor", round_id: UUID, tell: Sight | None) -> None:
    while not conductor.wait_idle(LOOK if tell else None):
        if tell:
            tell(where(round_id))
    if tell:
        tell(where(round_id))


def why_blocked(stage: Stage) -> str:
    """Return in words why a step cannot go on; empty when nothing stops it."""
    return say(Text(**json.loads(stage.blocked))) if stage.blocked else ""
