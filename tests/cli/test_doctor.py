"""The doctor names what is wrong and what to do."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlmodel import select

from actions import history
from cli.app import run
from clock.lock import try_conduct
from kit.settings import settings
from models import database as databases
from models.database import transaction
from models.messages import Message
from models.rounds import Round
from queries import stages as standing
from rules.access import Role
from tests.actions.test_stages import launch, look_again
from tests.web.visiting import account


def examined(capfd: pytest.CaptureFixture[str]) -> tuple[int, dict[str, list[dict[str, str]]]]:
    capfd.readouterr()
    status = run(["doctor", "--json"])
    found: dict[str, list[dict[str, str]]] = {}
    for finding in json.loads(capfd.readouterr().out):
        found.setdefault(finding["subject"], []).append(finding)
    return status, found


def test_a_sound_installation_is_well(database: Engine, capfd: pytest.CaptureFixture[str]) -> None:
    status, found = examined(capfd)
    assert status == 0, found
    assert {f["state"] for name in ("数据库", "时钟", "轮次", "消息", "字体与排版") for f in found[name]} == {"ok"}


def test_a_database_that_was_never_made_is_told_with_the_remedy(home: Path, capfd: pytest.CaptureFixture[str]) -> None:
    home.rmdir()
    status, found = examined(capfd)
    databases.forget()
    assert status == 1
    assert "jingpin init" in found["数据目录"][0]["remedy"]


def test_data_that_others_on_the_machine_can_read_is_told(
    sqlite: Engine, home: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    home.chmod(0o755)
    assert examined(capfd)[1]["数据目录"][0]["remedy"] == f"chmod 700 {home}"
    home.chmod(0o700)
    assert examined(capfd)[1]["数据目录"][0]["state"] == "ok"


def test_a_database_of_an_older_release_is_told(database: Engine, capfd: pytest.CaptureFixture[str]) -> None:
    with database.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0002'"))
    status, found = examined(capfd)
    assert status == 1
    assert "jingpin init" in found["数据库"][-1]["remedy"]


def test_rounds_that_nobody_conducts_and_steps_that_no_clock_closes(
    database: Engine, capfd: pytest.CaptureFixture[str]
) -> None:
    round_id = launch()
    assert "停在" in examined(capfd)[1]["轮次"][0]["found"]
    look_again(round_id)
    status, found = examined(capfd)
    assert status == 1
    assert "应在 2026-10-16T10:00" in found["轮次"][0]["found"]
    assert "serve" in found["轮次"][0]["remedy"]
    assert found["信号"][0]["state"] == "wrong"


def test_a_step_that_something_stops_is_told_with_the_reason(
    database: Engine, capfd: pytest.CaptureFixture[str]
) -> None:
    round_id = launch()
    look_again(round_id)
    with transaction() as session:
        stage = standing.by_key(session, the_round=session.get_one(Round, round_id), key="interview")
        stage.blocked = '{"template": "{year} 年没有日历", "values": {"year": 2027}}'
    assert any("2027 年没有日历" in f["found"] for f in examined(capfd)[1]["轮次"])


def test_who_has_no_second_factor_and_what_goes_in_the_clear_is_told(
    sqlite: Engine, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    account("root", Role.ADMIN)
    account("hr", Role.HR)
    account("c001", Role.CANDIDATE)
    for whose, n in (("administrators", 1), ("staff", 2), ("everyone", 3)):
        monkeypatch.setenv("JINGPIN_SECOND_FACTOR", whose)
        settings.cache_clear()
        assert f"其中 {n} 个账号还没有" in examined(capfd)[1]["第二重验证"][0]["found"]
    monkeypatch.setenv("JINGPIN_PUBLIC_URL", "http://jingpin.example.com")
    settings.cache_clear()
    assert "明文" in examined(capfd)[1]["访问地址"][0]["found"]


def test_an_entry_from_the_future_means_that_a_clock_went_back(
    database: Engine, capfd: pytest.CaptureFixture[str]
) -> None:
    with transaction() as session:
        history.record(session, chain="centre", actor="hr", deed="test", now=datetime.now(UTC) + timedelta(hours=1))
    status, found = examined(capfd)
    assert status == 1
    assert "将来的时间" in found["时钟"][0]["found"]


def test_who_conducts_is_named_with_prefects_pages(
    home: Path, migrated_sqlite: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (home / "jingpin.db").write_bytes(migrated_sqlite.read_bytes())
    assert "没有进程" in examined(capfd)[1]["Prefect"][0]["found"]
    baton = try_conduct(home)
    assert baton
    with baton:
        baton.tell("http://127.0.0.1:4711")
        assert "http://127.0.0.1:4711" in examined(capfd)[1]["Prefect"][0]["found"]
    assert "没有进程" in examined(capfd)[1]["Prefect"][0]["found"]
    databases.forget()


def test_a_prefect_elsewhere_that_does_not_answer_is_told(
    home: Path, migrated_sqlite: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    (home / "jingpin.db").write_bytes(migrated_sqlite.read_bytes())
    monkeypatch.setenv("JINGPIN_PREFECT_API_URL", "http://127.0.0.1:9/api")
    status, found = examined(capfd)
    databases.forget()
    assert status == 1
    assert "JINGPIN_PREFECT_API_URL" in found["Prefect"][0]["remedy"]


def test_letters_that_a_mail_server_does_not_take_are_told_while_they_are_tried_again(
    sqlite: Engine, home: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    now = datetime.now(UTC)
    with transaction() as session:
        letter = Message(key="a", kind="hr_results", recipient="hr", subject="", body="", written_at=now, due_at=now)
        session.add(letter)
    assert examined(capfd)[1]["消息"][0]["state"] == "ok"
    with transaction() as session:
        session.exec(select(Message)).one().error = "Connection refused"
    [told] = examined(capfd)[1]["消息"]
    assert (told["state"], told["found"][:3]) == ("warning", "1 封")


def test_a_file_of_the_settings_that_is_not_there_is_told_and_hides_nothing_else(
    sqlite: Engine, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("JINGPIN_CALENDAR", "none.csv")
    status, found = examined(capfd)
    assert status == 1
    assert "none.csv" in found["文件"][0]["found"]
    assert {"数据库", "时钟", "消息"} <= set(found)


def test_a_database_server_that_does_not_answer_is_told_with_its_own_remedy(
    home: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("JINGPIN_DATABASE_URL", "postgresql://nobody:geheim@127.0.0.1:9/jingpin")
    status, found = examined(capfd)
    databases.forget()
    assert status == 1
    assert "JINGPIN_DATABASE_URL" in found["数据库"][0]["remedy"]
    assert "geheim" not in found["数据库"][0]["found"]
