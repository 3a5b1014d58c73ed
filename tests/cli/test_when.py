from datetime import UTC, datetime, timedelta, timezone

import pytest

from cli.when import local
from forms.instants import instant
from rules.texts import RuleError

EAST = timezone(timedelta(hours=8))


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2026-10-21T18:00", datetime(2026, 10, 21, 18, 0, tzinfo=EAST)),
        ("2026-10-21 18:00:30", datetime(2026, 10, 21, 18, 0, 30, tzinfo=EAST)),
        ("2026-10-21T18:00Z", datetime(2026, 10, 21, 18, 0, tzinfo=UTC)),
        ("2026-10-21T18:00+09:00", datetime(2026, 10, 21, 9, 0, tzinfo=UTC)),
        ("2026-10-31 24:00", datetime(2026, 11, 1, 0, 0, tzinfo=EAST)),
    ],
)
def test_an_instant_without_an_offset_is_one_of_the_rounds_time_zone(text: str, at: datetime) -> None:
    assert instant(text, "Asia/Shanghai") == at


@pytest.mark.parametrize(
    "text", ["", "tomorrow", "2026-10-21", "18:00", "2026-02-29T10:00", "2026-10-21T25:00", "20261021"]
)
def test_what_leaves_the_moment_open_is_refused(text: str) -> None:
    with pytest.raises(RuleError, match="2026-10-21T18:00"):
        instant(text, "Asia/Shanghai")


def test_an_instant_is_shown_as_the_clocks_of_the_round_show_it() -> None:
    assert local(datetime(2026, 10, 21, 16, 30, tzinfo=UTC), "Asia/Shanghai") == "2026-10-22 00:30"
