"""The conductor: Prefect embedded in this process, and the threads that drive the rounds.

A wake means "look again". Nothing of Prefect is imported before ``start``.
"""

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

from clock import DRIVERS
from clock.lock import Baton, try_conduct
from clock.wishes import Wish, Wishes
from kit import prefect_home, prefect_template
from kit.settings import settings
from tasks import stopping

if TYPE_CHECKING:
    from prefect import Flow

    from clock.executor import Executor
    from clock.server import Server

log = logging.getLogger("jingpin.clock")

STOP_SECONDS = 8.0

_one_at_a_time = threading.Lock()  # Prefect keeps its database and its event loop in globals of the process


class HomeTakenError(RuntimeError):
    """Another process conducts this home: leave signals, it will find them."""


class Conductor:
    """Drives the rounds of one home, from ``start`` to ``stop``, once; its flow is loaded when Prefect may be."""

    def __init__(
        self,
        home: Path,
        flow_loader: "Callable[[], Flow[..., Any]]",
        *,
        workers: int = 2,
        port: int = 0,
        cache: Path | None = None,
    ) -> None:
        self._home, self._folder, self._flow_loader = home, home / "prefect", flow_loader
        self._workers, self._port, self._cache = workers, port, cache or settings().cache
        self._wishes = Wishes()
        self._failures: dict[UUID, str] = {}
        self._threads: list[threading.Thread] = []
        self._baton: Baton | None = None
        self._server: Server | None = None
        self._executor: Executor | None = None
        self._begun = self._ending = False

    def start(self) -> None:
        """Start Prefect's server and the drivers, and take up what a killed process left unfinished.

        :raises HomeTakenError: when another process conducts this home.
        """
        if not _one_at_a_time.acquire(blocking=False):
            raise RuntimeError("one conductor at a time in one process")
        self._begun = True
        stopping.forget()
        try:
            self._baton = _baton_of(self._home)
            self._open()
        except BaseException:
            self.stop()
            raise
        for round_id, code in self._driver.unfinished():
            self.wake(round_id, code)
        for number in range(self._workers):
            thread = threading.Thread(target=self._work, name=f"{DRIVERS}{number}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def _open(self) -> None:
        prefect_template.copy_template(self._cache, self._folder)
        listener = prefect_home.listen(self._port)
        self._port = listener.getsockname()[1]
        home = prefect_home.Home(self._folder, port=self._port, ui=prefect_template.ui_in(self._cache))
        home.prepare()
        # Only now: both import Prefect, which reads its environment when it is imported.
        from clock.executor import Executor  # noqa: PLC0415 - see above
        from clock.server import Server  # noqa: PLC0415 - see above

        self._server = Server(home, listener)
        self._server.start()
        if self._baton:
            self._baton.tell(self.ui_url)
        self._executor = Executor(self._flow_loader(), home)
        self._executor.deploy()

    @property
    def _driver(self) -> "Executor":
        if self._executor is None:
            raise RuntimeError("the conductor is not started")
        return self._executor

    def stop(self, seconds: float = STOP_SECONDS) -> bool:
        """Let the steps under way end or leave off, then Prefect; return whether all did within ``seconds``.

        What could not goes on from the top at the next start. The home stays ours then, until this process ends or
        a later ``stop`` finds the step over.
        """
        until = time.monotonic() + seconds
        self._ending = True
        stopping.tell()
        self._wishes.close()
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic() - 1))
        if self._begun and (self._server is None or self._server.stop(until - time.monotonic())):
            self._begun = False
            _one_at_a_time.release()
        quiet = not self._begun and not any(thread.is_alive() for thread in self._threads)
        if quiet:
            stopping.forget()  # nobody is left to leave off; what this process does next is no step of ours
        if quiet and self._baton:
            self._baton.lay_down()
        return quiet

    def is_up(self) -> bool:
        """Return whether Prefect's server is still there; one that has ended does not come back by itself."""
        return self._server is not None and self._server.is_alive()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def wake(self, round_id: UUID, code: str) -> "Future[None]":
        """Have a round looked at again, now or when the look under way is over; returns at once.

        The future is done when the wake can no longer get lost, even if this process is killed. An exception in it
        means that Prefect did not take the wake.
        """
        return self._wishes.add(round_id, code)

    def cancel(self, round_id: UUID) -> "Future[None]":
        """Mark a round's run as cancelled in Prefect, after the look under way; a later wake revives it."""
        return self._wishes.add(round_id, None)

    def is_awake(self, round_id: UUID) -> bool:
        """Return whether a round is being driven or about to be."""
        return self._wishes.concern(round_id)

    def wait_idle(self, seconds: float | None = None) -> bool:
        """Wait until no run is driven and no wake waits; return whether that came in time."""
        return self._wishes.wait_idle(seconds)

    def failures(self) -> dict[UUID, str]:
        """Return what went wrong at the last look at a round, for the rounds where something did."""
        return dict(self._failures)

    def state_of(self, round_id: UUID) -> str:
        """Return the name of the state in which Prefect has a round's run; empty when it has none."""
        return self._driver.state_of(round_id)

    @property
    def ui_url(self) -> str:
        """Return the address of Prefect's own pages, on this machine only."""
        return f"http://127.0.0.1:{self._port}"

    def run_url(self, round_id: UUID) -> str:
        """Return the address of a round's run in Prefect's own pages; empty when it has none."""
        run_id = self._driver.run_id_of(round_id)
        return f"{self.ui_url}/runs/flow-run/{run_id}" if run_id else ""

    def _work(self) -> None:
        with self._driver.client():
            while taken := self._wishes.take():
                round_id, wish = taken
                try:
                    self._carry_out(round_id, wish)
                except BaseException as error:  # noqa: BLE001 - a driver must outlive whatever a flow raises
                    self._fail(round_id, wish, error)
                finally:
                    self._wishes.done(round_id)

    def _carry_out(self, round_id: UUID, wish: Wish) -> None:
        if wish.code is None:
            self._driver.cancel(round_id)
            wish.taken.set_result(None)
        else:
            run = self._driver.schedule(round_id, wish.code)
            wish.taken.set_result(None)
            self._driver.drive(run)
        self._failures.pop(round_id, None)

    def _fail(self, round_id: UUID, wish: Wish, error: BaseException) -> None:
        if not wish.taken.done():
            wish.taken.set_exception(error)
        if self._ending:  # Prefect is going down under a step that took too long; the next start repeats it
            return
        self._failures[round_id] = str(error) or type(error).__name__
        if self._driver.was_busy(error):
            log.warning("Prefect was too busy for round %s (%s); it is asked again", wish.code, round_id)
            return
        log.error("round %s (%s) failed", wish.code, round_id, exc_info=error)


def _baton_of(home: Path) -> Baton:
    baton = try_conduct(home)
    if baton is None:
        raise HomeTakenError(str(home))
    return baton
