"""A message that could not be sent is tried again with growing pauses, for about three days."""

from datetime import timedelta
from itertools import pairwise

from rules.retries import LONGEST, TRIES, pause


def pauses() -> list[timedelta]:
    return [p for n in range(1, TRIES) if (p := pause(n)) is not None]


def test_the_first_pause_is_a_minute_and_each_is_twice_the_one_before_up_to_six_hours() -> None:
    assert pauses()[:3] == [timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=4)]
    assert all(later == min(2 * earlier, LONGEST) for earlier, later in pairwise(pauses()))
    assert max(pauses()) == timedelta(hours=6)


def test_after_three_days_nobody_tries_any_more() -> None:
    assert timedelta(days=3) <= sum(pauses(), timedelta()) < timedelta(days=3, hours=6)
    assert pause(TRIES) is None
