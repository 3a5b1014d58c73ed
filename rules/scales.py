"""Scales of grades and ratings, and how differently the same step may be written."""

import unicodedata
from collections.abc import Callable, Iterable
from functools import lru_cache
from types import MappingProxyType

_ROMAN = MappingProxyType({"1": "I", "2": "II", "3": "III", "4": "IV", "5": "V"})


@lru_cache(maxsize=4096)
def rating_key(text: str) -> str:
    """Return a rating as it is compared: NFKC, upper case, without spaces (``B＋`` is ``B+``)."""
    return "".join(unicodedata.normalize("NFKC", text).upper().split())


@lru_cache(maxsize=4096)
def grade_key(text: str) -> str:
    """Return a grade as it is compared: as a rating, without a final 级, 1–5 as I–V (``Ⅱ 级`` is ``2``)."""
    key = rating_key(text).removesuffix("级")
    return _ROMAN.get(key, key)


class Scale:
    """The steps of a scale, lowest first."""

    def __init__(self, names: Iterable[str], key: Callable[[str], str]) -> None:
        self._key = key
        self._ranks = {key(name): rank for rank, name in enumerate(names)}

    def rank(self, text: str) -> int | None:
        """Return the step's place on the scale, 0 lowest; ``None`` when it is not on it."""
        return self._ranks.get(self._key(text))
