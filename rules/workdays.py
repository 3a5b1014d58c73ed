"""Working days by the official calendar, and the public notice that is counted in them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from rules.texts import RuleError, Text, _


@dataclass(frozen=True, slots=True)
class Calendar:
    """For every day of the years that are known: is it a working day? ``source`` says who says so."""

    days: Mapping[date, bool]
    source: str

    def is_working(self, day: date) -> bool:
        """Return whether a day is a working day.

        :raises RuleError: when its year has no official data; weekends alone are never a substitute.
        """
        if day not in self.days:
            raise RuleError(
                Text(
                    _("{year} 年的节假日安排没有官方数据，不能推算工作日；公布后请用设置 JINGPIN_CALENDAR 补充"),
                    {"year": day.year},
                )
            )
        return self.days[day]


class NoticePeriod(NamedTuple):
    """The first and last day of a notice, and the working days that count."""

    first_day: date
    last_day: date
    working_days: tuple[date, ...]


def notice_period(posted_on: date, *, working_days: int, count_first_day: bool, calendar: Calendar) -> NoticePeriod:
    """Count the working days of a notice from the day it is posted, which counts only if ``count_first_day``.

    :raises RuleError: when a year in question has no official data.
    """
    counted: list[date] = []
    day = posted_on if count_first_day else posted_on + timedelta(days=1)
    while len(counted) < working_days:
        if calendar.is_working(day):
            counted.append(day)
        day += timedelta(days=1)
    return NoticePeriod(posted_on, counted[-1] if counted else posted_on, tuple(counted))
