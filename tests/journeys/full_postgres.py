"""A PostgreSQL with all of its extensions, from Debian's packages: Prefect's own database needs ``pg_trgm``.

The one that comes as a Python package (used everywhere else) has no extensions. The server refuses to run as root, so
root starts it as the user ``postgres``.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

PROGRAMS = Path("/usr/lib/postgresql")


class FullPostgres:
    """One server with its data in a folder of its own."""

    def __init__(self, folder: Path, port: int) -> None:
        self._folder = folder
        self._programs = max(PROGRAMS.glob("*/bin"), key=lambda p: int(p.parent.name))
        self._options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
        self.address = f"postgresql://postgres@127.0.0.1:{port}/postgres"
        _run(self._programs / "initdb", "-D", self._data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")

    @property
    def _data(self) -> str:
        return str(self._folder / "data")

    def start(self) -> None:
        """Start, and wait until it takes connections; after a kill it recovers first."""
        log = str(self._folder / "log")
        _run(self._programs / "pg_ctl", "-D", self._data, "-w", "-o", self._options, "-l", log, "start")

    def kill(self) -> None:
        """Kill it (SIGKILL), as a power cut would."""
        number = int((Path(self._data) / "postmaster.pid").read_text().splitlines()[0])
        os.kill(number, signal.SIGKILL)
        while Path(f"/proc/{number}").exists():
            time.sleep(0.05)
        time.sleep(1)  # its children notice that they are orphans

    def stop(self) -> None:
        """End it without ceremony."""
        _run(self._programs / "pg_ctl", "-D", self._data, "-m", "immediate", "stop")


@contextmanager
def full_postgres(port: int) -> Iterator[FullPostgres]:
    """Run a server on a loopback port."""
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    server = FullPostgres(folder, port)
    server.start()
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _run(*command: str | Path) -> None:
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    subprocess.run([*as_user, *map(str, command)], check=True, capture_output=True, cwd="/")


def create(server: str, *names: str) -> list[str]:
    """Create databases; return their addresses."""
    with psycopg.connect(server, autocommit=True) as connection:
        for name in names:
            connection.execute(f"CREATE DATABASE {name}")
    return [f"{server.rpartition('/')[0]}/{name}" for name in names]
