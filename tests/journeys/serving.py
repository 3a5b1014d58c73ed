"""``jingpin serve`` as a process of its own, for as long as a test needs it."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.journeys.command import ROOT

STOP_SECONDS = 60
"""Longer than any stop takes; how long it does take is a figure of ``make bench``."""

PATIENCE = 150.0


@dataclass
class Serving:
    """A serving process: where it answers, and what it says."""

    process: subprocess.Popen[bytes]
    log: Path
    address: str = ""

    def said(self) -> str:
        """Return everything that it has said so far."""
        return self.log.read_text(encoding="utf-8")

    def conducts(self) -> bool:
        """Return whether it conducts the rounds: Prefect has started, and nobody else can take the home any more."""
        return "Prefect http" in self.said()

    def stop(self) -> int:
        """Tell it to stop; return its exit status.

        :raises subprocess.TimeoutExpired: when it takes too long.
        """
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(STOP_SECONDS)


@contextmanager
def serving(home: Path, **settings: str) -> Iterator[Serving]:
    """Start ``serve`` on a port of its own; the settings of this process hold there too. It is stopped at the end."""
    log = home.parent / f"{home.name}.serve.log"
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "JINGPIN_HOME": str(home), "JINGPIN_PORT": "0", **settings}
    with log.open("ab") as out:
        process = subprocess.Popen([sys.executable, "-m", "cli", "serve"], env=environment, stdout=out, stderr=out)
    served = Serving(process, log)
    try:
        until(lambda: _address(served), f"serve does not start: {served.said()}")
        served.address = _address(served)
        yield served
        if process.poll() is None:
            assert served.stop() == 0, served.said()
    finally:
        process.kill()
        process.wait()


def _address(served: Serving) -> str:
    assert served.process.poll() is None, served.said()
    found = re.search(r"http://127\.0\.0\.1:\d+", served.said())
    return found[0] if found else ""


def until(true: Callable[[], object], what: str) -> None:
    """Wait until something is true; ``what`` is said when it does not become so."""
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, what
        time.sleep(0.1)
