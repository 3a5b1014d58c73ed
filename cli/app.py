"""The command ``jingpin``: one process start, one language, one place where errors become words and an exit status.

Exit status 0: done; 1: refused, with the reason; 2: the command line itself is wrong.
"""

import os
import sys
from collections.abc import Sequence

from kit.i18n import use_language

EARLY = {"--home": "JINGPIN_HOME", "--lang": "JINGPIN_LANGUAGE"}


def main() -> None:
    """Run the command line that this process was started with."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit status."""
    rest = _take_early(list(arguments))
    use_language(os.environ.get("JINGPIN_LANGUAGE", "zh"))
    # Only now: help texts are translated when the commands are declared.
    from cli.commands import invoke  # noqa: PLC0415 - see above

    return invoke(rest)


def _take_early(arguments: list[str]) -> list[str]:
    """Take the options that must be known before anything else out of the command line, into the environment."""
    rest: list[str] = []
    while arguments:
        word = arguments.pop(0)
        name, equals, value = word.partition("=")
        if name not in EARLY or (not equals and not arguments):
            rest.append(word)
        else:
            os.environ[EARLY[name]] = value if equals else arguments.pop(0)
    return rest
