"""Why a rule judged as it did, in plain words, for every verdict that there is."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from kit.i18n import say
from rules.policies import (
    CertificateKey,
    Eligibility,
    GradeRule,
    HonourKey,
    IncidentsRule,
    KpiRule,
    RatingsRule,
    SpecialChannel,
    TenureRule,
)
from rules.reasons import explain
from rules.records import Certificate, Evidence, Honour, Incident, Kpi, Person, Personnel, Rating
from rules.rounds import decide, results_json
from rules.screening import screen
from tests.rules.factories import AS_OF, applied, person, policy

GRADE = Eligibility(grade=GradeRule("Ⅱ"))
RATINGS = Eligibility(ratings=RatingsRule("B+", 3, ("L",)))
INCIDENTS = Eligibility(incidents=IncidentsRule(("major", "critical"), 12))
TENURE = Eligibility(tenure=TenureRule("hired_on", 24))
IN_GRADE = Eligibility(tenure=TenureRule("in_grade_since", 24))
KPI = Eligibility(kpis=(KpiRule("complaint_rate", 2, Decimal("0.60"), Decimal("0.10")),))
CHANNEL = SpecialChannel((HonourKey("服务之星", 24), CertificateKey("CCMP")), 12)
CCMP = Certificate("1", "CCMP", "77", date(2025, 1, 1), None)
HALVES = ("2026H1", "2025H2", "2025H1", "2024H2", "2024H1")


def reason(rules: Eligibility, who: Person | None = None, *, channel: SpecialChannel | None = None, **rows: Any) -> str:
    """Return the reason of the only verdict on one person, as it is shown."""
    terms = policy(eligibility=rules, special_channel=channel)
    [found] = screen(terms, Personnel([who or person()], **rows))
    [verdict] = found.verdicts
    return say(explain(verdict))


def rated(*ratings: str | None) -> list[Rating]:
    return [Rating("1", period, rating) for period, rating in zip(HALVES, ratings, strict=False)]


def measured(*values: str | None) -> list[Kpi]:
    quarters = ("2026Q3", "2026Q2")
    return [
        Kpi("1", quarter, "complaint_rate", None if v is None else Decimal(v))
        for quarter, v in zip(quarters, values, strict=False)
    ]


@pytest.mark.parametrize(
    ("grade", "said"),
    [
        ("Ⅱ", "职级 Ⅱ，达到 Ⅱ：通过"),
        ("Ⅰ", "职级 Ⅰ，未达到 Ⅱ：不通过"),
        ("Ⅷ", "职级“Ⅷ”不在职级序列中（要求 Ⅱ 及以上）：无法判断"),
        (None, "职级没有记录（要求 Ⅱ 及以上）：无法判断"),
    ],
)
def test_the_reason_of_a_grade(grade: str | None, said: str) -> None:
    assert reason(GRADE, person(grade=grade)) == said


@pytest.mark.parametrize(
    ("ratings", "said"),
    [
        (("A", "B+", "S"), "连续 3 期绩效在 B+ 及以上（2026H1 A、2025H2 B+、2025H1 S）：通过"),
        (("A", "B", "S"), "2025H2 绩效为 B，低于 B+；连续 1 期，要求 3 期：不通过"),
        (("A", None, "S"), "2025H2 没有绩效记录；此前连续 1 期，要求 3 期：无法判断"),
        (("A", "优", "S"), "2025H2 绩效“优”不在等级序列中；连续 1 期，要求 3 期：无法判断"),
        (("A", "A"), "绩效记录只有连续 2 期在 B+ 及以上，要求 3 期：无法判断"),
    ],
)
def test_the_reason_of_ratings(ratings: tuple[str | None, ...], said: str) -> None:
    assert reason(RATINGS, ratings=rated(*ratings)) == said


def test_periods_of_leave_are_not_shown_among_those_that_count() -> None:
    assert reason(RATINGS, ratings=rated("A", "L", "A", "L", "S")) == (
        "连续 3 期绩效在 B+ 及以上（2026H1 A、2025H1 A、2024H1 S）：通过"
    )


@pytest.mark.parametrize(
    ("incidents", "said"),
    [
        ([], "近 12 个月没有 major、critical 级事故：通过"),
        ([(AS_OF, "major")], "近 12 个月有 major、critical 级事故 1 起（2026-09-30）：不通过"),
        (
            [(AS_OF, "major"), (date(2026, 1, 2), "critical"), (None, "major")],
            "近 12 个月有 major、critical 级事故 2 起（2026-09-30、2026-01-02）：不通过",
        ),
        (
            [(None, "major"), (AS_OF, None)],
            "有 2 起事故的日期或级别没有记录（要求近 12 个月没有 major、critical 级事故）：无法判断",
        ),
    ],
)
def test_the_reason_of_incidents(incidents: list[tuple[date | None, str | None]], said: str) -> None:
    assert reason(INCIDENTS, incidents=[Incident("1", *one) for one in incidents]) == said


@pytest.mark.parametrize(
    ("since", "said"),
    [
        ("2024-09-30", "工龄 24 个月，满 24 个月：通过"),
        ("2025-01-30", "工龄 20 个月，不足 24 个月；持有 CCMP，适用特殊通道 12 个月：通过"),
        ("2025-10-30", "工龄 11 个月，不足 24 个月；持有 CCMP，也不足特殊通道的 12 个月：不通过"),
        (None, "起算日期没有记录（要求工龄满 24 个月）：无法判断"),
    ],
)
def test_the_reason_of_tenure_for_the_holder_of_a_key(since: str | None, said: str) -> None:
    who = person(hired_on=date.fromisoformat(since) if since else None)
    assert reason(TENURE, who, channel=CHANNEL, certificates=[CCMP]) == said


@pytest.mark.parametrize("channel", [None, CHANNEL])
def test_the_reason_of_tenure_without_a_key(channel: SpecialChannel | None) -> None:
    assert reason(TENURE, person(hired_on=date(2025, 1, 30)), channel=channel) == "工龄 20 个月，不足 24 个月：不通过"


def test_every_key_that_is_held_is_named_once() -> None:
    honours = [Honour("1", "服务之星", AS_OF), Honour("1", "服务之星", date(2025, 9, 1))]
    who = person(hired_on=date(2025, 1, 30))
    assert reason(TENURE, who, channel=CHANNEL, certificates=[CCMP], honours=honours) == (
        "工龄 20 个月，不足 24 个月；持有 服务之星、CCMP，适用特殊通道 12 个月：通过"
    )


@pytest.mark.parametrize(
    ("since", "said"),
    [
        ("2024-09-30", "任现职级 24 个月，满 24 个月：通过"),
        ("2025-01-30", "任现职级 20 个月，不足 24 个月：不通过"),
        (None, "起算日期没有记录（要求任现职级满 24 个月）：无法判断"),
    ],
)
def test_time_in_the_grade_is_not_called_time_in_the_house(since: str | None, said: str) -> None:
    assert reason(IN_GRADE, person(in_grade_since=date.fromisoformat(since) if since else None)) == said


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (("0.50", "0.25"), "complaint_rate 近 2 期平均 0.375，符合 ≤0.60 ≥0.10：通过"),
        (("0.90", "0.80"), "complaint_rate 近 2 期平均 0.85，不符合 ≤0.60 ≥0.10：不通过"),
        (("0.50", None), "complaint_rate 近 2 期只有 1 期数据（要求 ≤0.60 ≥0.10）：无法判断"),
        ((), "complaint_rate 近 2 期只有 0 期数据（要求 ≤0.60 ≥0.10）：无法判断"),
    ],
)
def test_the_reason_of_an_indicator(values: tuple[str | None, ...], said: str) -> None:
    assert reason(KPI, kpis=measured(*values)) == said


def test_what_people_typed_is_shown_and_never_read_as_a_template() -> None:
    assert reason(GRADE, person(grade="{least}{0}%s")) == "职级“{least}{0}%s”不在职级序列中（要求 Ⅱ 及以上）：无法判断"


def test_results_carry_the_reasons_as_they_are_said() -> None:
    terms = policy(eligibility=TENURE, special_channel=CHANNEL)
    personnel = Personnel([person(hired_on=date(2025, 1, 30))], certificates=[CCMP])
    [screened] = results_json(terms, decide(terms, personnel, Evidence(applied("1"))))["screening"]
    [verdict] = screen(terms, personnel)
    assert screened["details"]["tenure"]["reason"] == say(explain(verdict.verdicts[0]))
