"""Let rounds go on from the command line when no server does: embedded Prefect for as long as there is work."""

import json
import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from actions import signals
from cli import show
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


def go_on(code: str, *, progress: bool = False) -> None:
    """Let a round go as far as it can, then return; a running ``jingpin serve`` does it instead.

    :raises RuleError: when the round's flow failed; what was done until then stays, and the next look goes on there.
    """
    from clock.conductor import Conductor, HomeTakenError  # noqa: PLC0415 - only who conducts needs it

    logging.getLogger("jingpin.clock").setLevel(logging.CRITICAL)  # its failures are told below
    now = settings()
    try:
        with Conductor(now.home, load_flow, workers=now.workers, port=now.prefect_port) as conductor:
            round_id = _wake(conductor, code)
            _follow(conductor, round_id, progress=progress)
            failure = conductor.failures().get(round_id)
    except HomeTakenError:
        show.note(_("已交给正在运行的 jingpin serve 继续推进"))
        return
    if failure:
        raise RuleError(
            Text(_("轮次“{code}”没有走完：{what}；再次运行会从中断处继续"), {"code": code, "what": failure})
        )


def _wake(conductor: "Conductor", code: str) -> UUID:
    """Wake every round that has something to do, this one in any case."""
    with reading() as session:
        the_round = rounds.by_code(session, code=code)
        waiting = rounds.undelivered(session)
        ids = {s.round_id for s in waiting} | {r.id for r in stages.ready_to_move(session, now=datetime.now(UTC))}
        codes = {r.id: r.code for r, _stage in rounds.all_rounds(session)}
    for round_id in ids | {the_round.id}:
        conductor.wake(round_id, codes[round_id]).result()
    with transaction() as session:
        signals.delivered(session, ids=[s.id for s in waiting if s.id], now=datetime.now(UTC))
    return the_round.id


def _follow(conductor: "Conductor", round_id: UUID, *, progress: bool) -> None:
    if not progress:
        conductor.wait_idle()
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=show.err, transient=True) as bar:
        steps = bar.add_task(_("开始"), total=None)
        while not conductor.wait_idle(LOOK):
            _show_where(bar, steps, round_id)


def _show_where(bar: Progress, steps: TaskID, round_id: UUID) -> None:
    with reading() as session:
        course = stages.of_round(session, round_id=round_id)
        documents = rounds.numbers(session, round_id=round_id)["documents"]
    done, name = _where(course)
    said = _("{name}（文档 {n} 份）").format(name=_(name), n=documents) if name else _("收尾")
    bar.update(steps, total=len(course), completed=done, description=said)


def _where(course: Sequence[Stage]) -> tuple[int, str]:
    left = [s for s in course if s.state != "done"]
    return len(course) - len(left), left[0].name if left else ""


def why_blocked(stage: Stage) -> str:
    """Return in words why a step cannot go on; empty when nothing stops it."""
    return say(Text(**json.loads(stage.blocked))) if stage.blocked else ""
