"""Start the real command in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "tests" / "samples" / "2026q4-supervisor"


def run(*command: str, home: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run ``python …`` with a data directory of its own; settings as ``JINGPIN_…`` variables."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("JINGPIN_") or k == "JINGPIN_CACHE"}
    environment = {**inherited, "JINGPIN_HOME": str(home), "PYTHONPATH": str(ROOT), **settings}
    return subprocess.run([sys.executable, *command], env=environment, capture_output=True, text=True, check=False)


def jingpin(*arguments: str, home: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run one command line of the product."""
    return run("-m", "cli", *arguments, home=home, **settings)
