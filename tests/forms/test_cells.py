"""One cell: the exact value, or what is allowed there. Nothing is guessed."""

from collections.abc import Callable
from datetime import MAXYEAR, UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms import cells
from forms.cells import CellError
from kit.i18n import say
from models.types import ExactDecimal


def why(read: Callable[[str], Any], cell: str) -> str:
    """Return what is said of a cell that cannot be read."""
    try:
        value = read(cell)
    except CellError as error:
        return say(error.text)
    raise AssertionError(value)


@pytest.mark.parametrize("cell", ["0", "7", "7.5", "0.60", "100", "0.000000000001", "999999999999999.999999999999"])
def test_a_plain_decimal_is_read_exactly(cell: str) -> None:
    assert format(cells.number(cell), "f") == cell
    assert format(cells.signed(cell), "f") == cell
    assert cells.signed(f"-{cell}") == -Decimal(cell)


NO_NUMBERS = [
    "1e2",
    "1E+2",
    "NaN",
    "nan",
    "Infinity",
    "-inf",
    "+1",
    "１２",
    "１",
    "٣",
    "²",
    "½",
    "Ⅳ",
    "1,000",
    "1，000",
    "1_000",
    "0x10",
    "01",
    "007",
    ".5",
    "5.",
    "1.2.3",
    "1/2",
    "50%",
    "7,5",
    "７.５",
    "--",
    "1-",
    "−1",
    "7分",
    "十",
    "TRUE",
    "=1+1",
    "'7",
    "#N/A",
]


@pytest.mark.parametrize("cell", [*NO_NUMBERS, " 1", "1 ", "\t1", "1\n", "\u30001", "1\u00a0", "1 000", "1\u200b", "-"])
def test_nothing_else_is_a_number(cell: str) -> None:
    for read in (cells.number, cells.signed, cells.upto(Decimal(100))):
        assert "普通小数" in why(read, cell)


def test_a_sign_is_allowed_only_where_values_may_be_negative() -> None:
    assert "不写正负号" in why(cells.number, "-1")
    assert cells.signed("-0.5") == Decimal("-0.5")


@pytest.mark.parametrize(
    "cell", ["0.1234567890123", "0.30000000000000004", "1234567890123456", "9" * 5000, "0." + "0" * 5000]
)
def test_too_many_digits_are_told_as_such_instead_of_breaking_the_database(cell: str) -> None:
    assert why(cells.number, cell) == "位数太多：整数最多 15 位，小数最多 12 位，请先舍入"
    assert why(cells.signed, f"-{cell}") == "位数太多：整数最多 15 位，小数最多 12 位，请先舍入"


def test_the_longest_number_fits_its_column() -> None:
    longest = format(cells.signed(f"-{'9' * cells.INTEGERS}.{'9' * cells.DECIMALS}"), "f")
    assert len(longest) <= (ExactDecimal.impl.length or 0)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=12, min_value=0, max_value=10**15 - 1))
def test_any_plain_decimal_comes_back_digit_by_digit(value: Decimal) -> None:
    assert format(cells.number(format(value, "f")), "f") == format(value, "f")


def test_a_limit_counts_for_the_value_itself_and_nothing_above() -> None:
    read = cells.upto(Decimal("10.5"))
    assert read("10.5") == Decimal("10.5")
    assert read("0") == 0
    assert why(read, "10.500000000001") == "超出范围，应在 0 到 10.5 之间"


@pytest.mark.parametrize("cell", ["2026-09-30", " 2026-09-30 ", "0001-01-01", "9999-12-31", "2024-02-29"])
def test_a_day_is_read(cell: str) -> None:
    assert cells.day(cell) == date.fromisoformat(cell.strip())


@pytest.mark.parametrize("cell", ["2026-02-29", "2026-13-01", "0000-01-01", "2026-04-31"])
def test_a_day_that_does_not_exist_is_told(cell: str) -> None:
    assert why(cells.day, cell) == "没有这一天，请核对日期"


@pytest.mark.parametrize(
    "cell",
    [
        "2026/9/30",
        "2026-9-30",
        "20260930",
        "2026-W40-3",
        "30.9.2026",
        "46295",
        "2026-09-30T00:00:00",
        "２０２６-09-30",
        "2026年9月30日",
    ],
)
def test_another_form_of_date_is_told(cell: str) -> None:
    assert "YYYY-MM-DD" in why(cells.day, cell)


@pytest.mark.parametrize(
    "cell",
    [
        "2026-10-12T09:00:00+08:00",
        "2026-10-12T01:00:00Z",
        "2026-10-12T01:00Z",
        "2026-10-12 09:00:00.000+0800",
        " 2026-10-12t01:00:00z ",
        "2026-10-11T20:00:00-05",
    ],
)
def test_an_instant_is_the_same_in_every_spelling(cell: str) -> None:
    assert cells.instant(cell) == datetime(2026, 10, 12, 1, tzinfo=UTC)


def test_an_instant_is_exact_to_the_microsecond_and_no_finer() -> None:
    assert cells.instant("2026-10-12T09:00:00.000001+08:00").microsecond == 1
    assert "时区" in why(cells.instant, "2026-10-12T09:00:00.0000001+08:00")


@pytest.mark.parametrize(
    "cell",
    [
        "2026-10-12T09:00:00",
        "2026-10-12",
        "2026-W42-1T09:00+08:00",
        "2026-10-12x09:00:00+08:00",
        "1760000000",
        "2026-10-12T09:00:00 +08:00",
        "２026-10-12T09:00Z",
    ],
)
def test_an_instant_without_its_zone_or_in_another_form_is_told(cell: str) -> None:
    assert why(cells.instant, cell) == "应为带时区的时间，如 2026-10-12T09:00:00+08:00"


@pytest.mark.parametrize(
    "cell",
    [
        "2026-10-12T24:00:00Z",
        "2026-10-12T09:60:00Z",
        "2026-02-30T09:00:00Z",
        "2026-10-12T09:00:00+24:00",
        "0001-01-01T00:00:00+08:00",
        "9999-12-31T23:00:00-08:00",
    ],
)
def test_an_instant_that_no_database_can_hold_is_told(cell: str) -> None:
    assert why(cells.instant, cell) == "没有这个时刻，请核对日期、时间和时区"


@given(st.datetimes(timezones=st.just(UTC)), st.integers(-1439, 1439))
def test_any_instant_comes_back(at: datetime, minutes: int) -> None:
    if 1 < at.year < MAXYEAR:
        there = at.astimezone(timezone(timedelta(minutes=minutes)))
        assert cells.instant(there.isoformat()) == at


@pytest.mark.parametrize(
    "name",
    [
        "王芳",
        "买买提·吐尔逊",
        "𠮷田·𪚥",
        "<script>alert(1)</script>",
        "{{7*7}}",
        "=1+1",
        "O'Brien",
        "می‌خواهم",
        "长" * 50,
    ],
)
def test_any_visible_name_is_a_name(name: str) -> None:
    assert cells.line(name) == name
    assert cells.line(f" \u3000{name}\t\n") == name


@pytest.mark.parametrize(
    "character",
    [
        *map(chr, range(9)),
        *map(chr, range(14, 32)),
        "\x0b",
        "\x0c",
        "\x7f",
        "\x85",
        "\x9f",
        "\u2028",
        "\u2029",
        "\ufeff",
        "\u200b",
        "\u202e",
        "\u2066",
        "\ufffe",
        "\ud800",
    ],
)
def test_what_nobody_sees_is_told_with_its_code(character: str) -> None:
    for read in (cells.line, cells.prose, cells.number_of_person):
        assert why(read, f"王{character}芳") == f"含有不可见字符 U+{ord(character):04X}，请删去"


@pytest.mark.parametrize(("character", "code"), [("\n", "U+000A"), ("\r\n", "U+000D"), ("\t", "U+0009")])
def test_a_name_has_one_line_and_a_remark_may_have_several(character: str, code: str) -> None:
    assert why(cells.line, f"王{character}芳") == f"不能换行或含制表符（{code}），请删去"
    assert cells.prose(f" 好{character}很好 ") == f"好{character}很好".replace("\r\n", "\n")


def test_lines_of_a_remark_end_in_one_way() -> None:
    assert cells.prose("a\r\nb\rc\nd\r\n") == "a\nb\nc\nd"


@pytest.mark.parametrize(("read", "most"), [(cells.line, 200), (cells.prose, 10_000), (cells.number_of_person, 64)])
def test_endless_texts_are_told(read: Callable[[str], str], most: int) -> None:
    assert read("长" * most) == "长" * most
    assert (
        why(read, "长" * 10_001)
        == f"太长：最多 {min(most, 10_000) if read is not cells.number_of_person else 200} 个字"
    )
    assert why(read, "长" * (most + 1)) == f"太长：最多 {most} 个字"


@pytest.mark.parametrize("number", ["00001", "A-17", "工号1", "0", "a.b", "x_y", "Ⅱ7", "1 2"])
def test_a_staff_number_is_a_text_and_its_zeros_count(number: str) -> None:
    assert cells.number_of_person(f" {number} ") == number


@pytest.mark.parametrize("number", ["a/b", "..", "../../etc", ".x", "a\\b", "C:", "a*", "<b>", 'x"y', "a|b"])
def test_a_staff_number_names_a_folder_and_leads_nowhere_else(number: str) -> None:
    assert "文件夹名" in why(cells.number_of_person, number)


def test_words_are_exactly_those() -> None:
    read = cells.one_of("scored", "recused")
    assert read(" scored ") == "scored"
    for cell in ("Scored", "ｓｃｏｒｅｄ", "score", "scored recused"):
        assert why(read, cell) == "只能是 scored、recused"


@pytest.mark.parametrize("cell", ["1", "12", "999999"])
def test_a_session_is_a_whole_number_from_one(cell: str) -> None:
    assert cells.whole(cell) == int(cell)


@pytest.mark.parametrize("cell", ["0", "01", "1.0", "-1", "1000000", "１", " 1", "x"])
def test_nothing_else_is_a_session(cell: str) -> None:
    assert why(cells.whole, cell) == "应为从 1 起的整数"


@pytest.mark.parametrize("cell", ["2026", "2026H1", "2026Q4", "2026-09", " 2026H2 "])
def test_a_period_stays_as_it_was_written(cell: str) -> None:
    assert cells.period(cell) == cell.strip()


@pytest.mark.parametrize(
    "cell", ["2026H3", "2026Q5", "2026-13", "2026-9", "2026h1", "2026Ｈ1", "26H1", "0000", "2026-09-30"]
)
def test_nothing_else_is_a_period(cell: str) -> None:
    assert "2026Q3" in why(cells.period, cell)


def test_an_unknown_name_is_told_with_those_that_there_are() -> None:
    read = cells.known(cells.line, cells.no_such(cells.Text("业务线"), [f"L{n}" for n in range(20)]), {"L0"})
    assert read("L0") == "L0"
    assert why(read, "X") == "没有这个业务线；有：" + "、".join(f"L{n}" for n in range(12))
