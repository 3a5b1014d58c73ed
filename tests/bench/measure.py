"""Measure: wall and CPU time, a fresh database, a figure beside its floor."""

import os
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
    """Seconds by the wall, and seconds of CPU of this process and its children."""

    wall: float = 0.0
    cpu: float = 0.0


class Figure(NamedTuple):
    """One measured value beside its floor, measured in the same run; ``promise`` says what the ratio should be."""

    name: str
    value: float
    unit: str
    floor: float | None = None
    floor_name: str = ""
    promise: str = ""

    def line(self) -> str:
        """Return the figure as one line of the report."""
        text = f"{self.name:<58} {self.value:10.3f} {self.unit}"
        if self.floor:
            text += (
                f"   floor {self.floor:.3f} ({self.floor_name})   ratio {self.value / self.floor:.2f} {self.promise}"
            )
        return text


@contextmanager
def timed() -> Iterator[Clock]:
    """Measure what happens inside the block."""
    clock, wall, cpu = Clock(), time.perf_counter(), _cpu()
    yield clock
    clock.wall, clock.cpu = time.perf_counter() - wall, _cpu() - cpu


def _cpu() -> float:
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


@contextmanager
def database() -> Iterator[Path]:
    """Work in a fresh SQLite database of its own."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["JINGPIN_HOME"] = folder
        settings.cache_clear()
        schema.upgrade(databases.engine())
        try:
            yield Path(folder)
        finally:
            databases.forget()
            settings.cache_clear()
