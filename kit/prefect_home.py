"""A Prefect of one's own: a private home and database, on this machine only, silent, watching nobody.

Prefect reads its environment once, when it is first imported, so ``prepare`` comes before that. Whatever Prefect does
later happens ``inside`` a home, so that one process may use several homes one after the other (tests do).
"""

import json
import os
import socket
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version as version_of
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from prefect.context import SettingsContext

QUIET: Final[Mapping[str, Any]] = {
    "server.analytics_enabled": False,
    "cloud.enable_orchestration_telemetry": False,
    "telemetry.enable_resource_metrics": False,
    "server.ui.show_promotional_content": False,
}
"""Nothing is told to anybody; holds for a worker as well as for an embedded server."""

EMBEDDED: Final[Mapping[str, Any]] = {
    **QUIET,
    "client.server_version_check_enabled": False,  # client and server are the same process
    "client.csrf_support_enabled": False,
    "client.max_retries": 3,  # a step that outlives the server at a stop shall not hang on for minutes
    "flows.heartbeat_frequency": None,  # costs a second a run in-process; a run that died is found at the next start
    "server.register_blocks_on_start": False,  # no block is ever used
    # What is not needed for one executor without schedules costs CPU for ever, and rows in the database.
    "server.services.scheduler.enabled": False,
    "server.services.late_runs.enabled": False,
    "server.services.foreman.enabled": False,
    "server.services.pause_expirations.enabled": False,
    "server.services.repossessor.enabled": False,
    "server.services.cancellation_cleanup.enabled": False,
    "server.services.cleanup_reconciler.enabled": False,
    "server.services.triggers.enabled": False,
    "server.services.event_persister.enabled": False,
    # One transaction for many task events, not one each: a third of the CPU of a task call.
    "server.services.task_run_recorder.batch_size": 500,
    "server.services.task_run_recorder.read_batch_size": 100,
    "server.services.task_run_recorder.flush_interval": 1,
    "logging.to_api.when_missing_flow": "ignore",
}

REMOTE: Final[Mapping[str, Any]] = {
    "worker.query_seconds": 1,
    "worker.prefetch_seconds": 2,
    "client.max_retries": 3,  # the clock tries again every second anyway
    "client.server_version_check_enabled": False,
    "logging.to_api.when_missing_flow": "ignore",
}
"""A click shall not wait ten seconds until a worker asks for work."""

CREDENTIALS: Final = {"PREFECT_API_KEY", "PREFECT_API_AUTH_STRING"}

LOGGING: Final[Mapping[str, Any]] = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {
        "silent": {"class": "logging.NullHandler"},  # else Python prints warnings that nobody handles
        "api": {"class": "prefect.logging.handlers.APILogHandler"},
    },
    "loggers": {
        "prefect": {"level": "WARNING", "handlers": ["silent"]},
        "prefect.flow_runs": {"level": "INFO", "handlers": ["api"], "propagate": False},
        "prefect.task_runs": {"level": "WARNING", "handlers": ["api"], "propagate": False},
        "prefect.extra": {"level": "WARNING", "handlers": ["api"], "propagate": False},
        "prefect._internal": {"level": "WARNING", "handlers": ["silent"], "propagate": False},
        "EventsWorker": {"level": "WARNING", "handlers": ["silent"]},  # these two are named by their classes alone
        "APILogWorker": {"level": "WARNING", "handlers": ["silent"]},
        "uvicorn": {"level": "WARNING", "handlers": ["silent"]},
        "docket": {"level": "WARNING", "handlers": ["silent"]},
    },
}
"""No console: what runs say stands in Prefect's own UI, troubles of the server go to whatever root logger there is."""


def version() -> str:
    """Return the version of Prefect without importing it."""
    return version_of("prefect")


def quiet() -> None:
    """Let no Prefect of this process tell anything to anybody; only effective before Prefect is imported."""
    os.environ["DO_NOT_TRACK"] = "1"
    os.environ.update(_variables(QUIET))


def use_server(api_url: str, folder: Path) -> None:
    """Let this process, and those that it starts, use a Prefect server elsewhere; before Prefect is imported.

    An inherited ``PREFECT_…`` variable speaks of another Prefect and is dropped, but for the credentials.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name in [name for name in os.environ if name.startswith("PREFECT_") and name not in CREDENTIALS]:
        del os.environ[name]
    quiet()
    os.environ.update(_variables({**REMOTE, "api.url": api_url, "home": str(folder)}))


def listen(port: int) -> socket.socket:
    """Return a bound loopback socket for a server; port 0 is any that is free, and nobody can take it meanwhile."""
    # With its protocol named: only then asyncio sets TCP_NODELAY, without which every second answer is 40 ms late.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
    except OSError:
        listener.close()
        raise
    return listener


@dataclass(frozen=True)
class Home:
    """A folder for everything that Prefect writes, the loopback port of its server, and the pages of its UI."""

    folder: Path
    port: int
    ui: Path

    def settings(self) -> dict[str, Any]:
        """Return Prefect's settings by their dotted names."""
        return {
            **EMBEDDED,
            "home": str(self.folder),
            "api.url": f"http://127.0.0.1:{self.port}/api",
            "server.api.host": "127.0.0.1",
            "server.api.port": self.port,
            "server.database.connection_url": f"sqlite+aiosqlite:///{self.folder / 'prefect.db'}",
            "server.memo_store_path": str(self.folder / "memo_store.toml"),
            "server.ui.static_directory": str(self.ui),
            "results.local_storage_path": str(self.folder / "storage"),
            "logging.config_path": str(self.folder / "logging.yml"),
        }

    def prepare(self) -> None:
        """Make the folder and, before Prefect is imported, this process's environment.

        An inherited ``PREFECT_…`` variable speaks of another Prefect and is dropped.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "logging.yml").write_text(json.dumps(LOGGING, indent=1), encoding="utf-8")
        if "prefect" in sys.modules:
            self._take_over_logging()
            return
        for name in [name for name in os.environ if name.startswith("PREFECT_")]:
            del os.environ[name]
        quiet()
        os.environ.update(_variables(self.settings()))

    def _take_over_logging(self) -> None:
        """Silence a Prefect that somebody imported before its environment was set."""
        from prefect.logging.configuration import setup_logging  # noqa: PLC0415 - not before ``prepare``

        with self.inside():
            setup_logging(incremental=False)

    @contextmanager
    def inside(self) -> Iterator[None]:
        """Use this Prefect in this thread."""
        with _context(self).model_copy():
            yield


@lru_cache(maxsize=4)
def _context(home: Home) -> "SettingsContext":
    """Return a home's settings as Prefect wants them; reading them takes 0.1 s."""
    from prefect.context import SettingsContext, get_settings_context  # noqa: PLC0415 - not before ``prepare``

    now = get_settings_context()
    updates: Any = home.settings()  # Prefect's type of the names is a list of all of them
    return SettingsContext(profile=now.profile, settings=now.settings.copy_with_update(updates=updates))


def _variables(settings: Mapping[str, Any]) -> dict[str, str]:
    known = {name: value for name, value in settings.items() if value is not None}
    return {f"PREFECT_{name.replace('.', '_').upper()}": _word(value) for name, value in known.items()}


def _word(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
