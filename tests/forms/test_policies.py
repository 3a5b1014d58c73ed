"""policy.yaml: what is read, what is refused, and that every fault says where and what is allowed."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from forms import policies
from forms.faults import FormError
from rules.policies import (
    CertificateKey,
    HonourKey,
    NoticePolicy,
    Panel,
    Policy,
    Rounding,
    RoundingMode,
    TrimLevel,
    Unused,
)
from tests.forms.sample_policy import NAMED_KEYS, SAMPLE, faults, line_of, policy, put, refused, renamed, without

READ = policies.read(SAMPLE.read_bytes())

DEFAULTS: dict[str, Callable[[Policy, Any], bool]] = {
    "eligibility/grade": lambda p, _: p.eligibility.grade is None,
    "eligibility/ratings": lambda p, _: p.eligibility.ratings is None,
    "eligibility/incidents": lambda p, _: p.eligibility.incidents is None,
    "eligibility/tenure": lambda p, _: p.eligibility.tenure is None,
    "eligibility/kpis": lambda p, _: p.eligibility.kpis == (),
    "eligibility/ratings/neutral": lambda p, _: p.eligibility.ratings.neutral == (),
    "special_channel": lambda p, _: p.special_channel is None,
    "special_channel/any_of/0/within_months": lambda p, _: p.special_channel.any_of[0].within_months is None,
    "quota/minimum": lambda p, _: p.quota.minimum == 0,
    "quota/unused": lambda p, _: p.quota.unused is Unused.VOID,
    "stages/#/pass_mark": lambda _, stage: stage.pass_mark == 0,
    "stages/#/panel": lambda _, stage: stage.terms.panel == Panel(None, 1, 0, 0, 5, TrimLevel.TOTAL),
    "stages/#/panel/quorum": lambda _, stage: stage.terms.panel.quorum == 1,
    "stages/#/panel/drop_high": lambda _, stage: stage.terms.panel.drop_high == 0,
    "stages/#/panel/drop_low": lambda _, stage: stage.terms.panel.drop_low == 0,
    "stages/#/panel/trim_from": lambda _, stage: stage.terms.panel.trim_from == 5,
    "stages/#/panel/trim_level": lambda _, stage: stage.terms.panel.trim_level is TrimLevel.TOTAL,
    "stages/#/attendance/at_least": lambda _, stage: stage.terms.attendance_at_least == 0,
    "final/pass_mark": lambda p, _: p.final.pass_mark == 0,
    "final/tie_break": lambda p, _: p.final.tie_break == (),
    "rounding": lambda p, _: p.rounding == Rounding(2, RoundingMode.HALF_UP),
    "rounding/digits": lambda p, _: p.rounding.digits == 2,
    "rounding/mode": lambda p, _: p.rounding.mode is RoundingMode.HALF_UP,
    "notice": lambda p, _: p.notice == NoticePolicy(5, count_first_day=False),
    "notice/working_days": lambda p, _: p.notice.working_days == 5,
    "notice/count_first_day": lambda p, _: not p.notice.count_first_day,
}
"""What a policy means where an optional key is left out."""


def general(path: str) -> str:
    return "/".join("#" if step.isdigit() and path.startswith("stages") else step for step in path.split("/"))


def test_the_sample_is_read_without_a_fault_or_a_warning() -> None:
    p = READ.policy
    assert READ.warnings == ()
    assert (p.code, p.as_of, p.grades) == ("2026Q4-SUP", date(2026, 9, 30), ("Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ"))
    assert p.lines == {"phone": "电话客服", "online": "在线客服", "vip": "VIP专属服务"}
    assert p.eligibility.kpis[0].at_most == Decimal("0.60")
    assert p.special_channel
    assert p.special_channel.any_of == (HonourKey("服务之星", 24), CertificateKey("CCMP"))
    assert p.special_channel.tenure_months == 12
    assert p.applications.closes_at == datetime(2026, 10, 16, 10, 0, tzinfo=UTC)
    assert [(s.key, s.kind, s.pass_mark) for s in p.stages][3:] == [
        ("roleplay", "review", 60),
        ("rotation", "review", 0),
    ]
    assert p.stages[1].terms.panel == Panel(5, 3, 1, 1, 5, TrimLevel.TOTAL)
    assert p.stages[2].terms.areas == {"product": 30, "communication": 20, "policy": 30, "systems": 20}
    assert p.final.weights == {"theory.exam": 30, "theory.attendance": 10, "roleplay": 40, "rotation": 20}


def test_a_file_is_loaded_by_its_path() -> None:
    assert policies.load(SAMPLE) == READ.policy


@pytest.mark.parametrize("path", NAMED_KEYS)
def test_a_key_left_out_has_its_default_or_is_named_as_missing(path: str) -> None:
    text = without(path)
    if meant := DEFAULTS.get(general(path)):
        p = policy(text)
        assert meant(p, p.stages[int(path.split("/")[1])] if path.startswith("stages") else None)
        return
    [(line, what)] = faults(text)
    assert line is not None
    if path == "eligibility/kpis/0/at_most":
        assert what.startswith("指标缺少界限")
    else:
        assert what.startswith("缺少必填的键“")
        assert f"“{path.rpartition('/')[2]}”" in what


@pytest.mark.parametrize("path", NAMED_KEYS)
def test_an_unknown_key_is_named_with_its_line_and_the_nearest_that_is_allowed(path: str) -> None:
    key = path.rpartition("/")[2]
    text = renamed(path, f"{key}zz")
    line = line_of(text, f"{key}zz:")
    [what] = [what for where, what in faults(text) if where == line and f"{key}zz" in what]
    if path == "special_channel/relaxes/tenure":
        assert what == "特殊通道只能放宽 tenure（工龄），其他条件一律照旧；请删去“tenurezz”"
    else:
        assert what.startswith(f"不认识的键“{key}zz”（是否应为“{key}”？）；此处允许：")


def test_the_line_of_a_missing_key_is_that_of_its_part() -> None:
    text = without("quota/seats")
    assert faults(text) == [(line_of(text, "quota:"), "缺少必填的键“seats”（名额）")]
    text = without("stages/1/criteria/2/max")
    assert faults(text) == [(line_of(text, "- key: customer_focus"), "缺少必填的键“max”（满分）")]


OPTIONAL = """
organisation: {name: 华东客户服务中心, department: 人力资源部, contact: 王敏, phone: 021-5555 0000,
  email: hr@example.com, address: 示例路 1 号, document_number: 客服人〔2026〕12 号}
time_zone: Asia/Urumqi
confirmations: 2
appointment: {trial_months: 6}
"""


def test_the_products_own_keys_may_stand_besides() -> None:
    p = policy(put({"notice/show_scores": "true"}) + OPTIONAL)
    assert p.organisation.document_number == "客服人〔2026〕12 号"
    assert p.organisation.phone == "021-5555 0000"
    assert (p.time_zone, p.confirmations, p.notice.show_scores) == ("Asia/Urumqi", 2, True)
    assert p.appointment.trial_months == 6


def test_without_them_a_policy_means_what_the_bundle_says() -> None:
    p = READ.policy
    assert (p.organisation.name, p.time_zone, p.confirmations, p.notice.show_scores) == ("", "Asia/Shanghai", 1, False)
    assert p.appointment.trial_months is None


def test_all_faults_are_told_at_once_in_the_order_of_the_file() -> None:
    changes = {
        "version": "2",
        "lines/no": "北线",
        "eligibility/grade/at_least": "Ⅶ",
        "quota/seat": "3",
        "stages/0/criteria/0/weight": "59.99",
        "stages/1/panel/quorum": "0",
        "stages/1/name": "限男性",
        "stages/2/exam/areas/product": "1e1",
        "final/weights/theory.exam": "30.01",
        "final/tie_break/3": "age",
        "rounding/mode": "bankers",
    }
    text = put(changes).replace("lines:\n", "lines:\n  no: 北线\n").replace("title:", "titel:")
    told = refused(text)
    assert [fault.line for fault in told] == sorted(fault.line or 0 for fault in told)
    assert {fault.file for fault in told} == {"policy.yaml"}
    places = {fault.column for fault in told}
    assert places >= {
        "version",
        "titel",
        "lines.no",
        "eligibility.grade.at_least",
        "quota.seat",
        "stages[1].criteria",
        "stages[2].panel.quorum",
        "stages[2].name",
        "stages[3].exam.areas.product",
        "final.weights",
        "final.tie_break[4]",
        "rounding.mode",
    }


def test_the_name_of_the_file_is_told() -> None:
    with pytest.raises(FormError) as error:
        policies.read("", file="2026q4.yaml")
    assert [(f.file, f.line) for f in error.value.faults] == [("2026q4.yaml", 1)]
