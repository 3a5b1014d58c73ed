"""What a live round takes in, and when: never past a deadline, never about people who were not screened."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import Engine

from actions import changes, evidence, people, rounds, stages
from forms import policies
from models.database import reading, transaction
from models.rounds import Round
from models.stages import Stage
from queries import stages as standing
from rules.changes import Change
from rules.policies import Deed
from rules.records import Application, Attendance, Mark, Person, Personnel
from rules.texts import RuleError
from tests.actions.test_stages import CLOSING, close, launch, look_again, outcomes, take_in, to_the_interview
from tests.factories import NOW, handed_in, launched, policy_text, terms

EARLY = NOW - timedelta(days=4)


def take_at(round_id: UUID, now: datetime, *rows: Application | Mark, book: str = "applications") -> None:
    with transaction() as session:
        the_round = session.get_one(Round, round_id)
        evidence.take_in(session, the_round=the_round, book=book, rows=rows, actor="hr", now=now)


def applications(round_id: UUID) -> Stage:
    with reading() as session:
        return standing.by_key(session, the_round=session.get_one(Round, round_id), key="applications")


def test_what_comes_a_second_after_the_deadline_is_refused_though_the_clock_has_not_come_round(
    database: Engine,
) -> None:
    round_id = launch()
    look_again(round_id)
    take_at(round_id, CLOSING, Application("001", CLOSING, "submitted"))
    with pytest.raises(RuleError, match="已经截止"):
        take_at(round_id, CLOSING + timedelta(seconds=1), Application("002", CLOSING, "submitted"))
    assert applications(round_id).state == "open"


def test_somebody_who_came_after_the_screening_is_refused_and_named(database: Engine) -> None:
    round_id = to_the_interview()
    newcomer = Person("777", "新来的", "phone", None, "Ⅱ")
    with transaction() as session:
        people.take_in(session, personnel=Personnel([newcomer]), actor="hr", now=NOW)
    with pytest.raises(RuleError, match="1 人不在本轮资格审查时的名册中，不能录入：777"):
        take_in(round_id, "marks", [Mark("interview", "777", "R1", "speech", Decimal(9), "scored")])


def test_who_has_left_since_the_screening_is_scored_all_the_same(database: Engine) -> None:
    round_id = to_the_interview()
    with transaction() as session:
        assert people.leave(session, staying=["002", "003", "004"], actor="hr", now=NOW) == ["001"]
    take_in(round_id, "marks", handed_in().marks)
    close(round_id, "interview")
    look_again(round_id)
    assert outcomes(round_id)["001"] == ("reserve", "80.00", 2)


def test_attendance_is_refused_in_a_round_without_training(database: Engine) -> None:
    round_id = to_the_interview()
    with pytest.raises(RuleError, match="没有培训环节"):
        take_in(round_id, "attendance", [Attendance("001", 1, "present")])


def test_an_extension_counts_for_who_applies_in_it(database: Engine) -> None:
    round_id = launch()
    look_again(round_id)
    later = CLOSING + timedelta(days=1)
    with transaction() as session:
        the_round = session.get_one(Round, round_id)
        extension = Change(Deed.EXTEND, "台风", stage="applications", until=later)
        changes.ask(session, the_round=the_round, change=extension, terms=terms(actor="hr"))
    take_at(round_id, later, Application("001", later, "submitted"), Application("002", CLOSING, "submitted"))
    with transaction() as session:
        stages.close_due(session, now=later)
    look_again(round_id, now=later)
    assert {no: outcome for no, (outcome, _final, _rank) in outcomes(round_id).items()} == {"001": None, "002": None}


def test_who_applies_once_it_was_opened_early_is_not_too_early(database: Engine) -> None:
    round_id = launch(now=EARLY)
    look_again(round_id, now=EARLY)
    take_at(round_id, EARLY, Application("003", EARLY - timedelta(hours=1), "submitted"))
    with transaction() as session:
        the_round = session.get_one(Round, round_id)
        stage = standing.by_key(session, the_round=the_round, key="applications")
        stages.open_early(session, stage=stage, the_round=the_round, terms=terms(now=EARLY))
    take_at(round_id, EARLY, Application("001", EARLY, "submitted"))
    close(round_id, "applications", now=EARLY)
    look_again(round_id, now=EARLY)
    assert outcomes(round_id) == {"001": (None, None, None), "003": ("early", None, None)}


def test_who_applies_after_a_reopening_is_in_time(database: Engine) -> None:
    round_id = to_the_interview()
    after = CLOSING + timedelta(days=2)
    with transaction() as session:
        the_round = session.get_one(Round, round_id)
        reopening = Change(Deed.REOPEN, "通知漏发", stage="applications")
        changes.ask(session, the_round=the_round, change=reopening, terms=terms(actor="hr", now=after))
    take_at(round_id, after, Application("002", after, "withdrawn"))
    take_at(round_id, after, Application("001", after, "submitted"))
    close(round_id, "applications", now=after)
    look_again(round_id, now=after)
    assert outcomes(round_id)["001"] == (None, None, None)
    assert outcomes(round_id)["002"] == ("withdrawn", None, None)


def test_a_round_is_not_launched_over_people_of_a_line_that_it_does_not_know(database: Engine) -> None:
    text = policy_text(**{"lines: {phone: 电话客服, vip: VIP专属服务}": "lines: {phone: 电话客服}"})
    with (
        pytest.raises(RuleError, match="名册中 1 人的业务线（vip）不在方案的 lines 中，如 004"),
        transaction() as session,
    ):
        launched(session)
        the_policy = replace(policies.read(text).policy, code="T-2")
        rounds.launch(session, policy=the_policy, policy_text=text, actor="hr", now=NOW)
