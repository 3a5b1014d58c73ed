"""How long the command line takes to answer; a command that conducts nothing never imports Prefect."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.bench.command import spent
from tests.bench.measure import Figure

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


def _seconds(times: int, home: Path, *command: str) -> float:
    return min(spent(*command, home=home).wall for _ in range(times))
