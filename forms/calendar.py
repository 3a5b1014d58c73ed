"""Working days: the State Council's calendar as a package knows it, and what an employer adds for further years."""

from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

import chinese_calendar

from forms import cells
from forms.columns import Column, Spec
from forms.faults import Fault, FormError
from forms.rows import check
from forms.tables import read_table
from rules.texts import Text, _
from rules.workdays import Calendar

SATURDAY: Final = 5


class _Day(NamedTuple):
    """A row of a supplement."""

    date: date
    kind: str


SUPPLEMENT: Final = Spec(
    "calendar",
    _Day,
    (Column("date", cells.day, needed=True), Column("kind", cells.one_of("holiday", "workday"), needed=True)),
    ("date",),
)


@cache
def official_calendar() -> Calendar:
    """Return every day of the years for which the package has official data."""
    years = {d.year for d in chinese_calendar.holidays if (d.month, d.day) != (1, 1)}
    day, days = date(min(years), 1, 1), {}
    while day.year <= max(years):
        days[day] = day in chinese_calendar.workdays or (
            day.weekday() < SATURDAY and day not in chinese_calendar.holidays
        )
        day += timedelta(days=1)
    return Calendar(days, "chinesecalendar")


def read_calendar(path: Path) -> Calendar:
    """Return the official calendar with an employer's supplement over it.

    The file is CSV or XLSX: ``date,kind`` (``holiday`` or ``workday``). All other days of the years that it names go
    by the weekday, so it lists what the State Council's notice lists.

    :raises FormError: naming every row that cannot be read.
    """
    read = check(read_table(path), SUPPLEMENT)
    if not read.records and not read.faults:
        read.faults.append(Fault(Text(_("没有任何日期；应有列 date,kind")), path.name, 1))
    if read.faults:
        raise FormError(read.faults)
    given = {day.date: day.kind == "workday" for day in read.records}
    days = dict(official_calendar().days)
    for year in {day.year for day in given}:
        for ordinal in range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1):
            day = date.fromordinal(ordinal)
            days[day] = given.get(day, day.weekday() < SATURDAY)
    return Calendar(days, f"chinesecalendar + {path.name}")
