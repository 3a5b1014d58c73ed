"""Many machines: PostgreSQL for both databases, two web processes, two workers; one of them is killed in mid-round."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from sqlmodel import select

from actions import books, people, rounds, stages
from cli.app import run
from forms import policies
from kit.prefect_home import QUIET, _variables
from kit.settings import settings
from models import database as databases
from models.database import reading, transaction
from models.history import Entry
from models.rounds import Round
from models.stages import Stage
from queries import results
from queries import stages as standing
from tests.factories import NOW, centre, handed_in, policy_text
from tests.journeys.full_postgres import create, full_postgres

PATIENCE = 150.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(true: Callable[[], object], what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, what
        time.sleep(0.2)


class Machines:
    """Processes that share one PostgreSQL and one Prefect server, each with a data directory of its own."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.folder, self.environment = folder, environment
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str, *command: str) -> None:
        with (self.folder / f"{name}.log").open("w") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, *command],
                env={**self.environment, "JINGPIN_HOME": str(self.folder / name)},
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def kill(self, name: str) -> None:
        """Kill a machine: the process and everything that it started."""
        os.killpg(self.processes[name].pid, signal.SIGKILL)
        self.processes.pop(name).wait()

    def end(self) -> dict[str, int]:
        for process in self.processes.values():
            process.send_signal(signal.SIGTERM)
        return {name: process.wait(30) for name, process in self.processes.items()}

    def kill_all(self) -> None:
        for name in list(self.processes):
            try:
                self.kill(name)
            except ProcessLookupError:
                self.processes.pop(name).wait()


@contextmanager
def machines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Machines]:
    port = free_port()
    with full_postgres(free_port()) as server:
        ours, prefects = create(server, "ours", "prefects")
        inherited = {k: v for k, v in os.environ.items() if not k.startswith(("PREFECT_", "JINGPIN_"))}
        shared = {
            "JINGPIN_DATABASE_URL": ours,
            "JINGPIN_PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
            "JINGPIN_TAKEOVER_SECONDS": "10",
        }
        for name, value in {**shared, "JINGPIN_HOME": str(tmp_path / "operator")}.items():
            monkeypatch.setenv(name, value)
        settings.cache_clear()
        found = Machines(tmp_path, {**inherited, **shared})
        found.environment |= {
            **_variables(QUIET),
            "DO_NOT_TRACK": "1",
            "PREFECT_HOME": str(tmp_path / "prefect"),
            "PREFECT_API_DATABASE_CONNECTION_URL": prefects.replace("postgresql:", "postgresql+asyncpg:"),
        }
        try:
            found.start(
                "prefect-server", "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)
            )
            assert run(["init"]) == 0
            until(lambda: _answers(f"http://127.0.0.1:{port}/api/health"), "Prefect's server answers")
            yield found
        finally:
            found.kill_all()
            databases.forget()
            settings.cache_clear()


def _answers(url: str) -> bool:
    try:
        return httpx.get(url).is_success
    except httpx.HTTPError:
        return False


def launched(code: str, *, mode: str) -> str:
    text = policy_text(**{"T-1": code, "2026-10-16": "2099-10-16"})  # still open while the test runs
    handed = handed_in()
    with transaction() as session:
        people.take_in(session, personnel=centre(), actor="hr", now=NOW)
        the_round = rounds.launch(
            session,
            policy=policies.read(text).policy,
            policy_text=text,
            actor="hr",
            now=NOW,
            mode=mode,
            with_documents=False,
        )
        for book in ("applications", "reviewers", "marks") if mode == "replay" else ("reviewers",):
            rows = getattr(handed, book)
            books.take_in(session, book=book, rows=rows, actor="hr", now=NOW, the_round=the_round)
    return code


def the_round(code: str) -> Round:
    with reading() as session:
        return session.exec(select(Round).where(Round.code == code)).one()


def deeds(code: str) -> Counter[tuple[str, str]]:
    with reading() as session:
        entries = session.exec(select(Entry).where(Entry.chain == str(the_round(code).id))).all()
    return Counter((e.deed, e.subject) for e in entries)


def step(code: str, key: str) -> Stage:
    with reading() as session:
        return standing.by_key(session, the_round=the_round(code), key=key)


def close(code: str, key: str) -> None:
    with transaction() as session:
        found = session.exec(select(Round).where(Round.code == code)).one()
        stage = standing.by_key(session, the_round=found, key=key)
        assert stages.close_by_hand(session, stage=stage, the_round=found, reason="完", actor="hr", now=NOW)


def test_two_workers_and_two_web_processes_share_rounds_and_one_takes_over_from_a_killed_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with machines(tmp_path, monkeypatch) as found:
        codes = [launched(f"M-{n}", mode="replay") for n in range(3)]
        for name in ("web-1", "web-2"):
            found.start(name, "-m", "cli", "serve", "--port", str(free_port()))
        found.start("worker-1", "-m", "cli", "worker", "--limit", "1")
        until(lambda: any(deeds(code)["stage.opened", "_screening"] for code in codes), "the first worker begins")
        found.kill("worker-1")
        found.start("worker-2", "-m", "cli", "worker", "--limit", "2")
        until(lambda: all(the_round(code).state == "finished" for code in codes), "the second takes over")
        for code in codes:
            assert {deed: n for deed, n in deeds(code).items() if n > 1} == {}, code
            with reading() as session:
                outcomes = {r.staff_no: r.outcome for r in results.of_round(session, round_id=the_round(code).id)}
            assert outcomes == {"001": "reserve", "002": "selected", "003": "reserve", "004": "ineligible"}
        live = launched("M-live", mode="live")
        until(lambda: step(live, "applications").state == "open", "a live round opens its applications")
        close(live, "applications")
        until(lambda: step(live, "interview").state == "open", "and goes on after a click")
        assert run(["verify"]) == 0
        assert {name: status for name, status in found.end().items() if name != "prefect-server"} == {
            "web-1": 0,
            "web-2": 0,
            "worker-2": 0,
        }
