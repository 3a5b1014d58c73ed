"""``jingpin serve`` as a real process: it answers at once, takes rounds on that others launch, and stops cleanly."""

import json
import signal
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from sqlmodel import select

from actions import accounts
from cli import sample, serve
from cli.app import run
from clock import ticks
from clock.lock import try_conduct
from models import database as databases
from models import schema
from models.database import reading, transaction
from models.rounds import Round
from models.stages import Stage
from queries import health
from queries.accounts import by_login
from rules.access import Role
from tests.journeys.command import jingpin
from tests.journeys.serving import STOP_SECONDS, serving, until
from tests.journeys.test_live import CODE, PEOPLE, policy, write
from tests.web.visiting import account
from web.doors import COOKIE


def got(address: str, *, cookies: dict[str, str] | None = None) -> tuple[int, str]:
    answer = httpx.get(address, timeout=60, cookies=cookies)
    return answer.status_code, answer.text


def signed_in() -> dict[str, str]:
    """Return the cookie of somebody of HR."""
    account("hr", Role.HR)
    with transaction() as session:
        mine = by_login(session, login="hr")
        assert mine
        return {COOKIE: accounts.begin_session(session, account=mine, agent="test", now=datetime.now(UTC))}


def shown(home: Path) -> dict[str, Any]:
    done = jingpin("round", "show", CODE, "--json", home=home)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_round_that_another_process_launches_goes_on_by_itself(home: Path, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    with serving(home) as server:
        status, page = got(f"{server.address}/login")
        assert status == 200
        assert "<html" in page
        assert not server.conducts()  # the page did not wait for Prefect
        assert got(f"{server.address}/healthz") == (200, '{"status":"ok"}')
        until(server.conducts, "serve does not conduct")
        jingpin("people", "import", write(tmp_path / "people.csv", PEOPLE), home=home)
        launched = jingpin("round", "launch", policy(tmp_path, now), home=home)
        assert launched.returncode == 0, launched.stderr
        until(lambda: shown(home)["stage"] == "applications", "the round does not go on")
        assert "测试轮次" in got(server.address, cookies=signed_in())[1]
        pass_the_deadline()
        until(lambda: shown(home)["stage"] == "interview", "the deadline closes nothing")
        assert server.stop() == 0
        assert "Traceback" not in server.said()
    assert jingpin("verify", home=home).returncode == 1  # the deadline was moved behind our back, and that is named


def pass_the_deadline() -> None:
    """Let time go by: the deadline of the applications lies before now."""
    with transaction() as session:
        the_round = session.exec(select(Round)).one()
        stage = session.exec(select(Stage).where(Stage.key == "_applications", Stage.round_id == the_round.id)).one()
        stage.closes_at = stage.due_at = datetime.now(UTC)
        session.add(stage)


def test_a_port_that_is_taken_is_named_and_nothing_is_started(home: Path, tmp_path: Path) -> None:
    with serving(home) as server:
        port = str(urlsplit(server.address).port)
        second = jingpin("serve", "--port", port, home=tmp_path / "other")
        assert (second.returncode, second.stdout) == (1, "")
        assert f"端口 {port} 已被占用" in second.stderr
        assert "Traceback" not in second.stderr


def test_ctrl_c_in_the_middle_of_a_hundred_documents_is_a_clean_stop(home: Path) -> None:
    schema.upgrade(databases.engine())
    sample.fill("http://127.0.0.1")
    with serving(home) as server:
        until(documents, "no document is made")
        server.process.send_signal(signal.SIGINT)
        assert server.process.wait(STOP_SECONDS) == 0
        assert 0 < documents() < 97, "it was not in the middle"
        assert "Traceback" not in server.said()
        assert "正在停止" in server.said()


def documents() -> int:
    with reading() as session:
        return health.documents(session)


def test_an_address_that_is_not_ours_is_refused(home: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["serve", "--host", "192.0.2.1", "--port", "1"]) == 1
    assert "不能监听 192.0.2.1:1" in capfd.readouterr().err
    databases.forget()


def test_a_second_server_of_the_same_data_says_once_that_it_waits_for_its_turn(
    home: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    baton, ending, said = try_conduct(home), threading.Event(), ""
    assert baton
    waiting = threading.Thread(target=serve._conduct, args=(ending,))
    with baton:
        waiting.start()
        while waiting.is_alive() and "另一个进程" not in said:
            said += capfd.readouterr().err
        ending.wait(2 * ticks.TICK)  # it looks again, and says nothing more
        ending.set()
        waiting.join()
    assert (said + capfd.readouterr().err).count("另一个进程正在推进各轮次") == 1
