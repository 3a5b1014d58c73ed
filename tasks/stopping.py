"""A stop of this process: a long step looks here between two pieces of its work, and leaves the rest to the next start.

One conductor at a time drives rounds in a process, so one word holds for all of its steps.
"""

import threading
from typing import Final

_told: Final = threading.Event()


def tell() -> None:
    """Have the steps under way leave off at their next look."""
    _told.set()


def forget() -> None:
    """Let steps run again: another conductor starts."""
    _told.clear()


def look() -> None:
    """Leave the step here when this process is about to end.

    :raises Pause: Prefect lets it pass, tries nothing again, and calls neither the step nor the run failed: the run is
        left as by a kill, and the next start takes it up.
    """
    if _told.is_set():
        from prefect.exceptions import Pause  # noqa: PLC0415 - who only tells needs no Prefect

        raise Pause
