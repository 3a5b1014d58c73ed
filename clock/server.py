"""Prefect's own server in a daemon thread of this process, on a loopback port. Import it late: it imports Prefect."""

import logging
import socket
import threading
import time

import uvicorn
from prefect.events.clients import NullEventsClient
from prefect.events.worker import EventsWorker
from prefect.logging.handlers import APILogWorker
from prefect.server.api.server import create_app
from prefect.server.database import dependencies
from prefect.server.events import stream as events_stream
from prefect.server.logs import stream as logs_stream
from prefect.server.utilities.messaging.memory import Topic

from kit.prefect_home import Home

log = logging.getLogger("jingpin.clock")

START_SECONDS = 60  # the first start on a slow disk may have to migrate
STOP_SECONDS = 2.0  # at least, however long the steps under way have taken
POLL_SECONDS = 0.005
RUN_LOGS = ("prefect.flow_runs", "prefect.task_runs")


class ServerError(RuntimeError):
    """Prefect's server does not start; its own words are in the log."""


class Server:
    """One start and one stop of Prefect's server."""

    def __init__(self, home: Home, listener: socket.socket) -> None:
        self._home, self._listener = home, listener
        self._uvicorn: uvicorn.Server | None = None
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._serve, name="prefect-server", daemon=True)

    def start(self) -> None:
        """Start and return when the API answers.

        :raises ServerError: when it does not come up.
        """
        self._thread.start()
        until = time.monotonic() + START_SECONDS
        while not (self._uvicorn and self._uvicorn.started):
            if not self._thread.is_alive() or time.monotonic() > until:
                raise ServerError(f"Prefect's server did not start: {self._error or 'see the log'}") from self._error
            time.sleep(POLL_SECONDS)

    def is_alive(self) -> bool:
        """Return whether the server runs."""
        return self._thread.is_alive()

    def stop(self, seconds: float) -> bool:
        """Send what is still under way to the server, then end it; return whether it ended in time."""
        if self._thread.is_alive():
            EventsWorker.drain_all(timeout=seconds / 3)
            APILogWorker.drain_all(timeout=seconds / 3)
        _speak(to_a_server=False)
        if self._uvicorn:
            self._uvicorn.should_exit = True
        if self._thread.ident:
            self._thread.join(max(seconds, STOP_SECONDS))
        self._listener.close()
        return not self._thread.is_alive()

    def _serve(self) -> None:
        try:
            with self._home.inside():
                self._uvicorn = uvicorn.Server(_config())
                self._uvicorn.run(sockets=[self._listener])
        except BaseException as error:
            self._error = error
            log.exception("Prefect's server ended")


def _config() -> uvicorn.Config:
    _forget_earlier_homes()
    _speak(to_a_server=True)
    return uvicorn.Config(
        create_app(ignore_cache=True),
        log_config=None,
        access_log=False,
        lifespan="on",
        timeout_keep_alive=75,
        timeout_graceful_shutdown=1,
    )


def _forget_earlier_homes() -> None:
    """Drop what an earlier home of this process left behind: another database, another event loop."""
    dependencies.MODELS_DEPENDENCIES["database_config"] = None
    Topic.clear_all()
    for stream in (events_stream, logs_stream):
        vars(stream).update(_distributor_task=None, _distributor_started=None)


def _speak(*, to_a_server: bool) -> None:
    """Let runs send their events and logs, or not: to a server that is gone they would try for ten seconds."""
    EventsWorker.set_client_override(None if to_a_server else NullEventsClient)
    for name in RUN_LOGS:
        logging.getLogger(name).disabled = not to_a_server
