"""A round over time: bars in proportion, days of rest only where they are known."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from reports.charts.timeline import LABEL, WIDTH, Span, timeline

ZONE = ZoneInfo("UTC")
FIRST = datetime(2026, 10, 12, tzinfo=UTC)


def after(days: int) -> datetime:
    return FIRST + timedelta(days=days)


def test_bars_lie_in_proportion_between_the_first_and_the_last_day() -> None:
    spans = [Span("报名", FIRST, after(5), FIRST, after(4)), Span("面试", after(5), after(9), None, None)]
    drawn = timeline(spans, now=after(2), zone=ZONE, is_working=lambda day: day.weekday() < 5)
    assert drawn
    day = (WIDTH - LABEL) / 10
    assert drawn.lanes[0].plan == (LABEL, round(5 * day))
    assert drawn.lanes[0].was == (LABEL, round(4 * day))
    assert drawn.lanes[1].was is None
    assert drawn.now == LABEL + round(2 * day)
    assert len(drawn.rest) == 2


def test_days_of_which_nobody_knows_are_not_days_of_rest() -> None:
    drawn = timeline(
        [Span("报名", FIRST, after(9), None, None)], now=after(99), zone=ZONE, is_working=lambda _day: None
    )
    assert drawn
    assert drawn.rest == []
    assert drawn.now is None
    assert drawn.ticks[0] == (LABEL, date(2026, 10, 12))


def test_without_a_single_time_there_is_no_picture() -> None:
    assert timeline([Span("公示", None, None, None, None)], now=FIRST, zone=ZONE, is_working=lambda _day: True) is None


def test_a_step_that_is_open_reaches_to_now() -> None:
    drawn = timeline(
        [Span("面试", FIRST, after(9), FIRST, None)], now=after(4), zone=ZONE, is_working=lambda _day: True
    )
    assert drawn
    [lane] = drawn.lanes
    assert lane.was
    assert lane.was.x + lane.was.width == drawn.now
