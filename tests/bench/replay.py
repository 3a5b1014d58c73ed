"""Replay bundles of growing size by the real command, beside reading and storing the same rows and nothing else."""

import csv
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

from models.books import BOOKS
from queries.books import table_of
from tests.bench import bundle
from tests.bench.command import Spent, spent
from tests.bench.measure import Figure, database, timed

TIMES = 3
SIZES, QUICK_SIZES = (500, 1000, 2500, 5000), (20,)


def figures(*, quick: bool = False) -> Iterator[Figure]:
    """Measure each size, then whether the cost grows in a straight line, and the memory of the largest."""
    taken: dict[int, Spent] = {}
    with tempfile.TemporaryDirectory() as folder:
        for n in QUICK_SIZES if quick else SIZES:
            files = bundle.write(Path(folder) / f"in{n}", applicants=n)
            times = 1 if quick else TIMES
            floor = min(bare(files) for _ in range(times))
            taken[n] = _least([_replayed(files, Path(folder) / f"out{n}-{time}") for time in range(times)])
            name = f"replay of {n:,} applicants × 12 sheets, no documents"
            yield Figure(name, taken[n].wall, "s", floor, "csv + bare INSERT", most=60)
            yield Figure(f"  per applicant, of {n:,}", 1000 * taken[n].wall / n, "ms", 1000 * floor / n, "ditto")
    if len(taken) > 2:
        first, last = slopes({n: one.cpu for n, one in taken.items()})
        yield Figure("  CPU of each further applicant, upper half", last, "ms", first, "lower half", most_ratio=1.5)
    stages = len(bundle.PANELS) + 1
    whole = 1000 * taken[max(taken)].cpu / (max(taken) * stages)
    yield Figure("  CPU per candidate and stage, from the files to the results", whole, "ms", most=3.2)
    yield Figure(f"  memory of {max(taken):,} applicants", taken[max(taken)].memory, "MB", most=1500)


def _replayed(files: Path, out: Path) -> Spent:
    return spent("-m", "cli", "replay", str(files), "--out", str(out), "--no-documents", home=out)


def _least(runs: list[Spent]) -> Spent:
    """Return the least of each figure: what disturbs a run only ever adds to it."""
    return Spent(*(min(figures) for figures in zip(*runs, strict=True)))


def slopes(taken: dict[int, float]) -> tuple[float, float]:
    """Return what one more applicant costs, in thousandths, below and above the last size but one.

    Equal slopes are a straight line, whatever the start of the process costs; with the square of the size the upper one
    would be twice the lower.
    """
    least, *_between, most = sorted(taken)
    middle = _between[-1]
    lower = (taken[middle] - taken[least]) / (middle - least)
    upper = (taken[most] - taken[middle]) / (most - middle)
    return 1000 * lower, 1000 * upper


def bare(files: Path) -> float:
    """Return the seconds that reading the tables and storing their rows takes by itself, without any check."""
    with database() as home, timed() as clock:
        connection = sqlite3.connect(home / "jingpin.db")
        with connection:
            for path in sorted(files.glob("*.csv")):
                _store(connection, path)
        connection.close()
    return clock.wall


def _store(connection: sqlite3.Connection, path: Path) -> None:
    book = BOOKS[path.stem]
    fixed: dict[str, object] = {"round_id": uuid4().hex} if book.of_round else {}
    if path.stem == "people":
        fixed["active"] = 1
    with path.open(newline="", encoding="utf-8") as file:
        rows = csv.reader(file)
        columns = [*next(rows), *fixed]
        places = ", ".join("?" * len(columns))
        insert = f"INSERT INTO {table_of(book.table).name} ({', '.join(columns)}) VALUES ({places})"
        connection.executemany(insert, ([*row, *fixed.values()] for row in rows))
