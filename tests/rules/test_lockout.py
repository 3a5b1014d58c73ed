"""Pauses after failures: none at first, then growing, never without end."""

from datetime import UTC, datetime, timedelta

import pytest

from rules.lockout import OF_ADDRESS, OF_LOGIN, wait_until

AT = datetime(2026, 10, 14, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("failures", "minutes"), [(0, 0), (4, 0), (5, 1), (6, 2), (7, 4), (8, 8), (9, 15), (10, 15), (10_000, 15)]
)
def test_the_pause_after_failures_doubles_up_to_a_quarter_of_an_hour(failures: int, minutes: int) -> None:
    until = wait_until(failures=failures, last=AT, limit=OF_LOGIN)
    assert until == (AT + timedelta(minutes=minutes) if minutes else None)


def test_an_address_behind_which_many_sit_has_more_patience() -> None:
    assert wait_until(failures=29, last=AT, limit=OF_ADDRESS) is None
    assert wait_until(failures=30, last=AT, limit=OF_ADDRESS) == AT + timedelta(minutes=1)


def test_nobody_waits_who_never_failed() -> None:
    assert wait_until(failures=0, last=None, limit=OF_LOGIN) is None
