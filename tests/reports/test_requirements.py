"""Rules, verdicts, outcomes and instants in a few words."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from reports import outcomes, requirements
from reports.moments import moment
from rules.policies import Eligibility, IncidentsRule, KpiRule, Policy, TenureRule
from rules.records import Certificate, Honour, Incident, Kpi, Person, Personnel, Rating
from rules.screening import RuleVerdict, screen
from tests.reports.decided import sample

MEI = Person("1", "梅", "phone", None, "Ⅱ", date(2025, 3, 8))


def verdicts(person: Person = MEI, *, policy: Policy | None = None, **rows: object) -> dict[str, RuleVerdict]:
    records = Personnel(people=[person], **rows)  # type: ignore[arg-type] # the parts of Personnel
    [screened] = screen(policy or sample().policy, records)
    return {v.rule: v for v in screened.verdicts}


def ratings(*given: str | None) -> list[Rating]:
    return [Rating("1", period, one) for period, one in zip(("2026H1", "2025H2", "2025H1"), given, strict=True)]


def test_rules_stand_in_the_order_of_the_policy_under_their_names() -> None:
    rules = requirements.rules_of(sample().policy)
    assert rules == ["grade", "ratings", "incidents", "tenure", "kpi:complaint_rate"]
    assert requirements.names(rules) == "职级、绩效、服务事故、工龄、投诉率"
    assert requirements.rules_of(replace(sample().policy, eligibility=Eligibility())) == []
    assert requirements.rule_name("kpi:own_key") == "own_key"


def test_what_a_rule_asks_for_fits_into_a_cell() -> None:
    found = [requirements.requirement(sample().policy, rule) for rule in requirements.rules_of(sample().policy)]
    assert found == [
        "Ⅱ级及以上",
        "最近连续3期B+及以上",
        "近12个月无重大事故",
        "满24个月（特殊通道12个月）",
        "近2期平均≤0.60",
    ]
    rules = Eligibility(
        incidents=IncidentsRule(("major", "minor"), 6),
        tenure=TenureRule("in_grade_since", 6),
        kpis=(KpiRule("csat", 3, at_most=Decimal(5), at_least=Decimal("4.50")),),
    )
    other = replace(sample().policy, eligibility=rules, special_channel=None)
    assert [requirements.requirement(other, rule) for rule in requirements.rules_of(other)] == [
        "近6个月无重大或一般事故",
        "满6个月",
        "近3期平均≤5、≥4.50",
    ]


@pytest.mark.parametrize(
    ("given", "reason", "brief", "source"),
    [
        (
            ("A", "B+", "S"),
            "连续3期绩效在B+及以上（2026H1 A、2025H2 B+、2025H1 S）",
            "连续3期绩效在B+及以上",
            "绩效记录：2026H1 A、2025H2 B+、2025H1 S",
        ),
        (("A", "C", "S"), *["2025H2绩效为C，低于B+；连续1期，要求3期"] * 2, "绩效记录：2026H1 A、2025H2 C"),
        (("A", None, "S"), *["2025H2没有绩效记录；此前连续1期，要求3期"] * 2, "绩效记录：2026H1 A、2025H2 无"),
    ],
)
def test_a_verdict_has_its_reason_and_its_records(
    given: tuple[str | None, ...], reason: str, brief: str, source: str
) -> None:
    found = verdicts(ratings=ratings(*given))["ratings"]
    assert (requirements.reason(found), requirements.brief(found), requirements.source(found)) == (
        reason,
        brief,
        source,
    )


def test_where_there_is_no_record_that_is_said() -> None:
    found = verdicts(replace_person(grade=None, hired_on=None))
    assert requirements.source(found["grade"]) == "人员名册：职级 空缺"
    assert requirements.source(found["tenure"]) == "人员名册：入职日期 空缺"
    assert requirements.source(found["incidents"]) == "事故记录：无相应记录"
    assert requirements.source(found["kpi:complaint_rate"]) == "指标记录：无相应记录"
    assert requirements.value(found["kpi:complaint_rate"]) == ""


def replace_person(**changes: object) -> Person:
    return MEI._replace(**changes)


def test_incidents_are_named_with_their_day_and_kind() -> None:
    rows = [Incident("1", date(2026, 3, 1), "major"), Incident("1", date(2026, 2, 1), "minor")]
    found = verdicts(incidents=rows)["incidents"]
    assert requirements.brief(found) == "近12个月有重大级事故1起"
    assert requirements.source(found) == "事故记录：2026-03-01 重大"
    unsure = verdicts(incidents=[Incident("1", None, None)])["incidents"]
    assert requirements.source(unsure) == "事故记录：日期空缺 级别空缺"


@pytest.mark.parametrize(
    ("rows", "source"),
    [
        (
            {"certificates": [Certificate("1", "CCMP", "9", date(2025, 8, 15), None)]},
            "人员名册：入职日期 2025-03-08；证书记录：CCMP 2025-08-15 长期有效",
        ),
        (
            {"certificates": [Certificate("1", "CCMP", "9", date(2025, 8, 15), date(2028, 8, 14))]},
            "人员名册：入职日期 2025-03-08；证书记录：CCMP 2025-08-15 有效至2028-08-14",
        ),
        (
            {"honours": [Honour("1", "服务之星", date(2026, 1, 24))]},
            "人员名册：入职日期 2025-03-08；荣誉记录：服务之星 2026-01-24",
        ),
    ],
)
def test_what_opened_the_special_channel_is_named_with_its_dates(rows: dict[str, object], source: str) -> None:
    found = verdicts(**rows)["tenure"]
    assert found.verdict == "relaxed"
    assert requirements.source(found) == source


def test_a_mean_that_never_ends_is_cut_not_rounded() -> None:
    policy = replace(
        sample().policy, eligibility=Eligibility(kpis=(KpiRule("complaint_rate", 3, at_most=Decimal("0.60")),))
    )
    periods = zip(("2026Q1", "2026Q2", "2026Q3"), ("0.20", "0.30", "0.30"), strict=True)
    rows = [Kpi("1", period, "complaint_rate", Decimal(value)) for period, value in periods]
    found = verdicts(policy=policy, kpis=rows)["kpi:complaint_rate"]
    assert requirements.value(found) == "0.2666…"
    assert requirements.reason(found) == "投诉率近3期平均0.2666…，符合≤0.60"
    assert requirements.source(found) == "指标记录：2026Q3 0.30、2026Q2 0.30、2026Q1 0.20"


@pytest.mark.parametrize(
    ("key", "word"),
    [
        ("selected", "入选"),
        ("tied", "待加试"),
        ("eliminated:final", "总成绩未达标"),
        ("eliminated:roleplay", "止步：实战模拟"),
        ("eliminated:gone", "止步：gone"),
    ],
)
def test_an_outcome_is_said_in_a_word_or_two(key: str, word: str) -> None:
    assert outcomes.outcome(sample().policy, key) == word


def test_an_instant_has_its_seconds_only_where_they_matter() -> None:
    closing = datetime(2026, 10, 16, 10, 0, 0, tzinfo=UTC)
    assert moment(closing, "Asia/Shanghai") == "2026年10月16日（周五）18:00"
    assert moment(closing.replace(second=1), "Asia/Shanghai") == "2026年10月16日（周五）18:00:01"
    assert moment(closing, "Asia/Urumqi").endswith("16:00")
