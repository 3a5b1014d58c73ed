"""How often a program may ask: a bucket for each token, and one for each address that comes without a good one.

In this process only: several processes let through so many times as much, which is still a limit.
"""

import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Final

MOST_BUCKETS: Final = 10_000


@dataclass(slots=True)
class _Bucket:
    left: float
    at: datetime


class Buckets:
    """So many requests a minute for each key, after a full bucket of as many."""

    def __init__(self, per_minute: int) -> None:
        self.per_minute = per_minute
        self._kept: OrderedDict[str, _Bucket] = OrderedDict()
        self._lock = threading.Lock()

    def wait(self, key: str, *, now: datetime) -> int:
        """Take from a key's bucket; return 0, or how many seconds to wait when it is empty."""
        with self._lock:
            bucket = self._kept.pop(key, None) or _Bucket(self.per_minute, now)
            gone = max(0.0, (now - bucket.at).total_seconds())
            bucket.left = min(self.per_minute, bucket.left + gone * self.per_minute / 60)
            bucket.at = now
            self._kept[key] = bucket
            if len(self._kept) > MOST_BUCKETS:
                self._kept.popitem(last=False)
            if bucket.left < 1:
                return ceil((1 - bucket.left) * 60 / self.per_minute)
            bucket.left -= 1
            return 0
