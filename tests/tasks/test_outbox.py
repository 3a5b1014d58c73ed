"""Sending: once, later, or not at all, and always known which."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from actions import outbox, stages
from actions.outbox import Letter
from kit.settings import settings
from messages import chat
from models.database import reading, transaction
from models.messages import Message
from tasks.outbox import Sent, send_due
from tasks.reminders import Reminders
from tests.late import APPLIED_UNTIL, CLOSES, at_the_interview, interview
from tests.mailserver import MailServer, serving
from tests.webhook import Webhook, listening

NOW = CLOSES
MINUTE = timedelta(minutes=1)
ROOT = Path(__file__).parents[2]


@pytest.fixture
def post(database: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    """A mail server that the settings name."""
    with serving() as server:
        configure(monkeypatch, SMTP_URL=f"smtp://127.0.0.1:{server.port}", MAIL_FROM="竞聘办公室 <hr@example.com>")
        yield server


@pytest.fixture
def group(database: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Webhook]:
    """A chat group that the settings name."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with listening() as there:
        configure(monkeypatch, CHAT_URLS=there.url("/cgi-bin/webhook/send?key=geheim"))
        yield there


def configure(monkeypatch: pytest.MonkeyPatch, **values: str) -> None:
    for name, value in values.items():
        monkeypatch.setenv(f"JINGPIN_{name}", value)
    settings.cache_clear()


def write(*keys: str, **changes: Any) -> None:
    letters = [
        Letter(k, "result", "009", f"{k}@example.com", f"主题{k}", f"正文{k}\n")._replace(**changes) for k in keys
    ]
    with transaction() as session:
        outbox.write(session, letters, now=NOW)


def messages() -> dict[str, Message]:
    with reading() as session:
        return {m.key: m for m in session.exec(select(Message))}


def states() -> dict[str, str]:
    return {key: m.state for key, m in messages().items()}


def test_what_waits_is_sent_once(post: MailServer) -> None:
    write("a", "b")
    assert send_due(now=NOW) == Sent(sent=2, failed=0)
    assert send_due(now=NOW + 60 * MINUTE) == Sent(0, 0)
    assert sorted(mail["To"] for mail in post.got) == ["a@example.com", "b@example.com"]
    assert {mail["From"] for mail in post.got} == {"竞聘办公室 <hr@example.com>"}
    assert {m["Message-ID"] for m in post.got} == {f"<{m.id}@example.com>" for m in messages().values()}
    assert set(states().values()) == {"sent"}


def test_while_the_mail_server_is_down_mail_waits_and_is_then_sent_once(
    database: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving() as server:
        port = server.port
    configure(monkeypatch, SMTP_URL=f"smtp://127.0.0.1:{port}")
    write("a", "b")
    assert send_due(now=NOW) == Sent(sent=0, failed=2)
    assert "Connection refused" in messages()["a"].error
    with serving(port=port) as server:
        assert send_due(now=NOW + MINUTE / 2) == Sent(0, 0)
        assert send_due(now=NOW + MINUTE) == Sent(sent=2, failed=0)
        assert send_due(now=NOW + 60 * MINUTE) == Sent(0, 0)
    assert len(server.got) == 2
    assert (messages()["a"].error, messages()["a"].attempts) == ("", 2)


def test_a_mail_server_that_falls_over_in_the_middle_gets_the_rest_later(post: MailServer) -> None:
    write("a", "b", "c")
    post.refuse = {"b@example.com": "421 4.3.2 going down"}
    assert send_due(now=NOW).sent < 3
    post.refuse = {}
    send_due(now=NOW + MINUTE)
    assert sorted(mail["To"] for mail in post.got) == ["a@example.com", "b@example.com", "c@example.com"]


def test_an_address_that_does_not_exist_is_given_up_and_the_others_are_sent(post: MailServer) -> None:
    write("a", "b")
    write("c", address="not an address")
    post.refuse = {"a@example.com": "550 5.1.1 no such user"}
    assert send_due(now=NOW) == Sent(sent=1, failed=2)
    assert states() == {"a": "given_up", "b": "sent", "c": "given_up"}
    assert messages()["a"].error == "550 5.1.1 no such user"
    assert "not an e-mail address" in messages()["c"].error


def test_two_senders_at_once_send_each_message_once(post: MailServer) -> None:
    write(*(f"m{n:02}" for n in range(45)))
    together = threading.Barrier(2)

    def send(_sender: int) -> int:
        together.wait(60)
        return send_due(now=NOW, seconds=30).sent

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(send, range(2))) == 45
    assert sorted(mail["To"] for mail in post.got) == [f"m{n:02}@example.com" for n in range(45)]


def test_a_sender_that_is_killed_in_the_middle_of_sending_is_followed_by_another(post: MailServer) -> None:
    write("a")
    post.hold = True
    code = "from datetime import *; from tasks.outbox import send_due; send_due(now=datetime.fromisoformat({!r}))"
    child = subprocess.Popen([sys.executable, "-c", code.format(NOW.isoformat())], cwd=ROOT, env=os.environ.copy())
    try:
        assert post.held.wait(60)
        child.send_signal(signal.SIGKILL)
    finally:
        child.kill()
        child.wait(60)
    assert states() == {"a": "sending"}
    assert send_due(now=NOW + 9 * MINUTE) == Sent(0, 0)
    post.hold = False
    assert send_due(now=NOW + 10 * MINUTE) == Sent(sent=1, failed=0)
    post.go_on.set()
    assert states() == {"a": "sent"}
    assert {mail["Message-ID"] for mail in post.got} == {f"<{messages()['a'].id}@example.com>"}


def test_without_a_mail_server_each_message_is_one_file_however_often_it_is_sent(database: Engine, home: Path) -> None:
    write("a", "b")
    assert send_due(now=NOW) == Sent(sent=2, failed=0)
    with transaction() as session:
        for message in session.exec(select(Message)):
            message.state, message.taken_at = "sending", NOW  # the process died before it could note that it was sent
    assert send_due(now=NOW + 10 * MINUTE) == Sent(sent=2, failed=0)
    assert len(list((home / "outbox").glob("*.eml"))) == len(list((home / "outbox").iterdir())) == 2


def test_a_folder_that_cannot_be_written_to_is_tried_again(database: Engine, home: Path) -> None:
    (home / "outbox").write_text("in the way")
    write("a")
    assert send_due(now=NOW) == Sent(sent=0, failed=1)
    (home / "outbox").unlink()
    assert send_due(now=NOW + MINUTE) == Sent(sent=1, failed=0)


def test_a_chat_group_hears_a_message_once_it_takes_it(group: Webhook) -> None:
    write("a", address=f"chat:{chat.name(settings().chat_urls[0])}")
    group.answer = {"errcode": 45009, "errmsg": "api freq out of limit"}
    assert send_due(now=NOW) == Sent(sent=0, failed=1)
    assert messages()["a"].error == "wecombot: 45009 api freq out of limit"
    group.answer = {"errcode": 0}
    assert send_due(now=NOW + MINUTE) == Sent(sent=1, failed=0)
    assert send_due(now=NOW + 60 * MINUTE) == Sent(0, 0)
    assert [call.said["text"]["content"] for call in group.calls] == ["主题a\n\n正文a\n"] * 2


def test_a_chat_group_that_is_no_longer_configured_is_given_up(database: Engine) -> None:
    write("a", address="chat:wecombot-0123abcd")
    assert send_due(now=NOW) == Sent(sent=0, failed=1)
    assert (messages()["a"].state, messages()["a"].error) == ("given_up", "no such group")


def test_down_for_three_days_with_reminders_waiting_nobody_gets_them_stale(post: MailServer) -> None:
    round_id = at_the_interview()
    clock = Reminders()
    clock.look(now=APPLIED_UNTIL)
    send_due(now=APPLIED_UNTIL)
    clock.look(now=CLOSES - timedelta(hours=24))
    clock.look(now=CLOSES)
    before = len(post.got)
    later = CLOSES + timedelta(days=3)
    with transaction() as session:
        stages.close_due(session, now=later)
    clock.look(now=later)
    assert send_due(now=later).failed == 0
    assert {m["To"] for m in post.got[before:]} == {"hr@example.com"}
    with reading() as session:
        assert interview(session, round_id).closed_at == CLOSES + timedelta(hours=48)
    assert {m.error for m in messages().values() if m.state == "given_up"} == {"overtaken"}


def test_a_long_queue_is_left_when_the_seconds_are_over_and_taken_up_again(post: MailServer) -> None:
    write(*(f"m{n:02}" for n in range(45)))
    assert send_due(now=NOW, seconds=0) == Sent(0, 0)
    assert set(states().values()) == {"waiting"}
    assert send_due(now=NOW, seconds=60) == Sent(sent=45, failed=0)
    assert post.connections <= 3


def test_what_a_slow_server_leaves_no_time_for_is_put_back_as_if_nobody_had_taken_it(post: MailServer) -> None:
    write("a", "b", "c")
    post.hold = True
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(send_due, now=NOW, seconds=0.2, hold=0.2)
        assert post.held.wait(60)
        threading.Event().wait(0.3)
        post.go_on.set()
        assert slow.result(20) == Sent(sent=1, failed=0)
    assert sorted(m.state for m in messages().values()) == ["sent", "waiting", "waiting"]
    assert sorted(m.attempts for m in messages().values()) == [0, 0, 1]
    assert send_due(now=NOW) == Sent(sent=2, failed=0)
    assert sorted(mail["To"] for mail in post.got) == ["a@example.com", "b@example.com", "c@example.com"]


def test_every_letter_of_a_round_arrives_in_one_piece(post: MailServer) -> None:
    at_the_interview()
    for now in (APPLIED_UNTIL, CLOSES - timedelta(hours=24), CLOSES, CLOSES + timedelta(hours=24)):
        Reminders().look(now=now)
        send_due(now=now)
    got = {(m["To"], m["Subject"], m.get_content().replace("\r\n", "\n")) for m in post.got}
    assert got == {(m.address, m.subject, m.body) for m in messages().values()}
    assert len(post.got) == len(messages()) > 6
