"""The command ``jingpin``: one process start, one language, one place where errors become words and an exit status.

Exit status 0: done; 1: refused, with the reason; 2: the command line itself is wrong.
"""

import gc
import os
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import TextIOWrapper
from typing import NoReturn

from clock import DRIVERS
from kit.i18n import in_language
from kit.settings import settings

EARLY = {"--home": "JINGPIN_HOME", "--lang": "JINGPIN_LANGUAGE"}

YOUNG = 50_000
"""New objects after which Python looks for cycles. Rows come by the million and are in none: with Python's own 700 the
looking took a third of a replay, and most of the slow tail of a long page."""


def main() -> None:
    """Run the command line that this process was started with."""
    gc.set_threshold(YOUNG)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal of another encoding shows "?" instead of failing
    _end(run(sys.argv[1:]))


def _end(status: int) -> NoReturn:
    """End this process; at once while a step of a round is under way: Python would take itself down around it."""
    if any(thread.name.startswith(DRIVERS) for thread in threading.enumerate()):
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        os._exit(status)  # the step goes on from its top at the next start, as after a kill
    sys.exit(status)


def run(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit status; afterwards this process is as it was."""
    # Only now: a wrong setting is told like any other fault, and this module is light to import.
    from cli.commands import invoke, language_wanted  # noqa: PLC0415 - see above

    with _environment():
        rest = _take_early(list(arguments))
        with in_language(language_wanted()):
            return invoke(rest)


@contextmanager
def _environment() -> Iterator[None]:
    """Read the settings anew, and give the environment back as it was: a replay lives in a home of its own."""
    before = dict(os.environ)
    settings.cache_clear()
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
        settings.cache_clear()


def _take_early(arguments: list[str]) -> list[str]:
    """Take the options that must be known before anything else out of the command line, into the environment."""
    rest: list[str] = []
    while arguments:
        word = arguments.pop(0)
        name, equals, value = word.partition("=")
        if word == "--":
            return [*rest, word, *arguments]
        if name not in EARLY or (not equals and not arguments):
            rest.append(word)
        else:
            os.environ[EARLY[name]] = value if equals else arguments.pop(0)
    return rest
