"""The outbox: nothing is told twice, nothing is forgotten, nothing stale is told at all."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from actions import outbox, stages
from actions.outbox import Letter
from models.database import reading, transaction
from models.history import Entry
from models.messages import Message
from models.rounds import Round
from queries import audit
from queries import outbox as reads
from tests.late import CLOSES, at_the_interview, interview

NOW = CLOSES


def letter(key: str, **changes: Any) -> Letter:
    return Letter(key, "result", "009", "u009@example.com", "主题", "正文")._replace(**changes)


def write(*letters: Letter, now: datetime = NOW) -> int:
    with transaction() as session:
        return outbox.write(session, letters, now=now)


def take(*, now: datetime = NOW, limit: int = 10) -> list[Message]:
    with transaction() as session:
        return outbox.take(session, now=now, limit=limit)


def fail(message: Message, *, now: datetime = NOW, for_good: bool = False) -> bool:
    with transaction() as session:
        return outbox.failed(session, message=message, error="服务器不在", now=now, for_good=for_good)


def succeed(message: Message, *, now: datetime = NOW) -> bool:
    with transaction() as session:
        return outbox.sent(session, message=message, now=now)


def all_of_them() -> dict[str, Message]:
    with reading() as session:
        return {m.key: m for m in session.exec(select(Message))}


def test_nothing_is_told_twice_under_one_key(database: Engine) -> None:
    assert write(letter("a"), letter("b")) == 2
    assert write(letter("b", body="另一封"), letter("c")) == 1
    assert {key: m.body for key, m in all_of_them().items()} == {"a": "正文", "b": "正文", "c": "正文"}


def test_two_who_write_the_same_letters_at_once_write_them_once(database: Engine) -> None:
    together = threading.Barrier(2)

    def write_ten(_writer: int) -> int:
        together.wait(60)
        return write(*(letter(str(n)) for n in range(10)))

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(write_ten, range(2))) == 10
    assert len(all_of_them()) == 10


def test_a_letter_to_nobody_is_kept_as_one_that_could_not_be_sent(database: Engine) -> None:
    assert write(letter("a", address="")) == 1
    assert (all_of_them()["a"].state, all_of_them()["a"].error) == ("given_up", "no address")
    assert take() == []


def test_of_two_senders_at_once_each_message_goes_to_one(database: Engine) -> None:
    write(*(letter(f"{n:02}") for n in range(40)))
    together = threading.Barrier(2)

    def take_some(_sender: int) -> list[str]:
        together.wait(60)
        return [m.key for _again in range(4) for m in take(limit=10)]

    with ThreadPoolExecutor(2) as pool:
        taken = [key for keys in pool.map(take_some, range(2)) for key in keys]
    assert sorted(taken) == [f"{n:02}" for n in range(40)]


def test_messages_are_taken_in_the_order_of_their_time_and_not_before_it(database: Engine) -> None:
    write(letter("later"), now=NOW + timedelta(minutes=5))
    write(letter("second"), now=NOW - timedelta(minutes=1))
    write(letter("first"), now=NOW - timedelta(minutes=2))
    assert [m.key for m in take(limit=2)] == ["first", "second"]
    assert take() == []


def test_a_message_that_was_sent_is_sent(database: Engine) -> None:
    write(letter("a"))
    assert succeed(take()[0])
    assert take(now=NOW + timedelta(days=30)) == []
    assert (all_of_them()["a"].state, all_of_them()["a"].sent_at) == ("sent", NOW)


def test_a_message_that_failed_waits_longer_each_time_and_is_given_up_after_three_days(database: Engine) -> None:
    write(letter("a"))
    now, waits = NOW, []
    while messages := take(now=now):
        fail(messages[0], now=now)
        waits.append(all_of_them()["a"].due_at - now)
        now = max(now, all_of_them()["a"].due_at)
    assert waits[:3] == [timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=4)]
    assert (all_of_them()["a"].state, all_of_them()["a"].error) == ("given_up", "服务器不在")
    assert timedelta(days=3) <= now - NOW < timedelta(days=3, hours=6)


def test_what_no_other_try_can_help_is_given_up_at_once(database: Engine) -> None:
    write(letter("a"))
    assert fail(take()[0], for_good=True)
    assert all_of_them()["a"].state == "given_up"


def test_a_sender_that_was_cut_off_is_followed_by_another_after_ten_minutes(database: Engine) -> None:
    write(letter("a"))
    first = take()[0]
    assert take(now=NOW + timedelta(minutes=9)) == []
    second = take(now=NOW + timedelta(minutes=10))[0]
    assert (second.id, second.attempts) == (first.id, 2)
    assert not fail(first)  # it was not dead, only slow
    assert not succeed(first)
    assert succeed(second)


def test_what_was_given_up_is_tried_again_when_somebody_says_so(database: Engine) -> None:
    round_id = at_the_interview()
    write(letter("a", round_id=round_id), letter("b", address=""), letter("c"))
    for message in take():
        fail(message, for_good=True)
    with reading() as session:
        ids = reads.given_up(session)
    assert len(ids) == 2
    with transaction() as session:
        assert outbox.retry(session, ids=ids, actor="hr", now=NOW) == 2
    assert [(m.key, m.attempts) for m in take()] == [("a", 1), ("c", 1)]
    with reading() as session:
        told = session.exec(select(Entry).where(Entry.deed == "messages.retried")).all()
        assert {(e.chain, e.actor, e.detail) for e in told} == {
            (str(round_id), "hr", '{"n":1}'),
            ("centre", "hr", '{"n":1}'),
        }
        assert audit.chain_findings(session, chain=round_id) == []


def remind(session: Session, stage: Any) -> None:
    keys = {
        "reminder": reads.key(stage, 1, "R9"),
        "opened": reads.key(stage, "opened", "R9", deadline=False),
        "late": reads.key(stage, 1, "hr"),
    }
    outbox.write(session, [letter(key, kind=kind) for kind, key in keys.items()], now=NOW)


@pytest.mark.parametrize(
    ("meanwhile", "left"),
    [
        ("nothing", ["late", "opened", "reminder"]),
        ("extended", ["late", "opened"]),
        ("closed", ["late"]),
        ("reopened", ["late"]),
        ("cancelled", ["late"]),
    ],
)
def test_nobody_is_reminded_of_what_is_over(database: Engine, meanwhile: str, left: list[str]) -> None:
    round_id = at_the_interview()
    with transaction() as session:
        stage = interview(session, round_id)
        remind(session, stage)
        match meanwhile:
            case "extended":
                stages.set_deadline(stage, CLOSES + timedelta(days=1))
            case "closed":
                stage.state = "closed"
            case "reopened":
                stage.generation = 2
            case "cancelled":
                session.get_one(Round, round_id).state = "cancelled"
    with transaction() as session:
        assert outbox.drop_overtaken(session) == 3 - len(left)
    assert sorted(m.kind for m in take()) == left
    assert {m.error for m in all_of_them().values() if m.state == "given_up"} <= {"overtaken"}
    with reading() as session:
        counts = reads.counts(session)
    assert (counts["overtaken"], counts["given_up"]) == (3 - len(left), 0)


def test_what_is_being_sent_is_not_dropped(database: Engine) -> None:
    round_id = at_the_interview()
    with transaction() as session:
        stage = interview(session, round_id)
        remind(session, stage)
        stage.state = "closed"
    take()
    with transaction() as session:
        assert outbox.drop_overtaken(session) == 0


def test_the_outbox_knows_whether_there_is_anything_to_do(database: Engine) -> None:
    def due(after: timedelta) -> bool:
        with reading() as session:
            return reads.anything_due(session, now=NOW + after)

    assert not due(timedelta())
    write(letter("a"))
    assert due(timedelta())
    assert not due(-timedelta(seconds=1))
    message = take()[0]
    assert not due(timedelta(minutes=9))
    assert due(timedelta(minutes=10))
    succeed(message)
    assert not due(timedelta(days=1))
    with reading() as session:
        assert reads.counts(session) == {"waiting": 0, "sending": 0, "sent": 1, "given_up": 0, "overtaken": 0}
