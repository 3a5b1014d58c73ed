"""What reviewers type into a score sheet."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms import policies, sheets
from forms.faults import FormError
from rules.policies import Criterion
from tests.factories import POLICY

TEN = (Criterion("a", "甲", Decimal(60), Decimal(10)), Criterion("b", "乙", Decimal(40), Decimal(100), Decimal(5)))


def read(a: str, b: str = "", **more: str) -> sheets.SheetRead:
    return sheets.read({"mark.a": a, "mark.b": b, **more}, TEN)


@pytest.mark.parametrize("mark", ["0", "10", "7.5", "7.25", " 8 ", "0.0", "10.00", "07"])
def test_a_plain_number_on_the_scale_is_a_mark(mark: str) -> None:
    found = read(mark)
    assert (found.marks["a"], dict(found.faults)) == (Decimal(mark.strip()), {})


@pytest.mark.parametrize(
    ("mark", "said"),
    [
        ("NaN", "普通数字"),
        ("Infinity", "普通数字"),
        ("1E+2", "普通数字"),
        ("+8", "正负号"),
        ("-1", "正负号"),
        ("8 5", "空格"),
        ("8分", "单位"),
        (".5", "普通数字"),
        ("8.", "普通数字"),
        ("٨", "普通数字"),
        ("８", "半角"),
        ("8。5", "半角"),
        ("10.01", "最多 10"),
        ("7.255", "2 位小数"),
        ("9" * 400, "普通数字"),
    ],
)
def test_anything_else_says_what_would_be_right(mark: str, said: str) -> None:
    found = read(mark)
    assert said in str(found.faults["a"])
    assert found.written["a"].mark == mark[: sheets.LONGEST_MARK]
    assert "a" not in found.marks


def test_a_step_is_kept_to() -> None:
    assert read("8", "85").marks["b"] == 85
    assert "5 的整数倍" in str(read("8", "84").faults["b"])


def test_a_blank_is_missing_and_no_fault_before_filing() -> None:
    found = read("8", "  ")
    assert (dict(found.faults), found.missing) == ({}, ("b",))
    assert "0 分也要写 0" in str(sheets.complete(found, TEN)["b"])


def test_faults_stand_in_the_order_of_the_sheet() -> None:
    assert list(sheets.complete(read("", "x"), TEN)) == ["a", "b"]


def test_a_comment_has_a_limit_and_no_unseen_characters() -> None:
    assert read("8", "85", **{"comment.a": "好\r\n很好"}).written["a"].comment == "好\n很好"
    assert "最多 2000" in str(read("8", "85", **{"comment.a": "好" * 2001}).faults["a"])
    assert "控制字符" in str(read("8", "85", **{"comment.a": "好\x00"}).faults["a"])


def test_a_reason_is_needed() -> None:
    assert sheets.reason("亲属") is None
    assert sheets.reason(" ")
    assert sheets.reason("长" * 1001)


@given(st.text())
def test_whatever_is_typed_is_read_without_harm(text: str) -> None:
    found = read(text)
    assert set(found.marks) <= {"a"}
    assert all(0 <= mark <= 10 for mark in found.marks.values())


def test_a_criterion_may_have_steps_and_anchors() -> None:
    text = POLICY.replace("max: 10}", "max: 10, step: 0.5, anchors: [{at: 6, says: 说得清楚}, {at: 9, says: 很好}]}")
    c = policies.read(text).policy.stages[0].terms.criteria[0]
    assert (c.step, [(a.at, a.says) for a in c.anchors]) == (Decimal("0.5"), [(6, "说得清楚"), (9, "很好")])
    plain = policies.read(POLICY).policy.stages[0].terms.criteria[0]
    assert (plain.step, plain.anchors) == (None, ())


@pytest.mark.parametrize(
    ("added", "said"),
    [
        ("step: 3", "不是步长 3 的整数倍"),
        ("step: 0", "大于 0"),
        ("anchors: [{at: 11, says: 好}]", "超过满分 10"),
        ("anchors: [{at: 6, says: 好}, {at: 6, says: 差}]", "重复"),
        ("anchors: [{at: 6}]", "says"),
    ],
)
def test_a_scale_that_does_not_fit_is_refused(added: str, said: str) -> None:
    with pytest.raises(FormError) as refused:
        policies.read(POLICY.replace("max: 10}", f"max: 10, {added}}}"))
    assert said in " ".join(str(fault.text) for fault in refused.value.faults)
