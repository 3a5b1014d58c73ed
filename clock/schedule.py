"""The clock: calls what is to be done every second or two, in one process, and keeps nothing of its own.

What is due stands in the database. A tick that was missed is not made up for: the next one finds the same truth.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import NamedTuple, Self

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

log = logging.getLogger("jingpin.clock")

GRACE_SECONDS = 60


class Tick(NamedTuple):
    """What to call, and how many seconds apart; it is never called a second time while it still runs."""

    name: str
    seconds: float
    call: Callable[[], object]


class Schedule:
    """Ticks from ``start`` to ``stop``; a tick that fails is logged and called again at its next time."""

    def __init__(self, ticks: Sequence[Tick]) -> None:
        # It would say at every late tick that the one before still runs, which is what is wanted.
        logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            executors={"default": ThreadPoolExecutor(max(1, len(ticks)))},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": GRACE_SECONDS},
        )
        for tick in ticks:
            self._scheduler.add_job(
                _guarded(tick), "interval", seconds=tick.seconds, id=tick.name, next_run_time=datetime.now(UTC)
            )

    def start(self) -> None:
        """Begin to tick, at once."""
        self._scheduler.start()

    def soon(self, name: str) -> None:
        """Call a tick now instead of at its next time, because something has just happened."""
        self._scheduler.modify_job(name, next_run_time=datetime.now(UTC))

    def stop(self) -> None:
        """Tick no more, and wait for the ticks under way."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=True)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def _guarded(tick: Tick) -> Callable[[], None]:
    def call() -> None:
        try:
            tick.call()
        except Exception:
            log.exception("the tick %s failed; it is called again in %s s", tick.name, tick.seconds)

    return call
