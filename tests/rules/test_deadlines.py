"""Deadlines: the grace after them, and the ladder of reminders: each rung in its time, none of them stale."""

from datetime import datetime, timedelta

import pytest

from rules.deadlines import due_at, rungs_due
from rules.policies import Audience, Rung

CLOSES = datetime.fromisoformat("2026-10-23T18:00:00+08:00")
OPENED = CLOSES - timedelta(days=7)
TWO_DAYS, TWO_HOURS = Rung(-48), Rung(-2)
AT_ONCE, FOUR_LATE, DAY_LATE = Rung(0), Rung(4, (Audience.HR,)), Rung(24, (Audience.SUBSTITUTE,))
LADDER = (TWO_DAYS, TWO_HOURS, AT_ONCE, FOUR_LATE, DAY_LATE)


def numbers(after_hours: float, *, ladder: tuple[Rung, ...] = LADDER, opened: datetime = OPENED) -> list[int]:
    now = CLOSES + timedelta(hours=after_hours)
    return [r.number for r in rungs_due(ladder, opened_at=opened, closes_at=CLOSES, now=now)]


def test_without_grace_the_clock_closes_a_step_at_its_deadline() -> None:
    assert due_at(CLOSES, 0) == CLOSES


def test_with_grace_the_clock_closes_a_step_when_the_grace_is_over() -> None:
    assert due_at(CLOSES, 36) == datetime.fromisoformat("2026-10-25T06:00:00+08:00")


def test_a_step_without_a_deadline_is_never_closed_by_the_clock() -> None:
    assert due_at(None, 36) is None


@pytest.mark.parametrize(
    ("after_hours", "expected"),
    [(-48.01, []), (-48, [1]), (-2.01, [1]), (-2, [2]), (-0.01, [2]), (0, [3]), (4, [3, 4]), (24, [3, 4, 5])],
)
def test_a_rung_comes_in_its_time_to_the_second(after_hours: float, expected: list[int]) -> None:
    assert numbers(after_hours) == expected


def test_of_several_reminders_before_the_deadline_only_the_latest_is_left() -> None:
    assert numbers(-1) == [2]


def test_what_follows_the_deadline_takes_the_place_of_what_preceded_it() -> None:
    assert numbers(1) == [3]


def test_a_rung_that_lay_before_the_opening_never_comes() -> None:
    assert numbers(-1, ladder=(TWO_DAYS,), opened=CLOSES - timedelta(hours=47)) == []
    assert numbers(-1, ladder=(TWO_DAYS,), opened=CLOSES - timedelta(hours=48)) == [1]


def test_rungs_keep_their_numbers_of_the_policy_whatever_their_order() -> None:
    assert numbers(30, ladder=(DAY_LATE, AT_ONCE, FOUR_LATE)) == [2, 3, 1]


def test_each_rung_says_when_its_time_came() -> None:
    (due,) = rungs_due((TWO_DAYS,), opened_at=OPENED, closes_at=CLOSES, now=CLOSES - timedelta(hours=3))
    assert due.at == CLOSES - timedelta(hours=48)


def test_a_later_deadline_starts_the_ladder_anew() -> None:
    extended = CLOSES + timedelta(days=3)
    now = CLOSES + timedelta(hours=1)
    assert rungs_due(LADDER, opened_at=OPENED, closes_at=extended, now=now) == []
    again = rungs_due(LADDER, opened_at=OPENED, closes_at=extended, now=extended - timedelta(hours=48))
    assert [r.number for r in again] == [1]
