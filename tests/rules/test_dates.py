"""Calendar months: the same day of the month, cut to the month's last day."""

from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rules.dates import add_months, completed_months, months_back

days = st.dates(date(1990, 1, 1), date(2060, 12, 31))
counts = st.integers(0, 400)


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2026-09-30", 1, "2026-10-30"),
        ("2026-01-31", 1, "2026-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2026-08-31", 1, "2026-09-30"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2026-12-31", 2, "2027-02-28"),
        ("2026-05-15", 0, "2026-05-15"),
        ("2026-11-30", 3, "2027-02-28"),
    ],
)
def test_months_forth_keep_the_day_or_end_with_the_month(start: str, months: int, end: str) -> None:
    assert add_months(day(start), months) == day(end)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2026-09-30", 12, "2025-09-30"),
        ("2026-03-31", 1, "2026-02-28"),
        ("2024-03-31", 1, "2024-02-29"),
        ("2025-02-28", 12, "2024-02-28"),
        ("2024-02-29", 12, "2023-02-28"),
        ("2026-01-15", 1, "2025-12-15"),
        ("2026-12-31", 6, "2026-06-30"),
        ("2026-09-30", 0, "2026-09-30"),
    ],
)
def test_months_back_keep_the_day_or_end_with_the_month(start: str, months: int, end: str) -> None:
    assert months_back(day(start), months) == day(end)


@pytest.mark.parametrize(
    ("since", "until", "months"),
    [
        ("2024-09-30", "2026-09-30", 24),
        ("2024-10-01", "2026-09-30", 23),
        ("2024-09-29", "2026-09-30", 24),
        ("2026-09-30", "2026-09-30", 0),
        ("2025-08-31", "2026-09-30", 13),  # the 31st of September is the 30th
        ("2025-08-31", "2026-09-29", 12),
        ("2024-02-29", "2025-02-28", 12),
        ("2024-02-29", "2025-02-27", 11),
        ("2023-02-28", "2024-02-28", 12),
        ("2026-01-31", "2026-02-28", 1),
        ("2026-01-31", "2026-03-01", 1),
        ("2026-01-31", "2026-03-30", 1),
        ("2026-01-31", "2026-03-31", 2),
    ],
)
def test_a_month_is_complete_on_its_own_day_or_on_the_months_last(since: str, until: str, months: int) -> None:
    assert completed_months(day(since), day(until)) == months


@pytest.mark.parametrize(
    ("since", "months"), [("2026-10-01", -1), ("2026-10-30", -1), ("2026-10-31", -1), ("2026-11-01", -2)]
)
def test_who_comes_later_has_less_than_nothing(since: str, months: int) -> None:
    assert completed_months(day(since), day("2026-09-30")) == months


def test_a_record_of_the_end_of_all_days_does_no_harm() -> None:
    assert add_months(day("9999-12-31"), 24) == date.max
    assert add_months(day("9998-12-31"), 12) == date.max
    assert months_back(day("0001-06-30"), 12) == date.min
    assert months_back(day("0001-06-30"), 5) == day("0001-01-30")
    assert completed_months(day("9999-12-31"), day("2026-09-30")) < 0


@given(days, days)
@example(date(2024, 2, 29), date(2025, 2, 28))
@example(date(2026, 1, 31), date(2026, 2, 28))
def test_completed_months_are_the_most_that_fit(since: date, until: date) -> None:
    months = completed_months(since, until)
    assert add_months(since, months) <= until < add_months(since, months + 1)


@given(days, counts)
def test_so_many_months_later_so_many_months_are_complete_and_the_day_before_one_less(since: date, months: int) -> None:
    end = add_months(since, months)
    assert completed_months(since, end) == months
    assert completed_months(since, end - timedelta(days=1)) == months - 1


@given(days, days, counts)
def test_a_later_day_never_lies_earlier_after_counting(one: date, other: date, months: int) -> None:
    early, late = sorted((one, other))
    assert add_months(early, months) <= add_months(late, months)
    assert months_back(early, months) <= months_back(late, months)


@given(days, counts, counts)
def test_months_are_counted_from_the_day_itself_not_from_a_cut_one(start: date, first: int, second: int) -> None:
    far, near = add_months(start, first + second), add_months(start, first)
    assert (far.year, far.month) == (add_months(near, second).year, add_months(near, second).month)
    assert add_months(near, second) <= far
    assert far.day == start.day or (far + timedelta(days=1)).day == 1
