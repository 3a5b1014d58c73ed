"""Instants on the command line: shown in the round's time zone, read with or without an offset."""

from datetime import datetime
from zoneinfo import ZoneInfo

from rules.texts import RuleError, Text, _


def local(at: datetime, time_zone: str) -> str:
    """Return an instant as people of the round read it."""
    return at.astimezone(ZoneInfo(time_zone)).strftime("%Y-%m-%d %H:%M")


def instant(text: str, time_zone: str) -> datetime:
    """Read ``2026-10-21T18:00`` or ``2026-10-21 18:00``; without an offset it means the round's time zone.

    :raises RuleError: when it is no instant.
    """
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise RuleError(Text(_("“{text}”不是时间；请写成 2026-10-21T18:00"), {"text": text})) from None
    return at if at.tzinfo else at.replace(tzinfo=ZoneInfo(time_zone))
