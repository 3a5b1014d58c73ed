"""What HR does to a running round, typed: said beforehand whom it concerns, with a reason, agreed to by another."""

import json

import pytest
from sqlalchemy import Engine, update

from cli.app import run
from models.database import reading, transaction
from models.rounds import Round
from queries import rounds
from rules.records import Assignment, Reviewer
from tests.actions.test_stages import outcomes, take_in, to_the_decision, to_the_interview
from tests.factories import policy_text

CODE = "T-1"


@pytest.fixture(autouse=True)
def _no_prefect(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the course of the round to the tests: the signals stay where they are."""
    monkeypatch.setattr("cli.conducting.hand_over", lambda _code: None)


def under(**changes: str) -> None:
    """Put the round under another policy, as if it had been launched so."""
    with transaction() as session:
        session.execute(update(Round).values(policy_text=policy_text(**changes)))


def state() -> str:
    with reading() as session:
        return rounds.by_code(session, code=CODE).state


def test_a_withdrawal_says_who_moves_and_is_asked_for(database: Engine, capfd: pytest.CaptureFixture[str]) -> None:
    round_id = to_the_decision()
    command = ["candidate", "withdraw", CODE, "002", "--reason", "本人申请", "--by", "hr"]
    assert run(command) == 1  # nobody is there to be asked
    said = capfd.readouterr().err
    assert "王芳（001）：由“后备”变为“入选”" in said
    assert "--yes" in said
    assert outcomes(round_id)["002"][0] == "selected"
    assert run([*command, "--yes"]) == 0
    assert outcomes(round_id) == {}  # withdrawn as a set; the next look counts them again


def test_a_hold_twice_does_no_harm(database: Engine, capfd: pytest.CaptureFixture[str]) -> None:
    to_the_decision()
    hold = ["candidate", "hold", CODE, "002", "--reason", "核实投诉", "--yes"]
    assert run(hold) == 0
    assert run(hold) == 0
    assert "早已暂缓" in capfd.readouterr().out
    assert run(["decision", "confirm", CODE, "--by", "chair"]) == 1
    assert "002" in capfd.readouterr().err
    assert run(["candidate", "release", CODE, "002", "--reason", "不成立", "--yes"]) == 0
    assert run(["candidate", "release", CODE, "002", "--reason", "不成立", "--yes"]) == 0
    assert "没有暂缓" in capfd.readouterr().out


def test_a_cancelled_round_is_restored(database: Engine, capfd: pytest.CaptureFixture[str]) -> None:
    to_the_decision()
    assert run(["round", "cancel", CODE, "--reason", "编制取消", "--yes"]) == 0
    assert state() == "cancelled"
    assert run(["round", "restore", CODE, "--reason", "编制恢复", "--yes"]) == 0
    assert state() == "running"
    assert run(["round", "restore", CODE, "--reason", "编制恢复", "--yes"]) == 0
    assert "没有取消" in capfd.readouterr().out


def test_a_deed_that_needs_a_second_person_is_proposed_and_agreed_to(
    database: Engine, capfd: pytest.CaptureFixture[str]
) -> None:
    to_the_decision()
    under(**{"final:": "second_person: [cancel]\nfinal:"})
    assert run(["round", "cancel", CODE, "--reason", "编制取消", "--by", "li", "--yes"]) == 0
    assert "proposal agree T-1 1" in capfd.readouterr().out
    assert state() == "running"
    assert run(["proposal", "list", CODE, "--json"]) == 0
    (listed,) = json.loads(capfd.readouterr().out)
    assert (listed["deed"], listed["state"], listed["proposed_by"]) == ("cancel", "open", "li")
    assert run(["proposal", "agree", CODE, "1", "--by", "li", "--yes"]) == 1
    assert "不能自己同意" in capfd.readouterr().err
    assert run(["proposal", "agree", CODE, "1", "--by", "wang", "--yes"]) == 0
    assert state() == "cancelled"
    assert run(["proposal", "agree", CODE, "1", "--by", "wang", "--yes"]) == 1
    assert run(["proposal", "list", CODE]) == 0
    assert "已执行" in capfd.readouterr().out


def test_a_proposal_can_be_rejected_and_an_unknown_one_is_named(
    database: Engine, capfd: pytest.CaptureFixture[str]
) -> None:
    to_the_decision()
    under(**{"final:": "second_person: [cancel]\nfinal:"})
    assert run(["round", "cancel", CODE, "--reason", "误", "--by", "li", "--yes"]) == 0
    assert run(["proposal", "reject", CODE, "1", "--by", "wang"]) == 0
    assert state() == "running"
    assert run(["proposal", "reject", CODE, "7", "--by", "wang"]) == 1
    assert "第 7 号" in capfd.readouterr().err


@pytest.mark.parametrize(
    "command",
    [
        ["candidate", "withdraw", CODE, "002", "--reason", " "],
        ["candidate", "hold", CODE, "002", "--reason", ""],
        ["round", "restore", CODE, "--reason", ""],
    ],
)
def test_no_change_goes_without_a_reason(
    database: Engine, command: list[str], capfd: pytest.CaptureFixture[str]
) -> None:
    to_the_decision()
    assert run([*command, "--yes"]) == 1
    assert "理由" in capfd.readouterr().err


def test_open_sheets_are_handed_to_another_reviewer(database: Engine, capfd: pytest.CaptureFixture[str]) -> None:
    round_id = to_the_interview()
    take_in(round_id, "panels", [Assignment("interview", no, "R1") for no in ("001", "003")])
    replace = ["panels", "replace", CODE, "interview", "R1", "R3", "--reason", "病假", "--yes"]
    assert run(replace) == 1  # nobody of that number
    assert "R3" in capfd.readouterr().err
    take_in(round_id, "reviewers", [Reviewer("R3", "评委三")])
    assert run(replace) == 0
    assert (
        "评委一（R1）未完成的 2 份评分表改由评委三（R3）完成：王芳（001）、买买提·吐尔逊（003）"
        in capfd.readouterr().err
    )
    assert run(["panels", "list", CODE, "--open", "--json"]) == 0
    assert {row["reviewer_no"] for row in json.loads(capfd.readouterr().out)} == {"R3"}
