"""Rounding: exact, at the named points only, half up or truncated."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rules.policies import Rounding, RoundingMode
from rules.rounding import rounded

HALF_UP, TRUNCATE = RoundingMode.HALF_UP, RoundingMode.TRUNCATE
scores = st.fractions(min_value=0, max_value=100, max_denominator=10**6)
digits = st.integers(0, 9)
roundings = st.builds(Rounding, digits, st.sampled_from(RoundingMode))


@pytest.mark.parametrize(
    ("value", "score"),
    [
        ("59.994999", "59.99"),
        ("59.995", "60.00"),
        ("2.675", "2.68"),  # a binary float would make it 2.67
        ("1.005", "1.01"),
        ("0.005", "0.01"),
        ("0", "0.00"),
        ("100", "100.00"),
        ("200/3", "66.67"),
        ("100/3", "33.33"),
    ],
)
def test_two_decimals_half_up_unless_the_policy_says_otherwise(value: str, score: str) -> None:
    assert str(rounded(Fraction(value), Rounding())) == score


@pytest.mark.parametrize(
    ("value", "score"), [("59.999", "59.99"), ("200/3", "66.66"), ("59.99", "59.99"), ("0", "0.00")]
)
def test_truncating_never_gives_a_digit_that_was_not_there(value: str, score: str) -> None:
    assert str(rounded(Fraction(value), Rounding(2, TRUNCATE))) == score


@pytest.mark.parametrize(("places", "score"), [(0, "67"), (1, "66.7"), (4, "66.6667"), (9, "66.666666667")])
def test_a_score_has_exactly_as_many_decimals_as_the_policy_says(places: int, score: str) -> None:
    assert format(rounded(Fraction(200, 3), Rounding(places)), "f") == score


def test_a_half_goes_up_at_any_number_of_decimals() -> None:
    assert [str(rounded(Fraction(f"{n}.5"), Rounding(0))) for n in range(4)] == ["1", "2", "3", "4"]


@given(scores, roundings)
def test_a_rounded_score_has_the_decimals_of_the_policy_and_no_more(value: Fraction, rounding: Rounding) -> None:
    assert rounded(value, rounding).as_tuple().exponent == -rounding.digits


@given(scores, digits)
@example(Fraction(1, 2), 0)
def test_half_up_stays_within_half_a_unit(value: Fraction, places: int) -> None:
    off = (Fraction(rounded(value, Rounding(places, HALF_UP))) - value) * 10**places
    assert Fraction(-1, 2) < off <= Fraction(1, 2)


@given(scores, digits)
def test_truncating_takes_less_than_a_unit_and_adds_nothing(value: Fraction, places: int) -> None:
    off = (value - Fraction(rounded(value, Rounding(places, TRUNCATE)))) * 10**places
    assert 0 <= off < 1


@given(scores, scores, roundings)
def test_the_better_score_is_never_rounded_below_the_worse(one: Fraction, other: Fraction, rounding: Rounding) -> None:
    low, high = sorted((one, other))
    assert rounded(low, rounding) <= rounded(high, rounding)


@given(scores, roundings)
def test_rounding_twice_changes_nothing(value: Fraction, rounding: Rounding) -> None:
    once = rounded(value, rounding)
    assert rounded(Fraction(once), rounding) == once


@given(st.integers(0, 10**11), st.integers(0, 9))
def test_what_has_few_enough_decimals_is_kept_as_it_is(units: int, places: int) -> None:
    value = Decimal(f"{units}E-{places}")
    for mode in RoundingMode:
        assert rounded(Fraction(value), Rounding(places, mode)).as_tuple() == value.as_tuple()
