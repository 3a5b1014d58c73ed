"""What is said to who has to wait."""

from datetime import datetime

from rules.texts import Text, _
from web.looks import clock_time


def waiting(until: datetime, now: datetime) -> Text:
    """Return until when nothing is tried, and what is not hindered."""
    minutes = max(1, -(-int((until - now).total_seconds()) // 60))
    said = {"time": clock_time(until), "minutes": minutes}
    return Text(_("失败的次数太多；请在 {time} 以后再试（约 {minutes} 分钟）。在您登录过的电脑或手机上不受影响"), said)
