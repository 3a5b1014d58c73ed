"""Final score, rank, seats: level people are never ordered by number or name, and never split."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.policies import Final, Policy, Rounding, RoundingMode, SeatMethod, Unused
from rules.ranking import Placed, final_score, place
from tests.rules.factories import person, policy, quota

VOID, BEST_SCORE, REAPPORTION = Unused
ONE = {"phone": 1}
HEADS = {"phone": 60, "online": 30, "vip": 10}
LONG_AGO = date(2010, 1, 1)


def weighed(weights: Mapping[str, str], *tie_break: str, least: str = "0", **changes: Any) -> Policy:
    """Return a policy with these final weights."""
    final = Final({key: Decimal(weight) for key, weight in weights.items()}, Decimal(least), tie_break)
    return policy(final=final, **changes)


def placed(
    terms: Policy,
    scores: Mapping[str, Mapping[str, str]],
    *,
    seats: Mapping[str, int] = ONE,
    lines: Mapping[str, str] | None = None,
    hired: Mapping[str, date | None] | None = None,
) -> tuple[dict[str, Placed], dict[str, Any]]:
    """Return the places of people with these components; by default all are of one line and hired together."""
    people = {
        no: person(no, business_line=(lines or {}).get(no, "phone"), hired_on=(hired or {}).get(no, LONG_AGO))
        for no in scores
    }
    components = {no: {key: Decimal(value) for key, value in one.items()} for no, one in scores.items()}
    heads = {line: n for line, n in HEADS.items() if line in seats} | {line: 1 for line in seats if line not in HEADS}
    return place(terms, people, components, seats, heads)


def plain(scores: Mapping[str, str], **how: Any) -> dict[str, str]:
    """Return the outcomes of people with these final scores; ``unused`` says what becomes of unused seats."""
    terms = policy(quota=quota(unused=how.pop("unused", VOID), method=how.pop("method", SeatMethod.SAINTE_LAGUE)))
    return outcomes(placed(terms, {no: {"interview": score} for no, score in scores.items()}, **how)[0])


def outcomes(places: Mapping[str, Placed]) -> dict[str, str]:
    return {no: one.outcome for no, one in places.items()}


def grouped(found: Mapping[str, str]) -> dict[str, str]:
    """Return who has which outcome, by number."""
    return {outcome: " ".join(sorted(no for no in found if found[no] == outcome)) for outcome in found.values()}


def ranks(places: Mapping[str, Placed]) -> dict[str, int | None]:
    return {no: one.rank for no, one in places.items()}


def by_prefix(*lines: str) -> dict[str, str]:
    """Return the lines of people whose numbers begin with ``p``, ``o`` or ``v``."""
    names = {"p": "phone", "o": "online", "v": "vip"}
    return {no: names[no[0]] for no in lines}


def test_the_final_score_weighs_the_rounded_components_and_is_rounded_once_more() -> None:
    terms = weighed({"theory.exam": "30", "theory.attendance": "10", "roleplay": "40", "rotation": "20"})
    components = {"theory.exam": "77.77", "theory.attendance": "87.50", "roleplay": "81.33", "rotation": "79.25"}
    final, working = final_score(terms, {key: Decimal(value) for key, value in components.items()})
    assert str(final) == "80.46"  # 23.331 + 8.75 + 32.532 + 15.85 = 80.463
    assert working["sum"] == "80.463"
    assert working["terms"][0] == {"component": "theory.exam", "weight": "30", "value": "77.77", "product": "23.331"}


@pytest.mark.parametrize(
    ("rounding", "final"),
    [
        (Rounding(), "60.00"),
        (Rounding(2, RoundingMode.TRUNCATE), "59.99"),
        (Rounding(3), "59.995"),
        (Rounding(0), "60"),
        (Rounding(9), "59.995000000"),
    ],
)
def test_the_policy_says_how_the_final_score_is_rounded(rounding: Rounding, final: str) -> None:
    terms = weighed({"a": "50", "b": "50"}, rounding=rounding)
    value, _working = final_score(terms, {"a": Decimal("59.99"), "b": Decimal("60.00")})
    assert str(value) == final


def test_a_component_without_weight_does_not_count_though_it_was_scored() -> None:
    final, _working = final_score(weighed({"a": "100"}), {"a": Decimal("60.00"), "b": Decimal("99.00")})
    assert str(final) == "60.00"


def test_below_the_final_pass_mark_people_have_a_score_but_no_rank() -> None:
    places, _working = placed(weighed({"a": "100"}, least="60"), {"1": {"a": "59.99"}, "2": {"a": "60.00"}})
    assert places["1"][:3] == (Decimal("59.99"), None, "eliminated:final")
    assert places["2"][:3] == (Decimal("60.00"), 1, "selected")


def test_it_is_the_rounded_final_score_that_must_reach_the_pass_mark() -> None:
    half = {"a": "50", "b": "50"}
    score = {"1": {"a": "59.99", "b": "60.00"}}  # 59.995
    assert outcomes(placed(weighed(half, least="60"), score)[0]) == {"1": "selected"}
    down = Rounding(2, RoundingMode.TRUNCATE)
    assert outcomes(placed(weighed(half, least="60", rounding=down), score)[0]) == {"1": "eliminated:final"}


def test_level_people_share_the_rank_and_the_next_one_is_skipped() -> None:
    places, _working = placed(
        policy(), {no: {"interview": s} for no, s in {"9": "80", "1": "80", "5": "70", "3": "90"}.items()}
    )
    assert ranks(places) == {"3": 1, "9": 2, "1": 2, "5": 4}
    places, _working = placed(policy(), {no: {"interview": s} for no, s in {"1": "90", "2": "90", "3": "80"}.items()})
    assert ranks(places) == {"1": 1, "2": 1, "3": 3}


def test_the_rank_is_over_all_lines() -> None:
    places, _working = placed(
        policy(),
        {no: {"interview": s} for no, s in {"p1": "80", "v1": "90", "o1": "85"}.items()},
        seats={"phone": 1, "online": 1, "vip": 1},
        lines=by_prefix("p1", "v1", "o1"),
    )
    assert ranks(places) == {"v1": 1, "o1": 2, "p1": 3}


def test_level_finals_are_told_apart_by_the_chain_in_its_order() -> None:
    half = {"a": "50", "b": "50"}
    scores = {"1": {"a": "70", "b": "90"}, "2": {"a": "90", "b": "70"}}
    assert ranks(placed(weighed(half, "a", "b"), scores)[0]) == {"2": 1, "1": 2}
    assert ranks(placed(weighed(half, "b", "a"), scores)[0]) == {"1": 1, "2": 2}
    assert ranks(placed(weighed(half), scores)[0]) == {"1": 1, "2": 1}


def test_a_component_that_is_not_weighed_may_break_a_tie() -> None:
    scores = {"1": {"a": "80", "c": "1.00"}, "2": {"a": "80", "c": "2.00"}}
    assert ranks(placed(weighed({"a": "100"}, "c"), scores)[0]) == {"2": 1, "1": 2}


def test_the_chain_never_turns_the_order_of_finals_round() -> None:
    scores = {"1": {"a": "80.01", "b": "0"}, "2": {"a": "80.00", "b": "100"}}
    assert ranks(placed(weighed({"a": "100"}, "b"), scores)[0]) == {"1": 1, "2": 2}


def test_by_tenure_who_was_hired_earlier_goes_first_and_unknown_days_come_last() -> None:
    hired = {"1": None, "2": date(2020, 1, 2), "3": date(2020, 1, 1), "4": None, "5": date(9999, 12, 31)}
    places, _working = placed(weighed({"a": "100"}, "tenure"), {no: {"a": "80"} for no in hired}, hired=hired)
    assert ranks(places) == {"3": 1, "2": 2, "5": 3, "1": 4, "4": 4}


def test_the_chain_may_go_on_after_tenure() -> None:
    terms = weighed({"a": "100"}, "tenure", "b")
    scores = {"1": {"a": "80", "b": "1"}, "2": {"a": "80", "b": "2"}, "3": {"a": "80", "b": "3"}}
    hired = {"1": date(2019, 1, 1), "2": None, "3": None}
    assert ranks(placed(terms, scores, hired=hired)[0]) == {"1": 1, "3": 2, "2": 3}


def test_how_a_tie_was_broken_is_kept_step_by_step() -> None:
    terms = weighed({"a": "100"}, "b", "tenure")
    scores = {
        "1": {"a": "80", "b": "5"},
        "2": {"a": "80", "b": "6"},
        "3": {"a": "80", "b": "5"},
        "4": {"a": "70", "b": "0"},
    }
    hired = {"1": date(2020, 1, 1), "3": date(2019, 1, 1)}
    _places, working = placed(terms, scores, hired=hired)
    assert working["ties"] == [
        {
            "final": "80.00",
            "people": ["2", "3", "1"],
            "steps": [{"by": "b", "level": [["2"], ["3", "1"]]}, {"by": "tenure", "level": [["2"], ["3"], ["1"]]}],
        }
    ]


def test_each_line_gives_its_seats_to_its_own_best() -> None:
    scores = {"p1": "90", "p2": "85", "p3": "80", "v1": "60", "v2": "50"}
    assert grouped(plain(scores, lines=by_prefix(*scores), seats={"phone": 2, "vip": 1})) == {
        "selected": "p1 p2 v1",
        "reserve": "p3 v2",
    }


def test_a_level_group_larger_than_the_seats_left_takes_none_and_the_seats_are_held() -> None:
    scores = {"1": "90", "2": "80", "3": "80", "4": "70"}
    assert plain(scores, seats={"phone": 2}) == {"1": "selected", "2": "tied", "3": "tied", "4": "reserve"}
    assert plain(scores, seats={"phone": 3}) == {"1": "selected", "2": "selected", "3": "selected", "4": "reserve"}
    _places, working = placed(policy(), {no: {"interview": s} for no, s in scores.items()}, seats={"phone": 2})
    assert working["lines"]["phone"] == {"seats": 2, "selected": ["1"], "tied": ["2", "3"], "held": 1, "unused": 0}


def test_with_no_seat_left_a_level_group_is_in_reserve() -> None:
    scores = {"1": "90", "2": "80", "3": "80"}
    assert plain(scores, seats={"phone": 1}) == {"1": "selected", "2": "reserve", "3": "reserve"}
    assert plain(scores, seats={"phone": 0}) == dict.fromkeys("123", "reserve")


def test_people_who_are_level_in_different_lines_are_no_tie_for_a_seat() -> None:
    scores = {"p1": "80", "v1": "80"}
    assert plain(scores, lines=by_prefix(*scores), seats={"phone": 1, "vip": 1}) == dict.fromkeys(scores, "selected")


def test_unused_seats_stay_empty_by_default() -> None:
    scores = {"p1": "90", "p2": "80", "v1": "70"}
    assert grouped(plain(scores, lines=by_prefix(*scores), seats={"phone": 1, "vip": 3})) == {
        "selected": "p1 v1",
        "reserve": "p2",
    }


def test_by_best_score_unused_seats_go_to_the_best_of_all_lines() -> None:
    scores = {"p1": "90", "p2": "80", "p3": "70", "o1": "85", "o2": "75"}
    seats = {"phone": 1, "online": 1, "vip": 2}
    assert grouped(plain(scores, lines=by_prefix(*scores), seats=seats, unused=BEST_SCORE)) == {
        "selected": "o1 o2 p1 p2",
        "reserve": "p3",
    }


def test_by_best_score_the_rule_for_level_groups_applies_again_across_lines() -> None:
    scores = {"p1": "90", "p2": "80", "o1": "85", "o2": "80", "p3": "70"}
    seats = {"phone": 1, "online": 1, "vip": 1}
    found = plain(scores, lines=by_prefix(*scores), seats=seats, unused=BEST_SCORE)
    assert found == {"p1": "selected", "o1": "selected", "p2": "tied", "o2": "tied", "p3": "reserve"}


@pytest.mark.parametrize("unused", [BEST_SCORE, REAPPORTION])
def test_while_anyone_is_tied_unused_seats_are_held(unused: Unused) -> None:
    scores = {"p1": "90", "p2": "90", "o1": "85", "o2": "75"}
    seats = {"phone": 1, "online": 1, "vip": 1}
    found = plain(scores, lines=by_prefix(*scores), seats=seats, unused=unused)
    assert found == {"p1": "tied", "p2": "tied", "o1": "selected", "o2": "reserve"}
    terms = policy(quota=quota(unused=unused))
    everyone = {no: {"interview": s} for no, s in scores.items()}
    _places, working = placed(terms, everyone, lines=by_prefix(*scores), seats=seats)
    assert working["unused"] == {"seats": 1, "rule": unused.value, "held": 1}


def test_reapportioned_seats_are_shared_by_head_count_among_lines_that_still_have_people() -> None:
    scores = {"p1": "90", "p2": "60", "p3": "59", "p4": "58", "o1": "85", "o2": "84", "o3": "83"}
    seats = {"phone": 1, "online": 1, "vip": 3}
    # 60 and 30 people: by Sainte-Laguë three seats are two and one, though the online line has the better scores.
    assert grouped(plain(scores, lines=by_prefix(*scores), seats=seats, unused=REAPPORTION)) == {
        "selected": "o1 o2 p1 p2 p3",
        "reserve": "o3 p4",
    }


def test_reapportioning_uses_the_method_of_the_quota() -> None:
    scores = {"p1": "90", "p2": "60", "p3": "59", "p4": "58", "o1": "85", "o2": "84"}
    seats = {"phone": 1, "online": 1, "vip": 2}
    for method, online in ((SeatMethod.SAINTE_LAGUE, "selected"), (SeatMethod.DHONDT, "reserve")):
        found = plain(scores, lines=by_prefix(*scores), seats=seats, unused=REAPPORTION, method=method)
        assert found["o2"] == online  # 60÷1, then 30÷1 against 60÷3 or 60÷2, where the larger line goes first


def test_reapportioned_seats_that_a_line_cannot_take_go_on_to_the_others() -> None:
    scores = {"p1": "90", "p2": "60", "o1": "85", "o2": "84", "o3": "83", "o4": "82"}
    seats = {"phone": 1, "online": 1, "vip": 3}
    found = plain(scores, lines=by_prefix(*scores), seats=seats, unused=REAPPORTION)
    assert found == {
        "p1": "selected",
        "p2": "selected",
        "o1": "selected",
        "o2": "selected",
        "o3": "selected",
        "o4": "reserve",
    }


def test_reapportioned_seats_that_no_line_can_take_stay_empty() -> None:
    scores = {"p1": "90", "p2": "60", "o1": "85"}
    seats = {"phone": 1, "online": 1, "vip": 3}
    terms = policy(quota=quota(unused=REAPPORTION))
    everyone = {no: {"interview": s} for no, s in scores.items()}
    places, working = placed(terms, everyone, lines=by_prefix(*scores), seats=seats)
    assert outcomes(places) == dict.fromkeys(scores, "selected")
    assert working["unused"]["lines"] == {"phone": {"seats": 1, "selected": ["p2"], "tied": [], "held": 0}}


def test_reapportioned_seats_may_end_in_a_tie() -> None:
    scores = {"p1": "90", "p2": "60", "p3": "60", "o1": "85"}
    found = plain(scores, lines=by_prefix(*scores), seats={"phone": 1, "online": 2}, unused=REAPPORTION)
    assert found == {"p1": "selected", "p2": "tied", "p3": "tied", "o1": "selected"}


def test_reapportioning_starts_from_nothing_and_without_a_minimum() -> None:
    scores = {"p1": "90", "p2": "60", "p3": "59", "v1": "85", "v2": "84"}
    terms = policy(quota=quota(unused=REAPPORTION, minimum=1))
    everyone = {no: {"interview": s} for no, s in scores.items()}
    seats = {"phone": 1, "online": 2, "vip": 1}
    places, _working = placed(terms, everyone, lines=by_prefix(*scores), seats=seats)
    assert outcomes(places)["v2"] == "reserve"  # 60÷1, 60÷3, then 10÷1: both seats are for the phone line


def test_a_round_without_finalists_ends_without_places() -> None:
    places, working = placed(policy(quota=quota(unused=REAPPORTION)), {})
    assert (places, working["unused"]["seats"], working["ties"]) == ({}, 1, [])


numbers = [f"{line}{n}" for line in "pov" for n in range(5)]
finals = st.dictionaries(st.sampled_from(numbers), st.integers(55, 62).map(str), max_size=12)
seat_numbers = st.fixed_dictionaries({line: st.integers(0, 4) for line in HEADS})
rules = st.sampled_from(Unused)


@given(finals, seat_numbers, rules)
def test_level_people_are_never_split(scores: dict[str, str], seats: dict[str, int], unused: Unused) -> None:
    found = plain(scores, lines=by_prefix(*scores), seats=seats, unused=unused)
    for no, score in scores.items():
        for other, same in scores.items():
            if other[0] == no[0] and same == score:
                assert found[other] == found[no]


@given(finals, seat_numbers, rules)
def test_nobody_is_passed_over_by_a_worse_one_of_their_line(
    scores: dict[str, str], seats: dict[str, int], unused: Unused
) -> None:
    found = plain(scores, lines=by_prefix(*scores), seats=seats, unused=unused)
    order = {"selected": 0, "tied": 1, "reserve": 2}
    for better, high in scores.items():
        for worse, low in scores.items():
            if better[0] == worse[0] and int(high) > int(low):
                assert order[found[better]] <= order[found[worse]]


@given(finals, seat_numbers, rules)
def test_no_seat_is_given_twice_and_every_line_keeps_its_own(
    scores: dict[str, str], seats: dict[str, int], unused: Unused
) -> None:
    found = plain(scores, lines=by_prefix(*scores), seats=seats, unused=unused)
    taken = Counter(by_prefix(no)[no] for no, outcome in found.items() if outcome == "selected")
    assert taken.total() <= sum(seats.values())
    for line, n in seats.items():
        there = [outcome for no, outcome in found.items() if by_prefix(no)[no] == line]
        if unused is VOID:
            assert taken[line] <= n
        if "tied" not in there:
            assert taken[line] >= min(n, len(there))


@given(finals, seat_numbers, rules)
def test_a_seat_stays_empty_only_for_want_of_people_or_for_a_tie(
    scores: dict[str, str], seats: dict[str, int], unused: Unused
) -> None:
    found = list(plain(scores, lines=by_prefix(*scores), seats=seats, unused=unused).values())
    if unused is not VOID and "tied" not in found:
        assert found.count("selected") == min(sum(seats.values()), len(found))


@given(finals, seat_numbers, rules, st.randoms(use_true_random=False))
def test_numbers_and_names_decide_nothing(
    scores: dict[str, str], seats: dict[str, int], unused: Unused, chance: Random
) -> None:
    other = {no: no[0] + str(9 - int(no[1])) for no in scores}
    shuffled = chance.sample(list(scores), len(scores))
    before = plain(scores, lines=by_prefix(*scores), seats=seats, unused=unused)
    after = plain(
        {other[no]: scores[no] for no in shuffled}, lines=by_prefix(*other.values()), seats=seats, unused=unused
    )
    assert {no: after[other[no]] for no in scores} == before


@given(st.dictionaries(st.integers(0, 99).map(str), st.integers(0, 12).map(str), max_size=15))
def test_a_rank_is_one_more_than_the_number_of_those_who_are_better(scores: dict[str, str]) -> None:
    places, _working = placed(policy(), {no: {"interview": s} for no, s in scores.items()})
    for no, score in scores.items():
        assert places[no].rank == 1 + sum(int(other) > int(score) for other in scores.values())
