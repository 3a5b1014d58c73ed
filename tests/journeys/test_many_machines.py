"""Many machines: PostgreSQL for both databases, two web processes, two workers; one of them is killed in mid-round."""

from collections import Counter
from pathlib import Path

import pytest
from sqlmodel import select

from actions import books, people, rounds, stages
from cli.app import run
from forms import policies
from kit.settings import settings
from models import database as databases
from models.database import reading, transaction
from models.history import Entry
from models.rounds import Round
from models.stages import Stage
from queries import results
from queries import stages as standing
from tests.factories import NOW, centre, handed_in, policy_text
from tests.journeys.machines import machines, until


def launched(code: str, *, mode: str) -> str:
    later = {"2026-10-16": "2099-10-16"} if mode == "live" else {}  # a live window is still open while the test runs
    text = policy_text(**{"T-1": code, **later})
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
    with machines(tmp_path) as (found, shared):
        for name, value in {**shared, "JINGPIN_HOME": str(tmp_path / "operator")}.items():
            monkeypatch.setenv(name, value)
        settings.cache_clear()
        assert run(["init"]) == 0
        codes = [launched(f"M-{n}", mode="replay") for n in range(3)]
        for name in ("web-1", "web-2"):
            found.start_web(name)
        found.start_worker("worker-1", limit=1)
        until(lambda: any(deeds(code)["stage.opened", "_screening"] for code in codes), "the first worker begins")
        found.kill("worker-1")
        found.start_worker("worker-2")
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
    databases.forget()
