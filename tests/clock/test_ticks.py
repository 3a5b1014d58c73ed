"""What the clock does by itself: with real ticks, real mail, and nobody who clicks."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from clock import ticks
from clock.schedule import Schedule, Tick
from kit.settings import settings
from models.database import reading, transaction
from models.messages import Message
from models.stages import Stage
from tests.late import at_the_interview, interview
from tests.mailserver import MailServer, serving


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("JINGPIN_HOME", str(tmp_path))
    settings.cache_clear()
    yield tmp_path
    settings.cache_clear()


@pytest.fixture
def post(database: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    with serving() as server:
        monkeypatch.setenv("JINGPIN_SMTP_URL", f"smtp://127.0.0.1:{server.port}")
        settings.cache_clear()
        yield server


def fast() -> list[Tick]:
    """Return the ticks of time, many times faster."""
    return [tick._replace(seconds=tick.seconds / 50) for tick in ticks.of_time()]


def wait(until: threading.Event) -> None:
    assert until.wait(60)


def test_the_clock_closes_reminds_and_sends_by_itself(post: MailServer) -> None:
    round_id = at_the_interview()
    now = datetime.now(UTC)
    with transaction() as session:
        stage = interview(session, round_id)
        stage.opened_at, stage.closes_at, stage.due_at = now - timedelta(days=7), now, now + timedelta(hours=48)
    sent = threading.Event()
    with Schedule([*fast(), Tick("watch", 0.05, lambda: sent.set() if all_sent() else None)]):
        wait(sent)
    assert {m["To"] for m in post.got} == {"u009@example.com", "hr@example.com"}
    with transaction() as session:
        interview(session, round_id).due_at = now
    closed = threading.Event()
    with Schedule([*fast(), Tick("watch", 0.05, lambda: closed.set() if is_closed() else None)]):
        wait(closed)
    assert len(post.got) == 2


def all_sent() -> bool:
    with reading() as session:
        states = session.exec(select(Message.state)).all()
    return bool(states) and set(states) == {"sent"}


def is_closed() -> bool:
    with reading() as session:
        return session.exec(select(Stage.state).where(Stage.key == "interview")).one() == "closed"
