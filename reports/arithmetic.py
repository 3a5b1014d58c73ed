"""Exact numbers as a reader checks them: formulas as on paper, one number of decimals in a column.

The workings of ``rules`` hold exact texts (``77.5`` or ``233/3``). What does not end is cut and followed by "…",
never rounded, so that no digit on paper claims more than it knows; rounded are only the points that the policy names.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Final

from kit.i18n import gettext as _
from rules.policies import Rounding, RoundingMode

MORE: Final = "…"
MOST: Final = 4
Number = Fraction | Decimal | int | str


def fraction(value: Number) -> Fraction:
    """Return the exact value of a number or of its exact text."""
    return Fraction(value)


def decimals(value: Number) -> int | None:
    """Return how many decimals a number needs, ``None`` if it never ends."""
    rest, twos, fives = fraction(value).denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    return max(twos, fives) if rest == 1 else None


def shown(value: Number, *, least: int = 0, most: int = MOST) -> str:
    """Return a number exactly if ``most`` decimals suffice, else cut after them and followed by "…"."""
    needed = decimals(value)
    if needed is None or needed > most:
        return _cut(fraction(value), most) + MORE
    return _cut(fraction(value), max(needed, least))


def column(values: Iterable[Number], *, least: int = 0, most: int = MOST) -> list[str]:
    """Return numbers with the same number of decimals, as many as the longest needs."""
    numbers = list(values)
    needed = [most if (n := decimals(v)) is None else min(n, most) for v in numbers]
    places = max([least, *needed])
    return [shown(v, least=places, most=places) for v in numbers]


def rounded(value: Number, digits: int) -> str:
    """Return a number rounded half up: for averages that only illustrate, never for a score."""
    scaled = fraction(value) * 10**digits
    return _cut(Fraction((2 * scaled + 1) // 2, 10**digits), digits)


def _cut(value: Fraction, digits: int) -> str:
    whole = abs(value.numerator) * 10**digits // value.denominator
    text = str(whole).rjust(digits + 1, "0")
    sign = "-" if value < 0 and whole else ""
    return sign + (f"{text[:-digits]}.{text[-digits:]}" if digits else text)


def product(weight: Number, value: Number, most: Number) -> str:
    """Return one criterion's part of a sheet: ``40×8.5÷10``; without the division where it changes nothing."""
    part = f"{shown(weight)}×{shown(value)}"
    return f"{part}÷{shown(most)}"


def addition(terms: Sequence[str]) -> str:
    """Return terms joined by plus signs."""
    return " + ".join(terms)


def mean(terms: Sequence[Number], *, total: Number, value: Number) -> str:
    """Return the mean of some numbers, written out: ``(72.0 + 79.2) ÷ 2 = 151.2 ÷ 2 = 75.6``."""
    count = len(terms)
    if count == 1:
        return shown(value)
    texts = column([*terms, total])
    return f"({addition(texts[:-1])}) ÷ {count} = {texts[-1]} ÷ {count} = {shown(value)}"


def rounding(rule: Rounding) -> str:
    """Return what rounding does, to stand between the exact and the rounded number."""
    if rule.mode is RoundingMode.TRUNCATE:
        return _("保留{digits}位小数，其余舍去，得").format(digits=rule.digits)
    return _("四舍五入到{digits}位小数，得").format(digits=rule.digits)


def result(value: Number, score: str, rule: Rounding) -> str:
    """Return how an exact value becomes a score; nothing to say where the digits already agree."""
    if shown(value, least=rule.digits) == score:
        return ""
    return _("，{rounding} {score}").format(rounding=rounding(rule), score=score)
