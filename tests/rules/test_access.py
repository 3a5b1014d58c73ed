"""The table of access, every row both ways; what it says here in words is what an auditor was told."""

from itertools import combinations, product

import pytest

from kit.i18n import say
from rules import access
from rules.access import Act, Reach, Role

SAID = {
    Act.MANAGE_ACCOUNTS: {"admin": 3},
    Act.SEE_HEALTH: {"admin": 3},
    Act.SEE_PEOPLE: {"hr": 3, "observer": 3},
    Act.IMPORT_PEOPLE: {"hr": 3},
    Act.PREPARE_ROUNDS: {"hr": 3},
    Act.SEE_ROUND: {"hr": 3, "observer": 3},
    Act.STEER_ROUND: {"hr": 3},
    Act.ENTER_EVIDENCE: {"hr": 3},
    Act.CONFIRM_DECISION: {"hr": 3},
    Act.SEE_RESULTS: {"hr": 3, "observer": 3, "candidate": 1},
    Act.SEE_DOCUMENTS: {"hr": 3, "observer": 3, "candidate": 1},
    Act.SEE_HISTORY: {"hr": 3, "observer": 3},
    Act.ANSWER_HEARINGS: {"hr": 3},
    Act.APPLY: {"candidate": 1},
    Act.SCORE: {"reviewer": 2},
    Act.SEE_DOSSIER: {"hr": 3, "observer": 3, "reviewer": 2},
    Act.SIGN_HISTORY: {"observer": 3},
    Act.RECEIVE_OBJECTIONS: {"observer": 3},
    Act.SEE_VIEWINGS: {"observer": 3},
}
"""Said a second time by hand: a change of the table alone is not enough."""

WRITES = {Act.SIGN_HISTORY, Act.RECEIVE_OBJECTIONS}
"""All that an observer may write."""


def test_every_act_has_a_row_or_is_open() -> None:
    open_ones = access.OPEN_TO_ALL | access.OPEN_TO_SIGNED_IN
    assert set(access.TABLE) | open_ones == set(Act)
    assert not set(access.TABLE) & open_ones


@pytest.mark.parametrize(("act", "role"), list(product(access.TABLE, Role)), ids=lambda x: x.value)
def test_a_role_reaches_as_far_as_was_said_and_no_further(act: Act, role: Role) -> None:
    said = SAID[act].get(role.value)
    assert access.reach(act, {role}) == (None if said is None else Reach(said))


@pytest.mark.parametrize("act", list(access.TABLE), ids=lambda x: x.value)
def test_without_a_role_nothing_of_the_table_is_open(act: Act) -> None:
    assert access.reach(act, ()) is None
    assert "可以操作的是" in say(access.refusal(act))


@pytest.mark.parametrize("act", sorted(access.OPEN_TO_ALL | access.OPEN_TO_SIGNED_IN))
def test_what_is_open_reaches_ones_own_records_only(act: Act) -> None:
    assert {access.reach(act, roles) for roles in ((), set(Role))} == {Reach.OWN}


def test_of_several_roles_the_widest_reach_counts() -> None:
    assert access.reach(Act.SEE_RESULTS, {Role.CANDIDATE, Role.HR}) is Reach.ALL
    assert access.reach(Act.SEE_DOSSIER, {Role.CANDIDATE, Role.REVIEWER}) is Reach.ASSIGNED


def test_a_refusal_names_who_may() -> None:
    assert say(access.refusal(Act.SEE_RESULTS)) == ("您的账号没有这项权限；可以操作的是：人力资源、监督员、候选人")


def test_the_second_factor_is_asked_of_more_and_more_and_always_of_administrators() -> None:
    few, staff, everyone = (access.SECOND_FACTOR[whose] for whose in ("administrators", "staff", "everyone"))
    assert few == {Role.ADMIN}
    assert staff == {Role.ADMIN, Role.HR, Role.REVIEWER, Role.OBSERVER}
    assert everyone == set(Role)


@pytest.mark.parametrize("pair", list(combinations(Role, 2)), ids="-".join)
def test_roles_that_are_kept_apart_are_refused_by_name_and_all_others_are_not(pair: tuple[Role, Role]) -> None:
    apart = {
        frozenset(p) for p in (("admin", "hr"), ("admin", "observer"), ("hr", "observer"), ("reviewer", "observer"))
    }
    problem = access.clash(pair)
    assert (problem is not None) == (frozenset(pair) in apart)
    if problem:
        assert all(access.ROLES[role] in say(problem) for role in pair)


def test_an_observer_writes_nothing_but_signatures_and_received_objections() -> None:
    mine = {act for act, row in access.TABLE.items() if Role.OBSERVER in row}
    assert {act for act in mine if not act.startswith("see_")} == WRITES


def test_an_administrator_sees_nothing_of_a_round_or_of_a_person() -> None:
    assert {act for act, row in access.TABLE.items() if Role.ADMIN in row} == {Act.MANAGE_ACCOUNTS, Act.SEE_HEALTH}
