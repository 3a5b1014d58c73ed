"""What is wanted of which round, and by whom it is being carried out: the conductor's memory, without any Prefect.

One wish per round waits at most: a second wake says nothing new. A wish for a round that is being driven waits until
that is over, because what it speaks of may have happened after the flow looked.
"""

import threading
from concurrent.futures import Future
from dataclasses import dataclass, field
from uuid import UUID


@dataclass
class Wish:
    """A look at a round, or its cancellation (no code); ``taken`` is done when the wish can no longer get lost."""

    code: str | None
    taken: "Future[None]" = field(default_factory=Future)


class Wishes:
    """A queue with one place per round; every method may be called from any thread."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._waiting: dict[UUID, Wish] = {}
        self._driven: set[UUID] = set()
        self._closed = False

    def add(self, round_id: UUID, code: str | None) -> "Future[None]":
        """Want a look at a round (``code``) or its cancellation (None); the last word counts."""
        with self._changed:
            wish = self._waiting.setdefault(round_id, Wish(code))
            wish.code = code
            if self._closed:
                wish.taken.cancel()
            self._changed.notify_all()
            return wish.taken

    def take(self) -> tuple[UUID, Wish] | None:
        """Wait for a wish whose round nobody drives, and take it; None when there is nothing more to do."""
        with self._changed:
            while not self._closed:
                for round_id in self._waiting:
                    if round_id not in self._driven:
                        return self._taken(round_id)
                self._changed.wait()
        return None

    def _taken(self, round_id: UUID) -> tuple[UUID, Wish]:
        wish = self._waiting.pop(round_id)
        wish.taken.set_running_or_notify_cancel()  # nobody can cancel it any more
        self._driven.add(round_id)
        return round_id, wish

    def done(self, round_id: UUID) -> None:
        """Say that what was taken for a round is over."""
        with self._changed:
            self._driven.discard(round_id)
            self._changed.notify_all()

    def concern(self, round_id: UUID) -> bool:
        """Return whether a round is being driven or about to be."""
        with self._changed:
            return round_id in self._waiting or round_id in self._driven

    def wait_idle(self, seconds: float | None) -> bool:
        """Wait until nothing is wanted and nothing is driven; return whether that came in time."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._waiting and not self._driven, seconds)

    def close(self) -> None:
        """Hand out nothing more; what still waits is not taken."""
        with self._changed:
            self._closed = True
            for wish in self._waiting.values():
                wish.taken.cancel()
            self._changed.notify_all()
