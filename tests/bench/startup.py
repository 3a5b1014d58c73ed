"""How long the command line takes to answer; a command that conducts nothing never imports Prefect."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx

from tests.bench.command import spent
from tests.bench.measure import Figure
from tests.journeys.serving import serving, until

ANSWERS = (("--help",), ("round", "list"))
WATCHED = "import sys; from cli.app import run; run(sys.argv[1:]); sys.exit('prefect' in sys.modules)"


def figures(*, quick: bool = False) -> Iterator[Figure]:
    """Measure some short commands beside the import of what nearly all of them stand on."""
    times = 1 if quick else 7
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        spent("-m", "cli", "init", home=home)
        for arguments in ANSWERS:
            spent("-c", WATCHED, *arguments, home=home)  # fails if Prefect was imported
        floor = _seconds(times, home, "-c", "import typer, sqlmodel")
        for arguments in ANSWERS:
            name = f"jingpin {' '.join(arguments)}"
            taken = _seconds(times, home, "-m", "cli", *arguments)
            yield Figure(name, taken, "s", floor, "its libraries alone", most=1)
        yield from _serve(home, floor)


def _serve(home: Path, floor: float) -> Iterator[Figure]:
    """Measure a server's start and its stop; Prefect still starts when the first page is there."""
    began = time.perf_counter()
    with serving(home) as server:
        httpx.get(f"{server.address}/login", timeout=60).raise_for_status()
        first = time.perf_counter() - began
        until(server.conducts, "Prefect does not start")
        conducts = time.perf_counter() - began
        began = time.perf_counter()
        server.stop()
        stopped = time.perf_counter() - began
    yield Figure("jingpin serve: from the start to the first page", first, "s", floor, "its libraries alone", most=2)
    yield Figure("  to the first round that can go on", conducts, "s")
    yield Figure("  from SIGTERM to the end", stopped, "s", most=10)


def _seconds(times: int, home: Path, *command: str) -> float:
    return min(spent(*command, home=home).wall for _ in range(times))
