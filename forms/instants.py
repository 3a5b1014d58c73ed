"""Instants as people type them: with or without an offset, 24:00 as official notices write it."""

import re
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from rules.texts import RuleError, Text, _

_FORM: Final = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(:\d\d)?(Z|[+-]\d\d:?\d\d)?", re.ASCII)


def instant(text: str, time_zone: str) -> datetime:
    """Read ``2026-10-21T18:00`` or ``2026-10-21 24:00``; without an offset it means the round's time zone.

    A day alone is refused: it would mean its beginning to some and its end to others.

    :raises RuleError: when it is no instant.
    """
    form = _FORM.fullmatch(text.strip())
    try:
        at = _read(form) if form else None
    except ValueError:
        at = None
    if at is None:
        raise RuleError(Text(_("“{text}”不是日期加时刻；请写成 2026-10-21T18:00"), {"text": text}))
    return at if at.tzinfo else at.replace(tzinfo=ZoneInfo(time_zone))


def _read(form: re.Match[str]) -> datetime:
    day, clock, seconds, offset = form.groups(default="")
    if clock == "24:00":  # the end of the day, as official notices write it
        return datetime.fromisoformat(f"{day}T00:00{offset}") + timedelta(days=1)
    return datetime.fromisoformat(f"{day}T{clock}{seconds}{offset}")
