"""Recusal: who may not score whom, as far as the directory knows."""

import pytest

from rules.conflicts import conflict
from rules.records import Person
from tests.rules.factories import person

CANDIDATE = person("1", team="一组", manager_no="9")


def reason(reviewer: Person, candidate: Person = CANDIDATE) -> str | None:
    found = conflict(reviewer.staff_no, reviewer, candidate)
    return found.template.format_map(dict(found.values)) if found else None


def test_nobody_scores_themselves() -> None:
    assert reason(CANDIDATE) == "不能给自己评分"


def test_a_direct_manager_does_not_score_their_own_people() -> None:
    assert reason(person("9", team="管理组")) == "是候选人的直接上级"


def test_nobody_scores_their_own_manager() -> None:
    assert reason(person("2", team="二组", manager_no="1")) == "候选人是其直接上级"


def test_nobody_scores_their_own_team() -> None:
    assert reason(person("2", team="一组")) == "与候选人同在班组“一组”"


@pytest.mark.parametrize(
    "reviewer",
    [
        person("2", team="二组", manager_no="9"),
        person("2", team="一组", business_line="vip"),
        person("2", team=None, manager_no="8"),
    ],
    ids=["another team under the same manager", "a team of that name in another line", "no team"],
)
def test_others_may_score(reviewer: Person) -> None:
    assert reason(reviewer) is None


def test_two_people_without_a_team_are_in_no_team_together() -> None:
    assert reason(person("2", team=None), person("1", team=None)) is None


def test_a_manager_whom_the_directory_does_not_know_is_found_all_the_same() -> None:
    assert conflict("9", None, CANDIDATE) is not None
    assert conflict("1", None, CANDIDATE) is not None
    assert conflict("8", None, CANDIDATE) is None


def test_against_somebody_from_outside_nothing_is_known() -> None:
    assert conflict(None, None, CANDIDATE._replace(manager_no=None)) is None
