"""Instants on the command line, shown in the round's time zone."""

from datetime import datetime
from zoneinfo import ZoneInfo


def local(at: datetime, time_zone: str) -> str:
    """Return an instant as people of the round read it."""
    return at.astimezone(ZoneInfo(time_zone)).strftime("%Y-%m-%d %H:%M")
