"""The field: how everyone's values lie, and nothing that would tell one person's."""

from decimal import Decimal
from fractions import Fraction
from statistics import quantiles

import pytest

from reports import field
from reports.entries import Entry, StageScore
from reports.field import FINAL, Field
from rules.records import Person
from tests.reports.decided import sample


def a_field(*values: int) -> Field:
    return Field({"x": tuple(map(Fraction, sorted(values)))})


def test_the_middle_half_is_interpolated_as_published() -> None:
    spread = a_field(15, 20, 35, 40, 50).spread("x")
    assert spread is not None
    assert (spread.lower, spread.median, spread.upper) == (20, 35, 40)
    assert (spread.low, spread.high) == (Fraction(17), Fraction(46))
    four = [Fraction(n) for n in (3, 6, 7, 8, 8, 10, 13, 15, 16, 20)]
    found = Field({"x": tuple(four)}).spread("x")
    assert found is not None
    assert [found.lower, found.median, found.upper] == quantiles(four, n=4, method="inclusive")


@pytest.mark.parametrize("size", range(5))
def test_fewer_than_five_are_never_described(size: int) -> None:
    assert a_field(*range(size)).spread("x") is None
    assert a_field(*range(size)).count("x") == size


def test_what_nobody_has_is_not_described() -> None:
    assert a_field(1, 2, 3, 4, 5).spread("y") is None
    assert a_field(1, 2, 3, 4, 5).count("y") == 0


@pytest.mark.parametrize(
    ("own", "percent"),
    [(50, 100), (40, 75), (35, 50), (15, 0)],
)
def test_one_stands_above_a_share_of_the_others(own: int, percent: int) -> None:
    assert a_field(15, 20, 35, 40, 50).percent_below("x", own) == percent


def test_level_people_stand_above_nobody_of_their_level() -> None:
    assert a_field(80, 80, 80, 80, 90).percent_below("x", 80) == 0
    assert a_field(80, 80, 80, 80, 90).percent_below("x", 90) == 100
    assert a_field(80).percent_below("x", 80) == 0


def test_a_share_is_rounded_down_so_that_only_the_best_is_above_all() -> None:
    assert a_field(*range(1000)).percent_below("x", 998) == 99
    assert a_field(*range(1000)).percent_below("x", 999) == 100


def test_components_criteria_areas_and_the_final_score_are_gathered() -> None:
    review = StageScore({"s": Decimal("80.00")}, {"criteria": {"c": "241/3"}})
    exam = {"areas": {"a": {"weight": "60", "score": "70"}, "b": {"weight": "40", "score": None}}}
    training = StageScore({"t.exam": Decimal("0.00")}, {"exam": exam, "attendance": {}})
    entry = Entry(Person("1", "甲", "l"), "reserve", stages={"s": review, "t": training}, final=Decimal("75.5"))
    found = field.gather([entry, Entry(Person("2", "乙", "l"), "late")])
    assert found.values == {
        "s": (Fraction(80),),
        "s/c": (Fraction(241, 3),),
        "t.exam": (Fraction(0),),
        "t/a": (Fraction(70),),
        FINAL: (Fraction(151, 2),),
    }


def test_the_sample_is_counted_stage_by_stage() -> None:
    found = field.gather(sample().entries)
    assert [found.count(key) for key in ("materials", "potential", "theory.exam", "roleplay", FINAL)] == [
        58,
        56,
        54,
        53,
        53,
    ]
    assert found.count("materials/analysis") == 58
    assert found.values["roleplay"] == tuple(sorted(found.values["roleplay"]))
