"""Periods of ratings and indicators: a year, a half, a quarter or a month."""

import re
from calendar import monthrange
from datetime import date
from functools import lru_cache
from typing import NamedTuple

_FORM = re.compile(r"(\d{4})(?:H([12])|Q([1-4])|-(0[1-9]|1[0-2]))?", re.ASCII)


class Period(NamedTuple):
    """A period as written, its kind (``year``, ``half``, ``quarter``, ``month``), first and last day."""

    text: str
    kind: str
    first: date
    last: date


@lru_cache(maxsize=4096)
def parse(text: str) -> Period:
    """Read ``2026``, ``2026H1``, ``2026Q3`` or ``2026-09``.

    :raises ValueError: when it is none of these.
    """
    form = _FORM.fullmatch(text)
    if form is None or form[1] == "0000":
        raise ValueError(text)
    year, half, quarter, month = (int(part) if part else 0 for part in form.groups())
    kind, first, months = "year", 1, 12
    if half:
        kind, first, months = "half", 6 * half - 5, 6
    elif quarter:
        kind, first, months = "quarter", 3 * quarter - 2, 3
    elif month:
        kind, first, months = "month", month, 1
    last = first + months - 1
    return Period(text, kind, date(year, first, 1), date(year, last, monthrange(year, last)[1]))
