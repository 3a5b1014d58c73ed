"""A candidate's own result, read back from the PDF: the arithmetic is right, and nobody else is in it.

The result is the one the law gives for the sample; each finalist's document is recomputed from the numbers on paper.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from kit import fonts, pdf
from kit.i18n import in_language
from kit.renderer import Renderer
from kit.settings import settings
from reports import candidate_result
from reports.candidate_result import CandidateResult
from reports.entries import Entry
from rules.policies import (
    Criterion,
    Eligibility,
    Final,
    Organisation,
    Panel,
    Policy,
    ReviewTerms,
    Rounding,
    RoundingMode,
    TrimLevel,
)
from rules.records import Mark
from rules.rounding import rounded
from tests.reports import decided
from tests.reports.decided import Decided, sample
from tests.reports.invented import a_round
from tests.reports.reading import agrees, lines_of, text_of, worked_out

NUMBER = r"\d+(?:\.\d+)?"
SUM = re.compile(rf"(\(?{NUMBER}(?:×|÷| \+ |\)| |{NUMBER})*? ÷ {NUMBER}|{NUMBER}×.*?÷{NUMBER}) = ({NUMBER}…?)")
MEAN = re.compile(rf"\(({NUMBER}(?: \+ {NUMBER})*)\) ÷ (\d+) = ({NUMBER}…?)(?: ≈ |，舍去尾数，得 )?({NUMBER})?")
FIVE_DIGITS = re.compile(r"(?<![\d.])\d{5}(?!\d)")
STAGES = ("materials", "potential", "roleplay", "rotation")


@dataclass(frozen=True)
class Sheet:
    """A sheet as it stands on paper."""

    expression: str
    total: Fraction
    counts: bool


def some(outcomes: Decided) -> list[str]:
    """Return everybody who was judged, and a few of each other kind."""
    judged = [e.person.staff_no for e in outcomes.entries if e.stages]
    others: dict[object, str] = {}
    for entry in outcomes.entries:
        if not entry.stages and entry.screened:
            others.setdefault(
                (entry.outcome, frozenset(v.verdict for v in entry.screened.verdicts)), entry.person.staff_no
            )
    return [*judged, *others.values()]


@pytest.fixture(scope="module")
def texts() -> Mapping[str, str]:
    """The text of the sample's documents by staff number, all set in type once."""
    with Renderer(fonts.prepare(settings().cache, settings().fonts)) as renderer:
        views = sample().views
        papers = [(no, candidate_result.paper(views[no])) for no in some(sample())]
        return {no: text_of(content) for no, content in renderer.map(papers)}


def view(no: str, outcomes: Decided | None = None) -> CandidateResult:
    return (outcomes or sample()).views[no]


def lines(no: str, outcomes: Decided | None = None) -> list[str]:
    return lines_of(candidate_result.html(view(no, outcomes)))


def first(outcomes: Decided, outcome: str) -> str:
    return outcomes.of(outcome)[0].person.staff_no


def sections(text: str) -> dict[str, list[str]]:
    """Return the lines of each stage by its name."""
    found: dict[str, list[str]] = {}
    name = ""
    for line in text.splitlines():
        if heading := re.match(r"（[一二三四五六七八九十]+）(.+)", line):
            name = heading[1].strip()
        elif re.match(r"[一二三四五六七八九]、", line):
            name = ""
        if name:
            found.setdefault(name, []).append(line)
    return found


def sheets(stage: list[str]) -> Iterator[Sheet]:
    for line in stage:
        if line.startswith("评委") and (found := SUM.search(line)):
            yield Sheet(found[1], Fraction(found[2]), counts=not re.search("去最高|去最低", line))


def entry_of(no: str) -> Entry:
    return sample().views[no].entry


# ---- the arithmetic ----


def test_every_sheet_comes_to_its_total_and_the_sheets_to_the_score(texts: Mapping[str, str]) -> None:
    names = {stage.key: stage.name for stage in sample().policy.stages}
    checked = 0
    for no, text in texts.items():
        entry, stages = entry_of(no), sections(text)
        for key in STAGES:
            if key not in entry.components:
                continue
            shown = list(sheets(stages[names[key]]))
            for sheet in shown:
                assert worked_out(sheet.expression) == sheet.total, (no, key)
            counted = [sheet.total for sheet in shown if sheet.counts]
            mean = sum(counted, Fraction(0)) / len(counted)
            assert rounded(mean, Rounding(2)) == entry.components[key], (no, key)
            last = next(line for line in stages[names[key]] if line.startswith("成绩"))
            assert last.split()[-1] == str(entry.components[key]), (no, key)
            if len(counted) > 1:
                written = MEAN.search(last)
                assert written is not None, (no, last)
                assert sorted(map(Fraction, written[1].split(" + "))) == sorted(counted), (no, key)
                assert int(written[2]) == len(counted)
                assert agrees(written[3], mean), (no, key)
            checked += 1
    assert checked == sum(key in e.components for e in sample().entries for key in STAGES)
    assert checked > 200


def test_examination_and_attendance_come_to_their_scores(texts: Mapping[str, str]) -> None:
    checked = 0
    for no, text in texts.items():
        components = entry_of(no).components
        stage = "\n".join(sections(text).get("理论强化培训", []))
        if "theory.exam" in components:
            written = re.search(rf"(\(30×.*\) ÷ 100) = ({NUMBER})(?: ≈ ({NUMBER}))?", stage)
            assert written is not None, (no, stage)
            assert worked_out(written[1]) == Fraction(written[2])
            assert rounded(Fraction(written[2]), Rounding(2)) == components["theory.exam"]
            assert (written[3] or written[2]) == str(components["theory.exam"])
            checked += 1
        if "theory.attendance" in components:
            rate = re.search(rf"应到(\d+)次；到场(\d+)次.*?(\d+ ÷ \d+ × 100) = ({NUMBER}…?)(?: ≈ ({NUMBER}))?", stage)
            assert rate is not None, (no, stage)
            assert rate[3].startswith(f"{rate[2]} ÷ {rate[1]} ")
            assert agrees(rate[4], worked_out(rate[3]))
            assert (rate[5] or rate[4]) == str(components["theory.attendance"])
            checked += 1
    assert checked > 100


def test_the_final_score_is_the_sum_of_its_lines(texts: Mapping[str, str]) -> None:
    finalists = [e for e in sample().entries if e.final is not None]
    assert len(finalists) == 53
    for entry in finalists:
        text = texts[entry.person.staff_no]
        rows = re.findall(rf"({NUMBER}% × {NUMBER}) = ({NUMBER})", text)
        assert len(rows) == 4
        for expression, shown in rows:
            assert worked_out(expression) == Fraction(shown)
        total = sum((Fraction(shown) for _expression, shown in rows), Fraction(0))
        written = re.search(rf"合计 ({NUMBER})\n综合成绩 (?:四舍五入到2位小数，得 )?({NUMBER})", text)
        assert written is not None, text
        assert Fraction(written[1]) == total
        assert written[2] == str(rounded(total, Rounding(2))) == str(entry.final)
        values = [Decimal(expression.split(" × ")[1]) for expression, _shown in rows]
        assert values == [entry.components[key] for key in sample().policy.final.weights]


def test_the_weighted_marks_are_those_that_were_given(texts: Mapping[str, str]) -> None:
    policy = sample().policy
    given: dict[tuple[str, str, str], dict[str, Decimal]] = {}
    for mark in sample().evidence.marks:
        if mark.mark is not None and mark.status == "scored":
            given.setdefault((mark.stage, mark.staff_no, mark.reviewer_no), {})[mark.criterion] = mark.mark
    for stage in (s for s in policy.stages if s.kind == "review"):
        for no, text in texts.items():
            if stage.key not in entry_of(no).components:
                continue
            shown = sorted(sheet.total for sheet in sheets(sections(text)[stage.name]))
            criteria = stage.terms.criteria
            wanted = [
                sum((Fraction(c.weight) * Fraction(marks[c.key]) / Fraction(c.max) for c in criteria), Fraction(0))
                for (key, staff_no, _reviewer), marks in given.items()
                if (key, staff_no) == (stage.key, no) and len(marks) == len(criteria)
            ]
            assert shown == sorted(wanted), (no, stage.key)


# ---- nobody else ----


def test_no_other_name_or_number_stands_in_anybodys_document(texts: Mapping[str, str]) -> None:
    people = sample().personnel.people
    numbers = {p.staff_no for p in people}
    for no, one in sample().views.items():
        text = texts.get(no) or "\n".join(lines_of(candidate_result.html(one)))
        assert set(FIVE_DIGITS.findall(text)) & numbers == {no}
        name = one.entry.person.name
        assert name in text
        others = text.replace(name, "〇")  # somebody else's name may be a part of one's own
        found = [p.name for p in people if p.name != name and (p.name in others or (p.email and p.email in others))]
        assert found == [], no


def test_no_reviewer_can_be_known_by_number_name_comment_or_order(texts: Mapping[str, str]) -> None:
    reviewers = sample().evidence.reviewers
    comments = {m.comment for m in sample().evidence.marks if m.comment}
    for no, text in texts.items():
        for reviewer in reviewers:
            assert not re.search(rf"\b{reviewer.reviewer_no}\b", text), (no, reviewer.reviewer_no)
            assert reviewer.name not in text, (no, reviewer.name)
        assert not any(comment in text for comment in comments)
        for stage in sections(text).values():
            totals = [sheet.total for sheet in sheets(stage)]
            assert totals == sorted(totals, reverse=True)


def test_renaming_the_reviewers_changes_nothing() -> None:
    def renamed(no: str) -> str:
        return f"X{99 - int(no.removeprefix('R'))}"

    given = sample()
    evidence = replace(
        given.evidence,
        reviewers=[r._replace(reviewer_no=renamed(r.reviewer_no), name="某某") for r in given.evidence.reviewers],
        marks=[m._replace(reviewer_no=renamed(m.reviewer_no)) for m in given.evidence.marks],
    )
    again = decided.decide(given.policy, given.personnel, evidence)
    for no in ("00026", "00038", "00142", "00146"):
        assert candidate_result.html(view(no, again)) == candidate_result.html(view(no))


def test_a_group_of_fewer_than_five_is_not_described() -> None:
    few = a_round(people=4, seats=1)
    text = "\n".join(lines("00000", few))
    assert "全体中位数" not in text
    assert "结构化面试 80.00 — — — 4" in text
    assert "不足5人的项目不作统计，以免推知他人成绩。" in text
    assert "相对较强" not in text
    assert "虚线" not in text


def test_the_lowest_score_of_a_short_list_is_told_only_if_it_is_not_somebodys() -> None:
    policy = with_stage(sample().policy, "materials", advance_per_seat=2)
    outcomes = decided.decide(policy, sample().personnel, sample().evidence)
    out = [
        e
        for e in outcomes.entries
        if e.outcome == "eliminated:materials" and e.stages["materials"].left == "short_list"
    ]
    by_line = {e.person.business_line: "\n".join(lines(e.person.staff_no, outcomes)) for e in out}
    assert re.search(r"电话客服取前14名，您列第\d+名，未能入围。入围最低分为[\d.]+分。", by_line["phone"])
    assert re.search(r"VIP专属服务取前2名，您列第3名，未能入围。", by_line["vip"])
    assert "入围最低分" not in by_line["vip"]
    assert "电话客服7个名额×2＝14人，与末位同分的一并入围" in by_line["phone"]


# ---- every outcome ----


def test_every_outcome_says_what_was_decided_why_and_what_comes_next(texts: Mapping[str, str]) -> None:
    selected, reserve = texts["00038"], texts["00026"]
    assert (
        "您的综合成绩为98.88分，在完成全部环节的53人中列第1名，进入电话客服的7个名额，列为初级客服主管拟任人选"
        in glued(selected)
    )
    assert "接下来公示5个工作日（2026年10月19日至10月26日）" in glued(selected)
    assert "试用期" not in selected
    assert "您进入后备名单" in reserve
    assert "按名次从后备名单递补" in reserve
    assert "您的材料审核成绩为57.00分，低于60分的合格线，未进入下一环节。" in glued(texts["00146"])
    assert "您在“理论强化培训”环节的出勤率为62.50%，低于75%的要求" in glued(texts["00042"])
    assert "您的报名时间是2026年10月16日（周五）19:20，晚于截止时间2026年10月16日（周五）18:00" in glued(texts["00158"])
    assert "您撤回了报名" in texts["00086"]


def glued(text: str) -> str:
    return text.replace("\n", "")


def test_everybody_learns_until_when_and_where_to_object(texts: Mapping[str, str]) -> None:
    for no, text in texts.items():
        assert "可以在公示期最后一日（2026年10月26日）24:00前以书面或者当面方式申请复核" in glued(text), no
        assert "申请由发布竞聘公告的单位受理。" in glued(text)
    organisation = Organisation("江南中心", "人力资源部", "王敏", "010-88886666", "jiandu@example.cn", "一号楼")
    named = replace(sample(), policy=replace(sample().policy, organisation=organisation))
    text = "\n".join(lines("00026", named))
    assert "受理：人力资源部，联系人王敏，电话010-88886666，电子邮箱jiandu@example.cn，地址一号楼。" in text
    assert "江南中心人力资源部" in text


def test_each_verdict_of_the_screening_stands_with_reason_record_and_result(texts: Mapping[str, str]) -> None:
    assert (
        "绩效 最近连续3期B+及以上 连续3期绩效在B+及以上 绩效记录：2026H1 A、2025H2 A、 2025H1 B+ ✓ 通过"
        in texts["00026"]
    )
    assert "服务事故 近12个月无重大事故 近12个月没有重大级事故 事故记录：无相应记录 ✓ 通过" in texts["00026"]
    relaxed, unknown = "\n".join(lines("00076")), "\n".join(lines("00027"))
    assert "工龄18个月，不足24个月；持有CCMP，适用特殊通道12个月 人员名册：入职日期 2025-03-24" in relaxed
    assert "；证书记录：CCMP 2025-06-28 有效至2028-06-27 ✓ 放宽通过" in relaxed
    assert "经特殊通道符合资格：只放宽工龄一项，其余条件与所有人相同。" in relaxed
    assert "2025H1没有绩效记录；此前连续2期，要求3期 绩效记录：2026H1 S、2025H2 B+、2025H1 无 ？ 无法判断" in unknown
    assert "您的绩效缺少记录、无法判断，因此未进入评审环节。" in unknown
    assert "经特殊通道" not in unknown


def test_the_verdicts_stand_in_the_order_of_the_policy() -> None:
    entry = view("00026").entry
    assert entry.screened is not None
    turned = entry.screened._replace(verdicts=entry.screened.verdicts[::-1])
    one = replace(view("00026"), entry=replace(entry, screened=turned))
    found = [line.split()[0] for line in lines_of(candidate_result.html(one)) if line.endswith("✓ 通过")]
    assert found[:5] == ["职级", "绩效", "服务事故", "工龄", "投诉率"]


def test_a_near_miss_learns_from_when_they_would_qualify() -> None:
    near = next(e for e in sample().of("ineligible") if e.screened and e.screened.qualifies_on)
    text = "\n".join(lines(near.person.staff_no))
    assert near.screened is not None
    on: date | None = near.screened.qualifies_on
    assert on is not None
    assert f"您自{on.year}年{on.month}月{on.day}日起符合全部条件。" in text


def test_an_early_application_is_told_when_it_began() -> None:
    given = sample()
    window = replace(given.policy.applications, opens_at=given.policy.applications.closes_at)
    early = decided.decide(replace(given.policy, applications=window), given.personnel, given.evidence)
    text = "\n".join(lines(first(early, "early"), early))
    assert "早于开始时间2026年10月16日（周五）18:00，此后没有再次提交" in text


def test_a_missed_quorum_is_no_judgement() -> None:
    policy = with_panel(sample().policy, "potential", quorum=5)
    outcomes = decided.decide(policy, sample().personnel, sample().evidence)
    left = next(e for e in outcomes.of("eliminated:potential") if e.stages["potential"].left == "quorum")
    text = "\n".join(lines(left.person.staff_no, outcomes))
    assert "少于规定的5份，不能得出成绩，因此未进入下一环节。这不是对您表现的评价。" in text
    assert re.search(r"成绩 有效评分表\d份，少于规定的5份，不计算成绩。", text)
    assert "有效评分表（份）" in text
    assert re.search(r"评委5 .* (弃评|回避|不完整|本人所评)", text)


def test_nobody_judged_leaves_a_document_without_sheets() -> None:
    given = sample()
    evidence = replace(given.evidence, marks=[m for m in given.evidence.marks if m.stage != "materials"])
    outcomes = decided.decide(given.policy, given.personnel, evidence)
    text = "\n".join(lines(first(outcomes, "eliminated:materials"), outcomes))
    assert "评分表 没有评分表。" in text
    assert "各评分项的表现" not in text


def test_an_examination_that_was_missed_is_named() -> None:
    given = sample()
    exam = [e for e in given.evidence.exam if (e.staff_no, e.area) != ("00026", "policy")]
    outcomes = decided.decide(given.policy, given.personnel, replace(given.evidence, exam=exam))
    text = "\n".join(lines("00026", outcomes))
    assert "您在“理论强化培训”环节没有政策与合规的考试成绩，因此未进入下一环节。" in text
    assert "得分 75.3 84.5 — 76.8 —" in text
    assert "没有产品与服务、沟通理论、政策与合规、系统操作的考试成绩" in "\n".join(lines("00252"))
    assert "考试成绩 有科目没有成绩，不计算。" in text
    assert "8 ÷ 8 × 100 = 100.00" in text


def test_nothing_to_attend_is_no_judgement() -> None:
    given = sample()
    away = [a._replace(status="excused") if a.staff_no == "00026" else a for a in given.evidence.attendance]
    outcomes = decided.decide(given.policy, given.personnel, replace(given.evidence, attendance=away))
    text = "\n".join(lines("00026", outcomes))
    assert "没有应到的场次，不能得出出勤率，因此未进入下一环节。这不是对您表现的评价。" in text
    assert "应到0次；到场0次（其中迟到0次），缺席0次。没有应到的场次，不计算。" in text


def test_below_the_final_pass_mark_the_calculation_stands_without_a_rank() -> None:
    given = sample()
    policy = replace(given.policy, final=replace(given.policy.final, pass_mark=Decimal(80)))
    outcomes = decided.decide(policy, given.personnel, given.evidence)
    text = "\n".join(lines("00026", outcomes))
    assert "您完成了全部环节，综合成绩为75.81分，低于80分的合格线，未能入选。" in text
    assert "综合成绩 四舍五入到2位小数，得 75.81" in text
    assert "名次与名额" not in text


# ---- ties ----


def level(tie_break: str = "interview", *, people: int = 6, seats: int = 1) -> Decided:
    return a_round(people=people, seats=seats, lines=("电话客服",), tie_break=tie_break)


def test_level_people_share_the_rank_and_wait_for_the_extra_test() -> None:
    text = "\n".join(lines("00000", level()))
    assert "待加试" in text
    assert (
        "在完成全部环节的6人中并列第1名。按公布的顺序逐项比较后，您与另外5人仍然完全相同，而剩余名额只有1个，由加试决定。"
        in text
    )
    assert "与您综合成绩相同的另有5人，依次比较结构化面试：" in text
    assert "结构化面试 80.00 仍有5人与您相同" in text


def test_without_a_chain_nothing_is_said_to_have_been_compared() -> None:
    text = "\n".join(lines("00000", level("")))
    assert "您与另外5人成绩相同，而剩余名额只有1个，由加试决定。" in text
    assert "方案没有规定同分时的比较项目，名次并列。" in text
    assert "逐项比较" not in text


def test_the_chain_ends_where_it_tells_people_apart() -> None:
    outcomes = level("interview, tenure")
    text = "\n".join(lines("00001", outcomes))
    assert "在完成全部环节的6人中列第2名" in text
    assert "结构化面试 80.00 仍有5人与您相同" in text
    assert "工龄 2020年1月2日入职 分出先后，1人在您前面" in text
    assert "工龄 2020年1月1日入职 分出先后，您在前" in "\n".join(lines("00000", outcomes))
    assert "工龄 2020年1月6日入职 分出先后，您在后" in "\n".join(lines("00005", outcomes))


def test_only_those_of_the_own_line_sit_the_extra_test() -> None:
    outcomes = a_round(people=6, seats=2, lines=("电话客服", "在线客服"), tie_break="interview")
    text = "\n".join(lines("00000", outcomes))
    assert "您与另外2人仍然完全相同，而剩余名额只有1个，由加试决定。" in text
    assert "您并列第1名。" in text
    assert "仍有5人与您相同" in text


def strong_line(person: int, _criterion: int, _reviewer: int) -> str:
    return "5" if person % 2 else str(Decimal("9.5") - Decimal(person) / 10)


def test_a_seat_that_was_left_over_elsewhere_is_said_to_be_one() -> None:
    outcomes = a_round(people=8, seats=4, lines=("电话客服", "在线客服"), unused="best_score", mark=strong_line)
    assert [e.outcome for e in outcomes.entries[::2]] == ["selected"] * 4
    text = "\n".join(lines("00004", outcomes))
    assert "电话客服的2个名额已满，您取得一个空余名额（见“名次与名额”），列为主管拟任人选。" in text
    assert "各业务线人选不足而空余的名额共2个：在线客服2个。" in text
    assert "还没有名额的2人中，您列第1名。您取得其中1个名额。" in text
    own = "\n".join(lines("00000", outcomes))
    assert "进入电话客服的2个名额" in own
    assert "空余" not in own


def test_who_is_in_reserve_learns_what_became_of_the_seats_that_were_left_over() -> None:
    outcomes = a_round(people=10, seats=4, lines=("电话客服", "在线客服"), unused="best_score", mark=strong_line)
    text = "\n".join(lines("00008", outcomes))
    assert "电话客服的2个名额由名次在前的人员取得，您进入后备名单。" in text
    assert "还没有名额的3人中，您列第3名。这些名额由列在您前面的人取得。" in text


def test_a_line_without_seats_says_so() -> None:
    outcomes = a_round(people=5, seats=1, lines=("电话客服", "在线客服"))
    without = next(e for e in outcomes.entries if not outcomes.seats[e.person.business_line])
    text = "\n".join(lines(without.person.staff_no, outcomes))
    assert "本轮没有名额，您进入后备名单。" in text


# ---- the settings of a policy ----


def with_stage(policy: Policy, key: str, **changes: object) -> Policy:
    stages = [replace(s, **changes) if s.key == key else s for s in policy.stages]  # type: ignore[arg-type] # by name
    return replace(policy, stages=tuple(stages))


def with_panel(policy: Policy, key: str, **changes: object) -> Policy:
    terms = next(s for s in policy.stages if s.key == key).terms
    return with_stage(policy, key, terms=replace(terms, panel=replace(terms.panel, **changes)))


def test_trimming_by_criterion_is_written_out_criterion_by_criterion() -> None:
    policy = with_panel(sample().policy, "potential", trim_level=TrimLevel.CRITERION)
    policy = replace(policy, rounding=Rounding(3, RoundingMode.TRUNCATE))
    outcomes = decided.decide(policy, sample().personnel, sample().evidence)
    checked = 0
    for entry in outcomes.entries:
        score = entry.stages.get("potential")
        if score is None or score.left == "quorum" or not score.working["trimmed"]:
            continue
        stage = sections("\n".join(lines(entry.person.staff_no, outcomes)))["潜力测评"]
        points = []
        for criterion in policy.stages[1].terms.criteria:
            line = next(x for x in stage if x.startswith(f"{criterion.name} ("))
            _name, expression, shown = re.fullmatch(rf"(\S+) (.*) = ({NUMBER}…?)", line).groups()  # type: ignore[union-attr]
            assert agrees(shown, worked_out(expression))
            points.append(worked_out(expression))
        total = sum(points, Fraction(0))
        last = [x for x in stage if x.startswith("成绩")][-1]
        shown, score_shown = re.search(rf"= ({NUMBER}…?)(?:，舍去尾数，得 ({NUMBER}))?$", last).groups()  # type: ignore[union-attr]
        assert agrees(shown, total)
        assert (score_shown or shown) == str(rounded(total, policy.rounding)) == str(score.components["potential"])
        assert sum(row.count("高") for row in stage) == sum(row.count("低") for row in stage) == 3
        checked += 1
    assert checked > 20


def test_many_reviewers_and_criteria_have_their_sums_below_the_marks() -> None:
    outcomes = a_round(
        people=6, reviewers=12, criteria=6, drop=1, mark=lambda p, c, r: str(5 + (p + 2 * c + 3 * r) % 6)
    )
    text = lines("00003", outcomes)
    found = [re.fullmatch(rf"评委(\d+) (\(.*) = ({NUMBER}…?)", line) for line in text]
    sums = [m for m in found if m]
    assert [int(m[1]) for m in sums] == list(range(1, 13))
    for m in sums:
        assert agrees(m[3], worked_out(m[2]))
    entry = outcomes.entries[3]
    last = next(line for line in text if line.startswith("成绩 ("))
    assert last.endswith(str(entry.components["interview"]))
    written = MEAN.search(last)
    assert written is not None
    totals = sorted(Fraction(m[3]) for m in sums)
    assert sorted(map(Fraction, written[1].split(" + "))) == totals[1:-1]
    assert agrees(written[3], sum(totals[1:-1], Fraction(0)) / 10)
    assert sum("去最高" in line for line in text) == sum("去最低" in line for line in text) == 1


def test_full_marks_that_differ_and_do_not_divide_are_written_out() -> None:
    criteria = (
        Criterion("a", "甲", Decimal("33.4"), Decimal(3)),
        Criterion("b", "乙", Decimal("66.6"), Decimal(7)),
    )
    policy = with_stage(sample().policy, "rotation", terms=ReviewTerms(Panel(2), criteria))
    people = [e.person.staff_no for e in sample().entries if "rotation" in e.stages]
    marks = [m for m in sample().evidence.marks if m.stage != "rotation"]
    marks += [
        Mark("rotation", no, reviewer, key, mark, "scored")
        for no in people
        for reviewer, one, two in (("R01", "2.25", "6"), ("R02", "1", "5.5"))
        for key, mark in (("a", Decimal(one)), ("b", Decimal(two)))
    ]
    outcomes = decided.decide(policy, sample().personnel, replace(sample().evidence, marks=marks))
    stage = sections("\n".join(lines("00026", outcomes)))["跨部门轮岗"]
    assert "评委1 2.25 6.00 33.4×2.25÷3 + 66.6×6÷7 = 82.1357…" in stage
    assert "评委2 1.00 5.50 33.4×1÷3 + 66.6×5.5÷7 = 63.4619…" in stage
    exact = (worked_out("33.4×2.25÷3 + 66.6×6÷7") + worked_out("33.4×1÷3 + 66.6×5.5÷7")) / 2
    last = next(line for line in stage if line.startswith("成绩"))
    assert last.endswith(f"≈ {rounded(exact, Rounding(2))}")


@pytest.mark.parametrize("digits", [0, 1, 5])
def test_any_number_of_digits_is_followed(digits: int) -> None:
    policy = replace(sample().policy, rounding=Rounding(digits))
    outcomes = decided.decide(policy, sample().personnel, sample().evidence)
    entry = next(e for e in outcomes.entries if e.person.staff_no == "00026")
    text = "\n".join(lines("00026", outcomes))
    assert f"综合成绩 {entry.final}" in text or f"得 {entry.final}" in text
    for key in STAGES:
        assert str(entry.components[key]) in text
    manner = "成绩四舍五入取整数。" if digits == 0 else f"保留{digits}位小数，其后一位四舍五入"
    assert manner in text


def test_a_policy_without_training_special_channel_or_rules_makes_a_whole_document() -> None:
    given = sample()
    stages = tuple(s for s in given.policy.stages if s.kind == "review")
    final = Final({"roleplay": Decimal("66.67"), "rotation": Decimal("33.33")}, Decimal(60))
    policy = replace(given.policy, stages=stages, final=final, eligibility=Eligibility(), special_channel=None)
    outcomes = decided.decide(policy, given.personnel, given.evidence)
    text = "\n".join(lines("00026", outcomes))
    assert "资格审查" not in text
    assert "一、各环节评分" in text
    assert "66.67% × " in text
    rows = re.findall(rf"({NUMBER}% × {NUMBER}) = ({NUMBER})", text)
    assert all(worked_out(expression) == Fraction(shown) for expression, shown in rows)


def test_one_reviewer_and_one_criterion_are_enough() -> None:
    text = lines("00000", a_round(people=6, reviewers=1))
    assert "评委1 8 100×8 ÷ 10 = 80.0" in text
    assert "成绩 80.00 80.00" in text


# ---- strengths ----


def test_strong_and_weak_points_are_named_from_the_numbers_above(texts: Mapping[str, str]) -> None:
    text = glued(texts["00026"])
    assert "相对较强 问题分析能力（高3.00）、沟通理论（高1.85）" in text
    assert "可以提高 政策与合规（低18.15）、客户情绪安抚（低6.67）、主动学习意识（低6.16）" in text
    grid = next(line for line in sections(texts["00026"])["材料审核"] if line.startswith("成绩"))
    medians = next(line for line in sections(texts["00026"])["材料审核"] if line.startswith("全体中位数"))
    assert Decimal(grid.split()[1]) - Decimal(medians.split()[1]) == Decimal("3.00")


def test_a_radar_stands_for_three_criteria_or_more_and_bars_for_fewer() -> None:
    assert 'class="radar"' in candidate_result.html(view("00026"))
    two = candidate_result.html(view("00146"))
    assert 'class="radar"' not in two
    assert two.count('class="bar"') == 2


# ---- the paper ----


def test_the_same_document_made_twice_is_the_same_bytes() -> None:
    prepared = fonts.prepare(settings().cache, settings().fonts)
    paper = candidate_result.paper(view("00146"))
    content = pdf.render(paper, prepared)
    assert content == pdf.render(candidate_result.paper(decided.sample().views["00146"]), prepared)
    assert set(pdf.fonts_used(content)) <= {*prepared.families.values()}


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", "{{7*7}}", "{% raw %}&amp;", "买买提·吐尔逊·阿卜杜拉", "玥堃赟㛃"]
)
def test_a_name_is_printed_as_it_is(name: str) -> None:
    given = sample()
    people = [p._replace(name=name) if p.staff_no == "00146" else p for p in given.personnel.people]
    outcomes = decided.decide(given.policy, replace(given.personnel, people=people), given.evidence)
    paper = candidate_result.paper(view("00146", outcomes))
    assert "<script" not in paper.html
    text = text_of(pdf.render(paper, fonts.prepare(settings().cache, settings().fonts)))
    assert f"\n{name}\n" in text
    assert "〓" not in text


def test_a_finalists_document_has_two_pages(texts: Mapping[str, str]) -> None:
    for entry in sample().entries:
        if entry.final is not None:
            assert " 2 / 2" in texts[entry.person.staff_no], entry.person.staff_no


def test_the_document_is_chinese_whatever_the_operator_speaks() -> None:
    with in_language("en"):
        assert candidate_result.html(view("00026")) == candidate_result.html(view("00026"), spoken="zh")
    assert 'lang="zh-CN"' in candidate_result.html(view("00026"))
