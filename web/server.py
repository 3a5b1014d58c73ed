"""The web server of the pages: it says at once when it is told to stop, so that others can stop beside it."""

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


class PageServer(uvicorn.Server):
    """Serves the pages until a signal."""

    def __init__(self, app: FastAPI, *, told_to_stop: Callable[[], None]) -> None:
        super().__init__(configured(app))
        self._told_to_stop = told_to_stop

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Tell it on, then end."""
        self._told_to_stop()
        super().handle_exit(sig, frame)
