"""Calendar months: forth, back, and how many are complete."""

from calendar import monthrange
from datetime import MAXYEAR, MINYEAR, date


def add_months(day: date, months: int) -> date:
    """Return the same day of the month so many months later (earlier if negative), cut to the month's last day.

    Records may say 9999-12-31; what would lie outside the calendar is its last (first) day.
    """
    year, month0 = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not MINYEAR <= year <= MAXYEAR:
        return date.max if year > MAXYEAR else date.min
    return date(year, month0 + 1, min(day.day, monthrange(year, month0 + 1)[1]))


def months_back(day: date, months: int) -> date:
    """Return the day so many months before, cut to the month's last day."""
    return add_months(day, -months)


def completed_months(since: date, until: date) -> int:
    """Return the completed calendar months between two days; negative when ``until`` comes first.

    Month m is complete on the same day of the month, cut to the month's last day.
    """
    months = (until.year - since.year) * 12 + until.month - since.month
    return months if until >= add_months(since, months) else months - 1
