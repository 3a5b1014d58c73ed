"""Periods: a year, a half, a quarter, a month; each ends on its last calendar day."""

import re
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.periods import parse

YEAR = ["2026"], ["2026H1", "2026H2"], ["2026Q1", "2026Q2", "2026Q3", "2026Q4"], [f"2026-{m:02d}" for m in range(1, 13)]


@pytest.mark.parametrize(
    ("text", "kind", "first", "last"),
    [
        ("2026", "year", "2026-01-01", "2026-12-31"),
        ("2026H1", "half", "2026-01-01", "2026-06-30"),
        ("2026H2", "half", "2026-07-01", "2026-12-31"),
        ("2026Q3", "quarter", "2026-07-01", "2026-09-30"),
        ("2026-09", "month", "2026-09-01", "2026-09-30"),
        ("2024-02", "month", "2024-02-01", "2024-02-29"),
        ("2026-02", "month", "2026-02-01", "2026-02-28"),
        ("2000Q1", "quarter", "2000-01-01", "2000-03-31"),
    ],
)
def test_a_period_begins_and_ends_on_calendar_days(text: str, kind: str, first: str, last: str) -> None:
    period = parse(text)
    assert (period.kind, period.first.isoformat(), period.last.isoformat()) == (kind, first, last)
    assert period.text == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "26",
        "2026H3",
        "2026H0",
        "2026Q5",
        "2026-13",
        "2026-00",
        "2026-9",
        "2026h1",
        " 2026",
        "2026\n",
        "２０２６",
        "0000",
    ],
)
def test_nothing_else_is_a_period(text: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
        parse(text)


@given(st.integers(1, 9999), st.sampled_from(YEAR))
def test_the_periods_of_a_year_follow_each_other_without_a_gap(year: int, kinds: list[str]) -> None:
    periods = [parse(text.replace("2026", f"{year:04d}")) for text in kinds]
    assert (periods[0].first, periods[-1].last) == (date(year, 1, 1), date(year, 12, 31))
    for before, after in pairwise(periods):
        assert before.last + timedelta(days=1) == after.first
