"""Supplements from the command line, and the proof of a round that has one."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from cli.app import run
from models.database import reading
from queries import rounds
from tests.actions.test_stages import to_the_decision
from tests.factories import POLICY
from web import proof

CODE = "T-1"


@pytest.fixture(autouse=True)
def _no_prefect(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cli.conducting.hand_over", lambda _code: None)


def findings() -> list[str]:
    with reading() as session:
        the_round = rounds.by_code(session, code=CODE)
        checks = [*proof.centre(session), *proof.of_round(session, the_round)]
        return [str(finding) for check in checks for finding in check.findings]


def test_a_round_with_a_supplement_is_counted_and_proved_as_before(
    database: Engine, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    to_the_decision()
    file = tmp_path / "policy.yaml"
    file.write_text(POLICY + "confirmations: 2\norganisation: {phone: 内线8022}\n", encoding="utf-8")
    command = ["supplement", "publish", CODE, str(file), "--title", "两人审定", "--reason", "审计建议", "--by", "hr"]
    assert run(command) == 1
    assert "--yes" in capfd.readouterr().err
    assert run([*command, "--yes"]) == 0
    assert findings() == []
    assert run(["supplement", "list", CODE]) == 0
    assert "两人审定" in capfd.readouterr().out
    assert run(["history", CODE]) == 0
    assert run([*command, "--yes"]) == 1
    assert "没有改动" in capfd.readouterr().err


def test_a_rule_does_not_change_from_the_command_line_either(
    database: Engine, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    to_the_decision()
    file = tmp_path / "policy.yaml"
    file.write_text(POLICY.replace("pass_mark: 60", "pass_mark: 10"), encoding="utf-8")
    assert run(["supplement", "publish", CODE, str(file), "--title", "降线", "--reason", "x", "--yes"]) == 1
    assert "报名所依据的规则" in capfd.readouterr().err
    assert findings() == []


def test_a_supplement_that_needs_a_second_person_is_proposed_shown_and_agreed_to(
    database: Engine, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    to_the_decision()
    file = tmp_path / "policy.yaml"
    publish = ["supplement", "publish", CODE, str(file), "--title", "更正电话", "--reason", "换号", "--yes", "--by"]
    file.write_text(POLICY + "second_person: [supplement]\n", encoding="utf-8")
    assert run([*publish, "li"]) == 0
    file.write_text(POLICY + "second_person: [supplement]\norganisation: {phone: 内线8022}\n", encoding="utf-8")
    capfd.readouterr()
    assert run([*publish, "li"]) == 0
    said = capfd.readouterr()
    assert "由 — 改为 内线8022" in said.err
    assert "已提出第 1 号提议" in said.out
    assert run(["proposal", "list", CODE]) == 0
    assert "更正电话" in capfd.readouterr().out
    assert run(["proposal", "agree", CODE, "1", "--by", "li", "--yes"]) == 1
    capfd.readouterr()
    assert run(["proposal", "agree", CODE, "1", "--by", "wang", "--yes"]) == 0
    assert "由 — 改为 内线8022" in capfd.readouterr().err
    assert run(["supplement", "list", CODE]) == 0
    assert capfd.readouterr().out.count("更正电话") == 2
    assert findings() == []
