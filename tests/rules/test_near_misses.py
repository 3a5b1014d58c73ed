"""Near misses: the first day from which somebody would qualify, if the records stay as they are."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.policies import CertificateKey, Eligibility, GradeRule, HonourKey, IncidentsRule, SpecialChannel, TenureRule
from rules.records import Certificate, Honour, Incident, Person, Personnel
from rules.screening import screen
from tests.rules.factories import AS_OF, person, policy

RULES = Eligibility(GradeRule("Ⅱ"), incidents=IncidentsRule(("major",), 12), tenure=TenureRule("hired_on", 24))
CHANNEL = SpecialChannel((HonourKey("服务之星", 24), CertificateKey("CCMP")), 12)


def day(text: str) -> date:
    return date.fromisoformat(text)


def qualifies(
    who: Person,
    *,
    as_of: date = AS_OF,
    rules: Eligibility = RULES,
    channel: SpecialChannel | None = CHANNEL,
    incidents: Sequence[Incident] = (),
    honours: Sequence[Honour] = (),
    certificates: Sequence[Certificate] = (),
) -> str | None:
    """Return the day from which a person qualifies, ``None`` if waiting does not help (or is not needed)."""
    terms = replace(policy(eligibility=rules, special_channel=channel), as_of=as_of)
    personnel = Personnel([who], incidents=incidents, honours=honours, certificates=certificates)
    [found] = screen(terms, personnel)
    return found.qualifies_on.isoformat() if found.qualifies_on else None


def happened(*days: str) -> list[Incident]:
    return [Incident("1", day(d), "major") for d in days]


@pytest.mark.parametrize(
    ("hired_on", "expected"),
    [
        ("2025-01-31", "2027-01-31"),
        ("2024-10-01", "2026-10-01"),
        ("2026-02-28", "2028-02-28"),
        ("2027-03-31", "2029-03-31"),  # hired after the day
    ],
)
def test_who_lacks_tenure_qualifies_when_the_last_month_is_complete(hired_on: str, expected: str) -> None:
    assert qualifies(person(hired_on=day(hired_on))) == expected


def test_tenure_since_the_29th_of_february_is_complete_on_the_28th() -> None:
    assert qualifies(person(hired_on=day("2024-02-29")), as_of=day("2025-12-31")) == "2026-02-28"


@pytest.mark.parametrize(
    ("months", "expected"), [(1, "2026-02-28"), (2, "2026-03-31"), (3, "2026-04-30"), (13, "2027-02-28")]
)
def test_tenure_since_the_end_of_a_month_is_complete_at_the_end_of_a_month(months: int, expected: str) -> None:
    rules = Eligibility(tenure=TenureRule("hired_on", months))
    assert qualifies(person(hired_on=day("2026-01-31")), as_of=day("2026-02-01"), rules=rules) == expected


def test_who_holds_a_key_qualifies_after_the_shorter_time() -> None:
    held = [Certificate("1", "CCMP", None, day("2026-01-01"), None)]
    assert qualifies(person(hired_on=day("2026-01-31")), certificates=held) == "2027-01-31"
    assert qualifies(person(hired_on=day("2026-01-31"))) == "2028-01-31"
    assert qualifies(person(hired_on=day("2026-01-31")), channel=None) == "2028-01-31"


def test_a_key_that_is_gone_by_then_does_not_help() -> None:
    until = [Certificate("1", "CCMP", None, day("2026-01-01"), day("2027-01-30"))]
    assert qualifies(person(hired_on=day("2026-01-31")), certificates=until) == "2028-01-31"
    until = [Certificate("1", "CCMP", None, day("2026-01-01"), day("2027-01-31"))]
    assert qualifies(person(hired_on=day("2026-01-31")), certificates=until) == "2027-01-31"
    old = [Honour("1", "服务之星", day("2025-01-30"))]
    assert qualifies(person(hired_on=day("2026-01-31")), honours=old) == "2028-01-31"
    old = [Honour("1", "服务之星", day("2025-01-31"))]
    assert qualifies(person(hired_on=day("2026-01-31")), honours=old) == "2027-01-31"


def test_a_key_that_is_on_record_for_a_later_day_helps_from_that_day() -> None:
    soon = [Certificate("1", "CCMP", None, day("2026-10-15"), None)]
    assert qualifies(person(hired_on=day("2025-01-31")), certificates=soon) == "2026-10-15"
    assert (
        qualifies(person(hired_on=day("2025-01-31")), honours=[Honour("1", "服务之星", day("2026-11-01"))])
        == "2026-11-01"
    )


@pytest.mark.parametrize(
    ("occurred_on", "expected"),
    [
        ("2025-10-01", "2026-10-01"),
        ("2026-09-30", "2027-09-30"),
        ("2026-02-28", "2027-02-28"),
        ("2026-08-31", "2027-08-31"),
    ],
)
def test_an_incident_is_over_so_many_months_later(occurred_on: str, expected: str) -> None:
    assert qualifies(person(), incidents=happened(occurred_on)) == expected


def test_an_incident_on_the_29th_of_february_is_over_on_the_1st_of_march() -> None:
    assert qualifies(person(), as_of=day("2024-06-30"), incidents=happened("2024-02-29")) == "2025-03-01"
    rules = replace(RULES, incidents=IncidentsRule(("major",), 48))
    assert qualifies(person(), as_of=day("2024-06-30"), rules=rules, incidents=happened("2024-02-29")) == "2028-02-29"


@pytest.mark.parametrize(
    ("months", "expected"), [(1, "2026-03-01"), (2, "2026-03-31"), (3, "2026-05-01"), (5, "2026-07-01")]
)
def test_an_incident_at_the_end_of_a_month_is_over_when_its_day_can_be_reached(months: int, expected: str) -> None:
    rules = Eligibility(incidents=IncidentsRule(("major",), months))
    assert qualifies(person(), as_of=day("2026-02-01"), rules=rules, incidents=happened("2026-01-31")) == expected


def test_the_last_of_several_incidents_must_be_over() -> None:
    assert qualifies(person(), incidents=happened("2026-03-15", "2025-12-01")) == "2027-03-15"


def test_whatever_takes_longest_decides() -> None:
    assert qualifies(person(hired_on=day("2025-01-31")), incidents=happened("2026-03-15")) == "2027-03-15"
    assert qualifies(person(hired_on=day("2025-06-30")), incidents=happened("2026-03-15")) == "2027-06-30"


def test_an_incident_after_the_day_counts_when_its_time_has_come() -> None:
    assert qualifies(person(hired_on=day("2024-10-20")), incidents=happened("2026-10-15")) == "2027-10-15"
    assert qualifies(person(hired_on=day("2024-10-10")), incidents=happened("2026-10-15")) == "2026-10-10"


def test_who_is_eligible_waits_for_nothing() -> None:
    assert qualifies(person()) is None


def test_waiting_does_not_raise_a_grade() -> None:
    assert qualifies(person(grade="Ⅰ", hired_on=day("2025-01-31"))) is None
    assert qualifies(person(grade=None, hired_on=day("2025-01-31"))) is None


def test_waiting_does_not_find_what_is_missing() -> None:
    assert qualifies(person(hired_on=None)) is None
    assert qualifies(person(), incidents=[Incident("1", None, "major")]) is None


def test_an_incident_of_unknown_severity_is_over_like_any_other() -> None:
    assert qualifies(person(), incidents=[Incident("1", day("2026-03-15"), None)]) == "2027-03-15"


def test_a_record_of_the_end_of_all_days_is_never_reached() -> None:
    assert qualifies(person(hired_on=date.max)) is None
    assert qualifies(person(hired_on=day("2025-01-31")), incidents=happened("9999-12-31")) == "2027-01-31"


days = st.dates(date(2024, 1, 28), date(2026, 4, 2))
nearly = st.one_of(days, st.sampled_from([day("2024-02-29"), day("2025-08-31"), day("2026-01-31"), day("2025-11-30")]))


@settings(max_examples=40)
@given(
    hired_on=nearly,
    occurred_on=st.lists(nearly, max_size=2),
    severity=st.sampled_from(["major", "minor", None]),
    held=st.lists(st.tuples(nearly, nearly), max_size=2),
    awarded_on=st.lists(nearly, max_size=1),
    within=st.sampled_from([1, 2, 3, 12]),
)
def test_it_is_the_first_day_on_which_screening_says_yes(
    *,
    hired_on: date,
    occurred_on: list[date],
    severity: str | None,
    held: list[tuple[date, date]],
    awarded_on: list[date],
    within: int,
) -> None:
    rules = Eligibility(tenure=TenureRule("hired_on", 6), incidents=IncidentsRule(("major",), within))
    channel = SpecialChannel((HonourKey("服务之星", 3), CertificateKey("CCMP")), 2)
    personnel = Personnel(
        [person(hired_on=hired_on)],
        incidents=[Incident("1", d, severity) for d in occurred_on],
        honours=[Honour("1", "服务之星", d) for d in awarded_on],
        certificates=[Certificate("1", "CCMP", None, *pair) for pair in held],
    )
    terms = policy(eligibility=rules, special_channel=channel, as_of=day("2025-06-30"))
    [now] = screen(terms, personnel)
    following = (terms.as_of + timedelta(days=n) for n in range(1, 900))
    first = next(d for d in following if next(screen(replace(terms, as_of=d), personnel)).eligible)
    assert now.qualifies_on == (None if now.eligible else first)
