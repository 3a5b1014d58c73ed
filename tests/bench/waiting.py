"""Waiting costs nothing: hundreds of rounds that wait for people, in one serving process; then all of them woken."""

import random
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from sqlmodel import select

from actions import stages
from cli.conducting import load_flow
from clock import ticks
from clock.conductor import Conductor
from clock.schedule import Schedule
from models.database import reading, transaction
from models.history import Entry
from models.rounds import Round
from queries import stages as standing
from rules import course
from tests.bench.measure import Figure, database, timed
from tests.bench.wake import launch

ROUNDS, QUICK_ROUNDS = 500, 4
CANDIDATES = 5
IDLE_SECONDS, QUICK_IDLE_SECONDS = 20, 1


def figures(*, quick: bool = False) -> Iterator[Figure]:
    """Measure a process that holds so many waiting rounds, beside itself with none; then wake all, in any order."""
    n, idle = (QUICK_ROUNDS, QUICK_IDLE_SECONDS) if quick else (ROUNDS, IDLE_SECONDS)
    with (
        database() as home,
        Conductor(home, load_flow) as conductor,
        Schedule([*ticks.of_time(), *ticks.of_waking(conductor)]),
    ):
        conductor.wake(launch("first", 1, CANDIDATES), "first")
        conductor.wait_idle()
        memory, threads, busy = _memory(), threading.active_count(), _busy(idle)
        ids = [launch(f"W-{i}", 1, CANDIDATES) for i in range(n)]
        _until_all_wait(conductor, ids, position=1)
        yield Figure(f"memory with {n} rounds waiting", _memory(), "MB", memory, "one round waiting")
        yield Figure("  threads", threading.active_count(), "", threads, "one round waiting")
        yield Figure("  of a core while nothing happens", _busy(idle), "%", busy, "one round waiting", most=3)
        random.Random(1).shuffle(ids)
        with timed() as woken:
            for round_id in ids:
                _click(round_id)
            _until_all_wait(conductor, ids, position=2)
        yield Figure(f"all {n} clicked on, in any order: each", woken.wall / n, "s")
        twice = _opened_twice(ids)
        yield Figure("  steps opened twice", twice, "", most=0)


def _memory() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1024**2


def _busy(seconds: float) -> float:
    with timed() as clock:
        time.sleep(seconds)
    return 100 * clock.cpu / clock.wall


def _until_all_wait(conductor: Conductor, ids: list[UUID], *, position: int) -> None:
    while True:
        with reading() as session:
            at_hand = [standing.current(session, round_id=round_id) for round_id in ids]
        if all(s and s.position == position and s.state == "open" for s in at_hand) and conductor.wait_idle(1):
            return
        time.sleep(0.2)


def _click(round_id: UUID) -> None:
    with transaction() as session:
        the_round = session.get_one(Round, round_id)
        stage = standing.by_key(session, the_round=the_round, key=course.APPLICATIONS)
        now = datetime.now(UTC)
        stages.close_by_hand(session, stage=stage, the_round=the_round, reason="bench", actor="bench", now=now)


def _opened_twice(ids: list[UUID]) -> int:
    with reading() as session:
        chains = [str(round_id) for round_id in ids]
        opened = session.exec(select(Entry.chain, Entry.subject).where(Entry.deed == "stage.opened")).all()
    theirs = [entry for entry in opened if entry[0] in set(chains)]
    return len(theirs) - len(set(theirs))
