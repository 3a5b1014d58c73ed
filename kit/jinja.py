"""Templates that cannot go wrong quietly: everything escaped, a missing value is an error, Chinese dates and numerals.

What people typed is only ever a value in a template, never a template.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.exceptions import UndefinedError

from kit.i18n import gettext, labelled, language, prose, say

_ = gettext
DIGITS: Final = "零一二三四五六七八九"
SHOWN_AT_MOST: Final = 4


@cache
def environment(*folders: Path) -> Environment:
    """Return the environment for templates in these folders, the first one first; made once.

    ``None`` where a text should stand is an error too: say ``{{ x or "—" }}`` where a value may be unknown.
    """
    made = Environment(
        loader=FileSystemLoader(folders),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_never_none,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
    )
    made.globals.update(_=gettext, say=say, labelled=labelled, prose=prose)
    made.filters.update(
        day=day,
        day_time=day_time,
        deadline=deadline,
        weekday=weekday,
        numeral=numeral,
        plain=plain,
        masked=masked,
        joined=joined,
    )
    return made


@cache
def text_environment(*folders: Path) -> Environment:
    """Return the environment for templates of plain text, where nothing is escaped: never for a page."""
    return environment(*folders).overlay(autoescape=False)


def _never_none(value: Any) -> Any:  # noqa: ANN401 - Jinja passes anything
    if value is None:
        raise UndefinedError("a value that is not known (None) stands where the template shows a text")
    return value


def day(value: date, *, year: bool = True) -> str:
    """Return 2026年10月21日, or 10月21日 without the year."""
    form = _("{year}年{month}{day}日") if year else _("{month}{day}日")
    return form.format(year=value.year, month=_month(value.month), day=value.day)


def _month(number: int) -> str:
    early = (_("1月"), _("2月"), _("3月"), _("4月"), _("5月"), _("6月"))
    late = (_("7月"), _("8月"), _("9月"), _("10月"), _("11月"), _("12月"))
    return (*early, *late)[number - 1]


def weekday(value: date) -> str:
    """Return 周一 to 周日."""
    return [_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日")][value.weekday()]


def day_time(value: datetime, zone: str, *, year: bool = True) -> str:
    """Return 2026年10月21日（周三）18:00 in a time zone."""
    local = value.astimezone(ZoneInfo(zone))
    return _("{day}（{weekday}）{time}").format(
        day=day(local, year=year), weekday=weekday(local), time=f"{local:%H:%M}"
    )


def deadline(value: datetime, zone: str, *, year: bool = True) -> str:
    """Return an instant until which something may be done: midnight ends a day, as 10月21日（周三）24:00."""
    local = value.astimezone(ZoneInfo(zone))
    if local.time() != time.min:
        return day_time(value, zone, year=year)
    last = local.date() - timedelta(days=1)
    return _("{day}（{weekday}）{time}").format(day=day(last, year=year), weekday=weekday(last), time="24:00")


def numeral(number: int) -> str:
    """Return 一 to 九十九; digits in another language than Chinese.

    :raises ValueError: outside 1–99.
    """
    if not 1 <= number <= 99:  # noqa: PLR2004 - what two numerals can say
        raise ValueError(number)
    if language() != "zh":
        return str(number)
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else f"{DIGITS[tens]}十"
    return head + (DIGITS[ones] if ones else "")


def plain(value: Decimal | int) -> str:
    """Return a number with exactly the digits that it has, never as 1E+2."""
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def masked(number: str) -> str:
    """Return a number with at least half of it hidden: 12345678 as 12***78, 00023 as 0***3, 7 as ***.

    There are always three stars, so the length stays hidden too.
    """
    shown = min(SHOWN_AT_MOST, len(number) // 2)
    head = shown // 2
    return f"{number[:head]}***{number[len(number) - (shown - head) :]}"


def joined(words: Sequence[str]) -> str:
    """Return words as a Chinese enumeration: 甲、乙、丙."""
    return _("、").join(words)
