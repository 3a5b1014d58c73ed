"""The gate of a stage: the kind's own reason, the pass mark, then the short list."""

from collections.abc import Mapping
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.policies import StagePolicy
from rules.scoring import Scored
from rules.stages import KINDS, pass_gate
from tests.rules.factories import review, training

SHORT = review(advance_per_seat=3)


def leaves(
    stage: StagePolicy,
    values: Mapping[str, str | None],
    *,
    seats: Mapping[str, int] | None = None,
    lines: Mapping[str, str] | None = None,
) -> dict[str, str | None]:
    """Return who leaves with these values at the gate; ``None``: too few sheets."""
    scored = {
        no: Scored({}, {}, "quorum") if value is None else Scored({KINDS[stage.kind].gate(stage): Decimal(value)}, {})
        for no, value in values.items()
    }
    return pass_gate(stage, scored, lines or dict.fromkeys(values, "phone"), seats or {"phone": 1, "vip": 0})


def go_on(stage: StagePolicy, values: Mapping[str, str | None], **how: Mapping[str, str] | Mapping[str, int]) -> str:
    return "".join(no for no, leave in leaves(stage, values, **how).items() if leave is None)  # type: ignore[arg-type]


def test_below_the_pass_mark_people_leave_and_at_it_they_go_on() -> None:
    stage = review(pass_mark=Decimal(60))
    assert leaves(stage, {"a": "60.00", "b": "59.99", "c": "100.00"}) == {"a": None, "b": "pass_mark", "c": None}


def test_without_a_pass_mark_a_zero_goes_on() -> None:
    assert go_on(review(), {"a": "0.00"}) == "a"


def test_the_kinds_own_reason_comes_first() -> None:
    assert leaves(review(pass_mark=Decimal(60)), {"a": None}) == {"a": "quorum"}


def test_at_training_the_pass_mark_looks_at_the_exam() -> None:
    stage = training(pass_mark=Decimal(60))
    scores = {"theory.attendance": Decimal("10.00"), "theory.exam": Decimal("60.00")}
    assert pass_gate(stage, {"a": Scored(scores, {})}, {"a": "phone"}, {"phone": 1}) == {"a": None}
    scores = {"theory.attendance": Decimal("100.00"), "theory.exam": Decimal("59.99")}
    assert pass_gate(stage, {"a": Scored(scores, {})}, {"a": "phone"}, {"phone": 1}) == {"a": "pass_mark"}


def test_three_for_each_seat_go_on() -> None:
    values = {"a": "90", "b": "80", "c": "70", "d": "60"}
    assert go_on(SHORT, values) == "abc"
    assert leaves(SHORT, values)["d"] == "short_list"
    assert go_on(SHORT, dict.fromkeys("abcdefgh", "1"), seats={"phone": 2}) == "abcdefgh"
    assert go_on(SHORT, {**values, "e": "50", "f": "40", "g": "30"}, seats={"phone": 2}) == "abcdef"


def test_everyone_level_with_the_last_goes_on_too() -> None:
    assert go_on(SHORT, {"a": "90", "b": "80", "c": "70", "d": "70", "e": "70", "f": "69.99"}) == "abcde"


def test_each_line_has_its_own_short_list() -> None:
    lines = {"a": "phone", "b": "phone", "c": "vip", "d": "vip"}
    values = {"a": "90", "b": "80", "c": "20", "d": "10"}
    assert go_on(review(advance_per_seat=1), values, lines=lines, seats={"phone": 1, "vip": 1}) == "ac"


def test_a_line_without_seats_sends_nobody() -> None:
    lines = {"a": "phone", "b": "vip"}
    assert leaves(SHORT, {"a": "10", "b": "100"}, lines=lines) == {"a": None, "b": "short_list"}
    assert leaves(review(), {"a": "10", "b": "100"}, lines=lines) == {"a": None, "b": None}


def test_who_has_left_already_takes_no_place_on_the_short_list() -> None:
    stage = review(pass_mark=Decimal(60), advance_per_seat=1)
    assert leaves(stage, {"a": "59", "b": None, "c": "61", "d": "60"}) == {
        "a": "pass_mark",
        "b": "quorum",
        "c": None,
        "d": "short_list",
    }


def test_nobody_may_be_left_for_a_short_list() -> None:
    assert leaves(review(pass_mark=Decimal(60), advance_per_seat=1), {"a": "59"}) == {"a": "pass_mark"}
    assert leaves(SHORT, {}) == {}


def test_every_kind_is_registered_under_its_own_name() -> None:
    assert {name: kind.name for name, kind in KINDS.items()} == {name: name for name in KINDS}
    assert {"review", "training"} <= KINDS.keys()


@pytest.mark.parametrize("per_seat", [1, 2, 3])
@given(
    st.dictionaries(st.integers(0, 30).map(str), st.integers(0, 10).map(str), max_size=12),
    st.integers(0, 3),
)
def test_a_short_list_takes_the_best_never_fewer_than_its_places_and_never_splits_level_people(
    per_seat: int, values: dict[str, str], seats: int
) -> None:
    out = leaves(review(advance_per_seat=per_seat), values, seats={"phone": seats})
    inside = [int(values[no]) for no, leave in out.items() if leave is None]
    outside = [int(values[no]) for no, leave in out.items() if leave is not None]
    assert len(inside) >= min(len(values), per_seat * seats)
    assert not (inside and outside) or min(inside) > max(outside)
    if seats and inside:
        assert len([v for v in inside if v > min(inside)]) < per_seat * seats
    if not seats:
        assert inside == []
