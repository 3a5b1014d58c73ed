"""Supplements: a rule may not change after the call, and what may is never less strict or in the past."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from rules import course
from rules.policies import Deed, Eligibility, NoticePolicy, Policy, Rung
from rules.supplements import Standing, moved, refusals
from tests.factories import policy

NOW = datetime(2026, 10, 1, tzinfo=UTC)
STANDING = Standing({course.APPLICATIONS: "pending", "interview": "pending", course.DECISION: "pending"}, posted=False)


def said(after: Policy, standing: Standing = STANDING, before: Policy | None = None) -> str:
    return "；".join(map(str, refusals(before or policy(), after, standing, now=NOW)))


def test_contacts_and_reminders_are_free() -> None:
    before = policy()
    after = replace(before, organisation=replace(before.organisation, phone="8022"), reminders=(Rung(-24),))
    assert said(after) == ""


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"eligibility": Eligibility()}, "资格条件"),
        ({"title": "别的"}, "轮次名称"),
        ({"grades": ("Ⅰ", "Ⅱ", "Ⅲ")}, "职级"),
    ],
)
def test_what_people_applied_under_does_not_change(change: dict, what: str) -> None:
    assert f"“{what}”是报名所依据的规则" in said(replace(policy(), **change))


def test_nothing_of_a_stage_but_its_dates_moves() -> None:
    before = policy()
    stage = replace(before.stages[0], pass_mark=Decimal(10))
    assert "“环节”是报名所依据的规则" in said(replace(before, stages=(stage,)))
    assert "“环节”是报名所依据的规则" in said(replace(before, stages=(*before.stages, before.stages[0])))
    window = replace(before.applications, materials=())
    assert "“报名”是报名所依据的规则" in said(replace(before, applications=window))
    assert "“单位信息”" in said(replace(before, organisation=replace(before.organisation, name="别的单位")))


def test_no_change_is_no_supplement() -> None:
    assert "没有改动" in said(policy())


def test_confirmations_and_second_persons_become_only_stricter() -> None:
    before = policy()
    strict = replace(before, confirmations=2, second_person=(Deed.REOPEN,))
    assert said(strict) == ""
    assert "只能增加" in said(before, before=strict)
    decided = Standing({**STANDING.states, course.DECISION: "done"}, posted=False)
    assert "已经审定" in said(replace(before, confirmations=2), decided)


def test_a_notice_becomes_only_longer_and_only_before_it_is_posted() -> None:
    before = policy()
    longer, shorter = (replace(before, notice=NoticePolicy(working_days=n)) for n in (7, 3))
    assert said(longer) == ""
    assert "不能缩短" in said(shorter)
    assert "已经发布" in said(longer, STANDING._replace(posted=True))
    assert "“公示”是报名所依据的规则" in said(replace(before, notice=NoticePolicy(show_scores=True)))


def test_only_steps_to_come_move_and_only_into_the_future() -> None:
    before = policy()
    window = before.applications
    week = timedelta(days=7)
    later = replace(
        before, applications=replace(window, opens_at=window.opens_at + week, closes_at=window.closes_at + week)
    )
    assert said(later) == ""
    assert list(moved(before, later)) == [course.APPLICATIONS]
    opened = Standing({**STANDING.states, course.APPLICATIONS: "open"}, posted=False)
    assert "已经开始" in said(later, opened)
    shorter = replace(before, applications=replace(window, closes_at=window.closes_at - timedelta(hours=1)))
    assert "不能缩短" in said(shorter)
    past = replace(before, applications=replace(window, opens_at=NOW - week))
    assert "已经过去" in said(past)


def test_a_published_date_is_not_dropped() -> None:
    before = policy()
    dated = replace(before, stages=(replace(before.stages[0], closes_at=NOW + timedelta(days=30)),))
    assert said(dated) == ""
    assert "不能取消" in said(before, before=dated)
