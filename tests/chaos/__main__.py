"""``python -m tests.chaos``: the long version. Kills at random for minutes, prints what it killed and what it found.

``--seed N`` repeats a run's choices; ``--seconds``, ``--rounds``, and ``embedded`` or ``fleet`` alone are up to you.
"""

import argparse
import os
import random
import sys
import tempfile
import time
from pathlib import Path

from cli.app import run as jingpin
from kit.settings import settings
from models import database
from tests.chaos import embedded, fleet
from tests.chaos.embedded import Report


def main() -> int:
    """Run what was asked for; the exit status is 1 when something did not come out as it should have."""
    asked = argparse.ArgumentParser(prog="python -m tests.chaos")
    asked.add_argument("kinds", nargs="*", default=["embedded", "fleet"])
    asked.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    asked.add_argument("--seconds", type=float, default=300)
    asked.add_argument("--rounds", type=int, default=36)
    given = asked.parse_args()
    reports = [_one(kind, given.seed, given.rounds, given.seconds) for kind in given.kinds]
    return 1 if any(report.faults for report in reports) else 0


def _one(kind: str, seed: int, rounds: int, seconds: float) -> Report:
    print(f"== {kind}, seed {seed}: {rounds} rounds, kills for {seconds:.0f} s", flush=True)  # noqa: T201 - a report
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as directory:
        folder = Path(directory)
        os.environ["JINGPIN_HOME"] = str(folder)
        settings.cache_clear()
        if kind == "embedded":
            assert jingpin(["init"]) == 0
            report = embedded.chaos(folder, seed=seed, rounds=rounds, seconds=seconds)
        else:
            report = fleet.chaos(folder, seed=seed, rounds=rounds, seconds=seconds)
    database.forget()
    took = time.monotonic() - began
    print(f"{len(report.kills)} kills, {report.acts} acts of people, {took:.0f} s; faults: {report.faults or 'none'}")  # noqa: T201 - a report
    return report


if __name__ == "__main__":
    sys.exit(main())
