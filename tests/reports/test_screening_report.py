"""The screening report, read back: everybody in it, the counts as screened, the seats' arithmetic worked out again."""

import csv
import io
import json
import re
from collections import Counter
from dataclasses import replace
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

import pypdf
import pytest

from kit import fonts, pdf
from kit.i18n import in_language
from kit.pdf import Paper
from kit.settings import settings
from reports import screening_report
from reports.screening_report import Judged, ScreeningReport, listing
from rules.policies import Policy
from rules.records import Person, Personnel
from rules.rounds import head_counts
from rules.screening import Screened, screen
from rules.seats import allot
from tests.reports.decided import sample
from tests.reports.invented import Wanted, personnel, policy
from tests.reports.reading import agrees, lines_of, text_of, worked_out

ISSUED = datetime(2026, 10, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
QUOTIENT = re.compile(r"(\d+)÷(\d+)=([\d.]+…?)")


def report(the_policy: Policy, people: Personnel) -> ScreeningReport:
    screened = {one.staff_no: one for one in screen(the_policy, people)}
    heads, quota = head_counts(the_policy, people), the_policy.quota
    shared = allot(quota.seats, heads, method=quota.method, minimum=quota.minimum, code=the_policy.code)
    judged = [Judged(person, screened[person.staff_no]) for person in people.people]
    return ScreeningReport(the_policy, "a1" * 32, ISSUED, judged, heads, shared.seats, shared.working)


def invented(**wanted: object) -> ScreeningReport:
    like = replace(Wanted(), **wanted)  # type: ignore[arg-type] # the fields of Wanted, by name
    return report(policy(like), personnel(like))


def lines(view: ScreeningReport) -> list[str]:
    return [line for paper in screening_report.papers(view) for line in lines_of(paper.html)]


@cache
def of_the_sample() -> ScreeningReport:
    return report(sample().policy, sample().personnel)


@pytest.fixture(scope="module")
def rendered() -> bytes:
    prepared = fonts.prepare(settings().cache, settings().fonts)
    (paper,) = screening_report.papers(of_the_sample())
    return pdf.render(paper, prepared)


def rows_of(paper: Paper) -> dict[str, str]:
    """Return each person's row of the list, by staff number."""
    found = re.findall(r"^\d+ (\d{5}) (.*)$", "\n".join(lines_of(paper.html)), re.MULTILINE)
    return dict(found)


def test_everybody_stands_in_the_pdf_once_with_number_and_name(rendered: bytes) -> None:
    text = text_of(rendered)
    listed = text[text.index("资格审查明细") :]
    for person in sample().personnel.people:
        assert len(re.findall(rf"\b{person.staff_no}\b", listed)) == 1
        assert person.name[:4] in listed


def test_the_head_of_the_list_is_on_each_of_its_pages(rendered: bytes) -> None:
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(rendered)).pages]
    listing_pages = [text for text in pages if re.search(r"^\d+\s+0\d{4}\b", text, re.MULTILINE)]
    assert 8 <= len(listing_pages) <= 14
    assert all("工号" in text and "说明" in text for text in listing_pages)
    assert all(f"{n}/{len(pages)}" in "".join(text.split()) for n, text in enumerate(pages, 1))


def test_the_document_is_the_same_each_time(rendered: bytes) -> None:
    prepared = fonts.prepare(settings().cache, settings().fonts)
    (paper,) = screening_report.papers(of_the_sample())
    assert pdf.render(paper, prepared) == rendered


def test_the_counts_of_each_line_are_those_of_the_screening() -> None:
    view = of_the_sample()
    text = lines(view)
    for key, name in view.policy.lines.items():
        own = [one for one in view.people if one.person.business_line == key]
        eligible = sum(one.screened.eligible for one in own)
        special = sum(one.screened.channel == "special" for one in own)
        later = sum(one.screened.qualifies_on is not None for one in own)
        unclear = sum(_only_unknown(one.screened) for one in own)
        share = f"{100 * eligible / len(own):.1f}%"
        failed = len(own) - eligible - unclear
        wanted = f"{name} {len(own)} {eligible} {share} {eligible - special} {special} {failed} {later} {unclear}"
        assert wanted in text


def _only_unknown(one: Screened) -> bool:
    verdicts = {v.verdict for v in one.verdicts}
    return "unknown" in verdicts and "fail" not in verdicts


def test_the_counts_of_each_rule_are_those_of_the_screening() -> None:
    view = of_the_sample()
    found = Counter((v.rule, v.verdict) for one in view.people for v in one.screened.verdicts)
    shown = {line.split()[0]: [int(n) for n in line.split()[-5:-1]] for line in lines(view) if _of_a_rule(line)}
    names = {
        "职级": "grade",
        "绩效": "ratings",
        "服务事故": "incidents",
        "工龄": "tenure",
        "投诉率": "kpi:complaint_rate",
    }
    verdicts = ("pass", "relaxed", "fail", "unknown")
    assert shown == {name: [found[rule, verdict] for verdict in verdicts] for name, rule in names.items()}


def _of_a_rule(line: str) -> bool:
    return bool(re.match(r"(职级|绩效|服务事故|工龄|投诉率) .*( \d+){5}$", line))


def test_how_many_one_rule_alone_kept_out_is_counted() -> None:
    view = of_the_sample()
    alone = sum(
        [v.rule for v in one.screened.verdicts if v.verdict in {"fail", "unknown"}] == ["grade"] for one in view.people
    )
    (line,) = [line for line in lines(view) if _of_a_rule(line) and line.startswith("职级")]
    assert alone > 0
    assert line.endswith(f" {alone}")


def test_whoever_fails_reads_the_reason_and_the_day() -> None:
    view = of_the_sample()
    rows = rows_of(screening_report.papers(view)[0])
    later = [one for one in view.people if one.screened.qualifies_on]
    assert later
    for one in later:
        day = one.screened.qualifies_on
        assert day is not None
        assert rows[one.person.staff_no].endswith(f"自{day.year}年{day.month}月{day.day}日起符合")
    for one in view.people:
        failed = [v for v in one.screened.verdicts if v.verdict == "fail" and v.rule == "tenure"]
        if failed:
            assert f"工龄{failed[0].value}个月，不足24个月" in rows[one.person.staff_no]


def test_marks_and_values_stand_in_the_order_of_the_rules() -> None:
    rows = rows_of(screening_report.papers(of_the_sample())[0])
    assert rows["00038"].startswith("于彤 phone-2 ✓ Ⅱ级 ✓ 3期 ✓ 0起 ✓ 50个月 ✓ 0 符合")
    assert "宽22个月" in rows["00031"]
    assert "持有服务之星，适用特殊通道12个月" in rows["00031"]


def test_missing_records_are_set_apart_for_people_to_look_at() -> None:
    view = of_the_sample()
    unclear = {one.person.staff_no for one in view.people if _only_unknown(one.screened)}
    rows = rows_of(screening_report.papers(view)[0])
    assert unclear
    assert {no for no, row in rows.items() if " 待核实 " in row} == unclear


def test_the_sharing_of_the_seats_can_be_worked_out_again() -> None:
    view = of_the_sample()
    steps = [line for line in lines(view) if len(QUOTIENT.findall(line)) == 3]
    given = Counter(dict.fromkeys(view.heads, 1))
    for line in steps:
        quotients = QUOTIENT.findall(line)
        for heads, divisor, shown in quotients:
            assert agrees(shown, worked_out(f"{heads}÷{divisor}"))
        best = max(range(3), key=lambda n: worked_out("÷".join(quotients[n][:2])))
        key = list(view.heads)[best]
        assert quotients[best][1] == str(2 * given[key] + 1)
        given[key] += 1
        assert line.split()[-1] == view.policy.lines[key]
    assert dict(given) == dict(view.seats)


def test_largest_remainder_is_shown_with_shares_and_remainders() -> None:
    view = invented(people=50, lines=("甲", "乙", "丙"), seats=9, method="largest_remainder")
    assert {"甲 17 3.06 0.06 3", "乙 17 3.06 0.06 3", "丙 16 2.88 0.88 3"} <= set(lines(view))


def test_a_line_below_the_minimum_gets_it_and_the_rest_is_shared_anew() -> None:
    view = invented(people=6, lines=("甲", "乙", "丙", "丁", "戊"), seats=10, minimum=2, method="largest_remainder")
    assert "乙 1 1.6666… 2" in lines(view)
    assert "甲 2 3.3333… 下一轮计算" in lines(view)
    assert "甲 2 2 0 2" in lines(view)


def test_level_lines_say_what_decided() -> None:
    text = "\n".join(lines(invented(people=5, lines=("甲", "乙"), seats=3, method="dhondt")))
    assert "商和人数相同，SHA-256值小" not in text
    text = "\n".join(lines(invented(people=6, lines=("甲", "乙"), seats=3)))
    assert "商和人数相同，SHA-256值小" in text


def test_of_many_lines_the_two_largest_quotients_are_shown() -> None:
    names = [f"线{n}" for n in range(8)]
    text = lines(invented(people=17, lines=names, seats=8, minimum=0))
    assert "第1个 线0 3÷1=3 线1 2÷1=2" in text


def test_a_long_sharing_is_shortened_on_paper_and_whole_in_the_file() -> None:
    view = invented(people=40, seats=100)
    (paper,) = screening_report.papers(view)
    assert any("中间70步的计算见本文件内附的seats.json" in line for line in lines_of(paper.html))
    (attached,) = [file for file in paper.attachments if file.name == "seats.json"]
    content = json.loads(attached.content)
    assert len(content["steps"]) == 100
    assert content["shared"] == dict(view.seats)


def test_the_verdicts_are_in_the_document_as_a_table() -> None:
    view = of_the_sample()
    (paper,) = screening_report.papers(view)
    (attached,) = [file for file in paper.attachments if file.name == "screening.csv"]
    rows = {row["staff_no"]: row for row in csv.DictReader(io.StringIO(attached.content.decode("utf-8-sig")))}
    assert len(rows) == len(view.people)
    for one in view.people:
        row = rows[one.person.staff_no]
        assert row["eligible"] == ("yes" if one.screened.eligible else "no")
        assert {v.rule: row[f"{v.rule} verdict"] for v in one.screened.verdicts} == {
            v.rule: v.verdict for v in one.screened.verdicts
        }


def test_hostile_names_are_texts_in_the_document_and_quoted_in_the_table() -> None:
    view = invented(names={0: "<script>alert(1)</script>", 1: "{{7*7}}", 2: '=HYPERLINK("x")', 3: "@甲"})
    (paper,) = screening_report.papers(view)
    assert "<script>" not in paper.html
    assert "{{7*7}}" in paper.html
    table = paper.attachments[0].content.decode("utf-8-sig")
    assert '"\'=HYPERLINK(""x"")"' in table
    assert "'@甲" in table


def test_nobody_eligible_is_said_plainly() -> None:
    text = lines(invented(grade="Ⅰ"))
    assert "电话客服 3 0 0.0% 0 0 3 0 0" in text
    assert "不符合资格（3人）" in text
    assert not any("符合资格（" in line and not line.startswith("不") for line in text)


def test_an_empty_centre_and_no_seats_are_no_errors() -> None:
    assert "名册中没有人员。" in lines(invented(people=0))
    text = lines(invented(seats=0))
    assert "合计 6 100.0% 0 6" in text
    assert "计算过程" not in text


def test_a_policy_without_conditions_finds_everybody_eligible() -> None:
    like = Wanted()
    free = replace(policy(like), eligibility=replace(policy(like).eligibility, grade=None, tenure=None))
    text = lines(report(free, personnel(like)))
    assert "方案不设审查条件，名册中的人员均符合资格。" in text
    assert "电话客服 3 3 100.0% 3 0 0 0 0" in text


def test_one_line_alone_gets_every_seat() -> None:
    text = lines(invented(lines=("电话客服",), seats=2))
    assert "第2个 6÷3=2 电话客服" in text


@pytest.fixture
def small_volumes(monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(listing, "MOST", 100)
    return 100


def test_a_large_centre_comes_in_volumes_with_everybody_in_one_of_them(small_volumes: int) -> None:
    papers = screening_report.papers(of_the_sample())
    assert [paper.title for paper in papers] == [f"资格审查报告 2026Q4-SUP（第{n}册，共3册）" for n in (1, 2, 3)]
    rows = [rows_of(paper) for paper in papers]
    assert [len(one) for one in rows] == [small_volumes] * 3
    assert set().union(*rows) == {one.person.staff_no for one in of_the_sample().people}
    assert [file.name for file in papers[1].attachments] == ["screening.csv"]
    assert "签署" not in papers[1].html
    assert len(papers[2].attachments[0].content.decode().splitlines()) == 101


def test_a_person_without_team_and_with_a_rare_name_has_a_row() -> None:
    like = replace(Wanted(), people=1, lines=("甲",), names={0: "玥堃赟𠮷"})
    people = Personnel([person._replace(team=None) for person in personnel(like).people])
    assert "1 00000 玥堃赟𠮷 — ✓ Ⅱ级 ✓ 80个月 符合" in lines(report(policy(like), people))


def test_a_record_that_is_missing_is_named() -> None:
    like = replace(Wanted(), people=1, lines=("甲",))
    people = Personnel([Person("00000", "王芳", "l0")])
    text = lines(report(policy(like), people))
    assert any(line.startswith("1 00000 王芳 — ？缺记录 ？缺记录 待核实 ") for line in text)


def test_the_document_names_its_language() -> None:
    assert 'lang="zh-CN"' in screening_report.papers(invented())[0].html
    with in_language("en"):
        assert 'lang="en"' in screening_report.papers(invented())[0].html


def test_those_who_are_eligible_come_first_in_each_line() -> None:
    view = of_the_sample()
    bands = [line for line in lines(view) if re.search(r"（\d+人）$", line)]
    wanted = []
    for key in view.policy.lines:
        own = [one.screened for one in view.people if one.person.business_line == key]
        eligible, unclear = sum(one.eligible for one in own), sum(map(_only_unknown, own))
        wanted.append(f"符合资格（{eligible}人）")
        wanted.append(f"记录不全、无法判断，须人工核实（{unclear}人）")
        wanted.append(f"不符合资格（{len(own) - eligible - unclear}人）")
    assert bands == wanted


def test_the_quotient_that_takes_a_seat_stands_out() -> None:
    (paper,) = screening_report.papers(of_the_sample())
    assert '<td class="n strong">170÷3=56.6666…</td><td class="n">101÷3=33.6666…</td>' in paper.html
