"""Objections keep a public notice from ending until somebody has answered them."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from actions import hearings, stages
from models.database import reading, transaction
from models.history import Entry
from models.rounds import Round
from models.stages import Stage
from queries import audit, health, retold
from queries import hearings as heard
from rules.texts import RuleError
from tests.actions.test_stages import confirm, look_again, to_the_decision
from tests.factories import policy

HOUR = timedelta(hours=1)


def notice() -> Stage:
    with reading() as session:
        return session.exec(select(Stage).where(Stage.key == "_notice")).one()


def to_the_notice() -> tuple[UUID, datetime]:
    """Return a round whose notice is posted, and the end of its last day."""
    round_id = to_the_decision()
    confirm(round_id)
    assert look_again(round_id) == "_notice"
    ends = notice().closes_at
    assert ends
    return round_id, ends


def object_to_it(round_id: UUID, *, at: datetime, kind: str = "objection") -> int:
    with transaction() as session:
        return hearings.take_in(
            session,
            the_round=session.get_one(Round, round_id),
            kind=kind,
            ground="计分有误",
            staff_no="001",
            raised_by="001",
            channel="pages",
            actor="u001",
            now=at,
        ).number


def settle(round_id: UUID, number: int, *, at: datetime, how: str = "answer") -> None:
    with transaction() as session:
        the_round = session.get_one(Round, round_id)
        found = heard.by_number(session, round_id=round_id, number=number)
        assert found
        if how == "answer":
            hearings.answer(
                session, the_round=the_round, hearing=found, upheld=False, words="已复核", actor="hr", now=at
            )
        else:
            hearings.take_back(session, the_round=the_round, hearing=found, actor="u001", now=at)


def tick(now: datetime) -> list[str]:
    with transaction() as session:
        return [s.key for s in stages.close_due(session, now=now)]


def test_a_notice_does_not_end_over_an_unanswered_objection_and_ends_at_once_when_it_is_answered(
    database: Engine,
) -> None:
    round_id, ends = to_the_notice()
    first, second = (object_to_it(round_id, at=ends - HOUR) for _n in range(2))
    answered = ends + timedelta(days=2)
    assert tick(ends + HOUR) == []
    settle(round_id, first, at=answered - HOUR)
    assert tick(answered - HOUR) == []
    settle(round_id, second, at=answered)
    assert tick(answered + HOUR) == ["_notice"]
    assert (notice().closes_at, notice().closed_at) == (ends, answered)
    with reading() as session:
        the_round = session.get_one(Round, round_id)
        entries = session.exec(select(Entry).where(Entry.chain == str(round_id)).order_by(Entry.number)).all()
        assert [(e.deed, e.at) for e in entries][-2:] == [("hearing.answered", answered), ("stage.closed", answered)]
        assert audit.chain_findings(session, chain=round_id) == []
        assert retold.findings(session, the_round=the_round, policy=policy()) == []


@pytest.mark.parametrize("how", ["answer", "take back"])
def test_a_notice_whose_objections_are_settled_in_time_ends_at_its_time(database: Engine, how: str) -> None:
    round_id, ends = to_the_notice()
    settle(round_id, object_to_it(round_id, at=ends - 2 * HOUR), at=ends - HOUR, how=how)
    assert tick(ends - HOUR) == []
    assert tick(ends + HOUR) == ["_notice"]
    assert notice().closed_at == ends


def test_a_request_for_a_human_check_keeps_no_notice_open(sqlite: Engine) -> None:
    round_id, ends = to_the_notice()
    object_to_it(round_id, at=ends - HOUR, kind="human_check")
    assert tick(ends + HOUR) == ["_notice"]


def test_no_more_is_heard_after_the_planned_end_though_the_notice_is_kept_open(sqlite: Engine) -> None:
    round_id, ends = to_the_notice()
    object_to_it(round_id, at=ends - HOUR)
    with transaction() as session, pytest.raises(RuleError, match="公示期已满"):
        hearings.raise_own(
            session,
            the_round=session.get_one(Round, round_id),
            kind="objection",
            staff_no="003",
            ground="另一件事",
            actor="u003",
            now=ends,
        )


def test_a_notice_that_waits_for_an_answer_is_no_fault_of_the_clock(sqlite: Engine) -> None:
    round_id, ends = to_the_notice()
    number = object_to_it(round_id, at=ends - HOUR)
    with reading() as session:
        assert health.overdue(session, now=ends + 24 * HOUR) == []
    settle(round_id, number, at=ends + 2 * HOUR)
    with reading() as session:
        assert [w.step for w in health.overdue(session, now=ends + 24 * HOUR)] == ["公示"]
