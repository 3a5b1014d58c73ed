"""What it costs to complete a stage for a candidate: scored, gated, the arithmetic stored, the history written."""

import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

from sqlalchemy import select
from sqlmodel import SQLModel

from models.database import reading
from models.results import Component, StageResult
from queries import results
from queries.books import table_of
from rules.stages import KINDS
from tests.bench import bundle, course
from tests.bench.measure import Clock, Figure, database, timed

APPLICANTS, QUICK_APPLICANTS = 5000, 30


def figures(*, quick: bool = False) -> Iterator[Figure]:
    """Measure the stages of the policy, beside bare INSERTs of the rows that they leave."""
    n = QUICK_APPLICANTS if quick else APPLICANTS
    with tempfile.TemporaryDirectory() as folder, database() as home:
        round_id = course.take_in(bundle.write(Path(folder) / "in", applicants=n))
        completed, ours = _carry_all(round_id)
        floor = _bare(home)
    yield Figure(
        f"CPU per candidate and stage completed, set-wise, {n:,} candidates",
        1000 * ours / completed,
        "ms",
        1000 * floor / completed,
        "bare INSERT of the same rows",
        most=3.2,
    )


def _carry_all(round_id: UUID) -> tuple[int, float]:
    """Carry the round to its end; return how often a candidate completed a stage, and what that took of CPU."""
    completed, spent = 0, 0.0
    for step in course.steps(round_id):
        with reading() as session:
            candidates = len(results.still_in(session, round_id=round_id))
        with timed() as clock:
            course.carry_out(step)
        if step.kind in KINDS:
            completed += candidates
            spent += clock.cpu
    return completed, spent


def _bare(home: Path) -> float:
    clock = Clock()
    for model in (StageResult, Component):
        clock.cpu += _copy(home, model)
    return clock.cpu


def _copy(home: Path, model: type[SQLModel]) -> float:
    """Store the rows of a table once more, in a table without rules of its own; return the seconds of CPU."""
    table = table_of(model)
    with reading() as session:
        rows = [tuple(map(str, row)) for row in session.connection().execute(select(table))]
    names, key = ", ".join(table.c.keys()), ", ".join(table.primary_key.columns.keys())
    connection = sqlite3.connect(home / "bare.db")
    connection.execute(f"CREATE TABLE {table.name} ({names}, PRIMARY KEY ({key}))")
    with timed() as clock, connection:
        connection.executemany(f"INSERT INTO {table.name} VALUES ({', '.join('?' * len(table.c))})", rows)
    connection.close()
    return clock.cpu
