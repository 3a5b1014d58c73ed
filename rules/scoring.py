"""What every stage kind shares: a candidate's scored stage, and exact numbers as texts."""

from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple


class Scored(NamedTuple):
    """One candidate's stage: the rounded components, the arithmetic, and why the candidate leaves, if so.

    ``left`` is a reason of the kind's own (``quorum``, ``no_result``, ``nothing_to_attend``, ``attendance``).
    """

    components: dict[str, Decimal]
    working: dict[str, Any]
    left: str | None = None


def exact(value: Fraction | Decimal | int) -> str:
    """Return a number as text without loss: a plain decimal if it ends, else ``a/b``."""
    if not isinstance(value, Fraction):
        return format(value, "f") if isinstance(value, Decimal) else str(value)
    rest = value.denominator
    twos = fives = 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        return f"{value.numerator}/{value.denominator}"
    digits = max(twos, fives)
    scaled = value.numerator * 10**digits // value.denominator
    return format(Decimal(f"{scaled}E-{digits}"), "f")
