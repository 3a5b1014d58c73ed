"""The table of settings is complete, and what documents say of settings is true."""

import json
import re
from pathlib import Path

import pytest

from cli.app import run
from kit.settings import Settings

ROOT = Path(__file__).parents[2]

OF_TESTS = {"JINGPIN_TEST"}
"""Variables that are no settings of the product."""


def test_every_setting_is_listed_with_its_meaning(home: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["settings", "--json"]) == 0
    rows = json.loads(capfd.readouterr().out)
    assert [row["name"] for row in rows] == [f"JINGPIN_{name.upper()}" for name in Settings.model_fields]
    assert all(row["meaning"] for row in rows)


@pytest.mark.parametrize("document", [p for kind in ("*.md", "docs/**/*.md") for p in ROOT.glob(kind)], ids=str)
def test_documents_speak_only_of_settings_that_there_are(document: Path) -> None:
    named = set(re.findall(r"JINGPIN_[A-Z_]*[A-Z]", document.read_text(encoding="utf-8")))
    assert named <= {f"JINGPIN_{name.upper()}" for name in Settings.model_fields}


def test_wrong_settings_are_all_named_at_once_in_words(
    home: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JINGPIN_PORT", "high")
    monkeypatch.setenv("JINGPIN_WORKERS", "0")
    monkeypatch.setenv("JINGPIN_DATABASE_URL", "mysql://hr:geheim@db")
    assert run(["settings"]) == 1
    said = capfd.readouterr().err
    assert "JINGPIN_PORT: 应为整数（现为 high）" in said
    assert "JINGPIN_WORKERS: 不能小于 1（现为 0）" in said
    assert "JINGPIN_DATABASE_URL: 应为 postgresql://" in said
    assert "geheim" not in said


def test_a_file_of_settings_is_read_and_its_mistakes_are_named(home: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (home / "jingpin.toml").write_text("port = 8123\n")
    assert run(["settings"]) == 0
    assert re.search(r"JINGPIN_PORT +8123", capfd.readouterr().out)
    (home / "jingpin.toml").write_text("prot = 8123\n")
    assert run(["settings"]) == 1
    assert "JINGPIN_PROT: 没有这个设置" in capfd.readouterr().err


def test_the_language_may_stand_in_the_file(home: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (home / "jingpin.toml").write_text('language = "en"\n')
    assert run(["bogus"]) == 2
    assert "No such command 'bogus'." in capfd.readouterr().err


def test_a_password_is_not_shown(
    home: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JINGPIN_DATABASE_URL", "postgresql://hr:geheim@db.example.com/jingpin")
    assert run(["settings"]) == 0
    assert "geheim" not in capfd.readouterr().out
    assert run(["round", "list"]) == 1
    assert "geheim" not in capfd.readouterr().err
