"""The rules of eligibility: verdict, value, threshold and source rows of each, on the policy's day."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.eligibility import RuleVerdict
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
from rules.records import Certificate, Honour, Incident, Kpi, Person, Personnel, Rating
from rules.screening import Screened, screen
from tests.rules.factories import AS_OF, person, policy

HALVES = ("2026H1", "2025H2", "2025H1", "2024H2", "2024H1")
GOOD = RatingsRule("B+", 3, ("L", "产假"))
CHANNEL = SpecialChannel((HonourKey("服务之星", 24), CertificateKey("CCMP")), 12)
COMPLAINTS = KpiRule("complaint_rate", 2, at_most=Decimal("0.60"))
TWENTY_MONTHS = date(2025, 1, 30)


def screened(
    *people: Person, rules: Eligibility, channel: SpecialChannel | None = None, **records: Any
) -> dict[str, Screened]:
    """Return the screening of people (or of one, if none is given) by their numbers."""
    terms = policy(eligibility=rules, special_channel=channel)
    return {s.staff_no: s for s in screen(terms, Personnel(people=people or (person(),), **records))}


def verdict(*people: Person, rules: Eligibility, channel: SpecialChannel | None = None, **records: Any) -> RuleVerdict:
    """Return the only verdict on the first person."""
    [found] = next(iter(screened(*people, rules=rules, channel=channel, **records).values())).verdicts
    return found


def rated(*ratings: str | None, no: str = "1") -> list[Rating]:
    """Return ratings of the halves back from 2026H1; ``None`` is no row."""
    return [Rating(no, period, r) for period, r in zip(HALVES, ratings, strict=False) if r is not None]


def by_ratings(
    *ratings: str | None, others: tuple[Rating, ...] = (), rule: RatingsRule = GOOD
) -> tuple[str, str | None]:
    found = verdict(person(), person("2"), rules=Eligibility(ratings=rule), ratings=[*rated(*ratings), *others])
    return found.verdict, found.value


def by_incident(occurred_on: date | None, severity: str | None = "major", *, months: int = 12) -> str:
    rule = IncidentsRule(("major", "critical"), months)
    return verdict(rules=Eligibility(incidents=rule), incidents=[Incident("1", occurred_on, severity)]).verdict


def by_tenure(
    since: date | None, *, channel: SpecialChannel | None = None, counted_from: str = "hired_on", **records: Any
) -> str:
    who = person(**{"hired_on": None, counted_from: since})
    return verdict(who, rules=Eligibility(tenure=TenureRule(counted_from, 24)), channel=channel, **records).verdict


def measured(*values: str | None, no: str = "1", kpi: str = "complaint_rate") -> list[Kpi]:
    """Return values of the quarters back from 2026Q3; ``None`` is an empty cell."""
    quarters = ("2026Q3", "2026Q2", "2026Q1", "2025Q4")
    return [
        Kpi(no, quarter, kpi, None if v is None else Decimal(v)) for quarter, v in zip(quarters, values, strict=False)
    ]


def by_kpi(rule: KpiRule, rows: list[Kpi]) -> tuple[str, str | None]:
    found = verdict(person(), person("2"), rules=Eligibility(kpis=(rule,)), kpis=rows)
    return found.verdict, found.value


@pytest.mark.parametrize(
    ("grade", "expected"),
    [("Ⅰ", "fail"), ("1 级", "fail"), ("Ⅱ", "pass"), ("ii", "pass"), ("3级", "pass"), ("Ⅳ", "pass")],
)
def test_a_grade_at_or_above_the_least_passes(grade: str, expected: str) -> None:
    assert verdict(person(grade=grade), rules=Eligibility(grade=GradeRule("Ⅱ"))).verdict == expected


@pytest.mark.parametrize("grade", [None, "", "Ⅶ", "经理"])
def test_a_grade_that_is_not_known_cannot_be_judged(grade: str | None) -> None:
    assert verdict(person(grade=grade), rules=Eligibility(grade=GradeRule("Ⅱ"))).verdict == "unknown"


def test_enough_consecutive_ratings_pass_whatever_came_before() -> None:
    assert by_ratings("B+", "A", "S", "D") == ("pass", "3")
    assert by_ratings("b＋", " a ", "S") == ("pass", "3")


def test_a_rating_below_fails_and_ends_the_count() -> None:
    assert by_ratings("B+", "B", "S", "S") == ("fail", "1")
    assert by_ratings("D") == ("fail", "0")


def test_a_missing_rating_is_unknown_unless_a_newer_one_fails() -> None:
    other = tuple(rated("A", "A", "A", no="2"))
    assert by_ratings("A", None, "A", others=other) == ("unknown", "1")
    assert by_ratings("A", "", "A", "A", others=other) == ("unknown", "1")
    assert by_ratings("C", None, "A", others=other) == ("fail", "0")
    assert by_ratings(None, "D", "A", others=other) == ("unknown", "0")


def test_leave_is_skipped_and_never_counts_against_anyone() -> None:
    assert by_ratings("L", "A", "A", "A") == ("pass", "3")
    assert by_ratings("A", "产假", "A", "L", "A") == ("pass", "3")
    assert by_ratings("A", "l", "A", "D") == ("fail", "2")
    assert by_ratings("A", "A", "L", "L", "L") == ("unknown", "2")


def test_a_neutral_code_may_be_a_step_of_the_scale() -> None:
    assert by_ratings("D", "A", "A", "A", rule=RatingsRule("B+", 3, ("d",))) == ("pass", "3")


def test_too_few_periods_are_unknown() -> None:
    assert by_ratings("A", "A") == ("unknown", "2")
    assert by_ratings() == ("unknown", "0")


def test_a_rating_that_is_not_on_the_scale_is_no_verdict() -> None:
    assert by_ratings("A", "优秀", "A") == ("unknown", "1")


def test_only_periods_that_have_ended_by_the_day_are_looked_at() -> None:
    quarters = [Rating("1", "2026Q4", "D"), Rating("1", "2026Q3", "A")]
    assert by_ratings(others=tuple(quarters), rule=RatingsRule("B+", 1)) == ("pass", "1")
    months = [Rating("1", "2026-10", "D"), Rating("1", "2026-09", "B")]
    assert by_ratings(others=tuple(months), rule=RatingsRule("B+", 1)) == ("fail", "0")


def test_periods_of_people_who_have_left_do_not_count() -> None:
    assert by_ratings("A", "A", None, "A", others=(Rating("9", "2025H1", "A"),)) == ("pass", "3")
    assert by_ratings("A", "A", None, "A", others=(Rating("2", "2025H1", "A"),)) == ("unknown", "2")


def test_a_period_in_which_nobody_has_a_rating_counts_as_one_that_is_missing() -> None:
    assert by_ratings("A", "A", None, "A", others=(Rating("2", "2025H1", None),)) == ("unknown", "2")


def test_the_periods_that_were_looked_at_are_the_sources() -> None:
    rows = rated("A", "L", "B", "A")
    found = verdict(rules=Eligibility(ratings=GOOD), ratings=rows)
    assert found.sources == (("ratings", "2026H1", "A"), ("ratings", "2025H2", "L"), ("ratings", "2025H1", "B"))
    assert found.threshold == "B+×3"


@pytest.mark.parametrize(
    ("occurred_on", "expected"),
    [
        ("2025-09-29", "pass"),
        ("2025-09-30", "pass"),  # exactly twelve months before is out
        ("2025-10-01", "fail"),
        ("2026-09-30", "fail"),
        ("2026-10-01", "pass"),
    ],
)
def test_an_incident_counts_within_the_months_before_the_day(occurred_on: str, expected: str) -> None:
    assert by_incident(date.fromisoformat(occurred_on)) == expected


def test_only_the_severities_that_are_named_count_exactly_as_written() -> None:
    assert [by_incident(AS_OF, s) for s in ("major", "critical", "minor", "Major")] == ["fail", "fail", "pass", "pass"]


def test_an_incident_whose_day_or_severity_is_missing_is_unknown_if_it_might_count() -> None:
    assert by_incident(None) == "unknown"
    assert by_incident(AS_OF, None) == "unknown"
    assert by_incident(None, None) == "unknown"
    assert by_incident(None, "minor") == "pass"
    assert by_incident(date(2020, 1, 1), None) == "pass"


def test_one_incident_that_is_certain_fails_whatever_else_is_unknown() -> None:
    rows = [Incident("1", None, "major"), Incident("1", AS_OF, "major"), Incident("1", AS_OF, None)]
    found = verdict(rules=Eligibility(incidents=IncidentsRule(("major",), 12)), incidents=rows)
    assert (found.verdict, found.value, found.sources) == ("fail", "1", (("incidents", "2026-09-30", "major"),))


def test_incidents_of_others_do_not_count() -> None:
    rule = Eligibility(incidents=IncidentsRule(("major",), 12))
    assert verdict(rules=rule, incidents=[Incident("2", AS_OF, "major")]).verdict == "pass"


@pytest.mark.parametrize("counted_from", ["hired_on", "in_grade_since"])
@pytest.mark.parametrize(
    ("since", "expected"),
    [
        ("2024-09-30", "pass"),
        ("2024-10-01", "fail"),
        ("2010-01-01", "pass"),
        ("2027-01-01", "fail"),
        ("9999-12-31", "fail"),
    ],
)
def test_tenure_is_counted_in_completed_months(since: str, expected: str, counted_from: str) -> None:
    assert by_tenure(date.fromisoformat(since), counted_from=counted_from) == expected


def test_tenure_without_its_day_cannot_be_judged() -> None:
    assert by_tenure(None) == "unknown"
    who = person(in_grade_since=None)
    assert verdict(who, rules=Eligibility(tenure=TenureRule("in_grade_since", 24))).verdict == "unknown"


@pytest.mark.parametrize(
    ("awarded_on", "expected"),
    [
        ("2024-09-29", "fail"),
        ("2024-09-30", "relaxed"),
        ("2026-09-30", "relaxed"),
        ("2026-10-01", "fail"),
        (None, "fail"),
    ],
)
def test_an_honour_opens_the_channel_for_so_many_months_both_days_included(
    awarded_on: str | None, expected: str
) -> None:
    honour = Honour("1", "服务之星", date.fromisoformat(awarded_on) if awarded_on else None)
    assert by_tenure(TWENTY_MONTHS, channel=CHANNEL, honours=[honour]) == expected


def test_an_honour_without_a_limit_opens_it_for_ever() -> None:
    for_ever = SpecialChannel((HonourKey("服务之星"),), 12)
    old = [Honour("1", "服务之星", date(1990, 1, 1))]
    assert by_tenure(TWENTY_MONTHS, channel=for_ever, honours=old) == "relaxed"
    unknown, to_come = [Honour("1", "服务之星", None)], [Honour("1", "服务之星", AS_OF + timedelta(days=1))]
    assert by_tenure(TWENTY_MONTHS, channel=for_ever, honours=unknown) == "fail"
    assert by_tenure(TWENTY_MONTHS, channel=for_ever, honours=to_come) == "fail"


@pytest.mark.parametrize(
    ("issued_on", "expires_on", "expected"),
    [
        ("2020-01-01", None, "relaxed"),
        ("2026-09-30", "2026-09-30", "relaxed"),
        ("2020-01-01", "2026-09-29", "fail"),
        ("2026-10-01", None, "fail"),
        (None, "2030-01-01", "fail"),
        (None, None, "fail"),
    ],
)
def test_a_certificate_opens_the_channel_while_it_is_valid(
    issued_on: str | None, expires_on: str | None, expected: str
) -> None:
    first, last = (date.fromisoformat(d) if d else None for d in (issued_on, expires_on))
    certificate = Certificate("1", "CCMP", "77", first, last)
    assert by_tenure(TWENTY_MONTHS, channel=CHANNEL, certificates=[certificate]) == expected


@pytest.mark.parametrize(
    ("since", "expected"),
    [("2024-09-30", "pass"), ("2024-10-01", "relaxed"), ("2025-09-30", "relaxed"), ("2025-10-01", "fail")],
)
def test_the_channel_relaxes_tenure_to_its_own_months_and_no_further(since: str, expected: str) -> None:
    honours = [Honour("1", "服务之星", AS_OF)]
    assert by_tenure(date.fromisoformat(since), channel=CHANNEL, honours=honours) == expected


def test_only_the_named_keys_of_the_person_open_the_channel() -> None:
    assert by_tenure(TWENTY_MONTHS, channel=CHANNEL, honours=[Honour("2", "服务之星", AS_OF)]) == "fail"
    assert by_tenure(TWENTY_MONTHS, channel=CHANNEL, honours=[Honour("1", "CCMP", AS_OF)]) == "fail"
    assert (
        by_tenure(TWENTY_MONTHS, channel=CHANNEL, certificates=[Certificate("1", "服务之星", None, AS_OF, None)])
        == "fail"
    )
    assert by_tenure(TWENTY_MONTHS, honours=[Honour("1", "服务之星", AS_OF)]) == "fail"


def test_the_key_that_relaxed_is_among_the_sources() -> None:
    held = [Certificate("1", "CCMP", "77", date(2025, 1, 1), date(2027, 1, 1))]
    rules = Eligibility(tenure=TenureRule("hired_on", 24))
    found = verdict(person(hired_on=TWENTY_MONTHS), rules=rules, channel=CHANNEL, certificates=held)
    assert found[1:4] == ("relaxed", "20", "24")
    assert found.sources == (("people", "hired_on", "2025-01-30"), ("certificates", "CCMP", "2025-01-01", "2027-01-01"))


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (("0.60", "0.60"), ("pass", "0.6")),
        (("0.61", "0.60"), ("fail", "0.605")),
        (("0.10", "1.10"), ("pass", "0.6")),
        (("0.600000000001", "0.6"), ("fail", "0.6000000000005")),
        (("0.10", "0.10", "99"), ("pass", "0.1")),
        (("0.10", None), ("unknown", None)),
        (("99", None), ("unknown", None)),
        (("0.10",), ("unknown", None)),
        ((), ("unknown", None)),
    ],
)
def test_an_indicator_is_the_exact_mean_of_its_last_periods(
    values: tuple[str | None, ...], expected: tuple[str, str | None]
) -> None:
    assert by_kpi(COMPLAINTS, measured(*values)) == expected


def test_a_mean_that_does_not_end_is_compared_exactly() -> None:
    rule = KpiRule("complaint_rate", 3, at_most=Decimal("0.333333333333"))
    assert by_kpi(rule, measured("1", "0", "0")) == ("fail", "1/3")


def test_an_indicator_may_have_a_lower_bound_or_both() -> None:
    both = KpiRule("complaint_rate", 1, at_most=Decimal(2), at_least=Decimal(-1))
    found = [by_kpi(both, measured(value))[0] for value in ("-1.01", "-1", "0", "2", "2.01")]
    assert found == ["fail", "pass", "pass", "pass", "fail"]
    least = KpiRule("complaint_rate", 1, at_least=Decimal(90))
    assert [by_kpi(least, measured(value))[0] for value in ("89.99", "90")] == ["fail", "pass"]


def test_the_last_periods_are_those_that_anybody_here_has_for_this_indicator() -> None:
    mine = [*measured(None, "0.1", "0.1")][1:]
    assert by_kpi(COMPLAINTS, mine)[0] == "pass"
    assert by_kpi(COMPLAINTS, [*mine, *measured("0.1", no="2")])[0] == "unknown"
    assert by_kpi(COMPLAINTS, [*mine, *measured(None, no="2")])[0] == "unknown"
    assert by_kpi(COMPLAINTS, [*mine, *measured("0.1", no="9")])[0] == "pass"
    assert by_kpi(COMPLAINTS, [*mine, *measured("0.1", no="2", kpi="handling_time")])[0] == "pass"


def test_an_indicator_looks_only_at_periods_that_have_ended() -> None:
    rows = [Kpi("1", period, "complaint_rate", Decimal(v)) for period, v in (("2026-10", "9"), ("2026-09", "0.1"))]
    assert by_kpi(KpiRule("complaint_rate", 1, at_most=Decimal("0.6")), rows)[0] == "pass"
    assert by_kpi(COMPLAINTS, rows)[0] == "unknown"


def test_every_indicator_has_a_verdict_of_its_own() -> None:
    rules = Eligibility(kpis=(COMPLAINTS, KpiRule("satisfaction", 1, at_least=Decimal(90))))
    rows = [*measured("0.1", "0.1"), *measured("80", kpi="satisfaction")]
    found = screened(rules=rules, kpis=rows)["1"]
    assert {v.rule: v.verdict for v in found.verdicts} == {"kpi:complaint_rate": "pass", "kpi:satisfaction": "fail"}
    assert [v.threshold for v in found.verdicts] == ["≤0.60", "≥90"]
    assert found.verdicts[0].sources == (("kpis", "2026Q3", "0.1"), ("kpis", "2026Q2", "0.1"))


def test_without_rules_everybody_is_eligible() -> None:
    found = screened(person(grade=None, hired_on=None), rules=Eligibility(), channel=CHANNEL)["1"]
    assert (found.eligible, found.channel, found.verdicts) == (True, "standard", ())


def test_every_rule_gives_its_own_verdict_even_if_another_fails() -> None:
    rules = Eligibility(GradeRule("Ⅱ"), GOOD, IncidentsRule(("major",), 12), TenureRule("hired_on", 24), (COMPLAINTS,))
    found = screened(person(grade="Ⅰ", hired_on=TWENTY_MONTHS), rules=rules, kpis=measured("1", "1"))["1"]
    assert {v.rule: v.verdict for v in found.verdicts} == {
        "grade": "fail",
        "ratings": "unknown",
        "incidents": "pass",
        "tenure": "fail",
        "kpi:complaint_rate": "fail",
    }


@pytest.mark.parametrize(
    ("grade", "since", "eligible", "channel"),
    [
        ("Ⅱ", "2020-01-01", True, "standard"),
        ("Ⅱ", "2025-01-30", True, "special"),
        ("Ⅰ", "2025-01-30", False, "standard"),  # the channel relaxes tenure only
        (None, "2025-01-30", False, "standard"),
        ("Ⅱ", "2026-01-30", False, "standard"),
    ],
)
def test_who_is_eligible_and_by_which_channel(grade: str | None, since: str, eligible: bool, channel: str) -> None:  # noqa: FBT001 - a column of the table above
    rules = Eligibility(grade=GradeRule("Ⅱ"), tenure=TenureRule("hired_on", 24))
    who = person(grade=grade, hired_on=date.fromisoformat(since))
    found = screened(who, rules=rules, channel=CHANNEL, honours=[Honour("1", "服务之星", AS_OF)])["1"]
    assert (found.eligible, found.channel) == (eligible, channel)


def test_everybody_is_screened_in_the_order_of_the_list() -> None:
    assert list(screened(person("7"), person("3"), person("5"), rules=Eligibility())) == ["7", "3", "5"]


steps = st.sampled_from(["S", "A", "B+", "B", "D", "L", "", None, "?"])


@given(st.lists(steps, max_size=5), st.integers(1, 4))
def test_the_walk_back_through_the_ratings(ratings: list[str | None], wanted: int) -> None:
    kinds = ["missing" if r in {"", None} else "off" if r == "?" else "skip" if r == "L" else r for r in ratings]
    walked = [kind for kind in kinds if kind != "skip"]
    good = next((n for n, kind in enumerate(walked) if kind not in {"S", "A", "B+"}), len(walked))
    stop = walked[good] if good < len(walked) else "end"
    expected = "pass" if good >= wanted else "fail" if stop in {"B", "D"} else "unknown"
    everybody = tuple(rated(*["A"] * len(ratings), no="2"))
    found = by_ratings(*ratings, others=everybody, rule=RatingsRule("B+", wanted, ("L",)))
    assert found == (expected, str(min(good, wanted)))


@given(
    st.lists(st.tuples(steps, st.sampled_from(HALVES)), unique_by=lambda row: row[1]), st.randoms(use_true_random=False)
)
def test_the_order_of_rows_does_not_matter(rows: list[tuple[str | None, str]], chance: Random) -> None:
    ratings = [Rating("1", period, rating) for rating, period in rows]
    shuffled = chance.sample(ratings, len(ratings))
    assert by_ratings(others=tuple(shuffled)) == by_ratings(others=tuple(ratings))


@given(st.dates(date(2000, 1, 1), date(2030, 1, 1)), st.integers(0, 60))
def test_an_incident_counts_on_the_days_that_the_text_names(occurred_on: date, months: int) -> None:
    year, month = divmod(AS_OF.year * 12 + AS_OF.month - 1 - months, 12)
    last = (date(year + month // 11, (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    since = date(year, month + 1, min(AS_OF.day, last))
    assert by_incident(occurred_on, months=months) == ("fail" if since < occurred_on <= AS_OF else "pass")
