"""The launch notice: every rule of the policy is in it, in whole sentences."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any

import pytest

from kit import fonts, pdf
from kit.i18n import in_language
from kit.settings import settings
from reports.official import launch, layout
from reports.official.launch import LaunchNotice
from rules.policies import (
    AppointmentPolicy,
    Criterion,
    Eligibility,
    HonourKey,
    KpiRule,
    Organisation,
    Panel,
    Policy,
    ReviewTerms,
    Rounding,
    RoundingMode,
    SeatMethod,
    StagePolicy,
    TenureRule,
    TrainingTerms,
    TrimLevel,
    Unused,
)
from tests.reports.decided import sample
from tests.reports.official_text import headings, said
from tests.reports.reading import text_of

SHA = "b843166d6f9575e3aa00fcb729bbc4c8f779ea9aa325507cac56c309569218d7"
MORNING, EVENING = (datetime(2026, 10, 20, hour, tzinfo=UTC) for hour in (1, 10))


def notice(policy: Policy, **more: Any) -> LaunchNotice:
    return LaunchNotice(policy, SHA, date(2026, 10, 12), **more)


def text(policy: Policy, **more: Any) -> str:
    return said(launch.document(notice(policy, **more)))


def sampled(**changes: Any) -> Policy:
    return replace(sample().policy, **changes)


def with_quota(**changes: Any) -> Policy:
    return sampled(quota=replace(sample().policy.quota, **changes))


def with_stage(key: str, **changes: Any) -> Policy:
    return sampled(stages=tuple(replace(s, **changes) if s.key == key else s for s in sample().policy.stages))


def with_panel(**changes: Any) -> Policy:
    terms: ReviewTerms = sample().policy.stages[1].terms
    return with_stage("potential", terms=replace(terms, panel=replace(terms.panel, **changes)))


def with_rules(**changes: Any) -> Policy:
    return sampled(eligibility=replace(sample().policy.eligibility, **changes))


# ---- every rule is in it ----

UNSAID = {
    "version": "the version of the file's form",
    "quota/by": "there is only one way",
    "reminders": "between the organisers and their reviewers",
    "second_person": "between the organisers",
    "grace_hours": "between the organisers and their reviewers",
    "step": "on the reviewers' sheets: how finely they mark",
    "anchors": "on the reviewers' sheets: what a mark looks like",
    "key": "a name for programs",
    "kind": "said by how the stage is described",
}
INSTEAD_OF_NOTHING: Mapping[str, Any] = {"at_least": Decimal("0.10"), "within_months": 18}
ONE_OF_FEW: Mapping[str, Any] = {"counted_from": "in_grade_since", "time_zone": "Asia/Urumqi"}
CHANGES: Mapping[type, Callable[[Any], Any]] = {
    bool: lambda value: not value,
    int: lambda value: value + 1,
    Decimal: lambda value: value + 1,
    date: lambda value: value + timedelta(days=1),
    tuple: lambda value: value[:-1],
    str: lambda value: f"{value}改",
}


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Return every setting of a policy by its path."""
    for field in fields(value):
        inner, where = getattr(value, field.name), f"{path}/{field.name}".lstrip("/")
        if is_dataclass(inner):
            yield from leaves(inner, where)
        elif isinstance(inner, tuple) and inner and is_dataclass(inner[0]):
            for n, one in enumerate(inner):
                yield from leaves(one, f"{where}/{n}")
        else:
            yield where, inner


def changed(value: Any, path: list[str], new: Any) -> Any:
    """Return a policy with one setting replaced."""
    head, *rest = path
    if isinstance(value, tuple):
        return tuple(changed(one, rest, new) if n == int(head) else one for n, one in enumerate(value))
    return replace(value, **{head: changed(getattr(value, head), rest, new) if rest else new})


def another(name: str, value: Any) -> Any:
    """Return a setting that is not the one there is."""
    if value is None:
        return INSTEAD_OF_NOTHING[name]
    if name in ONE_OF_FEW:
        return ONE_OF_FEW[name]
    if isinstance(value, Mapping):
        first = next(iter(value))
        return {**value, first: another(first, value[first])}
    if isinstance(value, Enum):
        return next(one for one in type(value) if one is not value)
    return next(change(value) for kind, change in CHANGES.items() if isinstance(value, kind))


def whole() -> Policy:
    """Return the sample with everything set that can be set."""
    stages = tuple(
        replace(s, pass_mark=Decimal(60), advance_per_seat=3, opens_at=MORNING, closes_at=EVENING)
        for s in sample().policy.stages
    )
    centre = Organisation("江南中心", "人力资源部", "王敏", "010-8888", "a@example.cn", "一号楼", "客服人〔2026〕12号")
    return sampled(stages=stages, organisation=centre, appointment=AppointmentPolicy(6))


PATHS = [path for path, _value in leaves(whole()) if path not in UNSAID and path.rpartition("/")[2] not in UNSAID]


@pytest.mark.parametrize("path", [p for p in PATHS if p != "stages/4/terms/panel/trim_level"])
def test_a_change_of_any_rule_changes_the_notice(path: str) -> None:
    policy = whole()
    if re.search("trim|drop", path):  # trimming is only said where something is left out
        policy = changed(policy, f"{path.partition('/panel')[0]}/panel/drop_high".split("/"), 1)
    value = dict(leaves(policy))[path]
    other = changed(policy, path.split("/"), another(path.rpartition("/")[2], value))
    assert text(other) != text(policy), path


# ---- how it is said ----


def test_the_parts_stand_in_their_order() -> None:
    assert headings(launch.document(notice(sample().policy))) == [
        "竞聘岗位与名额",
        "报名条件",
        "报名办法",
        "竞聘程序",
        "综合成绩与人选确定",
        "公示与任职",
    ]


def test_seats_stand_in_a_table_with_their_heads_and_sums() -> None:
    table = text(sample().policy, seats=sample().seats, heads=sample().heads)
    assert "各业务线名额\n业务线 人数 名额\n电话客服 170 7\n在线客服 101 4\nVIP专属服务 29 1\n合计 300 12" in table
    assert "业务线 名额\n电话客服 7\n" in text(sample().policy, seats=sample().seats)
    assert "随资格审查结果公布" in text(sample().policy)


@pytest.mark.parametrize(
    ("method", "words"),
    [
        (
            SeatMethod.SAINTE_LAGUE,
            "以圣拉古法分配。名额逐个分配，每个给“人数÷除数”之商最大的业务线；除数依次为1、3、5……",
        ),
        (SeatMethod.DHONDT, "以洪德法分配。名额逐个分配，每个给“人数÷除数”之商最大的业务线；除数依次为1、2、3……"),
        (SeatMethod.LARGEST_REMAINDER, "以最大余数法分配。各业务线的份额为名额×人数÷总人数；先得份额的整数部分"),
    ],
)
def test_each_method_of_sharing_out_seats_is_explained(method: SeatMethod, words: str) -> None:
    assert words in text(with_quota(method=method))
    assert "人数多者先得；人数也相同的，“2026Q4-SUP:业务线代码”的SHA-256值小者先得。" in text(with_quota(method=method))


@pytest.mark.parametrize(
    ("unused", "words"),
    [
        (Unused.VOID, "剩余名额空缺，不作调剂。"),
        (Unused.BEST_SCORE, "剩余名额不分业务线，按综合成绩从高到低依次调剂使用。"),
        (Unused.REAPPORTION, "剩余名额按同一方法在仍有人选的业务线之间重新分配。"),
    ],
)
def test_what_becomes_of_unused_seats_is_said(unused: Unused, words: str) -> None:
    assert words in text(with_quota(unused=unused))


def test_a_minimum_for_every_line_is_said_only_if_there_is_one() -> None:
    assert "有人员的业务线先各得1个" in text(sample().policy)
    assert "先各得" not in text(with_quota(minimum=0))


def test_the_conditions_of_the_sample() -> None:
    found = text(sample().policy)
    for words in (
        "截至2026年9月30日，报名人员应当同时符合下列条件：",
        "1.职级在Ⅱ级及以上（职级由低到高依次为Ⅰ、Ⅱ、Ⅲ、Ⅳ）；",
        "2.最近连续3个考核周期的绩效等级均在B+及以上（等级由低到高依次为D、C、B、B+、A、S），等级为L的周期（休假等）不计入、也不视为中断；",
        "3.自2025年10月1日至2026年9月30日（12个月内）没有发生重大服务事故；",
        "4.工龄（自入职之日起计算）满24个月；",
        "5.最近2个统计周期的投诉率平均值不高于0.60。",
        "符合下列任一情形的，工龄的要求放宽为满12个月：",
        "1.在2024年9月30日至2026年9月30日期间获得“服务之星”称号；",
        "2.持有在2026年9月30日有效的CCMP证书。",
        "特殊通道只放宽工龄一项，其他条件一律不放宽。",
    ):
        assert words in found


def test_the_incidents_window_is_the_one_that_is_screened() -> None:
    """An incident on 2025-09-30 is out, one on 2025-10-01 is in: see incidents.csv of the sample."""
    out, inside = (
        next(e for e in sample().personnel.incidents if str(e.occurred_on) == d) for d in ("2025-09-30", "2025-10-01")
    )
    verdicts = {s.staff_no: s for s in (e.screened for e in sample().entries) if s}
    for one, verdict in ((out, "pass"), (inside, "fail")):
        if one.staff_no in verdicts:
            [found] = [v.verdict for v in verdicts[one.staff_no].verdicts if v.rule == "incidents"]
            assert found == verdict
    assert "自2025年10月1日至2026年9月30日" in text(sample().policy)


def test_other_conditions_are_said_as_they_are_set() -> None:
    kpis = (KpiRule("fcr", 1, at_least=Decimal("80.5")), KpiRule("aht", 3, at_most=Decimal(300), at_least=Decimal(100)))
    found = text(with_rules(kpis=kpis, tenure=TenureRule("in_grade_since", 6)))
    assert "最近1个统计周期的一次解决率不低于80.5；" in found
    assert "最近3个统计周期的平均处理时长平均值不高于300、不低于100。" in found
    assert "任现职级满6个月；" in found
    assert "特殊通道只放宽任现职级时间一项" in found
    channel = sample().policy.special_channel
    assert channel is not None
    ever = replace(channel, any_of=(HonourKey("服务之星"),))
    assert "1.曾获“服务之星”称号。" in text(sampled(special_channel=ever))


def test_a_policy_without_conditions_lets_everybody_apply() -> None:
    found = text(sampled(eligibility=Eligibility()))
    assert "截至2026年9月30日在册的人员均可报名，不设其他条件。" in found
    assert "特殊通道" not in found
    assert "特殊通道" not in text(sampled(special_channel=None))


def test_the_window_and_the_materials_are_said_in_local_time() -> None:
    found = text(sample().policy)
    assert "报名时间为2026年10月12日（周一）09:00至2026年10月16日（周五）18:00（北京时间）。" in found
    assert "报名时应当提交：案例总结、改进方案。" in found
    window = replace(sample().policy.applications, materials=())
    assert "报名时应当提交" not in text(sampled(applications=window))
    assert "（Asia/Urumqi）" in text(sampled(time_zone="Asia/Urumqi"))


def test_a_review_stage_is_described_in_full() -> None:
    found = text(sample().policy)
    assert (
        "5名评委按评分表逐项打分，评分项及其权重为沟通技巧40%、应变能力30%、客户导向思维30%，各项满分10分；各项得分除以满分、乘以权重后相加，为评分表总分（百分制）。"
        "有效评分表达到5份的，去掉1个最高分和1个最低分（分数相同的只去掉规定的个数），其余评分表总分的平均值为本环节成绩；不足5份的，全部有效评分表总分的平均值为本环节成绩。"
        "有效评分表少于3份的，没有本环节成绩，不再参加后续程序。本环节成绩合格线为60分，低于合格线的不再参加后续程序。"
    ) in found
    assert "没有有效评分表的，没有本环节成绩，不再参加后续程序。本环节不设合格线。" in found


@pytest.mark.parametrize(
    ("panel", "words"),
    [
        ({"drop_low": 0}, "去掉1个最高分（分数"),
        ({"drop_high": 0, "drop_low": 2}, "去掉2个最低分（分数"),
        ({"trim_from": 4}, "有效评分表达到4份的，去掉"),
        (
            {"trim_level": TrimLevel.CRITERION},
            "每个评分项分别去掉1个最高分和1个最低分（分数相同的只去掉规定的个数），其余得分的平均值按权重相加，为本环节成绩",
        ),
        ({"drop_high": 0, "drop_low": 0}, "全部有效评分表总分的平均值为本环节成绩。有效评分表少于3份的"),
        ({"reviewers": None}, "评委按评分表逐项打分"),
        ({"reviewers": 7}, "7名评委按评分表逐项打分"),
    ],
)
def test_every_kind_of_trimming_is_said(panel: dict[str, Any], words: str) -> None:
    assert words in text(with_panel(**panel))


def test_full_marks_that_differ_stand_with_each_criterion() -> None:
    criteria = (Criterion("a", "甲", Decimal("33.5"), Decimal(10)), Criterion("b", "乙", Decimal("66.5"), Decimal(100)))
    found = text(with_stage("rotation", terms=ReviewTerms(Panel(2), criteria)))
    assert "评分项及其权重为甲33.5%（满分10分）、乙66.5%（满分100分）；" in found
    alone = text(with_stage("rotation", terms=ReviewTerms(Panel(2), criteria[:1])))
    assert "2名评委按“甲”打分，满分10分，折算为百分制为评分表总分。" in alone


def test_a_training_stage_is_described_in_full() -> None:
    assert (
        "培训共8次。出勤率为实到次数占应到次数的百分比，迟到计为实到，经批准的请假不计入应到。出勤率低于75%的，不再参加后续程序。"
        "考试科目及其权重为产品与服务30%、沟通理论20%、政策与合规30%、系统操作20%，各科满分100分，按权重相加为考试成绩。"
        "没有应到场次或者没有任一科目成绩的，不再参加后续程序。考试成绩合格线为60分，低于合格线的不再参加后续程序。"
    ) in text(sample().policy)
    free = TrainingTerms(1, Decimal(0), {"policy": Decimal(100)})
    found = text(with_stage("theory", terms=free))
    assert "出勤率低于" not in found
    assert "考试科目为政策与合规，满分100分。" in found


def test_a_short_list_and_a_window_are_said_with_their_stage() -> None:
    found = text(with_stage("potential", advance_per_seat=3, opens_at=MORNING, closes_at=EVENING))
    assert "时间为2026年10月20日（周二）09:00至2026年10月20日（周二）18:00。" in found
    assert (
        "其余人员在各业务线内按本环节成绩从高到低，以该业务线名额的3倍确定入围人选，与末位成绩相同的一并入围" in found
    )
    assert "按考试成绩从高到低，以该业务线名额的2倍" in text(with_stage("theory", advance_per_seat=2))


def test_a_kind_of_stage_that_is_not_known_here_still_has_its_gate() -> None:
    odd = replace(sample().policy.stages[0], kind="interview", name="访谈")
    assert "访谈\n本环节成绩合格线为60分" in text(sampled(stages=(odd,)))


def test_the_final_score_its_rounding_and_the_chain_are_said() -> None:
    found = text(sample().policy)
    assert "综合成绩＝理论强化培训考试成绩×30%＋理论强化培训出勤率×10%＋实战模拟×40%＋跨部门轮岗×20%。" in found
    assert "各环节成绩和综合成绩均保留2位小数，其后一位四舍五入；综合成绩以取位后的各项成绩计算。" in found
    assert (
        "依次比较实战模拟（高者优先）、理论强化培训考试成绩（高者优先）、工龄（入职早者优先）；仍然相同的，名次并列；"
        in found
    )
    assert "均保留3位小数，其后各位舍去；" in text(sampled(rounding=Rounding(3, RoundingMode.TRUNCATE)))
    assert "均四舍五入取整数；" in text(sampled(rounding=Rounding(0)))
    plain = replace(sample().policy.final, tie_break=(), pass_mark=Decimal(0))
    assert "综合成绩相同的，名次并列；并列人数超过剩余名额的" in text(sampled(final=plain))
    assert "综合成绩合格线" not in text(sampled(final=plain))


def test_the_notice_period_and_what_will_be_shown_are_said() -> None:
    found = text(sample().policy)
    assert "公示期为5个工作日，发布当日不计入。" in found
    assert "公示内容为姓名、现所在单位和职级、拟任岗位以及隐去部分数字的工号，不公布成绩。" in found
    shown = replace(sample().policy.notice, count_first_day=True, show_scores=True, working_days=7)
    other = text(sampled(notice=shown, confirmations=2))
    assert "综合成绩和人选经2人审定后公示，公示期为7个工作日，发布当日计入。" in other
    assert "并公布综合成绩和名次。" in other


def test_a_trial_is_called_by_its_lawful_name() -> None:
    found = text(sampled(appointment=AppointmentPolicy(6)))
    assert "任职考察期为6个月，自任职之日起计算。" in found
    assert "试用" not in found
    assert "考察期" not in text(sample().policy)


def test_a_round_of_one_stage_or_none_reads_well() -> None:
    one = sample().policy.stages[0]
    assert "竞聘设材料审核一个环节。" in text(sampled(stages=(one,)))
    none: tuple[StagePolicy, ...] = ()
    assert "本次竞聘不设评审环节。" in text(sampled(stages=none))


def test_no_sentence_is_broken_off_or_glued_together() -> None:
    for policy in (sample().policy, whole()):
        found = text(policy)
        assert not re.search(r"[，。；：、]{2}|[{}]|None| {2}|[（(][）)]", found)
        assert all(line[-1] in "。；：）" for line in found.splitlines() if len(line) > 40)


def test_the_title_is_not_doubled() -> None:
    assert launch.document(notice(sampled(title="关于竞聘的通知"))).title == "关于竞聘的通知"
    assert launch.document(notice(sample().policy)).title == "关于开展2026年第四季度初级客服主管内部竞聘的公告"


def test_the_notice_names_the_frozen_policy() -> None:
    assert text(sample().policy).endswith(f"（本公告由竞聘方案2026Q4-SUP生成，方案校验值（SHA-256）：{SHA}。）")


def test_the_notice_is_chinese_whatever_the_operator_speaks() -> None:
    with in_language("en"):
        assert text(sample().policy) == (plain := text(sample().policy))
        assert "竞聘程序" in plain


def test_the_whole_notice_is_in_the_pdf() -> None:
    document = launch.document(notice(sample().policy, seats=sample().seats, heads=sample().heads))
    paper = layout.paper(document, time_zone="Asia/Shanghai")
    content = pdf.render(paper, fonts.prepare(settings().cache, settings().fonts))
    printed = re.sub(r"—\d+—", "", re.sub(r"\s", "", text_of(content)))
    for line in said(document).splitlines():
        if " " not in line:
            assert re.sub(r"\s", "", line) in printed, line
    assert "— 6 —" in text_of(content)
