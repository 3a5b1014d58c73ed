"""When somebody may try again to sign in: pauses that grow, and never hinder whom strangers imitate.

What is tried from a browser in which the account has signed in before is counted for that browser alone; what is tried
from elsewhere is counted for the login and for the network address. So who guesses another's password locks out only
themselves.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final


@dataclass(frozen=True, slots=True)
class Limit:
    """How many failures within a window cost nothing, and how long the first pause after them is; each next doubles."""

    free: int
    window: timedelta
    first: timedelta = timedelta(minutes=1)
    longest: timedelta = timedelta(minutes=15)


OF_DEVICE: Final = Limit(free=5, window=timedelta(days=1))
OF_LOGIN: Final = Limit(free=5, window=timedelta(days=1))
OF_ADDRESS: Final = Limit(free=30, window=timedelta(hours=1))
"""A whole office may stand behind one address, and on its first day everybody is new."""


def wait_until(*, failures: int, last: datetime | None, limit: Limit) -> datetime | None:
    """Return until when nothing is tried after so many failures within the window; ``None``: it may be tried now."""
    over = failures - limit.free
    if last is None or over < 0:
        return None
    doubled: int = 2 ** min(over, 16)
    return last + min(limit.first * doubled, limit.longest)
