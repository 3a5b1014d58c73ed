"""Chinese paragraphs as lines: nothing lost, both edges flush, marks where they belong."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.typeset import CLOSING, GAP, OPENING, Grid, Line, _Paragraph, _tokens, paragraph

GRID = Grid()
CHARACTERS = "工作需要经研究决定面向全中心，。、；：“”（）《》—… 20B+年x"
TEXTS = st.text(alphabet=CHARACTERS, max_size=300)
SENTENCES = st.lists(
    st.sampled_from(["根据工作需要", "，", "2026年10月9日", "（试行）", "公告", "B+", "。"]), max_size=80
).map("".join)


def set_lines(text: str) -> list[str]:
    return [line.striptags() for line in paragraph(text, GRID).split("<br>")]


def measured(text: str) -> list[tuple[Line, float]]:
    """Return each line with its width as it will be drawn."""
    found = _Paragraph(_tokens(text), GRID)
    lines = []
    for line in found.lines():
        tokens = range(line.first, line.end)
        width = sum(found.widths[k] + sum(found._margins(k, line)) for k in tokens)
        gaps = sum(found.tokens[k].kind == "chinese" for k in tokens) - (found.tokens[line.end - 1].kind == "chinese")
        lines.append((line, width + gaps * line.stretch))
    return lines


@given(TEXTS)
def test_no_character_is_lost_or_added(text: str) -> None:
    assert "".join(set_lines(text)).replace(" ", "") == "".join(text.split())


def test_what_people_typed_stays_text() -> None:
    assert "&lt;script&gt;" in paragraph("甲<script>乙", GRID)


@given(SENTENCES)
def test_no_line_begins_with_a_closing_mark_or_ends_with_an_opening_one(text: str) -> None:
    lines = set_lines(text.lstrip("，。）"))
    assert not [line for line in lines[1:] if line and line[0] in CLOSING]
    assert not [line for line in lines[:-1] if line and line[-1] in OPENING]


def test_a_dash_and_dots_are_never_torn_apart() -> None:
    lines = set_lines("甲" * 25 + "——乙" + "丙" * 26 + "……丁")
    assert all(line.count("—") in {0, 2} and line.count("…") in {0, 2} for line in lines)


def test_a_line_holds_28_characters_and_the_first_is_indented_by_two() -> None:
    assert [len(line) for line in set_lines("甲" * 100)] == [26, 28, 28, 18]


@given(SENTENCES)
def test_every_line_but_the_last_is_flush(text: str) -> None:
    for line, width in measured(text)[:-1]:
        room = GRID.cells - (GRID.indent if line.first == 0 else 0)
        assert width == pytest.approx(room)


def test_a_mark_that_does_not_fit_is_squeezed_in() -> None:
    text = "甲" * 8 + "，" + "甲" * 8 + "，" + "甲" * 8 + "，" + "乙" * 5
    first, second = set_lines(text)
    assert first.endswith("甲，")
    assert second == "乙" * 5


def test_marks_that_meet_close_up() -> None:
    assert paragraph("（甲）。乙", GRID).count("font-family:Half") == 1
    assert "font-family:Half" not in paragraph("（甲）乙。", GRID)


def test_a_paragraph_does_not_end_in_a_line_of_one_character() -> None:
    for length in range(20, 90):
        last = set_lines("甲" * length + "。")[-1]
        assert len(last) > 2


def test_chinese_and_latin_text_keep_a_little_distance() -> None:
    narrow = f"margin-left:{GAP * GRID.pitch:.3f}".rstrip("0")
    assert paragraph("共5个", GRID).count(narrow) == 2


def test_a_number_is_not_torn_from_its_unit_if_it_can_be_helped() -> None:
    lines = set_lines("甲" * 25 + "共12个名额，" + "乙" * 40)
    assert not [line for line in lines if line.startswith("个")]


def test_a_long_address_is_broken_rather_than_pushed_out() -> None:
    lines = set_lines("邮箱" + "very-long-address" * 8 + "@example.com。")
    assert all(sum(GRID.latin(c) for c in line if c < "\u0250") <= GRID.cells for line in lines)


def test_a_paragraph_of_nothing_is_nothing() -> None:
    assert not re.sub("<[^>]*>", "", paragraph("", GRID))
