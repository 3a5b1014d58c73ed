"""Characters that nobody sees: they break databases, spreadsheets and PDF, or make two different texts look alike."""

import re
from typing import Final

UNSEEN: Final = re.compile(
    # Controls; the rarer line ends; halves of characters and what is none; zero width and turned direction.
    # The joiners U+200C and U+200D stay allowed: several scripts are not written rightly without them.
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff"
    "\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]"
)

BREAKS: Final = re.compile("[\t\n\r]")
"""What a text of several lines may hold and a name may not."""


def code(character: str) -> str:
    """Return how a character is written down: ``U+001B``."""
    return f"U+{ord(character):04X}"


def visible(text: str) -> str:
    """Return a text in which nothing is hidden and that moves no cursor: for messages."""
    return BREAKS.sub(" ", UNSEEN.sub(lambda found: f"‹{code(found[0])}›", text))
