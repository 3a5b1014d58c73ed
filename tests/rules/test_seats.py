"""Seats of the business lines: exact shares by three methods, with a minimum, with published ties, and with limits."""

from collections.abc import Mapping
from fractions import Fraction
from hashlib import sha256
from itertools import pairwise
from math import ceil, floor
from random import Random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rules.policies import SeatMethod
from rules.seats import Allotment, allot, allot_bounded, digest

SAINTE_LAGUE, DHONDT, LARGEST_REMAINDER = SeatMethod
PUBLISHED = {"phone": 168, "online": 97, "vip": 35}

methods = st.sampled_from(SeatMethod)
divisor_methods = st.sampled_from([SAINTE_LAGUE, DHONDT])
lines = st.dictionaries(st.sampled_from("abcdefg"), st.integers(0, 60), min_size=1)
places = st.integers(0, 40)


def shared(n: int, heads: Mapping[str, int], method: SeatMethod, *, minimum: int = 0, code: str = "T-1") -> Allotment:
    return allot(n, heads, method=method, minimum=minimum, code=code)


def seats(n: int, method: SeatMethod, *heads: int, minimum: int = 0, code: str = "T-1") -> list[int]:
    """Return the seats of the lines a, b, c … with so many people each."""
    named = dict(zip("abcdefg", heads, strict=False))
    return list(shared(n, named, method, minimum=minimum, code=code).seats.values())


def bounded(n: int, heads: Mapping[str, int], most: Mapping[str, int], method: SeatMethod) -> dict[str, int]:
    return allot_bounded(n, heads, most=most, method=method, code="T-1").seats


@pytest.mark.parametrize(
    ("method", "given_to"), [(SAINTE_LAGUE, [11, 7, 2]), (DHONDT, [12, 6, 2]), (LARGEST_REMAINDER, [11, 7, 2])]
)
def test_the_published_example_of_20_seats(method: SeatMethod, given_to: list[int]) -> None:
    assert list(shared(20, PUBLISHED, method).seats.values()) == given_to


@pytest.mark.parametrize(
    ("method", "given_to"), [(SAINTE_LAGUE, [53, 24, 23]), (DHONDT, [54, 23, 23]), (LARGEST_REMAINDER, [53, 24, 23])]
)
def test_dhondt_favours_the_largest(method: SeatMethod, given_to: list[int]) -> None:
    assert seats(100, method, 5300, 2350, 2350, code="0") in (given_to, [given_to[0], given_to[2], given_to[1]])


def test_one_seat_more_can_cost_a_line_one_by_largest_remainder_only() -> None:
    assert seats(10, LARGEST_REMAINDER, 6, 6, 2) == [4, 4, 2]
    assert seats(11, LARGEST_REMAINDER, 6, 6, 2) == [5, 5, 1]  # the Alabama paradox
    assert [seats(n, SAINTE_LAGUE, 6, 6, 2)[2] for n in (10, 11, 12)] == [1, 1, 2]


def test_whole_quotas_come_before_remainders() -> None:
    assert seats(4, LARGEST_REMAINDER, 79, 11, 10) == [3, 1, 0]  # quotas 3.16, 0.44, 0.40
    assert seats(4, LARGEST_REMAINDER, 60, 30, 10) == [3, 1, 0]  # quotas 2.4, 1.2, 0.4: the larger of level remainders
    assert seats(5, LARGEST_REMAINDER, 60, 20, 20) == [3, 1, 1]


@pytest.mark.parametrize("method", SeatMethod)
def test_a_line_with_nobody_gets_no_seat_and_no_minimum(method: SeatMethod) -> None:
    assert seats(6, method, 10, 0, 10, minimum=2) == [3, 0, 3]


@pytest.mark.parametrize("method", SeatMethod)
def test_a_centre_without_people_gives_no_seats(method: SeatMethod) -> None:
    assert seats(6, method, 0, 0) == [0, 0]


@pytest.mark.parametrize("method", SeatMethod)
def test_a_round_without_seats_gives_none(method: SeatMethod) -> None:
    assert seats(0, method, 10, 20) == [0, 0]


@pytest.mark.parametrize(
    ("method", "given_to"), [(SAINTE_LAGUE, [11, 6, 3]), (DHONDT, [11, 6, 3]), (LARGEST_REMAINDER, [11, 6, 3])]
)
def test_every_line_has_its_minimum(method: SeatMethod, given_to: list[int]) -> None:
    assert list(shared(20, PUBLISHED, method, minimum=3).seats.values()) == given_to


def test_divisor_methods_go_on_from_the_minimum() -> None:
    assert seats(12, SAINTE_LAGUE, 50, 9, 1, minimum=1) == [9, 2, 1]  # 50÷17 is less than 9÷3, which is less than 50÷15
    assert seats(12, DHONDT, 50, 9, 1, minimum=1) == [10, 1, 1]


def test_one_minimum_may_put_another_line_below_it() -> None:
    # Quotas 7.14, 2.14, 0.71: c gets 2. The rest of 8: 6.15, 1.85: b gets 2 as well, and 6 are left for a.
    assert seats(10, LARGEST_REMAINDER, 100, 30, 10, minimum=2) == [6, 2, 2]


def test_a_quota_of_exactly_the_minimum_is_not_below_it() -> None:
    # Quotas 4.5, 4.5, 1: nobody is short, and of two level remainders the published digest decides.
    assert sorted(seats(10, LARGEST_REMAINDER, 45, 45, 10, minimum=1)) == [1, 4, 5]


def test_seats_that_only_just_suffice_are_the_minimum_of_every_line() -> None:
    for method in SeatMethod:
        assert seats(6, method, 100, 10, 1, minimum=2) == [2, 2, 2]


def test_at_a_tie_the_larger_line_goes_first() -> None:
    assert seats(2, SAINTE_LAGUE, 10, 30) == [0, 2]  # 30÷3 = 10÷1
    assert seats(3, DHONDT, 10, 30) == [0, 3]
    assert seats(2, LARGEST_REMAINDER, 25, 75) == [0, 2]  # quotas 0.5, 1.5


@pytest.mark.parametrize("method", SeatMethod)
@pytest.mark.parametrize("code", [f"2026Q{n}-SUP" for n in range(1, 9)])
def test_between_lines_of_one_size_the_published_digest_decides(method: SeatMethod, code: str) -> None:
    in_order = sorted("ab", key=lambda line: sha256(f"{code}:{line}".encode()).hexdigest())
    assert shared(1, {"a": 10, "b": 10}, method, code=code).seats == {in_order[0]: 1, in_order[1]: 0}


def test_the_digest_is_of_code_and_line_in_utf8() -> None:
    assert digest("2026年-1", "电话") == sha256("2026年-1:电话".encode()).hexdigest()


def test_the_arithmetic_of_a_divisor_method_is_kept_seat_by_seat() -> None:
    working = shared(3, {"a": 7, "b": 5}, SAINTE_LAGUE, minimum=1).working
    assert working == [
        {"line": "a", "minimum": 1},
        {"line": "b", "minimum": 1},
        {"seat": 3, "line": "a", "quotients": {"a": "7/3", "b": "5/3"}, "level": []},
    ]
    [step] = shared(1, {"a": 7, "b": 7, "c": 1}, DHONDT).working
    assert step["level"] == ["a", "b"]


def test_the_arithmetic_of_largest_remainder_is_kept_step_by_step() -> None:
    assert shared(10, {"a": 100, "b": 30, "c": 10}, LARGEST_REMAINDER, minimum=2).working == [
        {"quotas": {"a": "50/7", "b": "15/7", "c": "5/7"}, "minimum": {"c": 2}},
        {"quotas": {"a": "80/13", "b": "24/13"}, "minimum": {"b": 2}},
        {"quotas": {"a": "6"}, "seats": {"a": 6}},
    ]


def test_what_is_above_a_lines_people_goes_on_to_the_others() -> None:
    heads = {"a": 60, "b": 30, "c": 10}
    for method in SeatMethod:
        assert bounded(6, heads, {"a": 9, "b": 9, "c": 9}, method) == shared(6, heads, method).seats
        assert bounded(6, heads, {"a": 1, "b": 9, "c": 9}, method) == {"a": 1, "b": 4, "c": 1}


def test_the_excess_may_fill_another_line_whose_excess_goes_on_again() -> None:
    heads, most = {"a": 60, "b": 30, "c": 10}, {"a": 1, "b": 2, "c": 9}
    for method in SeatMethod:
        assert bounded(6, heads, most, method) == {"a": 1, "b": 2, "c": 3}


def test_a_line_that_is_just_full_has_nothing_to_pass_on() -> None:
    # Quotas 0.46, 1.15, 1.38. Were b taken out with its seat, the others would share two: 0.5 and 1.5, both for c.
    assert bounded(3, {"a": 2, "b": 5, "c": 6}, {"a": 9, "b": 1, "c": 9}, LARGEST_REMAINDER) == {"a": 1, "b": 1, "c": 1}


def test_what_no_line_can_take_stays_over() -> None:
    for method in SeatMethod:
        assert bounded(6, {"a": 60, "b": 30}, {"a": 1, "b": 2}, method) == {"a": 1, "b": 2}


@given(places, lines, methods)
def test_all_seats_are_given_if_there_is_anybody(n: int, heads: dict[str, int], method: SeatMethod) -> None:
    given_to = shared(n, heads, method).seats
    assert given_to.keys() == heads.keys()
    assert sum(given_to.values()) == (n if any(heads.values()) else 0)
    assert all(given_to[line] == 0 for line, people in heads.items() if not people)


@given(places, lines, methods, st.integers(0, 5))
def test_no_line_with_people_stays_below_the_minimum(
    n: int, heads: dict[str, int], method: SeatMethod, least: int
) -> None:
    n += least * len(heads)  # the policy must have so many
    given_to = shared(n, heads, method, minimum=least).seats
    assert all(given_to[line] >= least for line, people in heads.items() if people)
    assert sum(given_to.values()) == (n if any(heads.values()) else 0)


@given(places, lines, st.integers(0, 3), methods)
def test_a_larger_line_never_has_fewer_seats(n: int, heads: dict[str, int], least: int, method: SeatMethod) -> None:
    given_to = shared(n + least * len(heads), heads, method, minimum=least).seats
    for smaller, larger in pairwise(sorted(heads, key=heads.__getitem__)):
        assert heads[smaller] == heads[larger] or given_to[smaller] <= given_to[larger]


@given(places, lines, st.integers(0, 3), methods, st.randoms(use_true_random=False))
def test_the_order_of_the_lines_does_not_matter(
    n: int, heads: dict[str, int], least: int, method: SeatMethod, chance: Random
) -> None:
    shuffled = list(heads.items())
    chance.shuffle(shuffled)
    n += least * len(heads)
    assert shared(n, dict(shuffled), method, minimum=least).seats == shared(n, heads, method, minimum=least).seats


@given(places, lines)
def test_largest_remainder_stays_within_one_of_the_quota(n: int, heads: dict[str, int]) -> None:
    assume(any(heads.values()))
    for line, given_to in shared(n, heads, LARGEST_REMAINDER).seats.items():
        quota = Fraction(n * heads[line], sum(heads.values()))
        assert floor(quota) <= given_to <= ceil(quota)


@given(places, lines)
def test_dhondt_never_gives_less_than_the_whole_quota(n: int, heads: dict[str, int]) -> None:
    assume(any(heads.values()))
    for line, given_to in shared(n, heads, DHONDT).seats.items():
        assert given_to >= n * heads[line] // sum(heads.values())


@given(places, lines, divisor_methods, st.integers(0, 3))
def test_one_seat_more_never_costs_a_line_one(n: int, heads: dict[str, int], method: SeatMethod, least: int) -> None:
    n += least * len(heads)
    before, after = (shared(seats, heads, method, minimum=least).seats for seats in (n, n + 1))
    assert all(after[line] >= before[line] for line in heads)


@given(places, lines, divisor_methods)
def test_no_seat_would_be_better_placed_elsewhere(n: int, heads: dict[str, int], method: SeatMethod) -> None:
    """The last seat that any line took was worth at least the next that any other could take."""
    given_to = shared(n, heads, method).seats
    step, first = (2, 1) if method is SAINTE_LAGUE else (1, 1)
    last = [Fraction(heads[x], step * (s - 1) + first) for x, s in given_to.items() if s]
    following = [Fraction(heads[x], step * s + first) for x, s in given_to.items()]
    assert not last or min(last) >= max(following)


@given(places, lines, methods, st.data())
def test_nobody_takes_more_than_they_can_and_nothing_is_lost(
    n: int, heads: dict[str, int], method: SeatMethod, data: st.DataObject
) -> None:
    heads = {line: people for line, people in heads.items() if people}
    most = {line: data.draw(st.integers(1, 8)) for line in heads}
    given_to = bounded(n, heads, most, method)
    assert sum(given_to.values()) == min(n, sum(most.values()))
    assert all(given_to[line] <= most[line] for line in heads)


@given(places, lines, divisor_methods, st.data())
def test_with_limits_a_full_line_is_passed_over_seat_by_seat(
    n: int, heads: dict[str, int], method: SeatMethod, data: st.DataObject
) -> None:
    heads = {line: people for line, people in heads.items() if people}
    most = {line: data.draw(st.integers(1, 8)) for line in heads}
    had = dict.fromkeys(heads, 0)
    step = 2 if method is SAINTE_LAGUE else 1
    for _seat in range(min(n, sum(most.values()))):
        free = [line for line in heads if had[line] < most[line]]
        best = min(free, key=lambda x: (-Fraction(heads[x], step * had[x] + 1), -heads[x], digest("T-1", x)))
        had[best] += 1
    assert bounded(n, heads, most, method) == had


@given(places, lines, methods, st.data())
def test_limits_that_nobody_reaches_change_nothing(
    n: int, heads: dict[str, int], method: SeatMethod, data: st.DataObject
) -> None:
    heads = {line: people for line, people in heads.items() if people}
    plain = shared(n, heads, method).seats
    assert bounded(n, heads, {line: plain[line] + data.draw(st.integers(0, 2)) for line in heads}, method) == plain
