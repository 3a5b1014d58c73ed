"""Grades and ratings: one step, however it is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.scales import Scale, grade_key, rating_key

GRADES = Scale(["Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ", "Ⅴ"], grade_key)
RATINGS = Scale(["D", "C", "B", "B+", "A", "S"], rating_key)


@pytest.mark.parametrize(
    "text", ["Ⅱ", "II", "ii", "ⅱ", "2", "２", "Ⅱ 级", "Ⅱ级", "2级", " II ", "Ｉ Ｉ", "i i 级", "Ⅱ\u3000级"]
)
def test_a_grade_may_be_written_in_many_ways(text: str) -> None:
    assert GRADES.rank(text) == 1


@pytest.mark.parametrize(("digit", "rank"), [("1", 0), ("2", 1), ("3", 2), ("4", 3), ("5", 4)])
def test_the_digits_from_1_to_5_are_roman_numerals(digit: str, rank: int) -> None:
    assert GRADES.rank(digit) == GRADES.rank(f"{digit}级") == rank


@pytest.mark.parametrize("text", ["6", "0", "11", "Ⅵ", "", "级", "Ⅱ级别", "高级", "IIII"])
def test_what_is_not_on_the_scale_has_no_rank(text: str) -> None:
    assert GRADES.rank(text) is None


def test_a_grade_may_have_a_name_of_its_own() -> None:
    scale = Scale(["专员", "主管级", "Manager"], grade_key)
    assert [scale.rank(text) for text in ("专员级", "主管", "MANAGER", "经理")] == [0, 1, 2, None]


@pytest.mark.parametrize(
    ("text", "rank"), [("B+", 3), ("B＋", 3), ("b+", 3), ("Ｂ +", 3), ("B", 2), (" s", 5), ("A级", None), ("2", None)]
)
def test_a_rating_is_compared_without_case_width_and_spaces_but_keeps_its_ending(text: str, rank: int | None) -> None:
    assert RATINGS.rank(text) == rank


def test_higher_steps_have_higher_ranks() -> None:
    assert [RATINGS.rank(r) for r in ("D", "C", "B", "B+", "A", "S")] == [0, 1, 2, 3, 4, 5]


@given(st.sampled_from(["Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ", "Ⅴ"]), st.lists(st.sampled_from([" ", "\u3000", "\t"]), max_size=3))
def test_blanks_and_the_word_for_grade_never_change_a_grade(step: str, blanks: list[str]) -> None:
    space = "".join(blanks)
    assert grade_key(f"{space}{step.lower()}{space}级{space}") == grade_key(step)
