"""A PostgreSQL with all of its extensions, from Debian's packages: Prefect's own database needs ``pg_trgm``.

The one that comes as a Python package (used everywhere else) has no extensions. The server refuses to run as root, so
root starts it as the user ``postgres``.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

PROGRAMS = Path("/usr/lib/postgresql")


@contextmanager
def full_postgres(port: int) -> Iterator[str]:
    """Run a server on a loopback port; return the address of its database ``postgres``."""
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    programs = max(PROGRAMS.glob("*/bin"), key=lambda p: int(p.parent.name))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    data = str(folder / "data")
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
    _run(programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")
    _run(programs / "pg_ctl", "-D", data, "-w", "-o", options, "-l", str(folder / "log"), "start")
    try:
        yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
    finally:
        _run(programs / "pg_ctl", "-D", data, "-m", "immediate", "stop")
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
