"""What becomes of seats that a line cannot fill is told to everybody whom it concerns, with the arithmetic."""

from collections.abc import Mapping
from typing import Any

import pytest

from rules import unused_seats
from rules.policies import Unused
from rules.unused_seats import Place, UnusedSeats
from tests.rules.factories import policy, quota
from tests.rules.test_ranking import by_prefix, placed

VOID, BEST_SCORE, REAPPORTION = Unused


def told(unused: Unused, scores: Mapping[str, str], seats: Mapping[str, int], staff_no: str) -> str:
    """Return everything that is told to one of these people."""
    found, places = decided(unused, scores, seats)
    terms = policy(quota=quota(unused=unused))
    return "".join(str(text) for text in unused_seats.told(terms, found, staff_no=staff_no, places=places))


def decided(
    unused: Unused, scores: Mapping[str, str], seats: Mapping[str, int]
) -> tuple[UnusedSeats, dict[str, Place]]:
    terms, lines = policy(quota=quota(unused=unused)), by_prefix(*scores)
    everyone: Any = {no: {"interview": score} for no, score in scores.items()}
    places, working = placed(terms, everyone, lines=lines, seats=seats)
    found = {no: Place(lines[no], one.rank) for no, one in places.items() if one.rank is not None}
    return unused_seats.read(terms, working), found


SCORES = {"p1": "90", "p2": "80", "p3": "70", "o1": "85", "o2": "75"}
SEATS = {"phone": 1, "online": 1, "vip": 2}


def test_who_took_a_seat_of_the_own_line_is_told_nothing_of_unused_ones() -> None:
    assert told(BEST_SCORE, SCORES, SEATS, "p1") == ""
    assert told(BEST_SCORE, SCORES, {"phone": 3, "online": 2}, "p3") == ""


def test_by_best_score_one_is_told_the_place_among_all_who_had_no_seat() -> None:
    said = told(BEST_SCORE, SCORES, SEATS, "o2")
    assert said.startswith("各业务线人选不足而空余的名额共2个：VIP")
    assert said.endswith("依次调剂使用。还没有名额的3人中，您列第2名。您取得其中1个名额。")
    assert told(BEST_SCORE, SCORES, SEATS, "p3").endswith("您列第3名。这些名额由列在您前面的人取得。")


def test_who_is_level_over_an_unused_seat_is_told_so() -> None:
    scores = {**SCORES, "o2": "80"}
    said = told(BEST_SCORE, scores, {**SEATS, "vip": 1}, "p2")
    assert said.endswith("您列第1名。您与另外1人完全并列，争1个名额，由加试决定。")
    assert told(BEST_SCORE, scores, {**SEATS, "vip": 1}, "p3").endswith("列在您前面的人取得，其中1个由加试决定。")


def test_where_unused_seats_are_shared_out_again_one_is_told_the_new_seats_of_the_own_line() -> None:
    scores = {"p1": "90", "p2": "60", "p3": "59", "o1": "85", "o2": "84"}
    seats = {"phone": 1, "online": 1, "vip": 1}
    assert told(REAPPORTION, scores, seats, "p2").endswith(
        "因此增加1个名额；本线还没有名额的2人中，您列第1名。您取得其中1个名额。"
    )
    assert told(REAPPORTION, scores, seats, "p3").endswith("您列第2名。这些名额由列在您前面的人取得。")
    assert told(REAPPORTION, scores, seats, "o2").endswith("没有增加名额。")


@pytest.mark.parametrize("unused", [BEST_SCORE, REAPPORTION])
def test_while_somebody_is_tied_unused_seats_wait(unused: Unused) -> None:
    scores = {"p1": "90", "p2": "90", "o1": "85", "o2": "75"}
    found, _places = decided(unused, scores, {"phone": 1, "online": 1, "vip": 1})
    assert (found.waits, found.vacant) == (True, 0)
    assert told(unused, scores, {"phone": 1, "online": 1, "vip": 1}, "o2").endswith("保留到加试之后再定。")


def test_seats_that_stay_empty_are_counted_whatever_the_rule() -> None:
    scores = {"p1": "90", "p2": "60", "o1": "85"}
    vacant = {rule: decided(rule, scores, {"phone": 1, "online": 1, "vip": 3})[0].vacant for rule in Unused}
    assert vacant == {VOID: 3, BEST_SCORE: 2, REAPPORTION: 2}
    assert told(VOID, scores, {"phone": 1, "online": 1, "vip": 3}, "p2").endswith("剩余名额空缺，不作调剂。")


def test_one_share_names_who_took_its_seats() -> None:
    found, _places = decided(REAPPORTION, {"p1": "90", "p2": "60", "o1": "85"}, {"phone": 1, "online": 1, "vip": 3})
    share = found.taken_by("p2")
    assert share is not None
    assert (share.line, share.seats, share.selected) == ("phone", 1, ("p2",))
    assert found.taken_by("p1") is None
