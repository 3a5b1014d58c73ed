"""Signals become wakes, and rounds that could go on but sleep are found.

At least once: a signal is marked as delivered only when its wake can no longer get lost. In order of their ids.
"""

import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import NamedTuple, Protocol
from uuid import UUID

log = logging.getLogger("jingpin.clock")

FIRST_NUDGE_SECONDS = 5.0
LAST_NUDGE_SECONDS = 300.0


class SignalRef(NamedTuple):
    """A signal of the database: somebody did something that concerns the course of a round."""

    id: int
    round_id: UUID
    code: str


class RoundRef(NamedTuple):
    """A round of which the data say that it could go on by itself."""

    round_id: UUID
    code: str


class Wakeable(Protocol):
    """Who conducts the rounds: the embedded conductor, or a Prefect elsewhere."""

    def wake(self, round_id: UUID, code: str) -> "Future[None]":
        """Have a round looked at; the future is done when that can no longer get lost."""

    def is_awake(self, round_id: UUID) -> bool:
        """Return whether a round is being looked at or about to be."""


class Delivery:
    """Carries signals to the conductor; ``deliver`` and ``reconcile`` are for a clock to call, one at a time."""

    def __init__(
        self,
        conductor: Wakeable,
        *,
        pending: Callable[[], Sequence[SignalRef]],
        delivered: Callable[[Sequence[int]], None],
        ready_but_asleep: Callable[[], Sequence[RoundRef]] = tuple,
    ) -> None:
        self._conductor = conductor
        self._pending, self._delivered, self._ready_but_asleep = pending, delivered, ready_but_asleep
        self._under_way: dict[int, Future[None]] = {}
        self._nudges: dict[UUID, tuple[float, float]] = {}

    def deliver(self) -> None:
        """Wake the rounds of new signals, and mark those signals whose wakes have arrived."""
        for signal in sorted(self._pending()):
            if signal.id not in self._under_way:
                self._under_way[signal.id] = self._conductor.wake(signal.round_id, signal.code)
        over = [number for number, wake in self._under_way.items() if wake.done()]
        arrived = [number for number in over if not self._lost(number)]
        if arrived:
            self._delivered(arrived)
        for number in over:  # a lost one is still pending in the database, so it is tried again
            del self._under_way[number]

    def _lost(self, number: int) -> bool:
        wake = self._under_way[number]
        return wake.cancelled() or wake.exception() is not None

    def reconcile(self, *, now: Callable[[], float] = time.monotonic) -> None:
        """Wake rounds that could go on but sleep: wakes do get lost, and steps do fail.

        Only at the second look: at the first, somebody may just have clicked, and the signal is on its way. One that
        goes on sleeping is left alone for twice as long each time: it fails, and its fault is no better for being
        repeated every second.
        """
        asleep = {ref.round_id: ref for ref in self._ready_but_asleep() if not self._conductor.is_awake(ref.round_id)}
        self._nudges = {key: nudge for key, nudge in self._nudges.items() if key in asleep}
        for ref in asleep.values():
            seen = ref.round_id in self._nudges
            due, pause = self._nudges.get(ref.round_id, (now(), FIRST_NUDGE_SECONDS))
            if seen and now() >= due:
                log.warning("round %s could go on but sleeps: woken", ref.code)
                self._conductor.wake(ref.round_id, ref.code)
                due, pause = now() + pause, min(pause * 2, LAST_NUDGE_SECONDS)
            self._nudges[ref.round_id] = due, pause
