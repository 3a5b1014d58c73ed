"""Processes that share one PostgreSQL and one Prefect server, as on many machines."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx

from kit.prefect_home import QUIET, _variables
from tests.journeys.full_postgres import FullPostgres, create, full_postgres

PATIENCE = 150.0


def free_port() -> int:
    """Return a port that nobody listens to."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(true: Callable[[], object], what: str, *, patience: float = PATIENCE) -> None:
    """Wait until something is true; ``what`` is said when it does not become so."""
    end = time.monotonic() + patience
    while not true():
        assert time.monotonic() < end, what
        time.sleep(0.2)


class Machines:
    """Machines by name, each with a data directory and a log of its own."""

    def __init__(self, folder: Path, environment: dict[str, str], postgres: FullPostgres, prefect_port: int) -> None:
        self.folder, self.environment, self.postgres = folder, environment, postgres
        self._prefect_port = prefect_port
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str, *command: str) -> None:
        """Start a machine: ``python …``."""
        with (self.folder / f"{name}.log").open("a") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, *command],
                env={**self.environment, "JINGPIN_HOME": str(self.folder / name)},
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def start_prefect(self) -> None:
        """Start Prefect's server and wait until it answers."""
        at = ("--host", "127.0.0.1", "--port", str(self._prefect_port))
        self.start("prefect-server", "-m", "prefect", "server", "start", *at)
        until(lambda: _answers(f"http://127.0.0.1:{self._prefect_port}/api/health"), "Prefect's server answers")

    def start_web(self, name: str) -> None:
        """Start a web process."""
        self.start(name, "-m", "cli", "serve", "--port", str(free_port()))

    def start_worker(self, name: str, *, limit: int = 2) -> None:
        """Start a worker."""
        self.start(name, "-m", "cli", "worker", "--limit", str(limit))

    def kill(self, name: str) -> None:
        """Kill a machine (SIGKILL): the process and everything that it started."""
        process = self.processes.pop(name)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def end(self) -> dict[str, int]:
        """Tell every machine to stop (SIGTERM); return their exit statuses."""
        for process in self.processes.values():
            process.send_signal(signal.SIGTERM)
        return {name: process.wait(90) for name, process in self.processes.items()}

    def kill_all(self) -> None:
        """Leave nothing running."""
        for name in list(self.processes):
            self.kill(name)


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=30).is_success
    except httpx.HTTPError:
        return False


@contextmanager
def machines(folder: Path, *, takeover_seconds: int = 10) -> Iterator[tuple[Machines, dict[str, str]]]:
    """Start PostgreSQL and Prefect's server; return the machines, and the settings that all of them share."""
    port = free_port()
    with full_postgres(free_port()) as postgres:
        ours, prefects = create(postgres.address, "ours", "prefects")
        inherited = {k: v for k, v in os.environ.items() if not k.startswith(("PREFECT_", "JINGPIN_"))}
        shared = {
            "JINGPIN_DATABASE_URL": ours,
            "JINGPIN_PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
            "JINGPIN_TAKEOVER_SECONDS": str(takeover_seconds),
        }
        prefect = {
            **_variables(QUIET),
            "DO_NOT_TRACK": "1",
            "PREFECT_HOME": str(folder / "prefect"),
            "PREFECT_API_DATABASE_CONNECTION_URL": prefects.replace("postgresql:", "postgresql+asyncpg:"),
        }
        found = Machines(folder, {**inherited, **shared, **prefect}, postgres, port)
        try:
            found.start_prefect()
            yield found, shared
        finally:
            found.kill_all()
