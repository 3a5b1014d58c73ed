"""The one place where scores are rounded."""

from decimal import Decimal
from fractions import Fraction

from rules.policies import Rounding, RoundingMode


def rounded(value: Fraction, rounding: Rounding) -> Decimal:
    """Return a score (never negative) with exactly ``digits`` decimals, by exact integer arithmetic."""
    scale = 10**rounding.digits
    scaled = value * scale
    whole = scaled.numerator // scaled.denominator
    if rounding.mode is RoundingMode.HALF_UP and 2 * (scaled - whole) >= 1:
        whole += 1
    return Decimal(f"{whole}E-{rounding.digits}")
