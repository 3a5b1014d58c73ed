"""The clock: calls what is to be done every second or two, in one process, and keeps nothing of its own.

What is due stands in the database. A tick that was missed is not made up for: the next one finds the same truth.
"""

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import NamedTuple, Self

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

log = logging.getLogger("jingpin.clock")

GRACE_SECONDS = 60


class Tick(NamedTuple):
    """What to call, and how many seconds apart; it is never called a second time while it still runs.

    One that waits for others (a mail server) is called ``aside``: a stop does not wait for it, it is cut off.
    """

    name: str
    seconds: float
    call: Callable[[], object]
    aside: bool = False


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
                _call_of(tick), "interval", seconds=tick.seconds, id=tick.name, next_run_time=datetime.now(UTC)
            )

    def start(self) -> None:
        """Begin to tick, at once."""
        self._scheduler.start()

    def soon(self, name: str) -> None:
        """Call a tick now instead of at its next time, because something has just happened."""
        self._scheduler.modify_job(name, next_run_time=datetime.now(UTC))

    def stop(self) -> None:
        """Tick no more, and wait for the ticks under way, but not for those aside."""
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


def _call_of(tick: Tick) -> Callable[[], None]:
    return _Aside(_guarded(tick)) if tick.aside else _guarded(tick)


class _Aside:
    """Calls something in a thread that ends with the process at the latest; not again while it is still at it."""

    def __init__(self, call: Callable[[], None]) -> None:
        self._call, self._thread = call, threading.Thread()

    def __call__(self) -> None:
        if not self._thread.is_alive():
            self._thread = threading.Thread(target=self._call, daemon=True)
            self._thread.start()
