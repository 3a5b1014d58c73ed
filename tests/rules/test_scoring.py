"""Exact numbers as texts: nothing is lost, and nothing is written that people do not read."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.scoring import exact


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(1, 2), "0.5"),
        (Fraction(1, 8), "0.125"),
        (Fraction(7, 20), "0.35"),
        (Fraction(1, 3), "1/3"),
        (Fraction(7, 6), "7/6"),
        (Fraction(85), "85"),
        (Fraction(100), "100"),
        (Fraction(0), "0"),
        (Fraction(-1, 4), "-0.25"),
        (Fraction(1, 10**9), "0.000000001"),
        (Decimal("8.50"), "8.50"),
        (Decimal("0E-9"), "0.000000000"),
        (Decimal("1E+2"), "100"),
        (12, "12"),
    ],
)
def test_a_number_is_a_plain_decimal_if_it_ends_and_a_fraction_if_not(
    value: Fraction | Decimal | int, text: str
) -> None:
    assert exact(value) == text


@given(st.fractions(max_denominator=10**9))
def test_the_text_of_a_fraction_is_the_fraction(value: Fraction) -> None:
    assert Fraction(exact(value)) == value


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6))
def test_the_text_of_a_decimal_keeps_its_digits(value: Decimal) -> None:
    assert Decimal(exact(value)).as_tuple() == value.as_tuple()
    assert "E" not in exact(value)
