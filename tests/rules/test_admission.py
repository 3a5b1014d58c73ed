"""Who takes part: the latest application counts, in time, of an eligible person."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.admission import admit
from rules.records import Application
from tests.rules.factories import CLOSES, IN_TIME, OPENS, policy

SECOND = timedelta(seconds=1)


def outcome(*applications: tuple[datetime, str], eligible: bool = True) -> str | None:
    rows = [Application("1", at, status) for at, status in applications]
    return admit(policy(), rows, {"1": eligible})["1"]


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (OPENS - SECOND, "early"),
        (OPENS, None),
        (IN_TIME, None),
        (CLOSES, None),
        (CLOSES + SECOND, "late"),
        (CLOSES + timedelta(microseconds=1), "late"),
    ],
)
def test_an_application_is_in_time_from_the_opening_to_the_closing_instant(at: datetime, expected: str | None) -> None:
    assert outcome((at, "submitted")) == expected


def test_an_instant_is_the_same_in_every_time_zone() -> None:
    assert outcome((CLOSES.astimezone(UTC), "submitted")) is None
    assert outcome(((CLOSES + SECOND).astimezone(UTC), "submitted")) == "late"


def test_who_is_not_eligible_does_not_take_part() -> None:
    assert outcome((IN_TIME, "submitted"), eligible=False) == "ineligible"
    assert admit(policy(), [Application("9", IN_TIME, "submitted")], {}) == {"9": "ineligible"}


def test_time_is_looked_at_before_eligibility_and_withdrawal_before_both() -> None:
    assert outcome((OPENS - SECOND, "submitted"), eligible=False) == "early"
    assert outcome((CLOSES + SECOND, "submitted"), eligible=False) == "late"
    assert outcome((CLOSES + SECOND, "withdrawn"), eligible=False) == "withdrawn"


def test_the_latest_application_counts_wherever_its_row_stands() -> None:
    early, late = (OPENS - SECOND, "submitted"), (IN_TIME, "submitted")
    assert outcome(early, late) is None
    assert outcome(late, early) is None
    assert outcome((CLOSES + SECOND, "submitted"), late) == "late"


def test_who_withdraws_and_applies_again_takes_part() -> None:
    assert outcome((IN_TIME, "withdrawn"), (IN_TIME + SECOND, "submitted")) is None
    assert outcome((IN_TIME, "submitted"), (IN_TIME + SECOND, "withdrawn")) == "withdrawn"
    assert outcome((IN_TIME, "submitted"), (CLOSES + SECOND, "withdrawn")) == "withdrawn"


def test_every_applicant_has_an_outcome_in_the_order_of_their_numbers_as_texts() -> None:
    rows = [Application(no, IN_TIME, "submitted") for no in ("10", "9", "007")]
    assert list(admit(policy(), rows, {})) == ["007", "10", "9"]


def test_nobody_applied() -> None:
    assert admit(policy(), [], {"1": True}) == {}


@given(
    st.lists(
        st.tuples(st.integers(-2, 12), st.sampled_from(["submitted", "withdrawn"])),
        min_size=1,
        unique_by=lambda application: application[0],
    ),
    st.randoms(use_true_random=False),
)
def test_only_the_latest_row_matters(applications: list[tuple[int, str]], chance: Random) -> None:
    rows = [(OPENS + timedelta(days=days), status) for days, status in applications]
    assert outcome(*chance.sample(rows, len(rows))) == outcome(max(rows))
