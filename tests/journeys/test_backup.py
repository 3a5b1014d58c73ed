"""A backup while the round is running, restored elsewhere, also into the other database system: it goes on."""

import threading
import zipfile
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine

from cli.app import run
from kit.settings import settings
from models import database as databases
from tests.actions.test_stages import close, confirm, look_again, outcomes, take_in, to_the_interview
from tests.factories import handed_in


@pytest.fixture
def elsewhere(tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Let this process go on with another, empty database."""

    def move(system: str) -> None:
        databases.forget()
        monkeypatch.setenv("JINGPIN_HOME", str(tmp_path / "elsewhere"))
        monkeypatch.delenv("JINGPIN_DATABASE_URL", raising=False)
        if system == "postgresql":
            server = request.getfixturevalue("postgres_server")
            name = f"elsewhere_{tmp_path.name.replace('-', '_').lower()}"[:60]
            with psycopg.connect(server, autocommit=True) as connection:
                connection.execute(f'CREATE DATABASE "{name}"')
            monkeypatch.setenv("JINGPIN_DATABASE_URL", server.replace("/postgres?", f"/{name}?"))
        settings.cache_clear()

    return move


@pytest.mark.parametrize("system", ["sqlite", "postgresql"])
def test_a_restored_round_goes_on_and_verifies(
    database: Engine, elsewhere: Callable[[str], None], system: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    round_id = to_the_interview()
    take_in(round_id, "marks", handed_in().marks)
    assert run(["backup", str(tmp_path / "b.zip")]) == 0
    elsewhere(system)
    assert run(["restore", str(tmp_path / "b.zip")]) == 0
    assert "全部相符" in capfd.readouterr().out
    assert close(round_id, "interview")
    assert look_again(round_id) == "_decision"
    assert confirm(round_id) == 0
    assert outcomes(round_id)["002"] == ("selected", "90.00", 1)
    assert run(["verify"]) == 0


def test_a_backup_is_one_snapshot_while_others_write(
    database: Engine, elsewhere: Callable[[str], None], tmp_path: Path
) -> None:
    round_id = to_the_interview()
    going, failed = threading.Event(), []

    def write() -> None:
        n = 0
        while not going.is_set():
            n += 1
            try:
                take_in(round_id, "marks", handed_in(s001=str(n % 10)).marks, change_reason=f"第 {n} 次")
            except Exception as error:  # noqa: BLE001 - told below
                failed.append(error)
                return

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(3):
            assert run(["backup", str(tmp_path / f"{number}.zip")]) == 0
    finally:
        going.set()
        writer.join()
    assert failed == []
    elsewhere("sqlite")
    assert run(["restore", str(tmp_path / "2.zip")]) == 0
    assert run(["verify"]) == 0


def damaged(source: Path, target: Path, name: str, change: Callable[[bytes], bytes]) -> None:
    """Copy a backup with one of its files changed."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for info in old.infolist():
            content = old.read(info)
            new.writestr(info.filename, change(content) if info.filename.startswith(name) else content)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("tables/mark.jsonl", lambda content: content.replace(b'"8"', b'"9"', 1)),
        ("tables/mark.jsonl", lambda content: content[: len(content) // 2]),
        ("bytes/", lambda content: content + b"x"),
        ("manifest.json", lambda _content: b"{}"),
    ],
)
def test_a_damaged_backup_is_refused_and_leaves_nothing(  # noqa: PLR0917 - fixtures and cases
    home: Path,
    migrated_sqlite: Path,
    elsewhere: Callable[[str], None],
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    name: str,
    change: Callable[[bytes], bytes],
) -> None:
    (home / "jingpin.db").write_bytes(migrated_sqlite.read_bytes())
    round_id = to_the_interview()
    take_in(round_id, "marks", handed_in().marks)
    assert run(["backup", str(tmp_path / "b.zip")]) == 0
    damaged(tmp_path / "b.zip", tmp_path / "d.zip", name, change)
    elsewhere("sqlite")
    assert run(["restore", str(tmp_path / "d.zip")]) == 1
    assert "什么都没有写入" in capfd.readouterr().err
    assert run(["restore", str(tmp_path / "b.zip")]) == 0


def test_a_backup_overwrites_nothing_and_a_restore_only_fills_what_is_empty(
    database: Engine, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    to_the_interview()
    kept = str(tmp_path / "backups" / "of today" / "b.zip")  # the folders are made
    assert run(["backup", kept]) == 0
    assert run(["backup", kept]) == 1
    assert "已经存在" in capfd.readouterr().err
    assert run(["restore", kept]) == 1
    assert "不是空的" in capfd.readouterr().err
    assert run(["restore", str(tmp_path / "nothing.zip")]) == 1
    (tmp_path / "text.zip").write_text("no zip")
    assert run(["restore", str(tmp_path / "text.zip")]) == 1
