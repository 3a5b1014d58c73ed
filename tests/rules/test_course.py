"""The course of a round: its steps, which of them wait for people, and when the notice stands and ends."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from forms.calendar import official_calendar
from rules import course
from rules.course import LIVE, REHEARSAL, REPLAY
from rules.texts import RuleError
from rules.workdays import NoticePeriod
from tests.rules.factories import CLOSES, OPENS, policy, review, training

SHANGHAI = ZoneInfo("Asia/Shanghai")
LATER = datetime.fromisoformat("2026-10-23T18:00:00+08:00")
LATEST = datetime.fromisoformat("2026-10-30T18:00:00+08:00")


@pytest.mark.parametrize("mode", [LIVE, REPLAY])
def test_a_round_goes_from_screening_over_the_policys_stages_to_the_archive(mode: str) -> None:
    steps = course.steps(policy(stages=(review("materials"), training(), review("roleplay"))), mode)
    assert [s.key for s in steps] == [
        *("_screening", "_applications"),
        *("materials", "theory", "roleplay"),
        *("_final", "_decision", "_notice", "_archive"),
    ]
    assert [s.kind for s in steps][2:6] == ["review", "training", "review", "final"]


def test_a_rehearsal_screens_and_nothing_more() -> None:
    assert [s.key for s in course.steps(policy(), REHEARSAL)] == ["_screening"]


def test_steps_open_and_close_when_the_policy_plans_it() -> None:
    stages = (review(opens_at=CLOSES, closes_at=LATER),)
    steps = {s.key: (s.opens_at, s.closes_at) for s in course.steps(policy(stages=stages), LIVE)}
    assert steps["_applications"] == (OPENS, CLOSES)
    assert steps["interview"] == (CLOSES, LATER)
    assert steps["_final"] == (None, None)


def test_every_step_has_a_name_to_be_shown() -> None:
    names = [s.name for s in course.steps(policy(), LIVE)]
    assert names == ["资格审查", "报名", "面试", "综合成绩", "审定", "公示", "任职通知与归档"]


def test_a_live_round_waits_for_people_and_a_replay_for_nobody() -> None:
    kinds = [s.kind for s in course.steps(policy(stages=(review(), training())), LIVE)]
    assert [k for k in kinds if course.unattended(k, LIVE)] == ["screening", "final", "archive"]
    assert all(course.unattended(k, REPLAY) for k in kinds)


def test_the_last_instant_of_a_policy_is_the_end_of_its_latest_window() -> None:
    windows = review("a", closes_at=LATEST), review("b", closes_at=LATER), review("c")
    assert course.last_day_planned(policy(stages=windows)) == LATEST
    assert course.last_day_planned(policy()) == CLOSES


def test_a_notice_ends_at_midnight_after_its_last_day_where_the_round_is() -> None:
    period = NoticePeriod(date(2026, 9, 28), date(2026, 10, 10), ())
    assert course.notice_ends(period, SHANGHAI) == datetime(2026, 10, 10, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    ("after", "day"),
    [
        ("2026-10-16T18:00:00+08:00", "2026-10-19"),  # Friday
        ("2026-10-15T18:00:00+08:00", "2026-10-16"),
        ("2026-10-15T18:00:00+00:00", "2026-10-19"),  # Friday already in Shanghai
        ("2026-09-30T12:00:00+08:00", "2026-10-08"),
        ("2026-10-09T12:00:00+08:00", "2026-10-10"),  # a make-up Saturday
    ],
)
def test_the_next_working_day_follows_the_calendar_where_the_round_is(after: str, day: str) -> None:
    found = course.next_working_day(datetime.fromisoformat(after), SHANGHAI, official_calendar())
    assert found.isoformat() == day


def test_no_next_working_day_is_guessed() -> None:
    with pytest.raises(RuleError, match="2027"):
        course.next_working_day(datetime.fromisoformat("2026-12-31T12:00:00+08:00"), SHANGHAI, official_calendar())
