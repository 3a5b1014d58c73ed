"""The product's own command in a process of its own: seconds, CPU, and how much memory it took at most."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]


class Spent(NamedTuple):
    """What one process took: seconds by the wall, seconds of CPU, megabytes at its peak."""

    wall: float
    cpu: float
    memory: float


def spent(*command: str, home: Path) -> Spent:
    """Run ``python …`` and return what it took.

    :raises RuntimeError: when it fails, with what it said.
    """
    environment = {k: v for k, v in os.environ.items() if not k.startswith("JINGPIN_") or k == "JINGPIN_CACHE"}
    environment |= {"JINGPIN_HOME": str(home), "PYTHONPATH": str(ROOT)}
    with tempfile.TemporaryFile() as said:
        began = time.perf_counter()
        process = subprocess.Popen([sys.executable, *command], env=environment, stdout=said, stderr=said)
        _pid, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            raise RuntimeError(f"{' '.join(command)}: {said.read().decode()[-2000:]}")
    return Spent(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)
