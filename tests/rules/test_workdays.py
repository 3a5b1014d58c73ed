"""Working days: the official calendar, the public notice counted in them, and no guess where no data are."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.calendar import official_calendar
from rules.texts import RuleError
from rules.workdays import NoticePeriod, notice_period

days_of_2026 = st.dates(date(2026, 1, 1), date(2026, 11, 30))


def notice(posted_on: date, *, count_first_day: bool, working_days: int = 5) -> NoticePeriod:
    return notice_period(
        posted_on, working_days=working_days, count_first_day=count_first_day, calendar=official_calendar()
    )


def last_day(posted_on: str, *, count_first_day: bool) -> str:
    return notice(date.fromisoformat(posted_on), count_first_day=count_first_day).last_day.isoformat()


@pytest.mark.parametrize(
    ("posted_on", "counted", "not_counted"),
    [
        ("2026-02-12", "2026-02-25", "2026-02-26"),  # over the Spring Festival, with a make-up Saturday
        ("2026-04-29", "2026-05-08", "2026-05-09"),  # the 9th of May is a make-up Saturday
        ("2026-09-28", "2026-10-09", "2026-10-10"),  # so is the 10th of October
        ("2026-06-01", "2026-06-05", "2026-06-08"),
    ],
)
def test_a_notice_lasts_five_working_days_over_holidays(posted_on: str, counted: str, not_counted: str) -> None:
    assert last_day(posted_on, count_first_day=True) == counted
    assert last_day(posted_on, count_first_day=False) == not_counted


def test_a_notice_into_a_year_without_official_data_is_refused_and_names_the_year() -> None:
    assert last_day("2026-12-25", count_first_day=True) == "2026-12-31"
    with pytest.raises(RuleError, match="2027 年的节假日安排没有官方数据"):
        last_day("2026-12-25", count_first_day=False)


def test_weekends_are_no_substitute_for_data_that_are_missing() -> None:
    with pytest.raises(RuleError, match="2027"):
        official_calendar().is_working(date(2027, 1, 2))


@pytest.mark.parametrize(
    ("day", "working"),
    [
        ("2026-02-14", True),  # Saturday, made up for the Spring Festival
        ("2026-02-16", False),  # Monday, holiday
        ("2026-06-06", False),  # Saturday
        ("2026-06-08", True),  # Monday
        ("2026-10-01", False),  # National Day
    ],
)
def test_holidays_and_make_up_days_go_before_the_weekday(day: str, working: bool) -> None:  # noqa: FBT001 - a column of the table above
    assert official_calendar().is_working(date.fromisoformat(day)) is working


def test_a_notice_names_every_day_that_counts() -> None:
    period = notice(date(2026, 9, 28), count_first_day=False)
    assert period.first_day == date(2026, 9, 28)
    assert [d.isoformat() for d in period.working_days] == [
        "2026-09-29",
        "2026-09-30",
        "2026-10-08",
        "2026-10-09",
        "2026-10-10",
    ]


def test_a_notice_posted_on_a_holiday_begins_to_count_on_the_next_working_day() -> None:
    for count_first_day in (True, False):
        period = notice(date(2026, 10, 1), count_first_day=count_first_day, working_days=1)
        assert (period.first_day, period.last_day) == (date(2026, 10, 1), date(2026, 10, 8))


@given(days_of_2026, st.integers(1, 12), st.booleans())
def test_a_notice_counts_exactly_the_working_days_up_to_its_last(posted_on: date, n: int, count_first: bool) -> None:  # noqa: FBT001 - drawn
    period = notice(posted_on, count_first_day=count_first, working_days=n)
    first = posted_on if count_first else posted_on + timedelta(days=1)
    inside = [first + timedelta(days=k) for k in range((period.last_day - first).days + 1)]
    assert period.working_days == tuple(d for d in inside if official_calendar().is_working(d))
    assert (len(period.working_days), period.working_days[-1]) == (n, period.last_day)


@given(days_of_2026, st.integers(1, 12))
def test_counting_the_posting_day_never_makes_a_notice_longer(posted_on: date, n: int) -> None:
    with_it = notice(posted_on, count_first_day=True, working_days=n).last_day
    without = notice(posted_on, count_first_day=False, working_days=n).last_day
    assert (with_it < without) if official_calendar().is_working(posted_on) else (with_it == without)
