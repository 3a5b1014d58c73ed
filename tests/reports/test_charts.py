"""Charts: the same picture for the same values, drawn where the numbers say."""

import re
from fractions import Fraction
from math import hypot
from xml.etree import ElementTree as ET

import pytest

from kit.jinja import environment
from reports.charts import TEMPLATES, places
from reports.charts.radar import FEWEST, MOST, Axis, drawable, radar, width, wrapped
from reports.field import Spread

MACROS = environment(TEMPLATES).get_template("charts.html").module
NUMBER = re.compile(r"-?[\d.]+")


def axes(*values: int, median: int | None = None) -> list[Axis]:
    return [Axis(f"项{n}", Fraction(v), None if median is None else Fraction(median)) for n, v in enumerate(values)]


def points(path: str) -> list[tuple[float, float]]:
    numbers = [float(n) for n in NUMBER.findall(path.replace("h0", ""))]
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def svg(drawn: object, macro: str, *more: object) -> ET.Element:
    return ET.fromstring(str(getattr(MACROS, macro)(drawn, *more)).strip())  # noqa: S314 - our own drawing


def test_a_point_lies_as_far_from_the_middle_as_its_value() -> None:
    drawn = radar(axes(100, 50, 0, 87))
    assert [round(hypot(x, y), 1) for x, y in points(drawn.own)] == [100, 50, 0, 87]
    assert points(drawn.dots) == points(drawn.own)
    assert points(drawn.own)[0] == (0, -100)  # the first criterion points up
    assert points(drawn.own)[1] == (50, 0)  # and they go round clockwise


def test_the_net_has_five_rings_and_a_spoke_for_each_criterion() -> None:
    drawn = radar(axes(10, 20, 30, 40, 50))
    assert drawn.net.count("Z") == 5
    assert drawn.net.count("M0 0L") == 5
    assert {round(hypot(x, y)) for x, y in points(drawn.rim)} == {100}


def test_the_medians_line_is_drawn_only_if_all_are_known() -> None:
    assert len(points(radar(axes(90, 80, 70, median=60)).median)) == 3
    some = [*axes(90, 80, median=60), *axes(70)]
    assert radar(some).median == ""


@pytest.mark.parametrize("count", [1, FEWEST - 1, FEWEST, MOST, MOST + 1])
def test_too_few_or_too_many_criteria_make_no_radar(count: int) -> None:
    assert drawable(axes(*[50] * count)) is (FEWEST <= count <= MOST)


@pytest.mark.parametrize("count", range(FEWEST, MOST + 1))
def test_labels_stay_inside_the_picture(count: int) -> None:
    named = [Axis("多任务处理与协调效率评价", Fraction(50)) for _ in range(count)]
    for label in radar(named).labels:
        left, right = {"start": (0, 1), "middle": (-0.5, 0.5), "end": (-1, 0)}[label.anchor]
        x, y, length = float(label.x), float(label.y), width(label.text) * 11
        assert x + left * length >= -190
        assert x + right * length <= 190
        assert y - 11 * 0.9 >= -124
        assert y + 2 <= 130


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("沟通技巧", ("沟通技巧",)),
        ("多任务处理效率", ("多任务处理效率",)),
        ("客户情绪安抚能力", ("客户情绪", "安抚能力")),
        ("VIP客户服务意识", ("VIP客户", "服务意识")),
        ("一二三四五六七八九十一二三四五六", ("一二三四五六七", "八九十一二三…")),
    ],
)
def test_a_long_name_stands_in_two_even_lines(name: str, lines: tuple[str, ...]) -> None:
    assert wrapped(name) == lines


def test_a_name_above_the_radar_stands_in_one_line() -> None:
    tops = [label.text for label in radar([Axis("多任务处理与协调效率评价", Fraction(50)), *axes(1, 2)]).labels]
    assert tops[0] == "多任务处理与协调效…"


def test_the_radar_is_well_formed_and_names_are_escaped() -> None:
    drawn = radar([Axis("<b>&", Fraction(50)), *axes(60, 70)])
    picture = svg(drawn, "radar")
    texts = [t.text for t in picture.iter("text")]
    assert "<b>&" in texts
    assert len(list(picture.iter("path"))) == 4
    with_median = svg(radar(axes(50, 60, 70, median=40)), "radar")
    assert len(list(with_median.iter("path"))) == 5


def test_the_same_values_give_the_same_bytes() -> None:
    first, second = (str(MACROS.radar(radar(axes(91, 82, 73, 64, median=50)))) for _ in range(2))
    assert first == second
    assert "-0 " not in first


def test_a_scale_begins_below_every_value_and_has_few_ticks() -> None:
    for least in range(0, 101, 5):
        on = places.scale([Fraction(least), Fraction(100)])
        assert on.start <= least
        assert 3 <= len(on.ticks) <= 6
        assert (on.ticks[0][0], on.ticks[-1]) == ("0", ("200", 100))


def test_a_place_is_measured_out_on_the_scale() -> None:
    on = places.scale([Fraction(60)])
    spread = Spread(5, *(Fraction(n) for n in (60, 70, 75, 80, 100)))
    at = places.place(on, spread, Fraction(65))
    assert (on.start, on.step) == (60, 10)
    assert (at.low, at.lower, at.median, at.upper, at.high, at.own) == ("0", "50", "75", "100", "200", "25")
    picture = svg(at, "place", on)
    assert [c.get("cx") for c in picture.iter("circle")] == ["25"]


def test_a_bar_is_as_long_as_its_value() -> None:
    assert "H62.50V5" in str(MACROS.bar("62.50", "70.00"))
    assert str(MACROS.bar("62.50", "")).count("<path") == 2
