"""Working days: the State Council's calendar as a package knows it, and what an employer adds for further years."""

import csv
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import chinese_calendar

from forms.faults import Fault, FormError
from rules.texts import Text, _
from rules.workdays import Calendar

KINDS = {"holiday": False, "workday": True}
SATURDAY = 5


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

    The file is CSV: ``date,kind`` (``holiday`` or ``workday``). All other days of the years that it names go by the
    weekday, so it lists what the State Council's notice lists.

    :raises FormError: naming every row that cannot be read.
    """
    faults, given = [], {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), 2):
            try:
                given[date.fromisoformat(row.get("date") or "")] = KINDS[row.get("kind") or ""]
            except (ValueError, KeyError):
                text = Text(_("应为 date（YYYY-MM-DD）和 kind（holiday 或 workday）"))
                faults.append(Fault(text, path.name, number, value=",".join(str(v) for v in row.values())))
    if not given and not faults:
        faults.append(Fault(Text(_("没有任何日期；应有列 date,kind")), path.name, 1))
    if faults:
        raise FormError(faults)
    days = dict(official_calendar().days)
    for year in {d.year for d in given}:
        first = date(year, 1, 1)
        for n in range((date(year + 1, 1, 1) - first).days):
            day = first + timedelta(days=n)
            days[day] = given.get(day, day.weekday() < SATURDAY)
    return Calendar(days, f"chinesecalendar + {path.name}")
