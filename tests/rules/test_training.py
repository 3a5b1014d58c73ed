"""Training: attendance of the sessions, an examination by areas, and who leaves."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.policies import Rounding, RoundingMode, StagePolicy
from rules.records import Attendance, Evidence, ExamScore
from rules.scoring import Scored
from rules.training import Training
from tests.rules.factories import attended, sat, training

ATTENDANCE, EXAM = "theory.attendance", "theory.exam"
FOUR = {"product": "30", "communication": "20", "policy": "30", "systems": "20"}
FULL = sat(product="80")
statuses = st.lists(st.sampled_from(["present", "late", "absent", "excused"]), max_size=8)


def scored(
    stage: StagePolicy,
    came: list[Attendance],
    exam: list[ExamScore],
    rounding: Rounding | None = None,
) -> Scored:
    """Return how the training of person 1 is scored."""
    evidence = Evidence(attendance=came, exam=exam)
    return Training().score(stage, evidence, ["1"], rounding or Rounding())["1"]


def components(stage: StagePolicy, came: list[Attendance], exam: list[ExamScore]) -> dict[str, str]:
    return {key: str(value) for key, value in scored(stage, came, exam).components.items()}


@pytest.mark.parametrize(
    ("came", "attendance"),
    [
        (["present"] * 8, "100.00"),
        (["present"] * 6 + ["late", "late"], "100.00"),
        (["present"] * 6 + ["absent", "absent"], "75.00"),
        (["present"] * 6, "75.00"),  # a session without a row is absent
        (["present"] * 5 + ["excused", "excused"], "83.33"),  # 5 of 6
        (["present"] * 2 + ["excused"], "28.57"),  # 2 of 7
        (["absent"] * 8, "0.00"),
        ([], "0.00"),
        (["late"] + ["excused"] * 7, "100.00"),
    ],
)
def test_attendance_is_what_was_attended_of_what_was_not_excused(came: list[str], attendance: str) -> None:
    assert components(training(), attended(*came), FULL)[ATTENDANCE] == attendance


def test_the_exam_is_weighed_by_areas() -> None:
    exam = sat(product="90", communication="75.5", policy="60", systems="88")
    assert components(training(areas=FOUR), attended("present"), exam)[EXAM] == "77.70"


def test_both_components_are_rounded_as_the_policy_says() -> None:
    thirds = {"a": "33.335", "b": "66.665"}
    down = Rounding(2, RoundingMode.TRUNCATE)
    result = scored(training(3, areas=thirds), attended("present", "late"), sat(a="99", b="99.99"), down)
    assert {key: str(value) for key, value in result.components.items()} == {ATTENDANCE: "66.66", EXAM: "99.65"}
    up = scored(training(3, areas=thirds), attended("present", "late"), sat(a="99", b="99.99"))
    assert {key: str(value) for key, value in up.components.items()} == {ATTENDANCE: "66.67", EXAM: "99.66"}


@pytest.mark.parametrize("exam", [sat(product="80"), sat(product="80", policy=None), []])
def test_who_has_no_result_in_some_area_leaves_with_the_attendance_alone(exam: list[ExamScore]) -> None:
    result = scored(training(2, areas={"product": "100", "policy": "0"}), attended("present", "late"), exam)
    assert (result.left, {k: str(v) for k, v in result.components.items()}) == ("no_result", {ATTENDANCE: "100.00"})


def test_a_zero_is_a_result() -> None:
    result = scored(training(areas=FOUR), attended("present"), sat(**dict.fromkeys(FOUR, "0")))
    assert (result.left, str(result.components[EXAM])) == (None, "0.00")


def test_who_has_nothing_to_attend_leaves_with_the_exam_alone() -> None:
    result = scored(training(2), attended("excused", "excused"), FULL)
    assert (result.left, {k: str(v) for k, v in result.components.items()}) == ("nothing_to_attend", {EXAM: "80.00"})


def test_who_has_neither_leaves_with_nothing() -> None:
    result = scored(training(2), attended("excused", "excused"), [])
    assert (result.left, result.components) == ("nothing_to_attend", {})


def test_too_little_attendance_leaves_with_both_components() -> None:
    stage = training(8, "75")
    result = scored(stage, attended(*["present"] * 5), FULL)
    assert (result.left, set(result.components)) == ("attendance", {ATTENDANCE, EXAM})
    assert scored(stage, attended(*["present"] * 6), FULL).left is None


def test_it_is_the_rounded_attendance_that_must_suffice() -> None:
    two_of_three = attended("present", "present")
    assert scored(training(3, "66.67"), two_of_three, FULL).left is None  # 66.666… is 66.67
    assert scored(training(3, "66.67"), two_of_three, FULL, Rounding(2, RoundingMode.TRUNCATE)).left == "attendance"
    assert scored(training(3, "66.67"), two_of_three, FULL, Rounding(3)).left == "attendance"


def test_rows_of_others_do_not_count() -> None:
    came = [*attended("present"), *attended("excused", "present", no="2")]
    assert components(training(2), came, [*FULL, *sat("2", product="0")]) == {ATTENDANCE: "50.00", EXAM: "80.00"}


def test_the_gate_of_training_is_the_exam() -> None:
    assert Training().gate(training()) == EXAM
    assert Training().components(training()) == (ATTENDANCE, EXAM)


def test_the_arithmetic_is_kept() -> None:
    working = scored(training(3, "50"), attended("present", "late", "excused"), FULL).working
    assert working["attendance"] == {
        "sessions": 3,
        "due": 2,
        "there": 2,
        "present": 1,
        "late": 1,
        "excused": 1,
        "exact": "100",
        "value": "100.00",
        "at_least": "50",
    }
    assert working["exam"] == {"areas": {"product": {"weight": "100", "score": "80"}}, "exact": "80", "value": "80.00"}


@given(statuses)
def test_attendance_lies_between_0_and_100_and_is_exact(came: list[str]) -> None:
    result = scored(training(8), attended(*came), FULL)
    due = 8 - came.count("excused")
    if not due:
        assert result.left == "nothing_to_attend"
    else:
        exactly = Fraction(100 * (came.count("present") + came.count("late")), due)
        assert 0 <= exactly <= 100
        assert Fraction(result.working["attendance"]["exact"]) == exactly


@given(statuses.filter(lambda came: "absent" in came))
def test_being_excused_is_never_worse_than_being_absent(came: list[str]) -> None:
    excused = [*came]
    excused[came.index("absent")] = "excused"
    before, after = (scored(training(8), attended(*c), FULL).components.get(ATTENDANCE) for c in (came, excused))
    assert before is None or after is None or after >= before
