"""Messages from the command line: see them, send them, try again."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from actions import outbox
from actions.outbox import Letter
from cli.app import run
from models.database import transaction
from models.messages import Message
from tests.late import at_the_interview, interview


def write(*keys: str, **changes: str) -> None:
    letters = [Letter(k, "result", "009", f"{k}@example.com", f"主题{k}", "正文")._replace(**changes) for k in keys]
    with transaction() as session:
        outbox.write(session, letters, now=datetime.now(UTC))


def give_up(key: str, error: str = "550 no such user") -> None:
    with transaction() as session:
        message = session.exec(select(Message).where(Message.key == key)).one()
        message.state, message.error = "given_up", error


def answered(capfd: pytest.CaptureFixture[str], *command: str) -> Any:
    capfd.readouterr()
    assert run(["messages", *command, "--json"]) == 0
    return json.loads(capfd.readouterr().out)


def test_messages_are_listed_with_why_they_could_not_be_sent(
    database: Engine, capfd: pytest.CaptureFixture[str]
) -> None:
    write("a", "b")
    write("c", address="")
    give_up("b")
    found = {m["key"]: (m["state"], m["error"]) for m in answered(capfd, "list")}
    assert found == {
        "a": ("waiting", ""),
        "b": ("given_up", "550 no such user"),
        "c": ("given_up", "no address"),
    }
    assert [m["key"] for m in answered(capfd, "list", "--state", "waiting")] == ["a"]
    assert run(["messages", "list"]) == 0
    said = capfd.readouterr()
    assert "没有地址" in said.out
    assert "待发 1，未能发出 2" in said.err
    assert run(["messages", "list", "--state", "lost"]) == 1


def test_what_is_due_is_written_and_sent_at_once(
    database: Engine, home: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    round_id = at_the_interview()
    now = datetime.now(UTC)
    with transaction() as session:
        stage = interview(session, round_id)
        stage.opened_at, stage.closes_at, stage.due_at = now - timedelta(days=7), now, now + timedelta(hours=48)
    assert answered(capfd, "send") == {"written": 2, "sent": 2, "failed": 0}
    assert answered(capfd, "send") == {"written": 0, "sent": 0, "failed": 0}
    assert len(list((home / "outbox").glob("*.eml"))) == 2


def test_what_was_given_up_is_tried_again_all_of_it_or_what_is_named(
    database: Engine, capfd: pytest.CaptureFixture[str]
) -> None:
    write("a", "b", "c", "d")
    write("e", address="")
    for key in ("a", "b"):
        give_up(key)
    give_up("c", "overtaken")
    ids = {m["key"]: m["id"] for m in answered(capfd, "list")}
    assert answered(capfd, "retry", ids["a"][:8]) == {"retried": 1}
    assert answered(capfd, "retry") == {"retried": 1}
    states = {m["key"]: m["state"] for m in answered(capfd, "list")}
    assert states == {"a": "waiting", "b": "waiting", "c": "given_up", "d": "waiting", "e": "given_up"}
