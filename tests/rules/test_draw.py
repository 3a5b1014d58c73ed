"""Panels by lot: complete, balanced, never against a recusal, the same for the same seed."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.conflicts import conflict
from rules.draw import Judge, draw
from rules.records import Person

TEAMS = ("一组", "二组", "三组", "四组")


def person(n: int, team: str | None = None, manager: str | None = None) -> Person:
    return Person(f"{n:03}", f"人{n}", "phone", team, manager_no=manager)


@st.composite
def rounds(chance: st.DrawFn) -> tuple[list[Person], list[Judge], int]:
    """Return candidates and reviewers of the same centre: teams, managers both ways, some from outside."""
    n, r = chance(st.integers(0, 14)), chance(st.integers(1, 7))
    numbers = [f"{k:03}" for k in range(n + r)]
    people = [
        person(k, chance(st.sampled_from([*TEAMS, None])), chance(st.sampled_from([None, *numbers])))
        for k in range(n + r)
    ]
    judges = [
        Judge(f"R{k}", p.name, p.staff_no, p) if chance(st.booleans()) else Judge(f"R{k}", p.name)
        for k, p in enumerate(people[n - (n > 1) : n - (n > 1) + r])  # one may be a candidate too
    ]
    return people[:n], judges, chance(st.integers(1, 5))


@given(rounds(), st.text(max_size=5))
@settings(deadline=None)
def test_everybody_gets_as_many_as_may_score_them_and_nobody_who_may_not(
    of: tuple[list[Person], list[Judge], int], seed: str
) -> None:
    candidates, judges, each = of
    found = draw(candidates, judges, each=each, seed=seed)
    by_no = {j.reviewer_no: j for j in judges}
    short = {s.staff_no: s.missing for s in found.short}
    for candidate in candidates:
        mine = found.panels.get(candidate.staff_no, ())
        may = [j for j in judges if conflict(j.staff_no, j.person, candidate) is None]
        assert len(set(mine)) == len(mine) == min(each, len(may))
        assert short.get(candidate.staff_no, 0) == each - len(mine)
        assert all(conflict(by_no[r].staff_no, by_no[r].person, candidate) is None for r in mine)
    assert sum(found.loads.values()) == sum(map(len, found.panels.values()))


@given(st.integers(1, 40), st.integers(1, 9), st.integers(1, 9), st.text(max_size=5))
@settings(deadline=None)
def test_loads_differ_by_at_most_one_where_nobody_is_recused(n: int, r: int, each: int, seed: str) -> None:
    candidates = [person(k) for k in range(n)]
    judges = [Judge(f"R{k}", f"评委{k}") for k in range(r)]
    loads = draw(candidates, judges, each=each, seed=seed).loads.values()
    assert max(loads) - min(loads) <= 1


@given(rounds(), st.text(max_size=5))
@settings(deadline=None, max_examples=40)
def test_no_other_draw_is_better_balanced(of: tuple[list[Person], list[Judge], int], seed: str) -> None:
    """For one reviewer each, every assignment is tried: none has a smaller sum of squared loads."""
    candidates, judges, _each = of
    candidates, judges = candidates[:6], judges[:4]
    may = [[j.reviewer_no for j in judges if conflict(j.staff_no, j.person, c) is None] for c in candidates]
    best = min(
        (sum(choice.count(j.reviewer_no) ** 2 for j in judges) for choice in product(*filter(None, may))), default=0
    )
    found = draw(candidates, judges, each=1, seed=seed)
    assert sum(load**2 for load in found.loads.values()) == best


@given(rounds(), st.text(max_size=5), st.randoms(use_true_random=False))
@settings(deadline=None)
def test_the_same_seed_draws_the_same_whatever_the_order_of_the_rows(
    of: tuple[list[Person], list[Judge], int], seed: str, chance: object
) -> None:
    candidates, judges, each = of
    first = draw(candidates, judges, each=each, seed=seed)
    shuffled, others = list(candidates), list(judges)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    chance.shuffle(others)  # type: ignore[attr-defined]
    assert draw(shuffled, others, each=each, seed=seed) == first


def test_another_seed_draws_otherwise() -> None:
    candidates = [person(k) for k in range(20)]
    judges = [Judge(f"R{k}", f"评委{k}") for k in range(6)]
    drawn = {str(draw(candidates, judges, each=3, seed=str(s)).panels) for s in range(5)}
    assert len(drawn) == 5


def test_who_is_short_is_named_with_the_reason() -> None:
    candidate = person(1, team="一组", manager="009")
    judges = [
        Judge("R1", "经理", "009", person(9)),
        Judge("R2", "组员", "005", person(5, team="一组")),
        Judge("R3", "外聘"),
    ]
    found = draw([candidate], judges, each=3, seed="x")
    assert found.panels == {"001": ("R3",)}
    [short] = found.short
    assert (short.staff_no, short.missing) == ("001", 2)
    assert [(name, str(why)) for name, why in short.against] == [
        ("经理", "是候选人的直接上级"),
        ("组员", "与候选人同在班组“一组”"),
    ]


@pytest.mark.parametrize("each", [2, 3])
def test_reviewers_whom_somebody_has_already_stay_and_count(each: int) -> None:
    candidates = [person(k) for k in range(6)]
    judges = [Judge(f"R{k}", f"评委{k}") for k in range(3)]
    found = draw(candidates, judges, each=each, seed="x", given={"000": ["R0"], "001": ["R9"]}, loads={"R0": 4})
    assert "R0" not in found.panels["000"]
    assert len(found.panels["000"]) == each - 1
    assert len(found.panels["001"]) == each - 1
