"""Write the letters that are due: a step has opened, sheets changed hands, a rung of the ladder has come.

Plain functions without Prefect, called by the clock. Any number of clocks may run: the step's row is locked first, what
was carried out stands in the history, and no letter is written twice under one key.
"""

import logging
from collections.abc import Sequence
from datetime import datetime
from itertools import chain
from typing import NamedTuple
from uuid import UUID

from actions import history, outbox
from kit.i18n import in_language
from kit.settings import settings
from models.database import reading, transaction
from models.rounds import Round
from models.stages import Stage
from queries import outbox as told
from queries import reminders, stages
from queries.reminders import OpenStep
from rules import deadlines
from rules.deadlines import DueRung
from rules.policies import Rung
from tasks.occasions import Occasion
from tasks.telling import CLOCK, KINDS
from tasks.terms import policy_of

log = logging.getLogger("jingpin.clock")


class Look(NamedTuple):
    """How a step stood at the last look; where all is as it was, there is nothing new to tell."""

    generation: int
    closes_at: datetime | None
    length: int
    rungs: tuple[int, ...]


class Reminders:
    """Looks at all open steps; remembers how they stood, so that a look at a centre that sleeps costs two questions.

    What it remembers only spares work: after a restart it looks at every step once more and finds that all is told.
    """

    def __init__(self) -> None:
        self._seen: dict[UUID, Look] = {}
        self._ladders: dict[str, tuple[Rung, ...]] = {}

    def look(self, *, now: datetime) -> int:
        """Write what is due at ``now``; return how many letters were new. A step that fails does not stop others."""
        with reading() as session:
            steps = [s for s in reminders.open_steps(session, now=now) if s.kind in KINDS]
        self._seen = {s.stage_id: self._seen[s.stage_id] for s in steps if s.stage_id in self._seen}
        return sum(self._look_at(step, now) for step in steps)

    def _look_at(self, step: OpenStep, now: datetime) -> int:
        try:
            come = _due(self._ladder(step), step.opened_at, step.closes_at, now)
            look = Look(step.generation, step.closes_at, step.length, tuple(rung.number for rung in come))
            if self._seen.get(step.stage_id) == look:
                return 0
            with in_language(settings().language):
                written = write_due(step.stage_id, now=now)
        except Exception:
            log.exception("letters of the step %s could not be written; the next look tries again", step.stage_id)
            return 0
        self._seen[step.stage_id] = look
        return written

    def _ladder(self, step: OpenStep) -> tuple[Rung, ...]:
        if step.policy_sha256 not in self._ladders:
            with reading() as session:
                policy = policy_of(session.get_one(Round, step.round_id))
            self._ladders[step.policy_sha256] = policy.reminders
        return self._ladders[step.policy_sha256]


def write_due(stage_id: UUID, *, now: datetime) -> int:
    """Write the letters of one step that are due, in one transaction; return how many were new."""
    with transaction() as session:
        stage = stages.locked_one(session, stage_id=stage_id)
        the_round = session.get_one(Round, stage.round_id)
        if not _speaks(stage, the_round, stages.current(session, round_id=the_round.id), now):
            return 0
        occasion = Occasion(session, the_round, stage, policy_of(the_round), now)
        return _climb(occasion) + _tell(occasion)


def _speaks(stage: Stage, the_round: Round, at_hand: Stage | None, now: datetime) -> bool:
    """Return whether anything is told at a step now: not while earlier ones are counted again, nor when it is due."""
    over = stage.due_at is not None and stage.due_at <= now
    return the_round.state == "running" and stage.state == "open" and stage is at_hand and not over


def _climb(occasion: Occasion) -> int:
    """Carry out the rungs that have come and are not done; several at once, after a downtime, speak as one."""
    stage = occasion.stage
    done = reminders.rungs_done(occasion.session, stage=stage)
    come = _due(occasion.policy.reminders, stage.opened_at, stage.closes_at, occasion.now)
    rungs = [r for r in come if r.number not in done]
    if not rungs:
        return 0
    last = rungs[-1].number
    to = frozenset(audience for r in rungs for audience in r.rung.to)
    written = outbox.write(occasion.session, KINDS[stage.kind].rung(occasion, last, to), now=occasion.now)
    for r in rungs:
        _record(occasion, written if r.number == last else 0, rung=r.number)
    return written


def _tell(occasion: Occasion) -> int:
    """Tell that the step is open, unless it is late for that, and what has changed since."""
    kind = KINDS[occasion.stage.kind]
    opened = () if occasion.about.is_late else kind.opened(occasion)
    n = outbox.write(occasion.session, chain(opened, kind.changed(occasion)), now=occasion.now)
    if n:
        _record(occasion, n)
    return n


def _record(occasion: Occasion, letters: int, **what: object) -> None:
    history.record(
        occasion.session,
        chain=occasion.the_round.id,
        actor=CLOCK,
        deed=reminders.WRITTEN,
        now=occasion.now,
        subject=occasion.stage.key,
        detail={"step": told.key(occasion.stage), "letters": letters, **what},
    )


def _due(
    ladder: Sequence[Rung], opened_at: datetime | None, closes_at: datetime | None, now: datetime
) -> Sequence[DueRung]:
    if opened_at is None or closes_at is None:
        return ()
    return deadlines.rungs_due(ladder, opened_at=opened_at, closes_at=closes_at, now=now)
