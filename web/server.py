"""The web server of the pages: it says at once when it is told to stop, so that others can stop beside it."""

import gc
import socket
from collections.abc import Callable
from types import FrameType
from typing import Final

import uvicorn
from fastapi import FastAPI

from kit.settings import settings

GRACE_SECONDS: Final = 1
"""Requests under way are answered; nobody's open connection holds up the end for longer."""


def configured(app: FastAPI) -> uvicorn.Config:
    """Return how the server runs: what a proxy says of who comes is believed only of those that the settings name."""
    proxies = list(settings().trusted_proxies)
    return uvicorn.Config(
        app,
        log_level="warning",
        timeout_graceful_shutdown=GRACE_SECONDS,
        server_header=False,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=proxies,
    )


YOUNG: Final = 50_000
OLDER: Final = (20, 50)
"""How many objects may be made before the collector looks at the young ones, and how seldom it looks at the older."""


class PageServer(uvicorn.Server):
    """Serves the pages until a signal."""

    def __init__(self, app: FastAPI, *, told_to_stop: Callable[[], None]) -> None:
        super().__init__(configured(app))
        self._told_to_stop = told_to_stop

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen, and take all that is loaded by now out of the garbage collector's sight.

        It would look through half a million objects of packages again and again, in the middle of somebody's page.
        """
        await super().startup(sockets)
        gc.collect()
        gc.freeze()
        gc.set_threshold(YOUNG, *OLDER)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Tell it on, then end."""
        self._told_to_stop()
        super().handle_exit(sig, frame)
