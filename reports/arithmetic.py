"""Exact numbers as a reader checks them: formulas as on paper, one number of decimals in a column.

The workings of ``rules`` hold exact texts (``77.5`` or ``233/3``). What does not end is cut and followed by "…",
never rounded, so that no digit on paper claims more than it knows; rounded are only the points that the policy names.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Final, NamedTuple

from kit.i18n import gettext as _
from rules.policies import Rounding, RoundingMode

MORE: Final = "…"
FULL: Final = 12
"""A number that ends is shown to its end, unless it has more decimals than this."""
CUT: Final = 4
"""A number that never ends is cut after so many decimals, or two beyond those asked for: rounding looks at one."""
Number = Fraction | Decimal | int | str


class Part(NamedTuple):
    """One criterion on a sheet: its weight in percent, the mark, and the full mark."""

    weight: Number
    mark: Number
    most: Number


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


def shown(value: Number, *, least: int = 0, most: int | None = None) -> str:
    """Return a number exactly if it ends within ``most`` decimals, else cut and followed by "…"."""
    needed = decimals(value)
    if needed is not None and needed <= (FULL if most is None else most):
        return _cut(fraction(value), max(needed, least))
    return _cut(fraction(value), max(CUT, least + 2) if most is None else most) + MORE


def column(values: Iterable[Number], *, least: int = 0, most: int | None = None) -> list[str]:
    """Return numbers with the same number of decimals, as many as the longest needs."""
    numbers = list(values)
    places = max([least, *(_places(shown(v, least=least, most=most)) for v in numbers)])
    return [_cut(fraction(v), places) + ("" if _ends(v, places) else MORE) for v in numbers]


def _places(text: str) -> int:
    return len(text.removesuffix(MORE).partition(".")[2])


def _ends(value: Number, places: int) -> bool:
    needed = decimals(value)
    return needed is not None and needed <= places


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
    """Return one criterion's part of a sheet: ``40×8.5÷10``."""
    return f"{shown(weight)}×{shown(value)}÷{shown(most)}"


def addition(terms: Sequence[str]) -> str:
    """Return terms joined by plus signs."""
    return " + ".join(terms)


def weighted(parts: Sequence[Part]) -> str:
    """Return the sum of a sheet: ``(40×8.5 + 60×9) ÷ 10``; each divided by itself where full marks differ."""
    if len({fraction(part.most) for part in parts}) > 1:
        return addition([product(*part) for part in parts])
    terms = addition([f"{shown(part.weight)}×{shown(part.mark)}" for part in parts])
    return f"{f'({terms})' if len(parts) > 1 else terms} ÷ {shown(parts[0].most)}"


def mean(terms: Sequence[Number], *, total: Number, value: Number, least: int = 0) -> str:
    """Return the mean of some numbers, written out: ``(72.0 + 79.2) ÷ 2 = 151.2 ÷ 2 = 75.6``."""
    count = len(terms)
    if count == 1:
        return shown(value, least=least)
    texts = column([*terms, total])
    return f"({addition(texts[:-1])}) ÷ {count} = {texts[-1]} ÷ {count} = {shown(value, least=least)}"


def rounding(rule: Rounding) -> str:
    """Return what rounding does, to stand between the exact and the rounded number."""
    truncated = rule.mode is RoundingMode.TRUNCATE
    if not rule.digits:
        return _("舍去小数，得") if truncated else _("四舍五入取整，得")
    text = _("保留{digits}位小数，其余舍去，得") if truncated else _("四舍五入到{digits}位小数，得")
    return text.format(digits=rule.digits)


def sign(rule: Rounding) -> str:
    """Return what stands between an exact number and the rounded one inside a formula."""
    return _("，舍去尾数，得") if rule.mode is RoundingMode.TRUNCATE else " ≈"


def result(value: Number, score: str, rule: Rounding) -> str:
    """Return how an exact value becomes a score; nothing to say where the digits already agree."""
    if shown(value, least=rule.digits) == score:
        return ""
    return _("，{rounding} {score}").format(rounding=rounding(rule), score=score)
