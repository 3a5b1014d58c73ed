"""Numbers on paper: exact as far as they go, and honest about where they are cut."""

from fractions import Fraction

import pytest

from reports import arithmetic
from reports.arithmetic import Part
from rules.policies import Rounding, RoundingMode
from rules.rounding import rounded
from tests.reports.reading import agrees, worked_out

TRUNCATED = RoundingMode.TRUNCATE


@pytest.mark.parametrize(
    ("value", "needed"),
    [("5", 0), ("77.50", 1), ("0.125", 3), ("1/8", 3), ("1/40", 3), ("233/3", None), ("1/7", None), ("-1/4", 2)],
)
def test_a_number_knows_how_many_decimals_it_needs(value: str, needed: int | None) -> None:
    assert arithmetic.decimals(value) == needed


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("233/3", "77.6666…"),
        ("2/3", "0.6666…"),
        ("10.70875", "10.70875"),
        ("151.20", "151.2"),
        ("0", "0"),
        ("100", "100"),
        ("-1/3", "-0.3333…"),
        ("1/8192", "0.0001…"),  # thirteen decimals are too many for a page
    ],
)
def test_what_ends_is_shown_to_its_end_and_what_does_not_is_cut(value: str, text: str) -> None:
    assert arithmetic.shown(value) == text


def test_a_number_is_cut_at_least_two_decimals_beyond_those_that_rounding_keeps() -> None:
    assert arithmetic.shown("233/3", least=2) == "77.6666…"
    assert arithmetic.shown("233/3", least=5) == "77.6666666…"
    assert arithmetic.shown("77.5", least=2) == "77.50"
    assert arithmetic.shown("77.123456", most=3) == "77.123…"


def test_a_column_has_one_number_of_decimals() -> None:
    assert arithmetic.column(["80", "77.5"]) == ["80.0", "77.5"]
    assert arithmetic.column(["80", "77.5"], least=2) == ["80.00", "77.50"]
    assert arithmetic.column(["86/3", "21.5", "22"]) == ["28.6666…", "21.5000", "22.0000"]
    assert arithmetic.column(["1/3", "10.70875"]) == ["0.33333…", "10.70875"]
    assert arithmetic.column([]) == []


def test_averages_that_only_illustrate_are_rounded_half_up() -> None:
    assert arithmetic.rounded("72.125", 2) == "72.13"
    assert arithmetic.rounded("72.1249", 2) == "72.12"
    assert arithmetic.rounded("0.5", 0) == "1"
    assert arithmetic.rounded("2/3", 1) == "0.7"


@pytest.mark.parametrize(
    ("parts", "text", "total"),
    [
        ([Part("40", "8.5", "10"), Part("60", "9", "10")], "(40×8.5 + 60×9) ÷ 10", "88"),
        ([Part("60", "87", "100"), Part("40", "7.5", "10")], "60×87÷100 + 40×7.5÷10", "82.2"),
        ([Part("100", "8", "10")], "100×8 ÷ 10", "80"),
        ([Part("33.3", "8", "10"), Part("66.7", "7", "10.0")], "(33.3×8 + 66.7×7) ÷ 10", "73.33"),
    ],
)
def test_the_sum_of_a_sheet_stands_as_one_would_write_it(parts: list[Part], text: str, total: str) -> None:
    assert arithmetic.weighted(parts) == text
    assert worked_out(text) == Fraction(total)


def test_a_mean_is_written_out() -> None:
    text = arithmetic.mean(["72", "79.2"], total="151.2", value="75.6", least=2)
    assert text == "(72.0 + 79.2) ÷ 2 = 151.2 ÷ 2 = 75.60"
    assert arithmetic.mean(["72"], total="72", value="72", least=2) == "72.00"
    endless = arithmetic.mean(["75", "72.5", "70.5"], total="218", value="218/3")
    assert endless == "(75.0 + 72.5 + 70.5) ÷ 3 = 218.0 ÷ 3 = 72.6666…"


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (Rounding(2), "四舍五入到2位小数，得"),
        (Rounding(3, TRUNCATED), "保留3位小数，其余舍去，得"),
        (Rounding(0), "四舍五入取整，得"),
        (Rounding(0, TRUNCATED), "舍去小数，得"),
    ],
)
def test_rounding_is_said_as_the_policy_sets_it(rule: Rounding, words: str) -> None:
    assert arithmetic.rounding(rule) == words


def test_nothing_is_said_of_rounding_that_changes_nothing() -> None:
    assert arithmetic.result("77.5", "77.50", Rounding(2)) == ""
    assert arithmetic.result("233/3", "77.67", Rounding(2)) == "，四舍五入到2位小数，得 77.67"


@pytest.mark.parametrize("digits", range(7))
@pytest.mark.parametrize("mode", list(RoundingMode))
def test_the_digits_that_are_shown_suffice_to_round_by_hand(digits: int, mode: RoundingMode) -> None:
    rule = Rounding(digits, mode)
    for numerator in range(1, 400):
        exact = Fraction(numerator, 7)
        shown = arithmetic.shown(exact, least=digits)
        assert agrees(shown, exact)
        by_hand = rounded(Fraction(shown.removesuffix("…")), rule)
        assert by_hand == rounded(exact, rule)
