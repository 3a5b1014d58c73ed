"""Logs for people or for machines, on standard error: one line an event, with the time in UTC.

What is logged are codes, keys and numbers. Nobody's name, mark or address ever is: those stand in the database, where
access is controlled.
"""

import json
import logging
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

OURS: Final = "jingpin"
PLAIN: Final = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class Lines(logging.Formatter):
    """A line for people: time, level, logger, message, further values."""

    def format(self, record: logging.LogRecord) -> str:  # noqa: D102 - logging's own hook
        more = "".join(f" {key}={value}" for key, value in extras(record).items())
        text = f"{_time(record)} {record.levelname:<7} {record.name} {record.getMessage()}{more}"
        return f"{text}\n{self.formatException(record.exc_info)}" if record.exc_info else text


class Json(logging.Formatter):
    """A JSON object a line, with the extra values under their own names."""

    def format(self, record: logging.LogRecord) -> str:  # noqa: D102 - logging's own hook
        said: dict[str, object] = {
            "at": _time(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **extras(record),
        }
        if record.exc_info:
            said["exception"] = self.formatException(record.exc_info)
        return json.dumps(said, ensure_ascii=False, default=str)


def extras(record: logging.LogRecord) -> Mapping[str, object]:
    """Return what the caller gave with ``extra=``."""
    return {key: value for key, value in vars(record).items() if key not in PLAIN}


def _time(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")


def begin(*, form: str, level: str) -> None:
    """Send our own logs to standard error as ``text`` or ``json``, from a level on; others' from warnings on."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Json() if form == "json" else Lines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger(OURS).setLevel(level.upper())
