"""The score book, read back from PDF and workbook: every number on paper is worked out again."""

import csv
import hashlib
import io
import json
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook

from kit import fonts, pdf
from kit.i18n import in_language
from kit.settings import settings
from reports import score_book
from reports.score_book import ScoreBook, ties, volumes
from rules.rounding import rounded
from rules.seats import allot
from tests.reports.decided import Decided, sample
from tests.reports.invented import a_round
from tests.reports.reading import agrees, lines_of, text_of

ISSUED = datetime(2026, 10, 19, tzinfo=ZoneInfo("Asia/Shanghai"))
NUMBER = r"\d+(?:\.\d+)?…?"
WEIGHTS = {"theory.attendance": 10, "theory.exam": 30, "roleplay": 40, "rotation": 20}


def book(decided: Decided) -> ScoreBook:
    quota = decided.policy.quota
    shared = allot(quota.seats, decided.heads, method=quota.method, minimum=quota.minimum, code=decided.policy.code)
    return ScoreBook(
        policy=decided.policy,
        policy_sha256="b2" * 32,
        issued=ISSUED,
        entries=decided.entries,
        heads=decided.heads,
        seats=decided.seats,
        seats_working=json.loads(json.dumps(shared.working)),
        ranking=decided.ranking,
    )


def lines(view: ScoreBook) -> list[str]:
    return [line for paper in score_book.papers(view) for line in lines_of(paper.html)]


@cache
def of_the_sample() -> ScoreBook:
    return book(sample())


@cache
def sample_lines() -> list[str]:
    return lines(of_the_sample())


@pytest.fixture(scope="module")
def rendered() -> bytes:
    (paper,) = score_book.papers(of_the_sample())
    return pdf.render(paper, fonts.prepare(settings().cache, settings().fonts))


def vary(person: int, criterion: int, reviewer: int) -> str:
    """Return marks from 5 to 10 that differ by person, criterion and reviewer."""
    return str(Decimal((person * 7 + criterion * 3 + reviewer * 5 + person * person) % 11) / 2 + 5)


# The table of everybody


def test_ranks_scores_and_outcomes_stand_in_the_pdf_as_decided(rendered: bytes) -> None:
    text = re.sub(r"\s+", " ", text_of(rendered))
    for entry in sample().entries:
        if entry.rank is not None:
            scores = " ".join(f"{entry.components[key]:f}" for key in of_the_sample().components)
            words = {"selected": "入选", "reserve": "后备"}[entry.outcome]
            who = f"{entry.person.staff_no} {entry.person.name} {of_the_sample().line(entry)}"
            assert f" {who} {scores} {entry.final:f} {words}" in text


def test_people_stand_by_rank_then_by_the_stage_they_reached() -> None:
    text = sample_lines()
    ranks = [int(m[1]) for line in text if (m := re.match(r"(\d+) \d+ \d{5} \S+ \S+ [\d. ]+ (入选|后备)$", line))]
    assert ranks == sorted(e.rank for e in sample().entries if e.rank is not None)
    titles = [
        "完成全部环节，进入排名（53人）",
        "止步：理论强化培训（3人）",
        "止步：材料审核（2人）",
        "不符合资格（99人）",
        "逾期报名（2人）",
        "撤回报名（2人）",
    ]
    assert [line for line in text if line in titles] == titles


def test_the_rank_within_a_line_counts_only_that_line() -> None:
    view = of_the_sample()
    for line in view.policy.lines:
        own = sorted((e for e in view.entries if e.person.business_line == line and e.rank), key=lambda e: e.rank or 0)
        assert [view.line_ranks[e.person.staff_no] for e in own] == list(range(1, len(own) + 1))


def test_each_final_score_is_the_weighted_sum_of_the_scores_beside_it() -> None:
    rows = [
        m.groups()
        for line in sample_lines()
        if (m := re.match(r"\d+ \d+ (\d{5}) \S+ \S+ ([\d. ]+) (?:入选|后备)$", line))
    ]
    assert len(rows) == 53
    for _no, numbers in rows:
        *components, final = [Fraction(n) for n in numbers.split()]
        exact = sum(
            (Fraction(w) * value / 100 for w, value in zip(WEIGHTS.values(), components[2:], strict=True)), Fraction(0)
        )
        assert Fraction(rounded(exact, of_the_sample().policy.rounding)) == final


def test_whoever_left_reads_why() -> None:
    text = "\n".join(sample_lines())
    assert re.search(r"— — 00257 邓宇 在线客服 57.20 — — — — — — 低于合格线60", text)
    assert "出勤率低于75%" in text
    assert "没有沟通理论、政策与合规、产品与服务、系统操作的成绩" in text
    assert "不符合资格" in text
    assert re.search(r"00158 .*2026年10月16日（周五）19:20报名，2026年10月16日（周五）18:00截止 逾期报名", text)


def test_everybody_who_applied_stands_in_the_table_once() -> None:
    text = sample_lines()
    end = text.index("二、计分规则")
    listed = Counter(m[1] for line in text[:end] if (m := re.match(r"(?:\d+|—) (?:\d+|—) (\d{5}) ", line)))
    assert listed == Counter(e.person.staff_no for e in sample().entries)


# The annexes


def annex_rows(text: list[str], stage: str) -> Iterator[tuple[str, list[str]]]:
    """Return each row of an annex: who, and what stands after the name of the line."""
    start = next(n for n, line in enumerate(text) if re.match(rf"附件\d {stage}", line))
    for line in text[start + 1 :]:
        if line.startswith("附件"):
            return
        if m := re.match(r"(\d{5}) \S+ \S+ (.*)$", line):
            yield m[1], m[2].split()


def counted(cells: list[str]) -> list[Fraction]:
    """Return the totals that count: bare numbers, without 高 or 低 behind them."""
    return [Fraction(cell) for cell in cells if re.fullmatch(NUMBER, cell)]


@pytest.mark.parametrize("stage", ["材料审核", "潜力测评", "实战模拟", "跨部门轮岗"])
def test_each_mean_is_that_of_the_totals_that_count(stage: str) -> None:
    key = next(s.key for s in sample().policy.stages if s.name == stage)
    rows = dict(annex_rows(sample_lines(), stage))
    assert set(rows) == {e.person.staff_no for e in sample().entries if key in e.stages}
    for no, cells in rows.items():
        *sheets, count, total, mean, score, _went_on = cells
        kept = counted(sheets)
        assert len(kept) == int(count)
        assert sum(kept) == Fraction(total)
        assert agrees(mean, sum(kept) / Fraction(len(kept)))
        assert Decimal(score) == of_the_sample().by_no[no].components[key]
        assert Fraction(rounded(sum(kept) / Fraction(len(kept)), sample().policy.rounding)) == Fraction(score)


def test_sheets_that_do_not_count_say_why() -> None:
    text = "\n".join(sample_lines())
    for sign in (" 回避 ", " 弃评 ", r" \d+\.\d高 ", r" \d+\.\d低 "):
        assert re.search(sign, text)


def test_exam_and_attendance_can_be_worked_out_again() -> None:
    areas = {"product": 30, "communication": 20, "policy": 30, "systems": 20}
    rows = [cells for _no, cells in annex_rows(sample_lines(), "理论强化培训") if cells[-1] == "通过"]
    assert len(rows) == 53
    weights = next(s for s in sample().policy.stages if s.key == "theory").terms.areas
    assert {k: int(v) for k, v in weights.items()} == areas
    for cells in rows:
        scores, (exact, exam, due, there, _late, _excused, rate) = cells[: len(weights)], cells[len(weights) : -1]
        total = sum(
            (Fraction(w) * Fraction(s) / 100 for w, s in zip(weights.values(), scores, strict=True)), Fraction(0)
        )
        assert agrees(exact, total)
        assert Fraction(rounded(total, sample().policy.rounding)) == Fraction(exam)
        assert Fraction(rounded(Fraction(100 * int(there), int(due)), sample().policy.rounding)) == Fraction(rate)


def test_trimming_by_criterion_shows_each_criterions_mean() -> None:
    decided = a_round(people=9, reviewers=12, criteria=6, drop=1, trim_level="criterion", mark=vary)
    weights = [c.weight for c in decided.policy.stages[0].terms.criteria]
    rows = dict(annex_rows(lines(book(decided)), "结构化面试"))
    assert len(rows) == 9
    for no, cells in rows.items():
        sheets, (count, *means, exact, score, _went_on) = cells[:12], cells[12:]
        assert len(counted(sheets)) == 12
        assert count == "10"
        assert len(means) == 6
        if not any("…" in mean for mean in means):
            assert agrees(
                exact, sum((Fraction(w) * Fraction(m) / 100 for w, m in zip(weights, means, strict=True)), Fraction(0))
            )
        assert Decimal(score) == book(decided).by_no[no].components["interview"]


def test_more_reviewers_than_columns_stand_in_a_row_of_sheets() -> None:
    decided = a_round(people=3, reviewers=30, drop=1, mark=vary)
    rows = dict(annex_rows(lines(book(decided)), "结构化面试"))
    text = " ".join(rows["00000"])
    sheets = re.findall(r"(R\d\d) ([\d.]+)(（去[高低]）)?", text)
    assert len(sheets) == 30
    assert Counter(note for _r, _t, note in sheets) == {"": 28, "（去高）": 1, "（去低）": 1}
    kept = sum((Fraction(total) for _r, total, note in sheets if not note), Fraction(0))
    assert f" 28 {float(kept):.2f} " in text


def test_reviewers_appear_by_number_only() -> None:
    decided = a_round(people=3, reviewers=3)
    (paper,) = score_book.papers(book(decided))
    assert "R01" in paper.html
    for reviewer in decided.evidence.reviewers:
        assert reviewer.name not in paper.html
        assert all(reviewer.name.encode() not in file.content for file in paper.attachments)


# Seats and ties


def test_the_people_who_took_seats_are_named_in_their_line() -> None:
    view = of_the_sample()
    for key, name in view.policy.lines.items():
        chosen = sorted(
            (e for e in view.entries if e.outcome == "selected" and e.person.business_line == key),
            key=lambda e: e.rank or 0,
        )
        named = "、".join(f"{e.person.name}（第{e.rank}名）" for e in chosen)
        own = [e for e in view.entries if e.person.business_line == key]
        numbers = (
            view.heads[key],
            sum(e.took_part for e in own),
            sum(e.rank is not None for e in own),
            view.seats[key],
            len(chosen),
            0,
            0,
        )
        assert f"{name} {' '.join(map(str, numbers))} {named}" in sample_lines()
    assert "各业务线都没有空余的名额。" in sample_lines()


def test_seats_that_stay_empty_are_said() -> None:
    text = lines(book(a_round(people=2, lines=("甲", "乙"), seats=9, mark=vary)))
    assert "业务线人选不足的，剩余名额空缺，不作调剂。" in text
    assert "7个名额没有人选，空缺。" in text


def weak_line(person: int, _criterion: int, _reviewer: int) -> str:
    """Return marks that differ from person to person and fail whoever is in the second of three lines."""
    return "3" if person % 3 == 1 else str(6 + Decimal(person) / 20)


def test_unused_seats_that_went_by_score_name_who_got_them() -> None:
    decided = a_round(people=30, lines=("甲", "乙", "丙"), seats=9, unused="best_score", mark=weak_line)
    assert decided.ranking["unused"]["selected"] == ["00020", "00018", "00017"]
    assert "空余的3个名额：人员20（第7名）、人员18（第8名）、人员17（第9名）。" in lines(book(decided))


def test_unused_seats_shared_out_once_more_show_the_arithmetic() -> None:
    decided = a_round(people=31, lines=("甲", "乙", "丙"), seats=25, unused="reapportion", mark=weak_line)
    text = lines(book(decided))
    (title,) = [line for line in text if line.startswith("空余名额的第1次分配")]
    assert "甲只有2人可选，取2个" in title
    assert text[text.index(title) + 2].startswith("第1个 11÷1=11 10÷1=10 甲")
    assert "4个名额没有人选，空缺。" in text


def test_while_somebody_is_level_unused_seats_are_held() -> None:
    text = lines(book(a_round(people=4, lines=("甲", "乙"), seats=3, minimum=1, tie_break="interview")))
    assert any("完全相同，保留1个名额待加试" in line for line in text)


def test_a_tie_says_how_far_into_the_chain_it_went() -> None:
    text = sample_lines()
    assert "综合成绩84.16分（2人）" in text
    assert any(re.match(r"12 00264 马涵 在线客服 81.83 83.92 2023-06-21 比较“实战模拟”后分出$", line) for line in text)


def test_people_level_to_the_end_share_the_rank() -> None:
    text = lines(book(a_round(people=40, seats=3, tie_break="interview, tenure")))
    assert any(line.endswith("与人员28全部相同，名次并列") for line in text)
    assert any(line.endswith("比较“工龄”后分出") for line in text)


def test_of_very_many_ties_those_over_seats_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ties, "MOST", 10)
    text = lines(book(a_round(people=60, seats=3, mark=lambda n, _c, _r: "9" if n < 4 else "8")))
    assert "综合成绩90.00分（4人）" in text
    assert "综合成绩80.00分（56人）" not in text
    assert any("成绩相同的共有60人" in line and "results.json" in line for line in text)


# Rules, signatures, files


def test_the_rules_are_those_that_the_scores_were_counted_by() -> None:
    text = "\n".join(sample_lines())
    for rule in (
        "综合成绩＝理论强化培训考试成绩×30%＋理论强化培训出勤率×10%＋实战模拟×40%＋跨部门轮岗×20%。",
        "去掉1个最高分和1个最低分",
        "其后一位四舍五入",
        "依次比较实战模拟（高者优先）、理论强化培训考试成绩（高者优先）、工龄（入职早者优先）",
        "沟通技巧40%、应变能力30%",
        "产品与服务30%、沟通理论20%",
    ):
        assert rule in text


def test_it_is_signed_by_four_for_exactly_this_data() -> None:
    (paper,) = score_book.papers(of_the_sample())
    for role in ("记录人", "复核人", "评委会主任", "监督组"):
        assert role in paper.html
    first = paper.attachments[0]
    assert first.name == "results.json"
    assert hashlib.sha256(first.content).hexdigest() in paper.html


def test_the_results_are_inside_as_json_and_csv() -> None:
    (paper,) = score_book.papers(of_the_sample())
    files = {file.name: file.content for file in paper.attachments}
    results = {one["staff_no"]: one for one in json.loads(files["results.json"])["results"]}
    rows = {row["staff_no"]: row for row in csv.DictReader(io.StringIO(files["results.csv"].decode("utf-8-sig")))}
    assert set(results) == set(rows) == {e.person.staff_no for e in sample().entries}
    for entry in sample().entries:
        final = None if entry.final is None else f"{entry.final:f}"
        one, row = results[entry.person.staff_no], rows[entry.person.staff_no]
        assert (one["final"], one["rank"], one["outcome"]) == (final, entry.rank, entry.outcome)
        assert (row["final"] or None, row["rank"], row["outcome"]) == (final, str(entry.rank or ""), entry.outcome)


def test_every_sheet_is_inside() -> None:
    (paper,) = score_book.papers(of_the_sample())
    content = next(file.content for file in paper.attachments if file.name == "sheets.csv").decode("utf-8-sig")
    sheets = [s for e in sample().entries for score in e.stages.values() for s in score.working.get("sheets", ())]
    assert len(content.splitlines()) == len(sheets) + 1


def test_the_document_is_the_same_each_time(rendered: bytes) -> None:
    (paper,) = score_book.papers(book(sample()))
    assert pdf.render(paper, fonts.prepare(settings().cache, settings().fonts)) == rendered


def test_hostile_names_are_texts() -> None:
    names = {0: "<script>alert(1)</script>", 1: "{{7*7}}", 2: '=HYPERLINK("x")'}
    (paper,) = score_book.papers(book(a_round(names=names)))
    assert "<script>" not in paper.html
    assert "{{7*7}}" in paper.html


# Edges


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ({"grade": "Ⅰ"}, "不符合资格（6人）"),
        ({"applied": False}, "没有人报名。"),
        ({"people": 0}, "没有人报名。"),
        ({"seats": 0}, "本轮没有名额。"),
        ({"lines": ("电话客服",)}, "电话客服 6 6 6 2 0 6 0"),
        ({"reviewers": 0}, "有效评分表0份，少于1份"),
    ],
)
def test_rounds_at_the_edge_have_a_book_of_their_own(wanted: dict[str, Any], said: str) -> None:
    view = book(a_round(**wanted))
    assert any(said in line for line in lines(view))
    assert len(score_book.workbook(view)) > 1000


def test_a_large_round_comes_in_volumes_with_everybody_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(volumes, "MOST", 40)
    view = of_the_sample()
    papers = score_book.papers(view)
    rows = sum(len(e.stages) for e in view.entries) + len(view.entries)
    assert len(papers) == -(-rows // 40)
    assert [bool(paper.attachments) for paper in papers] == [True] + [False] * (len(papers) - 1)
    text = [line for paper in papers for line in lines_of(paper.html)]
    listed = [m[1] for line in text if (m := re.match(r"(?:\d+|—) (?:\d+|—) (\d{5}) ", line))]
    assert list(dict.fromkeys(listed)) == [e["staff_no"] for e in _results(papers[0])]
    for stage in view.policy.stages:
        entered = [m[1] for paper in papers for m in re.finditer(rf"附件\d　({stage.name})", paper.html)]
        assert entered


def _results(paper: pdf.Paper) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(paper.attachments[0].content)["results"]
    return found


def test_the_document_names_its_language() -> None:
    with in_language("en"):
        assert 'lang="en"' in score_book.papers(book(a_round()))[0].html


# The workbook


@cache
def sheets() -> dict[str, Any]:
    content = load_workbook(io.BytesIO(score_book.workbook(of_the_sample())))
    return {sheet.title: sheet for sheet in content.worksheets}


def cells(title: str) -> list[dict[str, Any]]:
    head, *rows = sheets()[title].iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_the_workbook_has_everything_by_name() -> None:
    assert list(sheets()) == [
        "成绩汇总",
        "分项成绩",
        *(f"评分明细 {stage.name}" for stage in sample().policy.stages),
        "名额",
        "名额计算",
        "规则",
    ]


def test_the_results_in_the_workbook_are_the_decided_ones() -> None:
    rows = {row["工号"]: row for row in cells("成绩汇总")}
    assert set(rows) == {e.person.staff_no for e in sample().entries}
    for entry in sample().entries:
        row = rows[entry.person.staff_no]
        assert row["名次"] == entry.rank
        assert _decimal(row["综合成绩"]) == entry.final
        assert _decimal(row["实战模拟 40%"]) == entry.components.get("roleplay")


def _decimal(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(repr(value)).quantize(Decimal("0.01"))


def test_staff_numbers_are_texts_and_scores_numbers_with_two_decimals() -> None:
    head, first = list(sheets()["成绩汇总"].iter_rows(max_row=2))
    form = {cell.value: (own.data_type, own.number_format) for cell, own in zip(head, first, strict=True)}
    assert form["工号"] == ("s", "@")
    assert form["综合成绩"] == ("n", "0.00")
    assert form["名次"] == ("n", "0")


def test_every_mark_is_in_the_workbook_and_gives_the_score() -> None:
    criteria = {c.name: c for c in next(s for s in sample().policy.stages if s.key == "roleplay").terms.criteria}
    by_person: dict[str, list[Fraction]] = {}
    for row in cells("评分明细 实战模拟"):
        marks = {name.split()[0]: value for name, value in row.items() if name.split()[0] in criteria}
        if row["是否计入"] in {"计入", "去最高", "去最低"}:
            total = sum(
                (Fraction(c.weight) * Fraction(repr(marks[n])) / Fraction(c.max) for n, c in criteria.items()),
                Fraction(0),
            )
            assert total == Fraction(repr(row["评分表总分"]))
            if row["是否计入"] == "计入":
                by_person.setdefault(row["工号"], []).append(total)
    for no, totals in by_person.items():
        mean = rounded(sum(totals, Fraction(0)) / len(totals), sample().policy.rounding)
        assert mean == of_the_sample().by_no[no].components["roleplay"]
    assert len(by_person) == sum("roleplay" in e.stages for e in sample().entries)


def test_marks_left_out_by_themselves_are_named() -> None:
    view = book(a_round(people=2, reviewers=5, criteria=2, drop=1, trim_level="criterion", mark=vary))
    content = load_workbook(io.BytesIO(score_book.workbook(view)))
    rows = list(content["评分明细 结构化面试"].iter_rows(min_row=2, values_only=True))
    left_out = Counter(part for row in rows for part in (row[-1] or "").split("、") if part)
    assert left_out == {"评分项1（最高）": 2, "评分项1（最低）": 2, "评分项2（最高）": 2, "评分项2（最低）": 2}


def test_the_seats_in_the_workbook_add_up() -> None:
    rows = cells("名额")
    assert {row["业务线"]: row["名额"] for row in rows} == {"电话客服": 7, "在线客服": 4, "VIP专属服务": 1}
    assert sum(row["入选"] for row in rows) == sum(e.outcome == "selected" for e in sample().entries)
    assert len(cells("名额计算")) == 10


def test_scores_before_rounding_are_exact_numbers_or_fractions() -> None:
    rows = {(row["工号"], row["成绩项"]): row["取位前"] for row in cells("分项成绩")}
    for entry in sample().entries:
        for key, name in (("materials", "材料审核"), ("theory", "理论强化培训考试成绩")):
            if (score := entry.stages.get(key)) and (exact := _exact(score.working)):
                shown = rows[entry.person.staff_no, name]
                assert Fraction(shown if isinstance(shown, str) else repr(shown)) == Fraction(exact)


def _exact(working: dict[str, Any]) -> str | None:
    found: str | None = working.get("mean") or working.get("exam", {}).get("exact")
    return found


def test_names_that_look_like_formulas_stay_quoted_texts() -> None:
    names = {0: '=HYPERLINK("http://x")', 1: "+1", 2: "-1", 3: "@x", 4: "\t=1"}
    content = score_book.workbook(book(a_round(names=names)))
    found = {cell.value: cell for row in load_workbook(io.BytesIO(content))["成绩汇总"].iter_rows() for cell in row}
    for name in names.values():
        assert (found[name].data_type, found[name].quotePrefix) == ("s", True)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert not any(b"<f>" in archive.read(part) for part in archive.namelist())


def test_the_workbook_is_the_same_each_time() -> None:
    assert score_book.workbook(book(sample())) == score_book.workbook(of_the_sample())


def test_whole_numbers_need_no_decimals() -> None:
    decided = a_round(people=2)
    whole = replace(decided.policy, rounding=replace(decided.policy.rounding, digits=0))
    sheet = load_workbook(io.BytesIO(score_book.workbook(replace(book(decided), policy=whole))))["成绩汇总"]
    head = [cell.value for cell in sheet[1]]
    assert sheet.cell(2, head.index("综合成绩") + 1).number_format == "0"
