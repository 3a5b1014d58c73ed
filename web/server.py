"""The web server of the pages: it says at once when it is told to stop, so that others can stop beside it."""

from collections.abc import Callable
from types import FrameType
from typing import Final

import uvicorn
from fastapi import FastAPI

GRACE_SECONDS: Final = 1
"""Requests under way are answered; nobody's open connection holds up the end for longer."""


class PageServer(uvicorn.Server):
    """Serves the pages until a signal."""

    def __init__(self, app: FastAPI, *, told_to_stop: Callable[[], None]) -> None:
        super().__init__(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=GRACE_SECONDS))
        self._told_to_stop = told_to_stop

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Tell it on, then end."""
        self._told_to_stop()
        super().handle_exit(sig, frame)
