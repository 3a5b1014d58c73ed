"""One process with everything in it (SQLite), killed at random while rounds are under way."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from cli.app import run as jingpin
from kit.settings import settings
from tests.chaos import checks
from tests.chaos.people import People, launch

PATIENCE = 240.0


@dataclass
class Report:
    """What was killed, how often people acted, what is wrong at the end."""

    seed: int
    kills: list[str] = field(default_factory=list)
    acts: int = 0
    faults: list[str] = field(default_factory=list)


def serving(home: Path, log: Path) -> "subprocess.Popen[bytes]":
    """Start a server in a process group of its own."""
    with log.open("a") as out:
        return subprocess.Popen(
            [sys.executable, "-m", "cli", "serve", "--port", "0"],
            env={**os.environ, "JINGPIN_HOME": str(home)},
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def chaos(home: Path, *, seed: int, rounds: int, seconds: float, tell: Callable[[str], None] = print) -> Report:
    """Kill the server at random for so many seconds, then let every round end; return what happened.

    ``JINGPIN_HOME`` must be ``home``, with a database.
    """
    report, chance = Report(seed), random.Random(seed)
    codes = [f"C-{n:02d}" for n in range(rounds)]
    for code in codes:
        launch(code)
    people = People(codes, chance)
    log = home / "serve.log"
    server = serving(home, log)
    began = time.monotonic()
    next_kill = began + chance.uniform(2, 8)
    try:
        while not (checks.finished(codes) and checks.quiet()):
            assert time.monotonic() - began < seconds + PATIENCE, f"not finished: {log.read_text()[-2000:]}"
            report.acts += bool(people.tend())
            if time.monotonic() > next_kill and time.monotonic() - began < seconds:
                os.killpg(server.pid, signal.SIGKILL)
                server.wait()
                report.kills.append(f"{time.monotonic() - began:.1f} s: server")
                tell(report.kills[-1])
                server = serving(home, log)
                next_kill = time.monotonic() + chance.uniform(1, 10)
            time.sleep(chance.uniform(0.01, 0.15))
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(30)
    report.faults = [*checks.faults(codes), *_mail_faults(home)]
    settings.cache_clear()
    if jingpin(["verify"]):
        report.faults.append("jingpin verify finds differences")
    return report


def _mail_faults(home: Path) -> list[str]:
    sent, files = checks.messages_sent(), len(list((home / "outbox").glob("*.eml")))
    return [] if 0 < sent == files else [f"{sent} messages say that they were sent, {files} lie in the outbox"]
