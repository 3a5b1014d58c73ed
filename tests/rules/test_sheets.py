"""Score sheets: the total so far, the marks offered as buttons, whose turn is next, the own order."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import sheets
from rules.policies import Criterion, Rounding, RoundingMode
from rules.records import Person
from rules.sheets import Place, State


def criterion(most: str, *, step: str | None = None, weight: str = "100", key: str = "a") -> Criterion:
    return Criterion(key, key, Decimal(weight), Decimal(most), Decimal(step) if step else None)


def shown(most: str, step: str | None = None) -> str:
    return " ".join(f"{mark:f}" for mark in sheets.steps(criterion(most, step=step)))


@pytest.mark.parametrize(
    ("most", "step", "buttons"),
    [
        ("10", None, "6 7 7.5 8 8.5 9 9.5 10"),
        ("100", None, "60 70 75 80 85 90 95 100"),
        ("5", None, "0 1 2 3 4 5"),
        ("10", "1", "0 1 2 3 4 5 6 7 8 9 10"),
        ("10", "0.5", "6 7 7.5 8 8.5 9 9.5 10"),
        ("100", "5", "60 70 75 80 85 90 95 100"),
        ("2", "0.5", "0 0.5 1 1.5 2"),
        ("0.5", None, "0.3 0.35 0.37 0.4 0.42 0.45 0.47 0.5"),
    ],
)
def test_the_buttons_are_the_usual_marks_and_all_of_a_short_scale(most: str, step: str | None, buttons: str) -> None:
    assert shown(most, step) == buttons


@given(st.decimals("0.5", "1000", places=1), st.sampled_from([None, "0.1", "0.5"]))
def test_every_button_is_a_mark_that_may_be_given(most: Decimal, step: str | None) -> None:
    c = criterion(str(most), step=step)
    for mark in sheets.steps(c):
        assert 0 <= mark <= most
        assert not c.step or mark % c.step == 0
        assert -mark.as_tuple().exponent <= sheets.DECIMALS  # type: ignore[operator] # finite


def test_the_total_is_exact_and_rounded_once() -> None:
    three = [criterion("3", weight="33.3", key="a"), criterion("7", weight="66.7", key="b")]
    marks = {"a": Decimal(1), "b": Decimal(2)}
    exact = Fraction("33.3") / 3 + Fraction("66.7") * 2 / 7
    assert abs(Fraction(sheets.total(marks, three, Rounding())) - exact) <= Fraction(1, 200)
    assert str(sheets.total(marks, three, Rounding(2, RoundingMode.TRUNCATE))) == "30.15"
    assert str(sheets.total({"a": Decimal(1)}, three, Rounding())) == "11.10"
    assert str(sheets.total({}, three, Rounding(1))) == "0.0"


def test_next_is_the_candidate_with_the_fewest_filed_sheets_then_the_own_order() -> None:
    places = [
        Place("a", State.FILED, 0),
        Place("b", State.OPEN, 2),
        Place("c", State.DRAFT, 1),
        Place("d", State.OPEN, 1),
    ]
    assert sheets.next_one(places) == "c"
    assert sheets.next_one(places, after="c") == "d"
    assert sheets.next_one([places[0]]) is None
    assert sheets.next_one([Place("b", State.RETURNED)]) == "b"


def test_the_own_order_is_always_the_same_and_not_everybodys() -> None:
    numbers = [f"{n:03d}" for n in range(30)]
    first = sheets.own_order(numbers, seed="T-1:interview:R1")
    assert first == sheets.own_order(reversed(numbers), seed="T-1:interview:R1")
    assert sorted(first) == numbers
    assert first != sheets.own_order(numbers, seed="T-1:interview:R2")


def test_a_declaration_that_names_a_candidate_is_pointed_out() -> None:
    person = Person("0012", "王芳", "phone")
    assert sheets.named_in("王芳是我表妹", person)
    assert sheets.named_in("0012 是我的徒弟", person)
    assert sheets.named_in("无", person) is None
