"""The layout of GB/T 9704, measured on the PDF."""

from datetime import date
from functools import cache

import pytest

from kit import fonts, pdf
from kit.fonts import FontSet
from kit.settings import settings
from reports.official import layout
from reports.official.blocks import Block, Heading, Official, Paragraph, Table
from rules.policies import Organisation
from tests.reports.reading import Run, body_lines, runs_of, text_of

DAY = date(2026, 10, 12)
LONG = "竞聘规则公开公平公正" * 200
CENTRE = Organisation("江南客户服务中心", "人力资源部", document_number="江客服人[2026] 12 号")


@cache
def prepared() -> FontSet:
    return fonts.prepare(settings().cache, settings().fonts)


def made(document: Official) -> bytes:
    return pdf.render(layout.paper(document, time_zone="Asia/Shanghai"), prepared())


def official(
    *blocks: Block, organisation: Organisation = CENTRE, title: str = "关于某事的公告", **more: str
) -> Official:
    return Official(title, blocks, organisation, DAY, number=organisation.document_number, **more)


def pages(*blocks: Block, **more: object) -> list[list[Run]]:
    return runs_of(made(official(*blocks, **more)))  # type: ignore[arg-type] # what ``official`` takes


@pytest.fixture(scope="module")
def full() -> list[list[Run]]:
    """A document with two pages of nothing but text in the middle."""
    return pages(Paragraph(LONG))


def test_a_full_page_has_22_lines_of_28_characters(full: list[list[Run]]) -> None:
    for page in full[1:3]:
        lines = body_lines(page)
        assert len(lines) == 22
        assert {len(line) for line in lines.values()} == {28}


def test_the_margins_are_those_of_the_standard(full: list[list[Run]]) -> None:
    for page in full[1:3]:
        body = [run for run in page if run.down < 264]
        assert {round(run.left, 1) for run in body} == {28.0}
        first, last = min(run.down for run in body), max(run.down for run in body)
        pitch = (last - first) / 21
        assert abs(pitch - 225 / 22) < 0.05  # 297 − 37 − 35 millimetres in 22 lines
        top = first - pitch / 2 - (0.88 - 0.5) * 16 * 25.4 / 72
        assert abs(top - 37) < 0.1
        assert 297 - (top + 22 * pitch) >= 35
        right = 28.0 + 28 * 15.78 * 25.4 / 72
        assert abs(210 - right - 26) < 0.2


def test_each_part_has_its_typeface_and_size() -> None:
    first = pages(Heading("报名条件"), Heading("基本条件", level=2), Paragraph("甲" * 100))[0]
    faces = {role: family.replace(" ", "-") for role, family in prepared().families.items()}

    def set_in(text: str) -> tuple[str, float]:
        run = next(r for r in first if text in r.text)
        return run.face, round(run.size, 1)

    assert set_in("关于某事的公告")[1] == 22
    assert set_in("关于某事的公告")[0].startswith(faces["Title"])
    assert set_in("报名条件")[1] == 16
    assert set_in("报名条件")[0].startswith(faces["Hei"])
    assert set_in("基本条件")[0].startswith(faces["Kai"])
    assert set_in("甲甲甲")[0].startswith(faces["Fang"])
    assert set_in("甲甲甲")[1] == 16


def test_headings_and_paragraphs_begin_two_characters_in() -> None:
    page = pages(Heading("甲"), Heading("乙", level=2), Paragraph("丙" * 60))[0]
    starts = {run.text[:2]: run.left for run in reversed(page)}
    two = 28 + 2 * 15.78 * 25.4 / 72
    assert all(abs(starts[key] - two) < 0.3 for key in ("一、", "（一", "丙丙"))
    assert next(line for line in body_lines(page).values() if line.startswith("丙")) == "丙" * 26


def test_headings_are_numbered_and_begin_anew_under_each_other() -> None:
    text = text_of(
        made(official(*[Heading(t, level=n) for t, n in (("甲", 1), ("乙", 2), ("丙", 2), ("丁", 1), ("戊", 2))]))
    )
    assert [line for line in text.splitlines() if "、" in line or "（" in line] == [
        "一、甲",
        "（一）乙",
        "（二）丙",
        "二、丁",
        "（一）戊",
    ]


def test_the_page_number_stands_between_dashes_on_the_outer_side(full: list[list[Run]]) -> None:
    for number, page in enumerate(full, 1):
        below = [run for run in page if run.down >= 264]
        assert "".join(run.text for run in below).replace(" ", "") == f"—{number}—"
        assert {round(run.size, 1) for run in below} == {14}
        left = min(run.left for run in below)
        one_character_in = 16 * 25.4 / 72
        if number % 2:
            assert left > 150
        else:
            assert abs(left - 28 - one_character_in) < 0.3


def test_the_red_head_names_the_organisation_and_the_number_has_its_brackets() -> None:
    page = pages(Paragraph("正文。"))[0]
    texts = ["".join(run.text.split()) for run in page]
    assert "江南客户服务中心文件" in texts
    assert "江客服人〔2026〕12号" in "".join(texts)


@pytest.mark.parametrize(
    "typed",
    ["客服人〔2026〕12号", "客服人[2026]12号", "客服人（2026） 12 号", "客服人【2026】12号", "客服人( 2026 )12号"],
)
def test_an_issue_number_is_set_as_the_standard_wants_however_it_was_typed(typed: str) -> None:
    assert layout.issue_number(typed) == "客服人〔2026〕12号"


def test_the_date_stands_right_below_the_signature_with_room_for_the_seal() -> None:
    page = pages(Paragraph("正文。"))[0]
    body = next(run for run in page if run.text.startswith("正文"))
    signature = [run for run in page if run.text == "江南客户服务中心"][-1]
    day = [run for run in page if run.down > signature.down + 1 and run.down < 264]
    assert "".join(run.text for run in day) == "2026年10月12日"
    assert day[0].left > 105
    assert signature.down - body.down > 2.5 * 10.21
    width = 28 * 15.78 * 25.4 / 72
    end = max(run.left + len(run.text) * 2.8 for run in day)
    assert end < 28 + width - 3 * 5.6  # four characters of the line stay free


def test_without_an_organisation_a_place_is_left_for_the_seal() -> None:
    text = text_of(made(official(Paragraph("正文。"), organisation=Organisation())))
    assert "（发布单位印章）\n2026年10月12日" in text
    assert "文件" not in text


@pytest.mark.parametrize("lines", range(14, 20))
def test_the_seal_never_stands_on_a_page_without_text(lines: int) -> None:
    document = official(Paragraph("正文" * 14 * lines), organisation=Organisation())
    last = runs_of(made(document))[-1]
    assert any("印章" in run.text for run in last)
    assert any("正文" in run.text for run in last)


def test_notes_stay_with_the_seal() -> None:
    for lines in (14, 15, 16):
        blocks = (Paragraph("正文" * 14 * lines),)
        document = Official("题名", blocks, Organisation(), DAY, notes=("（附注" + "某" * 80 + "。）",))
        last = "".join(run.text for run in runs_of(made(document))[-1])
        assert "印章" in last
        assert "附注" in last


def test_the_head_of_a_table_is_repeated_and_no_row_is_cut() -> None:
    rows = [(str(n), "买买提·吐尔逊·阿卜杜拉", "某某业务线某某呼叫中心投诉处理组") for n in range(1, 61)]
    table = Table("人员名单", ("序号", "姓名", "单位"), rows, (10, 40, 50))
    found = pages(Paragraph("正文。"), table, Paragraph("结束。"))
    with_rows = [page for page in found if any("买买提" in run.text for run in page)]
    assert len(with_rows) >= 3
    for page in with_rows:
        assert sum(run.text == "姓名" for run in page) == 1
        names = ["".join(r.text for r in page if abs(r.down - down) < 0.1) for down in {r.down for r in page}]
        assert sum("买买提" in n for n in names) == sum("阿卜杜拉" in n for n in names)
    numbers = [run.text for page in found for run in page if run.text.isdigit() and run.left < 45 and run.down < 264]
    assert [int(n) for n in numbers] == list(range(1, 61))


def test_a_line_of_a_name_ends_with_its_dot_and_never_begins_with_it() -> None:
    table = Table("名单", ("姓名", "其他"), [("买买提·吐尔逊·阿卜杜拉", "甲")], (20, 80))
    texts = [run.text for run in pages(table)[0]]
    assert not any(text.startswith("·") for text in texts)
    assert any(text.endswith("·") for text in texts)


def test_a_long_title_stands_in_balanced_lines_that_cut_no_word() -> None:
    title = "关于开展2026年第四季度初级客服主管内部竞聘的公告"
    page = pages(Paragraph("正文。"), title=title, whole=("初级客服主管",))[0]
    lines = [
        "".join(r.text for r in page if round(r.size) == 22 and r.down == down)
        for down in sorted({r.down for r in page if round(r.size) == 22})
    ]
    assert lines == ["关于开展2026年第四季度", "初级客服主管内部竞聘的公告"]


def test_the_same_document_made_twice_is_the_same_bytes() -> None:
    document = official(Heading("甲"), Paragraph("正文。"))
    paper = layout.paper(document, time_zone="Asia/Shanghai")
    assert pdf.render(paper, prepared()) == made(document)


def test_untrusted_text_is_printed_as_it_is() -> None:
    table = Table("名单", ("姓名", "其他"), [("<script>alert(1)</script>", "{{7*7}}")], (60, 40))
    text = text_of(made(official(table, Paragraph("<b>正文</b>&amp;"), organisation=Organisation("<i>某</i>公司"))))
    for said in ("<script>alert(1)</script>", "{{7*7}}", "<b>正文</b>&amp;", "<i>某</i>公司文件"):
        assert said in text.replace("\n", "")
