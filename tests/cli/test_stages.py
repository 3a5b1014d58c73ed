"""A step opened, closed, extended and reopened as it is typed: with a reason, after a question, harmless twice."""

import io
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from actions import rounds
from cli.app import run
from models.database import reading, transaction
from models.history import Entry
from models.rounds import Round
from models.stages import Stage
from tests.actions.test_stages import to_the_decision, to_the_interview
from tests.factories import NOW

CODE = "T-1"


@pytest.fixture(autouse=True)
def _no_prefect(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the course of the round to the tests: the signals stay where they are."""
    monkeypatch.setattr("cli.conducting.hand_over", lambda _code: None)


class Terminal(io.StringIO):
    """Somebody at a terminal who types an answer."""

    def isatty(self) -> bool:
        return True


def state(key: str) -> str:
    with reading() as session:
        return session.exec(select(Stage.state).where(Stage.key == key)).one()


def entries(round_id: UUID, deed: str) -> list[Entry]:
    with reading() as session:
        return list(session.exec(select(Entry).where(Entry.chain == str(round_id), Entry.deed == deed)))


CHANGES = {
    "round cancel": ["round", "cancel", CODE],
    "stage close": ["stage", "close", CODE, "interview"],
    "stage extend": ["stage", "extend", CODE, "interview", "--until", "2099-01-01T00:00"],
    "stage reopen": ["stage", "reopen", CODE, "applications"],
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("reason", ["", "  \t"])
def test_an_empty_reason_is_refused_before_anything_else(
    change: str, reason: str, database: Engine, capfd: pytest.CaptureFixture[str]
) -> None:
    to_the_interview()
    assert run([*CHANGES[change], "--reason", reason]) == 1
    assert capfd.readouterr().err == "✗ 请写明理由：它会记入留痕\n"
    assert (state("_applications"), state("interview")) == ("done", "open")


@pytest.mark.parametrize("change", ["round cancel", "stage close", "stage reopen"])
def test_what_does_harm_is_asked_for_at_a_terminal(
    change: str, database: Engine, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    round_id = to_the_interview()
    command = [*CHANGES[change], "--reason", "编制调整"]
    monkeypatch.setattr("sys.stdin", Terminal("n\n"))
    assert run(command) == 1
    said = capfd.readouterr()
    assert "王芳（001）" in said.err
    assert "已放弃，没有任何变化" in said.err
    assert (state("_applications"), state("interview")) == ("done", "open")
    monkeypatch.setattr("sys.stdin", Terminal("y\n"))
    assert run(command) == 0
    done = {"round cancel": "round.cancelled", "stage close": "stage.closed", "stage reopen": "stage.reopened"}
    assert "编制调整" in entries(round_id, done[change])[-1].detail


@pytest.mark.parametrize("change", ["round cancel", "stage close", "stage reopen"])
def test_without_a_terminal_nothing_is_done_unless_it_was_said(
    change: str, database: Engine, capfd: pytest.CaptureFixture[str]
) -> None:
    to_the_interview()
    command = [*CHANGES[change], "--reason", "编制调整"]
    assert run(command) == 1
    assert "请加 --yes" in capfd.readouterr().err
    assert (state("_applications"), state("interview")) == ("done", "open")
    assert run([*command, "--yes"]) == 0
    capfd.readouterr()
    assert run([*command, "--yes"]) == 0  # a second click does no harm
    assert "没有变化" in capfd.readouterr().out


def test_closing_says_who_has_no_result_yet(database: Engine, capfd: pytest.CaptureFixture[str]) -> None:
    to_the_interview()
    assert run(["stage", "close", CODE, "interview", "--reason", "时间到"]) == 1
    said = capfd.readouterr().err
    assert "3 人的评分或成绩还不齐，现在截止将在此离开：王芳（001）、李雷（002）、买买提·吐尔逊（003）" in said


def test_reopening_says_what_is_taken_back(database: Engine, capfd: pytest.CaptureFixture[str]) -> None:
    to_the_decision()
    assert run(["stage", "reopen", CODE, "interview", "--reason", "异议成立"]) == 1
    said = capfd.readouterr().err
    assert "“面试”涉及 3 人：王芳（001）、李雷（002）、买买提·吐尔逊（003）" in said
    assert "这些环节的结果整体撤回，重新清点：面试；综合成绩" in said


def test_a_deadline_only_moves_to_a_later_time(database: Engine, capfd: pytest.CaptureFixture[str]) -> None:
    to_the_interview()
    extend = ["stage", "extend", CODE, "interview", "--reason", "台风", "--until"]
    assert run([*extend, "2020-01-01T00:00"]) == 1
    assert capfd.readouterr().err == "✗ 新的截止时间 2020-01-01 00:00 已经过去\n"
    assert run([*extend, "2099-01-02T00:00"]) == 0
    assert run([*extend, "2099-01-02T00:00"]) == 0
    assert "没有变化" in capfd.readouterr().out
    assert run([*extend, "2099-01-01T24:00+07:00"]) == 0
    assert run([*extend, "2099-01-01T24:00"]) == 1
    assert "不晚于现在的 2099-01-02 01:00" in capfd.readouterr().err


@pytest.mark.parametrize("key", ["screening", "final", "decision", "notice", "archive"])
def test_a_step_that_waits_for_no_deadline_has_none_to_extend(
    key: str, database: Engine, capfd: pytest.CaptureFixture[str]
) -> None:
    to_the_decision()
    assert run(["stage", "extend", CODE, key, "--until", "2099-01-01T24:00", "--reason", "台风"]) == 1
    assert "没有可以延长的期限" in capfd.readouterr().err


def test_the_notice_is_not_reopened(database: Engine, capfd: pytest.CaptureFixture[str]) -> None:
    to_the_decision()
    assert run(["stage", "reopen", CODE, "notice", "--reason", "更正", "--yes"]) == 1
    assert "公示不能重新开放" in capfd.readouterr().err


def test_nothing_is_changed_in_a_round_that_is_over(database: Engine, capfd: pytest.CaptureFixture[str]) -> None:
    round_id = to_the_interview()
    with transaction() as session:
        the_round = session.get_one(Round, round_id)
        rounds.cancel(session, the_round=the_round, reason="编制取消", actor="hr", now=NOW)
    for change, yes in (("stage close", ["--yes"]), ("stage extend", []), ("stage reopen", ["--yes"])):
        assert run([*CHANGES[change], "--reason", "误", *yes]) == 1
        assert "已经结束或取消" in capfd.readouterr().err
    assert run(["decision", "confirm", CODE]) == 1
