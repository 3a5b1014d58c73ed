"""A toy round: three steps in a SQLite file, which is the truth; the flow only looks and does what is ready."""

import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID, uuid4

from prefect import Flow, flow, task

from clock.conductor import Conductor
from tasks.waiting import wait_for_a_wake

STEPS = 3
PATIENCE = 120

TABLES = """
CREATE TABLE step (round TEXT, n INTEGER, state TEXT DEFAULT 'waiting', begun INT DEFAULT 0, done INT DEFAULT 0);
CREATE TABLE look (round TEXT, at REAL);
"""


@contextmanager
def truth() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(os.environ["TOY"], isolation_level=None, timeout=30)
    try:
        connection.execute("BEGIN IMMEDIATE")
        yield connection
        connection.execute("COMMIT")
    finally:
        connection.close()


def found() -> None:
    with truth() as connection:
        for statement in TABLES.strip().splitlines():
            connection.execute(statement)


def launch(round_id: UUID) -> None:
    with truth() as connection:
        connection.executemany("INSERT INTO step (round, n) VALUES (?, ?)", [(str(round_id), n) for n in range(STEPS)])


def launched(code: str = "2026-Q4") -> tuple[UUID, str]:
    round_id = uuid4()
    launch(round_id)
    return round_id, code


def look(conductor: Conductor, round_id: UUID, code: str = "2026-Q4") -> str:
    """Wake a round and return how it stands afterwards."""
    conductor.wake(round_id, code)
    assert conductor.wait_idle(PATIENCE)
    return conductor.state_of(round_id)


def until(true: Callable[[], bool]) -> None:
    tick = threading.Event()
    for _ in range(PATIENCE * 100):
        if true():
            return
        tick.wait(0.01)
    raise AssertionError("it never happened")


def answer(round_id: UUID) -> None:
    """People have done the step at hand."""
    with truth() as connection:
        connection.execute(
            "UPDATE step SET state = 'ready' WHERE round = ?1 AND state = 'waiting'"
            " AND n = (SELECT min(n) FROM step WHERE round = ?1 AND state <> 'done')",
            [str(round_id)],
        )


def reopen(round_id: UUID) -> None:
    """The last step is to be done again."""
    with truth() as connection:
        connection.execute("UPDATE step SET state = 'ready' WHERE round = ? AND n = ?", [str(round_id), STEPS - 1])


def steps(round_id: UUID, column: str = "done") -> list[int]:
    with truth() as connection:
        return [
            n for (n,) in connection.execute(f"SELECT {column} FROM step WHERE round = ? ORDER BY n", [str(round_id)])
        ]


def looks(round_id: UUID) -> list[float]:
    with truth() as connection:
        return [at for (at,) in connection.execute("SELECT at FROM look WHERE round = ? ORDER BY at", [str(round_id)])]


def hold(where: str) -> Path:
    """Make the flow stop at a place until the file is gone; the flow says that it is there by a second file."""
    file = Path(os.environ["TOY"]).with_suffix(f".{where}")
    file.touch()
    return file


def held(where: str) -> Path:
    return Path(os.environ["TOY"]).with_suffix(f".{where}.here")


def breakage() -> Path:
    """Return a file that breaks the flow as long as it is there."""
    return Path(os.environ["TOY"]).with_suffix(".broken")


def _pass(where: str) -> None:
    file = Path(os.environ["TOY"]).with_suffix(f".{where}")
    while file.exists():
        held(where).touch()
        time.sleep(0.01)


def _at_hand(round_id: UUID) -> tuple[int, str] | None:
    with truth() as connection:
        connection.execute("INSERT INTO look VALUES (?, ?)", [str(round_id), time.time()])
        row: tuple[int, str] | None = connection.execute(
            "SELECT n, state FROM step WHERE round = ? AND state <> 'done' ORDER BY n", [str(round_id)]
        ).fetchone()
        return row


@task(task_run_name="step {n}")
def carry_out(round_id: UUID, n: int) -> None:
    with truth() as connection:
        connection.execute("UPDATE step SET begun = begun + 1 WHERE round = ? AND n = ?", [str(round_id), n])
    _pass("step")
    with truth() as connection:
        connection.execute(
            "UPDATE step SET state = 'done', done = done + 1 WHERE round = ? AND n = ? AND state = 'ready'",
            [str(round_id), n],
        )


@flow(name="toy-round", flow_run_name="{code}")
def run_toy(round_id: UUID, code: str) -> None:
    while (step := _at_hand(round_id)) is not None:
        n, state = step
        if breakage().exists():
            raise ValueError("the toy is broken")
        if state == "waiting":
            _pass("sleep")
            wait_for_a_wake(code)
        carry_out(round_id, n)


def load() -> Flow[..., None]:
    return run_toy
