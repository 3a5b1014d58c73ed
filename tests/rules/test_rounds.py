"""A whole round, decided from its records: what comes out, for everybody, at every way out."""

import json
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from forms import bundles
from rules.policies import Eligibility, Final, Policy, Rounding, SeatMethod, TenureRule
from rules.records import Application, Evidence, Person, Personnel
from rules.rounds import decide, head_counts, results_json
from tests.rules.factories import (
    CLOSES,
    IN_TIME,
    OPENS,
    applied,
    attended,
    criterion,
    marks,
    person,
    policy,
    quota,
    review,
    sat,
    training,
)

SAMPLE = Path(__file__).parents[1] / "samples" / "2026q4-supervisor"
SECOND = timedelta(seconds=1)


def decided(terms: Policy, people: list[Person], **evidence: Any) -> dict[str, Any]:
    return results_json(terms, decide(terms, Personnel(people), Evidence(**evidence)))


def results(terms: Policy, people: list[Person], **evidence: Any) -> dict[str, Any]:
    return {r["staff_no"]: r for r in decided(terms, people, **evidence)["results"]}


def test_the_sample_gives_exactly_what_it_should() -> None:
    bundle = bundles.read(SAMPLE)
    found = results_json(bundle.policy, decide(bundle.policy, bundle.personnel, bundle.evidence))
    expected = json.loads((SAMPLE / "expected.json").read_text("utf-8"))
    shown = expected["screening"][0].keys()
    assert [{key: one[key] for key in shown} for one in found["screening"]] == expected["screening"]
    assert {key: found[key] for key in ("code", "quota", "results")} == {
        key: expected[key] for key in ("code", "quota", "results")
    }


def test_everybody_who_applied_has_a_result_and_nobody_else() -> None:
    people = [person(no) for no in ("1", "2", "3")]
    assert list(results(policy(), people, applications=applied("3", "1"))) == ["1", "3"]


def test_results_stand_in_the_order_of_numbers_as_texts() -> None:
    people = [person(no) for no in ("9", "010", "10", "A1")]
    found = decided(policy(), people, applications=applied("A1", "9", "10", "010"))
    for part in ("screening", "results"):
        assert [one["staff_no"] for one in found[part]] == ["010", "10", "9", "A1"]


def test_who_does_not_take_part_is_not_scored_though_there_are_marks() -> None:
    people = [person("1"), person("2"), person("3"), person("4", hired_on=None), person("5")]
    applications = [
        Application("1", IN_TIME, "withdrawn"),
        Application("2", OPENS - SECOND, "submitted"),
        Application("3", CLOSES + SECOND, "submitted"),
        *applied("4", "5"),
    ]
    rows = [row for no in "12345" for row in marks("90", no=no)]
    terms = policy(eligibility=Eligibility(tenure=TenureRule("hired_on", 1)))
    found = results(terms, people, applications=applications, marks=rows)
    assert {no: r["outcome"] for no, r in found.items()} == {
        "1": "withdrawn",
        "2": "early",
        "3": "late",
        "4": "ineligible",
        "5": "selected",
    }
    assert found["4"] == {"staff_no": "4", "components": {}, "final": None, "rank": None, "outcome": "ineligible"}


STAGES = (
    review("interview", criterion("speech"), pass_mark=Decimal(60)),
    training(2, "50", pass_mark=Decimal(60)),
    review("roleplay"),
)
THREE = Final({"interview": Decimal(50), "theory.exam": Decimal(50)}, Decimal(60))


@pytest.mark.parametrize(
    ("interview", "came", "exam", "roleplay", "outcome", "components"),
    [
        ("59.99", "present", "90", "90", "eliminated:interview", ["interview"]),
        (None, "present", "90", "90", "eliminated:interview", []),
        ("60", "absent", "90", "90", "eliminated:theory", ["interview", "theory.attendance", "theory.exam"]),
        ("60", "present", "59.99", "90", "eliminated:theory", ["interview", "theory.attendance", "theory.exam"]),
        ("60", "present", None, "90", "eliminated:theory", ["interview", "theory.attendance"]),
        ("60", "present", "90", None, "eliminated:roleplay", ["interview", "theory.attendance", "theory.exam"]),
        ("60", "present", "60", "0", "selected", ["interview", "roleplay", "theory.attendance", "theory.exam"]),
    ],
)
def test_who_leaves_at_a_stage_keeps_what_was_computed_up_to_there(  # noqa: PLR0917 - the columns of the table above
    interview: str | None, came: str, exam: str | None, roleplay: str | None, outcome: str, components: list[str]
) -> None:
    rows = marks(interview) if interview else []
    rows += [row._replace(stage="roleplay") for row in (marks(roleplay) if roleplay else [])]
    terms = policy(stages=STAGES, final=THREE)
    found = results(
        terms, [person()], applications=applied("1"), marks=rows, attendance=attended(came), exam=sat(product=exam)
    )["1"]
    assert (found["outcome"], list(found["components"])) == (outcome, components)
    assert (found["final"], found["rank"]) == (("60.00", 1) if outcome == "selected" else (None, None))


def test_below_the_final_pass_mark_the_final_score_stands_without_a_rank() -> None:
    terms = policy(final=Final({"interview": Decimal(100)}, Decimal(60)))
    found = results(terms, [person()], applications=applied("1"), marks=marks("59"))["1"]
    assert (found["final"], found["rank"], found["outcome"]) == ("59.00", None, "eliminated:final")


@pytest.mark.parametrize(("digits", "text"), [(0, "0"), (2, "0.00"), (7, "0.0000000"), (9, "0.000000000")])
def test_scores_are_texts_with_exactly_the_decimals_of_the_policy(digits: int, text: str) -> None:
    terms = policy(rounding=Rounding(digits))
    found = results(terms, [person()], applications=applied("1"), marks=marks("0"))["1"]
    assert (found["components"], found["final"]) == ({"interview": text}, text)


def test_a_line_without_seats_sends_nobody_beyond_a_short_list() -> None:
    people = [*(person(str(n)) for n in range(9)), person("v", business_line="vip")]
    rows = [*marks("70", no="1"), *marks("99", no="v")]
    terms = policy(stages=(review(advance_per_seat=3),))
    found = results(terms, people, applications=applied("1", "v"), marks=rows)
    assert {no: r["outcome"] for no, r in found.items()} == {"1": "selected", "v": "eliminated:interview"}


def test_seats_are_shared_over_everybody_on_the_list_eligible_or_not() -> None:
    people = [*(person(str(n), hired_on=None) for n in range(9)), person("v", business_line="vip")]
    terms = policy(quota=quota(10), eligibility=Eligibility(tenure=TenureRule("hired_on", 1)))
    assert decided(terms, people)["quota"] == {"phone": 9, "online": 0, "vip": 1}
    assert head_counts(terms, Personnel(people)) == {"phone": 9, "online": 0, "vip": 1}


def test_seats_are_shared_as_the_quota_says() -> None:
    people = [
        *(person(str(n)) for n in range(9)),
        person("o", business_line="online"),
        person("v", business_line="vip"),
    ]
    for terms, seats in (
        (quota(4), {"phone": 4, "online": 0, "vip": 0}),
        (quota(4, minimum=1), {"phone": 2, "online": 1, "vip": 1}),
        (quota(9, method=SeatMethod.LARGEST_REMAINDER), {"phone": 7, "online": 1, "vip": 1}),
        (quota(9, method=SeatMethod.DHONDT), {"phone": 9, "online": 0, "vip": 0}),
    ):
        assert decided(policy(quota=terms), people)["quota"] == seats


def test_a_round_in_which_nobody_applies_or_is_eligible_ends_with_its_seats_empty() -> None:
    nobody = policy(eligibility=Eligibility(tenure=TenureRule("hired_on", 24)))
    people = [person(hired_on=date(2026, 9, 1))]
    assert decided(nobody, people)["results"] == []
    assert results(nobody, people, applications=applied("1"))["1"]["outcome"] == "ineligible"


def test_a_round_without_seats_has_only_a_reserve() -> None:
    found = results(policy(quota=quota(0)), [person()], applications=applied("1"), marks=marks("90"))
    assert (found["1"]["rank"], found["1"]["outcome"]) == (1, "reserve")


def test_an_empty_centre_is_no_error() -> None:
    assert decided(policy(), []) == {
        "code": "T-1",
        "screening": [],
        "quota": {"phone": 0, "online": 0, "vip": 0},
        "results": [],
    }


def test_every_verdict_is_told_with_value_threshold_sources_and_reason() -> None:
    terms = policy(eligibility=Eligibility(tenure=TenureRule("hired_on", 24)))
    [screened] = decided(terms, [person(hired_on=date(2025, 1, 30))])["screening"]
    assert screened["details"]["tenure"] == {
        "value": "20",
        "threshold": "24",
        "sources": [["people", "hired_on", "2025-01-30"]],
        "reason": "工龄 20 个月，不足 24 个月：不通过",
    }
    assert (screened["verdicts"], screened["qualifies_on"]) == ({"tenure": "fail"}, "2027-01-30")
