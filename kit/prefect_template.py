"""An empty, migrated database of Prefect, kept in a cache: copying it takes milliseconds, migrating ten seconds.

It is made in a process of its own, because Prefect reads its environment only once.
"""

import fcntl
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

from kit import prefect_home


def path_in(cache: Path) -> Path:
    """Return where the template of the installed version of Prefect lies in a cache."""
    return cache / f"prefect-{prefect_home.version()}.db"


def ui_in(cache: Path) -> Path:
    """Return where the pages of Prefect's UI lie in a cache; Prefect would put them into its own package."""
    return cache / f"prefect-{prefect_home.version()}-ui"


def build_template(cache: Path) -> Path:
    """Return the template, and make it if it is missing. Two that ask at the same time make it once."""
    cache.mkdir(parents=True, exist_ok=True)
    target = path_in(cache)
    with (cache / "prefect.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not target.exists():
            _build(cache, target)
    return target


def _build(cache: Path, target: Path) -> None:
    with tempfile.TemporaryDirectory(dir=cache, prefix="prefect-") as folder:
        root = Path(__file__).resolve().parent.parent
        made = subprocess.run(  # noqa: S603 - our own module
            [sys.executable, "-m", "kit.prefect_template", folder, str(ui_in(cache))],
            cwd=root,
            capture_output=True,
            text=True,
            check=False,
        )
        if made.returncode:
            raise RuntimeError(f"Prefect's database could not be made: {made.stderr[-2000:]}")
        _compact(Path(folder) / "prefect.db")
        (Path(folder) / "prefect.db").rename(target)


def _compact(database: Path) -> None:
    connection = sqlite3.connect(database, isolation_level=None)
    connection.execute("PRAGMA journal_mode = DELETE")  # one file, no -wal beside it
    connection.execute("VACUUM")
    connection.close()


def copy_template(cache: Path, folder: Path) -> None:
    """Give a home its database, unless it has one. The copy is complete or not there."""
    database = folder / "prefect.db"
    if database.exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    part = database.with_suffix(".part")
    shutil.copyfile(build_template(cache), part)
    part.chmod(0o600)
    part.rename(database)


def make_empty(folder: Path, ui: Path) -> None:
    """Migrate an empty database in ``folder`` and lay out the UI's pages; in a process of its own."""
    prefect_home.Home(folder, port=0, ui=ui).prepare()
    import asyncio  # noqa: PLC0415 - with Prefect

    from prefect.server.api.server import create_ui_app  # noqa: PLC0415 - Prefect is imported after ``prepare``
    from prefect.server.database import provide_database_interface  # noqa: PLC0415 - ditto

    asyncio.run(provide_database_interface().create_db())
    create_ui_app(ephemeral=False)


if __name__ == "__main__":
    make_empty(Path(sys.argv[1]), Path(sys.argv[2]))
    sys.stdout.flush()
    os._exit(0)  # Prefect's threads are slow to end, and everything is on disk
