"""What must agree across the parts of a policy, and what its author should look at again."""

import pytest

from forms.stages import FORMS
from kit.i18n import say
from rules.policies import Panel
from rules.stages import KINDS
from tests.forms.sample_policy import column, dumped, faults, line_of, policy, put, refused, tree, warnings, without


def test_every_kind_of_stage_that_the_law_knows_has_its_form() -> None:
    assert FORMS.keys() == KINDS.keys()


@pytest.mark.parametrize(
    ("weights", "total"),
    [
        ("{roleplay: 99.99}", "99.99"),
        ("{roleplay: 50, rotation: 50.01}", "100.01"),
        ("{roleplay: 33.33, rotation: 33.33, materials: 33.33}", "99.99"),
        ("{roleplay: 50, rotation: 50.000000000001}", "100.000000000001"),
        ("{roleplay: 0}", "0"),
    ],
)
def test_weights_that_do_not_sum_to_exactly_100_are_told_with_their_sum(weights: str, total: str) -> None:
    [(line, what)] = faults(text := put({"final/weights": weights}))
    assert line == line_of(text, "weights:")
    assert f"权重之和为 {total}；应恰好为 100" in what


@pytest.mark.parametrize("path", ["stages/0/criteria/1/weight", "stages/2/exam/areas/policy", "final/weights/rotation"])
def test_every_set_of_weights_is_summed(path: str) -> None:
    [fault] = refused(put({path: "19.5"}))
    assert fault.column == column(path.rpartition("/")[0].removesuffix("/1"))


def test_a_set_with_an_unreadable_weight_is_not_summed() -> None:
    assert [column for column, _ in _told({"final/weights/rotation": "2O"})] == ["final.weights.rotation"]


def _told(changes: dict[str, str]) -> list[tuple[str | None, str]]:
    return [(fault.column, say(fault.text)) for fault in refused(put(changes))]


@pytest.mark.parametrize("grade", ["Ⅱ", "II", "ii", "2", "２", "Ⅱ 级", "' Ⅱ'"])
def test_a_grade_may_be_spelt_as_people_spell_it(grade: str) -> None:
    assert policy(put({"eligibility/grade/at_least": grade})).eligibility.grade


@pytest.mark.parametrize(
    ("path", "raw", "scale"), [("grade", "Ⅴ", "Ⅰ、Ⅱ、Ⅲ、Ⅳ"), ("ratings", "B-", "D、C、B、B+、A、S")]
)
def test_a_threshold_that_is_not_on_its_scale_is_told_with_the_scale(path: str, raw: str, scale: str) -> None:
    [(line, what)] = faults(text := put({f"eligibility/{path}/at_least": raw}))
    assert line == line_of(text, f"at_least: {raw}")
    assert scale in what


def test_the_same_step_spelt_twice_is_told() -> None:
    [(line, what)] = faults(text := put({"grades/3": "ii级"}))
    assert line == line_of(text, "ii级")
    assert f"与第 {line_of(text, '- Ⅱ')} 行重复" in what


@pytest.mark.parametrize("component", ["roleplays", "theory", "theory.score", "roleplay.exam", "tenure", "final"])
def test_only_what_a_stage_produces_can_be_weighed(component: str) -> None:
    [(line, what)] = faults(text := put({"final/weights": f"{{{component}: 100}}"}))
    assert line == line_of(text, "weights:")
    assert what == "没有环节产生这一成绩；应为 materials、potential、theory.attendance、theory.exam、roleplay、rotation"


def test_a_tie_is_broken_by_components_and_tenure_only() -> None:
    [(line, what)] = faults(text := put({"final/tie_break/1": "age"}))
    assert line == line_of(text, "- age")
    assert what.endswith("rotation、tenure")


def test_a_policy_has_at_most_one_training_stage() -> None:
    root = tree()
    root["stages"].append({**root["stages"][2], "key": "more", "name": "再培训"})
    text = dumped(root)
    [(line, _what)] = [(line, what) for line, what in faults(text) if "培训环节" in what]
    assert line is not None
    assert line > line_of(text, "key: more")


def test_a_stage_key_stands_once() -> None:
    [(line, what)] = faults(text := put({"stages/4/key": "materials", "final/weights": "{roleplay: 100}"}))
    assert line == line_of(text, "- key: materials\n  name: 跨部门轮岗")
    assert f"与第 {line_of(text, '- key: materials')} 行重复" in what


def test_trimming_must_leave_a_sheet_by_its_defaults_too() -> None:
    assert policy(put({"stages/0/panel": "{reviewers: 7, drop_high: 2, drop_low: 2}"}))
    for panel in ("{reviewers: 7, drop_high: 3, drop_low: 2}", "{reviewers: 7, drop_high: 1, trim_from: 1}"):
        [(line, what)] = faults(text := put({"stages/0/panel": panel}))
        assert line == line_of(text, panel)
        assert "去掉的张数应少于" in what


def test_a_stage_without_a_panel_takes_every_sheet() -> None:
    assert policy(without("stages/0/panel")).stages[0].terms.panel == Panel()


def test_windows_open_before_they_close() -> None:
    late, early = "2026-10-12T09:00:00+08:00", "2026-10-12T09:00:01+09:00"
    for part in ("applications", "stages/3"):
        [(line, what)] = faults(text := put({f"{part}/opens_at": late, f"{part}/closes_at": early}))
        assert line == line_of(text, early)
        assert "截止早于开始" in what
        assert policy(put({f"{part}/opens_at": late, f"{part}/closes_at": late}))


def test_a_kpi_has_a_bound_that_somebody_can_meet() -> None:
    assert policy(put({"eligibility/kpis/0/at_least": "0.6"})).eligibility.kpis[0].at_least
    assert "无人能满足" in faults(put({"eligibility/kpis/0/at_least": "0.61"}))[0][1]


def test_a_kpi_is_named_once() -> None:
    twice = "[{key: a, periods: 1, at_most: 1}, {key: a, periods: 2, at_least: 0}]"
    assert "重复" in faults(put({"eligibility/kpis": twice}))[0][1]


def test_the_minimum_of_all_lines_must_not_exceed_the_seats() -> None:
    assert policy(put({"quota/seats": "3"})).quota.minimum == 1
    [(line, what)] = faults(text := put({"quota/seats": "2"}))
    assert line == line_of(text, "minimum:")
    assert what == "3 条业务线每条至少 1 个，共 3 个，超过名额 2 个；应不超过名额"


@pytest.mark.parametrize("relaxed", ["ratings: {at_least: B}", "grade: {at_least: Ⅰ}", "incidents: {within_months: 6}"])
def test_the_special_channel_relaxes_nothing_but_tenure(relaxed: str) -> None:
    raw = f"{{tenure: {{months: 12}}, {relaxed}}}"
    [(line, what)] = faults(text := put({"special_channel/relaxes": raw}))
    assert line == line_of(text, "relaxes:")
    assert "只能放宽 tenure" in what


def test_a_stage_of_unknown_kind_is_still_checked_for_what_every_stage_says() -> None:
    told = dict(_told({"stages/0/kind": "interview", "stages/0/pass_mark": "101", "stages/0/panels": "{}"}))
    assert told["stages[1].kind"] == "应为 review、training 之一"
    assert told["stages[1].panels"].startswith("不认识的键“panels”（是否应为“panel”？）")
    assert "stages[1].pass_mark" in told
    assert len(told) == 3


WARNED = [
    ({"eligibility/ratings/neutral": "[]"}, "ratings:\n    at_least", "休假不得对任何人不利"),
    ({"eligibility/ratings/neutral": "[L, b＋]"}, "neutral:", "既是绩效等级，又是跳过的代码"),
    ({"stages/0/panel": "{reviewers: 3, quorum: 4}"}, "panel: {", "将无人能过此环节"),
    ({"stages/0/panel": "{reviewers: 3, drop_high: 1}"}, "panel: {", "不会去掉最高分和最低分"),
    ({"stages/0/panel": "{reviewers: 6}"}, "panel: {", "偶数"),
]


@pytest.mark.parametrize(("changes", "place", "words"), WARNED)
def test_what_is_doubtful_is_warned_of_and_taken(changes: dict[str, str], place: str, words: str) -> None:
    [(line, what)] = warnings(text := put(changes))
    assert line == line_of(text, place)
    assert words in what


def test_no_rule_of_ratings_needs_no_neutral_code() -> None:
    assert warnings(without("eligibility/ratings")) == []
