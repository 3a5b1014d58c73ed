"""Many machines (PostgreSQL, Prefect's server, two web processes, two workers), killed at random while rounds go on."""

import os
import random
import time
from collections.abc import Callable
from pathlib import Path

from cli.app import run as jingpin
from kit.settings import settings
from models import database
from tests.chaos import checks
from tests.chaos.embedded import Report
from tests.chaos.people import AWAY, People, launch
from tests.journeys.machines import Machines, machines

PATIENCE = 600.0
MACHINES = ("web-1", "web-2", "worker-1", "worker-2", "prefect-server", "postgres")


def chaos(folder: Path, *, seed: int, rounds: int, seconds: float, tell: Callable[[str], None] = print) -> Report:
    """Kill a machine at random every few seconds for so long, then let every round end; return what happened."""
    report, chance = Report(seed), random.Random(seed)
    with machines(folder, takeover_seconds=20) as (found, shared):
        os.environ.update({**shared, "JINGPIN_HOME": str(folder / "operator")})
        settings.cache_clear()
        assert jingpin(["init"]) == 0
        codes = [f"F-{n:02d}" for n in range(rounds)]
        for code in codes:
            launch(code)
        for name in MACHINES[:4]:
            _start(found, name)
        _go_on(found, People(codes, chance), report, seconds=seconds, tell=tell)
        report.faults = checks.faults(codes)
        if jingpin(["verify"]):
            report.faults.append("jingpin verify finds differences")
        database.forget()
    return report


def _go_on(found: Machines, people: People, report: Report, *, seconds: float, tell: Callable[[str], None]) -> None:
    began = time.monotonic()
    next_kill = began + people.chance.uniform(10, 20)
    while not _done(people):
        passed = time.monotonic() - began
        assert passed < seconds + PATIENCE, "not finished"
        report.acts += bool(people.tend())
        if time.monotonic() > next_kill and passed < seconds:
            name = people.chance.choice(MACHINES)
            report.kills.append(f"{passed:.1f} s: {name}")
            tell(report.kills[-1])
            _kill_and_restart(found, name)
            next_kill = time.monotonic() + people.chance.uniform(5, 25)
        time.sleep(people.chance.uniform(0.05, 0.5))


def _done(people: People) -> bool:
    try:
        return checks.finished(people.codes) and checks.quiet()
    except AWAY:
        return False


def _kill_and_restart(found: Machines, name: str) -> None:
    if name == "postgres":
        found.postgres.kill()
        found.postgres.start()
        return
    found.kill(name)
    _start(found, name)
    for other, process in list(found.processes.items()):
        if process.poll() is not None:  # as systemd or Compose would: what has ended by itself is started again
            found.processes.pop(other)
            _start(found, other)


def _start(found: Machines, name: str) -> None:
    if name == "prefect-server":
        found.start_prefect()
    elif name.startswith("web"):
        found.start_web(name)
    else:
        found.start_worker(name)
