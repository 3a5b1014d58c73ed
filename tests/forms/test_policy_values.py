"""The values of policy.yaml: exact, plain, within bounds; quoted or not is the same."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from kit.i18n import say
from tests.forms.sample_policy import column, faults, inside, line_of, policy, put, refused, tree

WHOLE = ("quota/seats", "eligibility/ratings/consecutive", "stages/2/sessions", "stages/0/panel/quorum")
DECIMAL = ("final/pass_mark", "stages/0/pass_mark", "stages/2/attendance/at_least", "stages/0/criteria/0/max")
NO_NUMBER = (
    *("1e2", "1E+2", ".inf", "-.inf", ".nan", "NaN", "Infinity", "1_0", "0o17", "0x1F", "010", "1:30", "+5", "-5"),
    *(
        "5.",
        ".5",
        "'5 '",
        "' 5'",
        "５",
        "٣",
        "五",
        "5%",
        "true",
        "5,0",
        "1/2",
        "''",
        "~",
        "[5]",
        "{a: 5}",
        "1234567890123",
    ),
)
NO_DATE = (
    *("2026-02-30", "2025-02-29", "2026-13-01", "2026-9-30", "20260930", "2026/09/30", "30.09.2026", "2026-W40-3"),
    *("2026-09-30T00:00:00+08:00", "0000-01-01", "0001-01-01", "9999-12-31", "today", "２０２６-09-30", "2026-09-３0"),
)
NO_MOMENT = (
    *(
        "2026-10-12",
        "2026-10-12T09:00:00",
        "2026-10-12 09:00",
        "2026-10-12T25:00:00+08:00",
        "09:00",
        "2026-10-12T09+08:00",
    ),
    *("2026-02-30T09:00:00+08:00", "2026-10-12T09:00:00+25:00", "2026-10-12T09:00:00 CST", "1760000000", "~"),
)


@pytest.mark.parametrize("raw", NO_NUMBER)
def test_only_plain_decimals_are_numbers(raw: str) -> None:
    told = {fault.column for fault in refused(put(dict.fromkeys((*WHOLE, *DECIMAL), raw)))}
    assert told >= {column(path) for path in (*WHOLE, *DECIMAL)}


@pytest.mark.parametrize("raw", ["1.5", "1.0", "'2.0'"])
def test_a_count_is_a_whole_number(raw: str) -> None:
    assert {fault.column for fault in refused(put(dict.fromkeys(WHOLE, raw)))} == {column(path) for path in WHOLE}


@pytest.mark.parametrize("quote", ["", "'", '"'])
def test_numbers_are_read_exactly_from_their_text_quoted_or_not(quote: str) -> None:
    raw = f"{quote}60.10{quote}"
    p = policy(put({"final/pass_mark": raw, "eligibility/kpis/0/at_most": f"{quote}0.1000000000{quote}"}))
    assert str(p.final.pass_mark) == "60.10"
    assert p.eligibility.kpis[0].at_most == Decimal("0.1")


def test_a_kpi_bound_may_lie_below_zero() -> None:
    assert policy(put({"eligibility/kpis/0/at_least": "-2.5"})).eligibility.kpis[0].at_least == Decimal("-2.5")


@pytest.mark.parametrize("raw", NO_DATE)
def test_a_date_is_written_in_full_and_exists(raw: str) -> None:
    for quoted in (raw, f"'{raw}'"):
        [(line, what)] = faults(text := put({"as_of": quoted}))
        assert line == line_of(text, "as_of:")
        assert "YYYY-MM-DD" in what


@pytest.mark.parametrize("raw", NO_MOMENT)
def test_an_instant_needs_its_offset(raw: str) -> None:
    for path in ("applications/opens_at", "stages/0/closes_at"):
        [(line, _)] = faults(text := put({path: raw}))
        assert line == line_of(text, f"{path.rpartition('/')[2]}: {raw}\n")


@pytest.mark.parametrize("quote", ["", "'"])
@pytest.mark.parametrize("raw", ["2026-10-12T09:00:00+08:00", "2026-10-12 09:00:00+08:00", "2026-10-12T01:00Z"])
def test_an_instant_may_be_written_in_the_usual_ways(raw: str, quote: str) -> None:
    p = policy(put({"applications/opens_at": quote + raw + quote, "as_of": f"{quote}2024-02-29{quote}"}))
    assert p.applications.opens_at == datetime.fromisoformat("2026-10-12T09:00:00+08:00")
    assert p.as_of == date(2024, 2, 29)


WRONG = {
    "version": ["2", "1.0", "one"],
    "code": ["''", "a/b", "'..'", r"'a\b'", f"{'x' * 65}", "' A'", r'"a\nb"', r'"a\tb"', "'a:b'", "'-rf'", "x."],
    "title": ["''", "'  '", f"{'长' * 201}", r'"a\nb"', r'"a\x1bb"', r'"a\u200bb"', r'"a\u202eb"', "[a]", "{a: b}"],
    "post": ["主管", "[]", "~", "''"],
    "as_of": ["~"],
    "lines": ["[]", "{}", "phone", "[phone]"],
    "grades": ["Ⅱ", "[]", "{a: b}", "[Ⅰ, [Ⅱ]]", "[Ⅰ, ~]", "[Ⅰ, '']", "[Ⅱ, II]", "[2, Ⅱ 级]"],
    "ratings": ["[A, a]", "[B+, B＋]", "[]"],
    "eligibility": ["[]", "~", "none"],
    "eligibility/ratings/consecutive": ["0"],
    "eligibility/ratings/neutral": ["L", "{L: 1}"],
    "eligibility/incidents/none_of": ["[]", "major"],
    "eligibility/incidents/within_months": ["-1", "1201"],
    "eligibility/tenure/counted_from": ["birth", "Hired_on"],
    "eligibility/tenure/months": ["-1", "2.5"],
    "eligibility/kpis": ["{a: b}", "[[]]", "[a]"],
    "eligibility/kpis/0/periods": ["0"],
    "eligibility/kpis/0/at_most": ["often", "1e-1"],
    "special_channel/any_of": ["[]", "CCMP", "[CCMP]", "[{}]", "[{honour: a, certificate: b}]"],
    "special_channel/relaxes": ["[]", "{}", "tenure"],
    "special_channel/relaxes/tenure": ["12", "{}", "{months: -1}"],
    "quota/seats": ["-1", "100001", "2"],
    "quota/by": ["team", "''"],
    "quota/method": ["hare", "Sainte_lague"],
    "quota/minimum": ["5", "-1"],
    "quota/unused": ["keep"],
    "applications/materials": ["case", "[a/b]", "['..']", "[a, a]", "['']", "['_a']", "[a.b]"],
    "stages": ["[]", "{}", "~", "[review]", "[[]]"],
    "stages/0/key": ["a.b", "a b", "final", "tenure", "_x", "''", "-x", "a/b", "potential"],
    "stages/0/kind": ["interview", "~", "Review", "training", "[review]"],
    "stages/0/pass_mark": ["100.01", "-1"],
    "stages/0/panel/quorum": ["0"],
    "stages/1/panel/drop_high": ["4", "-1"],
    "stages/1/panel/trim_from": ["2", "0"],
    "stages/1/panel/trim_level": ["sheet"],
    "stages/0/criteria": ["[]", "{}"],
    "stages/0/criteria/0/weight": ["59.99", "60.01", "-60", "100.5"],
    "stages/0/criteria/0/max": ["0", "0.0", "1001"],
    "stages/0/criteria/0/key": ["initiative", "''", "' a'"],
    "stages/0/advance": ["3", "{}", "{per_seat: 0}", "{per_seat: 1.5}", "{per_line: 3}"],
    "stages/0/sessions": ["8"],
    "stages/2/sessions": ["0"],
    "stages/2/panel": ["{reviewers: 3}"],
    "stages/2/attendance/at_least": ["101"],
    "stages/2/exam": ["{}", "[]"],
    "stages/2/exam/areas": ["{}", "[a]", "{a: 100, b: 0.01}", "{a: 99.99}", "{'': 100}"],
    "final/weights": ["{}", "{roleplay: 99.999}", "{nothing: 100}", "{theory: 100}", "[roleplay]"],
    "final/pass_mark": ["101"],
    "final/tie_break": ["roleplay", "[age]", "[theory]", "[~]", "[theory.exam.x]"],
    "rounding/digits": ["10", "-1", "2.0"],
    "rounding/mode": ["half_even", "up"],
    "notice/working_days": ["0", "5.0", "100"],
    "notice/count_first_day": ["yes", "no", "0", "False", "on"],
    "notice/show_scores": ["maybe"],
    "appointment": ["{trial_months: 0}", "{trial_months: 13}", "{probation_months: 3}"],
    "time_zone": ["Beijing", "../etc/passwd", "/etc/localtime", "Asia", "''"],
    "confirmations": ["0", "3"],
    "organisation": ["a", "{fax: 1}", "{name: ''}"],
}


ELSEWHERE = {
    ("stages/0/key", "potential"): "stages[2]",
    ("stages/0/kind", "training"): "stages[1].criteria",
    ("stages/1/panel/trim_from", "2"): "stages[2].panel.drop_high",
    ("stages/0/criteria/0/key", "initiative"): "stages[1].criteria[2]",
    ("stages/0/criteria/0/weight", "59.99"): "stages[1].criteria",
    ("stages/0/criteria/0/weight", "60.01"): "stages[1].criteria",
    ("quota/seats", "2"): "quota.minimum",
}
"""Where a fault between two places is told."""


@pytest.mark.parametrize(("path", "raw"), [(path, raw) for path, all_of_it in WRONG.items() for raw in all_of_it])
def test_a_wrong_value_is_refused_where_it_stands(path: str, raw: str) -> None:
    text = put({path: raw})
    place = ELSEWHERE.get((path, raw)) or column(path)
    told = [fault for fault in refused(text) if fault.column and fault.column.startswith(place)]
    assert told
    assert all(say(fault.text) for fault in told)
    if (path, raw) not in ELSEWHERE:
        assert {fault.line for fault in told} == {line_of(text, f"{path.rpartition('/')[2]}: {raw}")}


RIGHT: dict[str, list[tuple[str, Any]]] = {
    "version": [("'1'", 1)],
    "code": [("2026", "2026"), ("2026年第四季度 主管", "2026年第四季度 主管"), ("no", "no")],
    "title": [("' 竞聘 '", "竞聘"), ("no", "no"), ("2026", "2026"), ("'𠮷·李'", "𠮷·李"), ("|-\n  一行", "一行")],
    "post/name": [("'<script>{{7*7}}'", "<script>{{7*7}}")],
    "grades": [("[1, 2, 3]", ("1", "2", "3")), ("[Ⅱ]", ("Ⅱ",))],
    "eligibility/ratings/consecutive": [("'3'", 3)],
    "quota/seats": [("100000", 100_000)],
    "quota/minimum": [("4", 4), ("0", 0)],
    "quota/method": [("dhondt", "dhondt"), ("'largest_remainder'", "largest_remainder")],
    "quota/unused": [("best_score", "best_score"), ("reapportion", "reapportion")],
    "applications/materials": [("[]", ()), ("[案例总结, plan-2]", ("案例总结", "plan-2"))],
    "stages/0/key": [("面试-1", "面试-1"), ("2026", "2026")],
    "stages/0/pass_mark": [("0", 0), ("100", 100), ("59.995", Decimal("59.995"))],
    "final/tie_break": [("[]", ()), ("[tenure, rotation]", ("tenure", "rotation"))],
    "final/weights": [
        ("{materials: 33.3, potential: 33.3, rotation: 33.4}", None),
        ("{rotation: 100, roleplay: 0}", None),
    ],
    "rounding/digits": [("0", 0), ("6", 6)],
    "rounding/mode": [("truncate", "truncate")],
    "notice/count_first_day": [("true", True), ("'false'", False)],
}


@pytest.mark.parametrize(("path", "raw", "value"), [(p, raw, v) for p, pairs in RIGHT.items() for raw, v in pairs])
def test_a_right_value_is_taken(path: str, raw: str, value: Any) -> None:
    node: Any = policy(put({path: raw}))
    if value is None:
        return
    for step in path.split("/"):
        node = node[int(step)] if step.isdigit() else getattr(node, step)
    assert node == value


def test_no_seat_to_give_is_no_fault() -> None:
    assert policy(put({"quota/seats": "0", "quota/minimum": "0"})).quota.seats == 0


def test_a_policy_may_have_no_rule_of_eligibility() -> None:
    assert policy(put({"eligibility": "{}"})).eligibility.kpis == ()


@pytest.mark.parametrize(
    "key", ["no", "NO", "yes", "on", "off", "true", "1", "1.5", "0x1F", "1_000", "1:30", "1e3", "0o17"]
)
def test_a_line_key_that_yaml_would_not_read_as_text_is_refused(key: str) -> None:
    text = put({}).replace("lines:\n", f"lines:\n  {key}: 北线\n")
    [(line, what)] = faults(text)
    assert line == line_of(text, "北线")
    assert "请加引号" in what
    assert key in policy(text.replace(f"  {key}: 北", f"  '{key}': 北")).lines


@pytest.mark.parametrize("key", ["~", "null", "2026-01-01", ".inf", "=", "''", "'a '", f"'{'x' * 65}'", '"a\\nb"'])
def test_a_line_key_is_a_plain_text(key: str) -> None:
    text = put({}).replace("lines:\n", f"lines:\n  {key}: 北线\n")
    assert [line for line, _ in faults(text)] == [line_of(text, "北线")]


@pytest.mark.parametrize("key", ["phone-2", "北线", "y", "n", "A", "vip 2"])
def test_other_line_keys_are_taken(key: str) -> None:
    assert key in policy(put({}).replace("lines:\n", f"lines:\n  {key}: 北线\n")).lines


def test_the_areas_of_an_exam_may_have_any_names() -> None:
    p = policy(put({"stages/2/exam/areas": "{产品与服务: 50, 2: 25.5, no: 24.5}"}))
    assert p.stages[2].terms.areas == {"产品与服务": 50, "2": Decimal("25.5"), "no": Decimal("24.5")}


def test_the_tree_of_the_tests_is_the_sample() -> None:
    assert inside(tree(), "stages/2/exam/areas/product") == "30"
