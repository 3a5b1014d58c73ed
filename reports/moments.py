"""An instant to the second where the second matters."""

from datetime import datetime
from zoneinfo import ZoneInfo

from kit.jinja import day_time


def moment(value: datetime, zone: str) -> str:
    """Return 2026年10月16日（周五）18:00, with seconds unless they are zero: 18:00:01 is late."""
    seconds = value.astimezone(ZoneInfo(zone)).second
    return day_time(value, zone) + (f":{seconds:02d}" if seconds else "")
