import pytest
from rich.cells import cell_len

from kit.terminal import definitions, table, wrap


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("数据目录：数据库、日志都在其中", 16, ["数据目录：数据", "库、日志都在其中"]),
        ("缓存：Prefect 的空数据库", 12, ["缓存：", "Prefect 的空", "数据库"]),
        ("姓名（可以不填）", 6, ["姓名", "（可以", "不填）"]),
        ("two words", 5, ["two", "words"]),
        ("a" * 7, 3, ["aaa", "aaa", "a"]),
        ("", 5, [""]),
        ("一\n二", 10, ["一", "二"]),
    ],
)
def test_a_text_is_broken_where_a_reader_expects_it(text: str, width: int, lines: list[str]) -> None:
    assert wrap(text, width) == lines


def test_columns_stand_under_each_other_whatever_the_script() -> None:
    lines = table([["王芳", "90.5"], ["欧阳𠮷田", "7"]], ["姓名", "n"], width=80, right=[False, True])
    assert lines == ["姓名         n", "王芳      90.5", "欧阳𠮷田     7"]


def test_a_table_fits_and_its_longest_column_gives_way() -> None:
    rows = [["2026Q4-SUP", "二〇二六年第四季度初级客服主管内部竞聘（第二批）", "2026-11-30 18:00"]]
    lines = table(rows, ["编号", "名称", "截止"], width=50, right=[False] * 3)
    assert max(map(cell_len, lines)) <= 50
    assert lines[1].startswith("2026Q4-SUP  ")
    assert lines[1].endswith("2026-11-30 18:00")
    assert len(lines) > 2


def test_what_can_be_broken_gives_way_before_what_cannot() -> None:
    rows = [["10", "2026-11-24", "00023 个人竞聘结果.pdf", "3bcdd65c0c81"]]
    lines = table(rows, ["#", "日期", "对象", "指纹"], width=40, right=[True, False, False, False])
    assert lines[1].startswith("10  2026-11-24  ")
    assert lines[1].endswith("  3bcdd65c0c81")
    assert max(map(cell_len, lines)) <= 40


def test_a_terminal_that_is_far_too_narrow_is_survived() -> None:
    assert table([["1", "甲乙丙丁", "abcdefgh"]], ["#", "一", "二"], width=5, right=[True, False, False])


def test_a_table_without_rows_is_its_headings() -> None:
    assert table([], ["编号", "名称"], width=80, right=[False, False]) == ["编号  名称"]


def test_explanations_stand_beside_their_terms() -> None:
    lines = definitions([("--by", "操作人"), ("--a-very-long-option WITH A VALUE", "说明")], width=40)
    assert lines == ["  --by  操作人", "  --a-very-long-option WITH A VALUE", "        说明"]
