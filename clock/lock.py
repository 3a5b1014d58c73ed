"""Exactly one process conducts a home; the others leave signals in the database and the conductor finds them.

The operating system holds the lock, so a killed process frees it. A forked child would keep it: start children with
``spawn``.
"""

import fcntl
import os
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Self

FILE_NAME = "conductor.lock"


@dataclass
class Baton:
    """The right to conduct a home, until it is laid down."""

    file: IO[str]

    def tell(self, url: str) -> None:
        """Write down where Prefect's own pages are, for people who ask."""
        self.file.write(f"{url}\n")
        self.file.flush()

    def lay_down(self) -> None:
        """Let another process conduct. Laying it down twice does no harm."""
        self.file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.lay_down()


def try_conduct(home: Path) -> Baton | None:
    """Return the right to conduct ``home``, or None while another conductor has it."""
    home.mkdir(parents=True, exist_ok=True)
    file = (home / FILE_NAME).open("a+", encoding="ascii")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    file.truncate(0)
    file.write(f"{os.getpid()}\n")  # for people who ask who conducts
    file.flush()
    return Baton(file)
